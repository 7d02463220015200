"""Puzzles, orders and lines of code: what they show and say, and the course's own ones."""

import importlib
import json
import re

import pytest
import record
from conftest import ROOT
from drive.on_disk import SOURCES

from helpers.study import progress, puzzles
from helpers.study.cards import Card
from helpers.study.finding import chapters_with
from helpers.study.questions import (
    KINDS,
    Order,
    Question,
    find_question,
    questions_of,
    right,
    wrong,
)
from helpers.study.quiz import order, puzzle, quiz
from helpers.trace.recorded import read, written
from helpers.trace.trace import Trace

ASKED = importlib.import_module("helpers.look.asked")
CARDS = importlib.import_module("helpers.study.cards")
QUIZ = importlib.import_module("helpers.study.quiz")
LINES = {"one": "", "two": "Two comes after one.", "three": "Three comes after two."}
COUNT = Order("Count to three.", LINES)
CALLS = {"quizzes": "quiz", "puzzles": "puzzle", "orders": "order"}
ALL = [
    (kind, f"{chapter} {words}")
    for kind in KINDS
    for chapter in chapters_with(kind)
    for words in questions_of(chapter, kind)
]


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A progress file of this test's own."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture(autouse=True)
def shown(monkeypatch) -> list[dict]:
    """Each bundle that is displayed; the questions are closed at the end."""
    seen: list[dict] = []
    for module in (ASKED, CARDS):
        monkeypatch.setattr(module, "publish_display_data", lambda data, **_: seen.append(data))
    yield seen
    for each in CARDS._open.values():
        each.close()
    CARDS._open.clear()


@pytest.fixture
def count(monkeypatch) -> Card:
    """An order of three lines, on the page."""
    monkeypatch.setattr(QUIZ, "find_question", lambda name, kind: COUNT)
    order("00 count")
    return CARDS._open["00 count"]


# --- An order


def test_lines_are_mixed_up_the_same_way_each_time(count):
    assert sorted(count.choices) == sorted(LINES)
    assert count.choices == COUNT.mixed("00 count") != list(LINES)


def test_lines_in_order_are_right(count, shown):
    for line in LINES:
        count.buttons[line].click()
    assert count.feedback.text.startswith("Right. The order is ")
    assert "one\ntwo\nthree" in count.feedback.widget.value
    letters = ", ".join("ABC"[count.choices.index(line)] for line in LINES)
    assert f"Right. The order is {letters}." in shown[-1]["text/plain"]
    assert progress.answers()["00 count"] == {"choice": "one\ntwo\nthree", "right": True}
    assert progress.seen()["00 count"]["missed"] is False


@pytest.mark.parametrize("flush", [True, False])
def test_lines_may_be_shown_without_their_indents_until_they_are_chosen(monkeypatch, shown, flush):
    lines = {"while True:": "", "    a = 1": "It needs the loop.", "    b = a": "It needs a."}
    monkeypatch.setattr(QUIZ, "find_question", lambda name, kind: Order("Sort.", lines, flush))
    order("00 loop")
    asked = "".join(each["text/plain"] for each in shown)
    assert "b = a" in asked and ("    b = a" in asked) != flush
    card = CARDS._open["00 loop"]
    for line in lines:
        card.buttons[line].click()
    assert "while True:\n    a = 1\n    b = a" in card.feedback.widget.value


def test_a_line_that_comes_too_early_says_what_it_needs(count):
    count.buttons["three"].click()
    assert "Not yet. Three comes after two. Try another." in count.feedback.text
    assert "role" in count.feedback.widget.value
    count.buttons["one"].click()
    assert count.feedback.text.startswith("So far: ")
    assert progress.seen()["00 count"]["missed"] is True


def test_a_line_that_stands_already_is_no_mistake(count):
    count.buttons["one"].click()
    count.buttons["one"].click()
    assert "stands there already" in count.feedback.text
    assert progress.seen()["00 count"]["missed"] is False


def test_how_far_one_has_come_is_there_again(count):
    count.buttons["one"].click()
    order("00 count")
    again = CARDS._open["00 count"]
    assert again.feedback.text.startswith("So far: ")
    assert "role" not in again.feedback.widget.value
    again.buttons["two"].click()
    again.buttons["three"].click()
    assert again.feedback.text.startswith("Right.")


def test_one_may_begin_again(count):
    for line in LINES:
        count.buttons[line].click()
    count.again.click()
    count.buttons["two"].click()
    assert "Not yet." in count.feedback.text


def test_an_order_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="'two' needs a reason"):
        Order("Count.", {"one": "", "two": " ", "three": "x"})
    with pytest.raises(ValueError, match="fewer than 3"):
        Order("Count.", {"one": "", "two": "x"})


# --- Lines of code


def test_choices_that_are_code_keep_their_indents(monkeypatch, shown):
    code = {"while True:": wrong("It loops."), "    read(<b>)": right("It is `b`.")}
    question = Question("Which line?", code, code=True)
    monkeypatch.setattr(QUIZ, "find_question", lambda name: question)
    quiz("00 lines")
    assert "<strong>B</strong>      read(&lt;b&gt;)" in shown[0]["text/html"]
    assert CARDS._open["00 lines"].buttons["    read(<b>)"].tooltip == "B: read(<b>)"


# --- A puzzle


def test_a_puzzle_shows_its_conversation_and_then_asks(shown):
    puzzle("05 what happened")
    picture, asked = shown[:2]
    assert "data:image/svg+xml" in picture["text/html"]
    assert "9. pinger to device: ping 6, lost" in picture["text/plain"]
    assert asked["text/plain"].startswith("Puzzle. ")
    CARDS._open["05 what happened"].buttons["Ping 3"].click()
    assert CARDS._open["05 what happened"].feedback.text.startswith("C: Right.")


def test_a_packet_that_may_be_clicked_stands_for_a_button(shown):
    puzzle("05 what happened")
    clicks = re.search(r'data-clicks="(.*?)"', shown[0]["text/html"])[1].replace("&quot;", '"')
    tooltips = [button.tooltip for button in CARDS._open["05 what happened"].buttons.values()]
    assert json.loads(clicks)["4"] == "C: Ping 3"
    assert set(json.loads(clicks).values()) <= set(tooltips)


def test_a_puzzle_does_not_say_by_what_a_packet_was_dropped(shown):
    puzzle("05 which rule")
    assert "burst" not in shown[0]["text/plain"]


# --- What was recorded


def test_a_trace_is_the_same_after_it_was_written_and_read():
    trace = Trace()
    trace.record("a", "b", "connect")
    trace.deliver(trace.begin(trace._start + 1, "a", "b", "datagram", b"x" * 99, "in flight"), 1e9)
    trace.begin(trace._start + 2, "b", "a", "datagram", b"y", "dropped", "loss", 1)
    text = written(trace, {"a": "sensor"})
    again = read(text)
    assert written(again) == text
    assert [event.source for event in again] == ["sensor", "sensor", "b"]
    assert again.events[1].size == 99
    assert [event.cause for event in read(text, with_causes=False)] == ["", "", ""]


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("name", ["05 six pings", "06 read the bytes"])
def test_a_conversation_recorded_again_is_the_same_but_for_its_times(name):
    recorded = facts(record.file_of(name).read_text())
    for slower in (1, 1, 2, 4, 8):  # a machine that stalls for longer than a timer adds packets
        again = facts(record.RUNS[name](slower))
        if again == recorded:
            break
    assert again == recorded


def facts(text: str) -> list:
    """What a recorded conversation says of each packet, without times."""
    rows = [
        (event.source, event.number, event.head, event.fate, event.cause) for event in read(text)
    ]
    return sorted(rows)


def test_every_conversation_was_recorded_and_is_asked_about():
    files = set(ROOT.glob("helpers/chapters/*/recorded/*.json"))
    assert files == {record.file_of(name) for name in record.RUNS}
    used = {
        (name[:2], find_question(name, kind).conversation)
        for kind, name in ALL
        if kind == "puzzles"
    }
    assert {(path.parts[-3][-2:], path.stem) for path in files} == used


# --- The course's own


def test_no_two_questions_of_any_kind_have_one_name():
    names = [name for _, name in ALL]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_puzzle_and_order_is_asked_once_in_its_own_chapter(path):
    text = path.read_text(encoding="utf-8")
    for kind, call in CALLS.items():
        own = sorted(name for each, name in ALL if each == kind and name[:2] == path.name[:2])
        assert sorted(re.findall(rf'\b{call}\("(.+?)"\)', text)) == own


@pytest.mark.parametrize("name", [name for kind, name in ALL if kind == "puzzles"])
def test_every_choice_that_may_be_clicked_names_packets_of_its_own(name):
    question = find_question(name, "puzzles")
    events = len(puzzles.conversation(name[:2], question.conversation))
    packets = [packet for verdict in question.choices.values() for packet in verdict.packets]
    assert len(packets) == len(set(packets))
    assert all(1 <= packet <= events for packet in packets)
    assert question.title


@pytest.mark.parametrize("name", [name for kind, name in ALL if kind == "orders"])
def test_every_order_is_python_when_it_is_in_order(name):
    compile("\n".join(find_question(name, "orders").lines), name, "exec")
