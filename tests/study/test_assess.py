"""Assessing an assignment: its own process, points, interrupts; what is kept, and handed in."""

import json
import signal
import threading

import pytest
from support.programs import changed, solution

from helpers.study import assess as assessing
from helpers.study import hand_in as handing
from helpers.study import interop as matrix
from helpers.study import progress
from helpers.study.assess import assess
from helpers.study.interop import YOURS, interop
from helpers.study.taken import from_cells

GREETING = {"milestone": "greeting"}


@pytest.fixture
def program(tmp_path):
    """Writes a program into a file."""

    def write(code):
        path = tmp_path / "mine.py"
        path.write_text(code, encoding="utf-8")
        return path

    return write


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture
def cells(monkeypatch):
    """Lets a program stand in cells that were run."""

    def run(*texts):
        for module in (assessing, matrix):
            monkeypatch.setattr(module, "from_cells", lambda asks: from_cells(asks, texts))

    return run


def test_one_milestone_can_be_tried_alone_and_is_not_kept(program):
    found = assess("A1", program(solution("a1")), **GREETING)
    assert (found.points, found.headline) == (1, "A1: 1 of 1 point, of what was tried")
    assert "✓ greeting: 1 of 1" in repr(found)
    assert progress.points("A1") is None


def test_half_a_solution_earns_its_part_and_says_what_is_missing(cells):
    server = solution("a1").partition("class Thermostat")[0]
    cells(server)
    found = assess("a1", milestone="asking")
    assert (found.points, found.taken.missing) == (0, ("Thermostat",))
    assert "not started" in repr(found)
    assert "Not there yet" in found._repr_html_()
    assert assess("A1", **GREETING).points == 1


def test_several_milestones_are_tried_in_one_call_and_one_side_alone_earns_its_part(program):
    sender = solution("a2").partition("def receive_firmware")[0]
    found = assess("A2", program(sender), milestone=["strangers", "order", "together"])
    assert found.headline == "A2: 2 of 5 points, of what was tried"
    assert [each.name for each in found.reached] == ["order", "strangers", "together"]
    assert {each.state for each in found.reached} == {"none"}
    assert repr(found).count("Not tried: There is no `receive_firmware` yet") == 3
    assert "✗" not in repr(found)


def test_of_one_side_alone_its_own_failure_is_told_and_not_that_the_other_is_missing(program):
    code = changed("a2", ("    return image\n", "    return bytearray(image)\n"))
    receiver = code.replace("def send_firmware", "def unfinished")
    (small,) = assess("A2", program(receiver), milestone="small").reached
    assert (small.state, small.failure) == ("wrong", "images received")
    assert ["the sender's packets", "not tried"] in small.cases


def test_a_function_whose_gap_is_empty_is_no_start(cells):
    cells(
        "def hello_server(listener):\n"
        '    """Answer HELLO."""\n'
        "    # your lines: read HELLO, and make the answer\n"
        "    raise NotImplementedError\n"
    )
    found = assess("A1")
    assert repr(found).startswith("– A1: not started")
    assert progress.points("A1") is None


def test_nothing_yet_is_said_and_not_kept(cells):
    cells("x = 1")
    found = assess("A1")
    assert repr(found).startswith("– A1: not started")
    assert "run the cells with your program first" in repr(found)
    assert progress.points("A1") is None


def test_a_name_that_was_not_taken_is_told(cells):
    server = solution("a1").partition("class Thermostat")[0]
    room = server.replace("    room = Room()\n", "    room = ROOM\n")
    cells(server, "ROOM = Room()\nnumber = kind = time.monotonic()", room)
    found = assess("A1", **GREETING)
    assert found.taken.left_out == ("ROOM",)
    assert "Not taken with your program: `ROOM`." in repr(found)
    assert "<code>ROOM</code>" in found._repr_html_()


def test_a_failure_is_told_with_its_belief_and_hints(program):
    code = changed("a1", ("return max(common)", "return min(common)"))
    found = assess("A1", program(code), **GREETING)
    assert found.points == 0
    text = repr(found)
    assert "What failed: the highest common version" in text
    assert "versions are compared as they come" in text
    assert found.hint("greeting", 3) in found._repr_html_()
    with pytest.raises(ValueError, match="no hint 4"):
        found.hint("greeting", 4)


def test_a_program_that_cannot_be_loaded_is_told_by_its_own_line(program):
    found = assess("A1", program("import struct\nHEAD = struct.Struct('?!')\n"), **GREETING)
    assert "line 2" in found.problem
    assert "helpers" not in found.problem
    assert found.reached == []


def test_a_program_that_ends_its_process_ends_no_other(program):
    code = solution("a1").replace(
        "def _agree(body):\n", "def _agree(body):\n    import os\n    os._exit(0)\n"
    )
    found = assess("A1", program(code), **GREETING)
    assert "has ended the process" in found.problem
    assert "greeting" in found.problem


def test_an_interrupt_shows_what_was_found_so_far(program):
    timer = threading.Timer(1.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    found = assess("A1", program(solution("a1")))
    timer.join()
    assert "Interrupted" in found.problem
    assert len(found.reached) < 9
    assert progress.points("A1") is None


def test_the_best_result_is_kept():
    progress.record_assignment("A1", 7, 20)
    progress.record_assignment("A1", 5, 20)
    assert progress.points("A1")["points"] == 7
    progress.record_assignment("A1", 9, 20)
    assert progress.points("A1") | {"time": ""} == {"points": 9, "of": 20, "time": ""}


def test_names_that_are_not_there_are_said(program):
    with pytest.raises(ValueError, match="no assignment 'A7'; there are: A1"):
        assess("A7")
    with pytest.raises(ValueError, match="no milestone 'greting'"):
        assess("A1", program(solution("a1")), milestone="greting")


def test_what_was_handed_in_can_be_tried_again_and_shows_a_change(program, tmp_path, monkeypatch):
    monkeypatch.setattr(handing, "assess", lambda name, file: assess(name, file, **GREETING))
    path = handing.hand_in("A1", program(solution("a1")), tmp_path / "given.json")
    given = handing.read(path)
    assert (given.assignment, given.points, given.whole) == ("A1", 1, True)
    assert given.taken.code == solution("a1")
    assert set(given.versions) == {"course", "python", "system"}
    assert str(tmp_path) not in path.read_text(encoding="utf-8")
    data = json.loads(path.read_text(encoding="utf-8"))
    data["body"]["points"] = 20
    path.write_text(json.dumps(data), encoding="utf-8")
    assert handing.read(path).whole is False
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="no file that hand_in has written"):
        handing.read(path)


def test_every_program_talks_with_every_other(cells, program):
    cells(solution("a1"))
    neighbour = program(changed("a1", ("return max(common)", "return 9")))
    found = interop("A1", neighbour, agree=True)
    assert found.problems == {}
    assert found.outcome(YOURS, "the course's own") == "worked"
    assert found.outcome("another right one", YOURS) == "worked"
    assert found.outcome(YOURS, "mine") == "refused properly"
    assert {found.outcome(YOURS, f"server {each}") for each in "ABC"} == {"refused properly"}
    assert "yours works with 6 of 7" in found.headline
    page = found._repr_html_()
    assert "course-sign-right" in page
    found.own = "nobody's"
    assert "course-sign-right" not in found._repr_html_()
    assert page.count("<details name=") == len(found.cells) == 49


def test_a_flaw_that_a_program_does_not_notice_is_told(program):
    blind = changed(
        "a1",
        (
            "if version == 1:\n            return VALUE.unpack(body)[0]",
            "if len(body) == 2:\n            return VALUE.unpack(body)[0]",
        ),
    )
    found = interop("A1", program(blind), agree=True)
    assert (found.own, found.unnoticed("mine", "server A")) == ("mine", "server A")
    assert found.unnoticed("mine", "server B") == found.unnoticed("mine", "the course's own") == ""
    assert "and 1 had a flaw that mine did not notice" in found.headline
    assert "✗ mine with server A: unnoticed." in repr(found)
    assert "✗ unnoticed" in found._repr_html_()


def test_files_of_the_same_name_are_told_apart(tmp_path):
    paths = [tmp_path / place / "mine.py" for place in ("here", "there")]
    names = {"mine", *(found := matrix._new_name(path, {"mine"}) for path in paths)}
    assert (names, found) == ({"mine", "here/mine", "there/mine"}, "there/mine")
    assert matrix._new_name(paths[0], names) == "mine 2"


def test_a_stranger_program_is_agreed_to_before_it_runs(cells, program, capsys):
    cells(solution("a1"))
    asked = []
    found = interop("A1", program(solution("a1")), agree=lambda text: asked.append(text) or "n")
    assert "with your rights: " in asked[0]
    assert "mine.py" in asked[0]
    assert "mine" not in found.names


def test_another_right_program_can_be_read_with_all_points_and_not_before(program):
    found = assess("A1", program(solution("a1")), **GREETING)
    with pytest.raises(ValueError, match="when yours has all points"):
        _ = found.others
    found.whole, found.of = True, found.points
    (other,) = found.others
    assert "table" in other.name
    assert "class Conversation" in other.code
    assert '"""A right program' not in other.code
    assert "The price is" in found._repr_html_()
