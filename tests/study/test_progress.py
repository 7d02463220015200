"""What the learner has passed, in one file that survives accidents."""

import json
import os
import subprocess
import sys
import textwrap
import threading

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.study import progress


@pytest.fixture(autouse=True)
def file(tmp_path, tmp_path_factory, monkeypatch):
    """A progress file of this test's own; it does not exist yet."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    return path


def others(file) -> list[str]:
    """The files beside it; the lock is there for good."""
    mine = (file.name, "progress.lock")
    return sorted(each.name for each in file.parent.iterdir() if each.name not in mine)


def test_nothing_is_passed_at_first():
    assert (progress.passed(), progress.attempts("resolve")) == (set(), 0)


def test_looking_creates_no_file(file):
    progress.passed(), progress.prediction("01 name"), progress.answer("01 name"), progress.kept()
    assert list(file.parent.iterdir()) == []


def test_a_passed_exercise_is_remembered():
    assert progress.record("resolve", True) == ""
    assert progress.passed() == {"resolve"}


def test_attempts_are_counted():
    for _ in range(3):
        progress.record("resolve", False)
    assert (progress.attempts("resolve"), progress.passed()) == (3, set())


def test_what_was_passed_once_stays_passed():
    progress.record("resolve", True)
    progress.record("resolve", False)
    assert progress.passed() == {"resolve"}


def test_starting_over_with_one_exercise_keeps_the_others():
    progress.record("a", True)
    progress.record("b", True)
    progress.start_over("a")
    assert progress.passed() == {"b"}


def test_starting_over_with_an_exercise_that_was_never_tried_is_fine():
    progress.start_over("never")
    assert progress.passed() == set()


def test_starting_over_forgets_everything():
    progress.record("a", True)
    progress.start_over()
    assert (progress.passed(), progress.attempts("a")) == (set(), 0)


def test_writing_leaves_no_other_file(file):
    progress.record("a", True)
    assert others(file) == []


def test_a_write_that_fails_leaves_the_old_file_and_no_other(file, monkeypatch):
    progress.record("a", True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert "No space left on device" in progress.record("b", True)
    assert progress.passed() == {"a"}
    assert others(file) == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"\xff\xfe\x00",
        b'{"a": 5}',
        b'{"a": {}}',
        b'{"a": {"attempts": "x"}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_kept_aside_and_said_so(file, capsys, damage):
    file.write_bytes(damage)
    assert progress.passed() == set()
    assert (file.parent / "progress-damaged.json").read_bytes() == damage
    assert "kept as progress-damaged.json" in capsys.readouterr().out


def test_a_new_file_begins_after_a_damaged_one(file):
    file.write_text("{")
    progress.record("a", True)
    assert json.loads(file.read_text())["exercises"] == {"a": {"attempts": 1, "passed": True}}


def test_a_lock_file_that_was_left_behind_stops_nobody(file):
    file.with_suffix(".lock").touch()
    assert progress.record("a", True) == ""


@pytest.fixture
def held(file):
    """Another program that holds the lock."""
    source = f"""
        import sys
        from pathlib import Path
        from helpers.study import progress

        with progress._locked(Path({str(file)!r})):
            print("held", flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(source)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout.readline().strip() == b"held"
        yield other
        other.kill()


def test_a_lock_that_another_holds_on_to_gives_a_sentence(held, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    assert progress.record("a", True) == (
        "This result could not be kept: progress.json: another program holds it. "
        "The check itself is right."
    )


def test_a_lock_of_a_program_that_was_killed_is_free(held):
    held.kill()
    held.wait()
    assert progress.record("a", True) == ""


def test_a_file_system_without_locks_still_keeps_progress(monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def none(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", none)
    assert progress.record("a", True) == ""
    assert progress.passed() == {"a"}


def test_a_folder_that_does_not_exist_gives_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    assert "could not be kept: progress.json: No such file" in progress.record("a", True)
    assert progress.passed() == set()


def test_a_folder_that_is_a_file_gives_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert "could not be kept" in progress.record("a", True)
    assert progress.passed() == set()


def test_a_read_only_file_stays_as_it_is_and_gives_a_sentence(file):
    progress.record("a", True)
    before = file.read_bytes()
    file.chmod(0o444)
    try:
        for said in (
            progress.record("b", True),
            progress.keep_prediction("01 x", 5),
            progress.keep_answer("01 x", "yes", True),
        ):
            assert "could not be kept: progress.json: the file progress.json is read-only." in said
        with pytest.raises(OSError, match=r"^Nothing was forgotten: .*read-only"):
            progress.start_over()
        assert file.read_bytes() == before
    finally:
        file.chmod(0o644)


# --- Predictions and quizzes


@pytest.mark.parametrize("value", [64, 0, 0.25, -3, "three times", ""])
def test_a_prediction_is_kept_as_it_was_given(value):
    assert progress.keep_prediction("05 x", value) == ""
    kept = progress.prediction("05 x")
    assert (kept, type(kept)) == (value, type(value))


def test_a_later_prediction_takes_the_place_of_an_earlier_one():
    progress.keep_prediction("05 x", 1)
    progress.keep_prediction("05 x", 2)
    assert progress.prediction("05 x") == 2


def test_a_last_answer_is_kept():
    progress.keep_answer("05 x", "no", False)
    progress.keep_answer("05 x", "yes", True)
    assert progress.answer("05 x") == "yes"


def test_nothing_is_predicted_or_answered_at_first():
    assert (progress.prediction("05 x"), progress.answer("05 x")) == (None, None)


def test_the_sections_do_not_get_in_each_others_way():
    progress.record("x", True)
    progress.keep_prediction("x", 5)
    progress.keep_answer("x", "yes", True)
    assert progress.kept() == {"exercises": ["x"], "predictions": ["x"], "quizzes": ["x"]}
    progress.start_over("x")
    assert progress.kept() == {"exercises": [], "predictions": [], "quizzes": []}


# --- Files of other versions, and damaged ones


def test_a_file_of_the_old_layout_is_read_as_exercises(file, capsys):
    file.write_text('{"resolve": {"attempts": 2, "passed": true}}')
    assert (progress.passed(), progress.attempts("resolve")) == ({"resolve"}, 2)
    progress.keep_prediction("01 x", 5)
    assert progress.passed() == {"resolve"}
    assert json.loads(file.read_text())["exercises"] == {"resolve": {"attempts": 2, "passed": True}}
    assert capsys.readouterr().out == ""


def test_a_section_of_a_later_version_is_left_alone(file):
    file.write_text('{"exercises": {}, "badges": [1, 2]}')
    progress.record("a", True)
    assert json.loads(file.read_text())["badges"] == [1, 2]


GOOD = {
    "exercises": {"a": {"attempts": 1, "passed": True}},
    "predictions": {"05 x": 64},
    "quizzes": {"05 y": {"choice": "yes", "right": True}},
}


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("exercises", 5),
        ("exercises", {"attempts": "many", "passed": True}),
        ("exercises", {"attempts": -1, "passed": True}),
        ("exercises", {"attempts": 1}),
        ("predictions", None),
        ("predictions", [1]),
        ("predictions", True),
        ("predictions", float("nan")),
        ("quizzes", "yes"),
        ("quizzes", {"choice": 5, "right": True}),
    ],
)
def test_one_bad_entry_is_kept_aside_and_loses_no_other(file, capsys, section, entry):
    damaged = json.dumps(GOOD | {section: GOOD[section] | {"spoilt": entry}})
    file.write_text(damaged)
    assert (progress.passed(), progress.prediction("05 x"), progress.answer("05 y")) == (
        {"a"},
        64,
        "yes",
    )
    assert (file.parent / "progress-damaged.json").read_text() == damaged
    assert json.loads(file.read_text()) == GOOD
    assert capsys.readouterr().out == (
        "progress.json held entries that can't be read (spoilt); it is kept as "
        "progress-damaged.json, and the course goes on.\n"
    )


@pytest.mark.parametrize("section", ["exercises", "predictions", "quizzes"])
def test_a_section_that_is_none_loses_no_other(file, section):
    file.write_text(json.dumps(GOOD | {section: 5}))
    progress.record("b", False)
    kept = json.loads(file.read_text())
    assert all(kept[other] == GOOD[other] for other in GOOD if other not in (section, "exercises"))
    assert (file.parent / "progress-damaged.json").exists()


def test_a_second_damaged_file_does_not_replace_the_first(file):
    for damage in ("{", "[", "]"):
        file.write_text(damage)
        progress.passed()
    assert [
        (file.parent / name).read_text()
        for name in (
            "progress-damaged.json",
            "progress-damaged-2.json",
            "progress-damaged-3.json",
        )
    ] == ["{", "[", "]"]


def test_a_damaged_file_that_can_not_be_mended_stays_and_its_good_part_counts(
    file, capsys, monkeypatch
):
    damaged = json.dumps(GOOD | {"quizzes": 5})
    file.write_text(damaged)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert progress.passed() == {"a"}
    assert "No space left" in progress.record("b", True)
    assert file.read_text() == damaged
    assert others(file) == []
    assert "could not be mended: No space left on device" in capsys.readouterr().out


@given(
    content=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["exercises", "predictions", "quizzes", "attempts", "passed", "a"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=10,
    )
)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_the_file_holds_an_attempt_is_kept(file, content):
    file.write_text(json.dumps(content))
    attempts = progress.attempts("a")
    assert progress.record("a", True) == ""
    assert progress.attempts("a") == attempts + 1
    assert progress.passed() >= {"a"}


def test_processes_that_write_at_once_lose_nothing():
    source = """
        import sys
        from helpers.study import progress

        for number in range(25):
            assert progress.record("shared", False) == ""
            assert progress.keep_prediction(f"05 {sys.argv[1]} {number}", number) == ""
            assert progress.attempts("shared") > number
    """
    writers = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(source), str(each)], cwd=ROOT)
        for each in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert progress.attempts("shared") == 75
    assert len(progress.kept()["predictions"]) == 75


def test_threads_that_write_at_once_lose_nothing():
    def write():
        for _ in range(20):
            remarks.append(progress.record("shared", False))

    remarks: list[str] = []
    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(remarks) == {""}
    assert progress.attempts("shared") == 80


def test_processes_that_find_a_damaged_file_at_once_keep_it_aside_once(file):
    file.write_text(json.dumps(GOOD | {"quizzes": 5}))
    source = "from helpers.study import progress; assert progress.passed() == {'a'}"
    readers = [subprocess.Popen([sys.executable, "-c", source], cwd=ROOT) for _ in range(3)]
    assert [reader.wait(60) for reader in readers] == [0, 0, 0]
    assert others(file) == ["progress-damaged.json"]


def test_progress_is_kept_in_the_courses_folder_where_nothing_else_is_said():
    code = "from helpers.study import progress; print(progress.progress_file())"
    mine = {name: value for name, value in os.environ.items() if name != "COURSE_PROGRESS"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=mine, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(ROOT / "progress.json")
