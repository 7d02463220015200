"""Quiz questions: what is shown, what a click says, what is kept, and the course's own ones."""

import importlib
import re
import signal

import pytest
from conftest import ROOT
from drive.on_disk import SOURCES
from ipywidgets.widgets.widget import _instances

from helpers.look.asked import Asked
from helpers.look.choice import Feedback
from helpers.study import progress
from helpers.study.cards import Card
from helpers.study.finding import find_room
from helpers.study.questions import Question, Verdict, find_question, right, wrong
from helpers.study.quiz import quiz

ASKED = importlib.import_module("helpers.look.asked")
MODULE = importlib.import_module("helpers.study.cards")
QUIZ = importlib.import_module("helpers.study.quiz")
MODULES = sorted(ROOT.glob("helpers/chapters/chapter_[0-9][0-9]/quizzes.py"))
SUM = Question(
    "What is `1 + 1`?",
    {"one": wrong("One is `1` alone."), "two": right("`1` and `1`."), "<3": wrong("Less is more.")},
)


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A progress file of this test's own."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


@pytest.fixture(autouse=True)
def shown(monkeypatch) -> list[dict]:
    """Each bundle that is displayed; the questions are closed at the end."""
    seen: list[dict] = []
    monkeypatch.setattr(ASKED, "publish_display_data", lambda data, **_: seen.append(data))
    yield seen
    for each in MODULE._open.values():
        each.close()
    MODULE._open.clear()


@pytest.fixture
def sums(monkeypatch) -> Card:
    """A question on sums, as it stands on the page."""
    monkeypatch.setattr(QUIZ, "find_question", lambda name: SUM)
    quiz("00 sums")
    return MODULE._open["00 sums"]


# --- What is shown


def test_the_question_and_its_choices_are_there_without_a_kernel(sums, shown):
    assert shown[0]["text/plain"] == (
        "Question. What is `1 + 1`?\n  A  one\n  B  two\n  C  <3\nRun this cell to answer."
    )
    assert "What is <code>1 + 1</code>?" in shown[0]["text/html"]
    for choice in ("<strong>A</strong>&ensp;one<", "two", "&lt;3"):
        assert choice in shown[0]["text/html"]


def test_nothing_that_is_shown_first_gives_the_answer_away(sums, shown):
    everything = str(shown).lower()
    for verdict in SUM.choices.values():
        assert verdict.why.lower() not in everything
    assert "right" not in everything
    assert sums.feedback.text == ""


def test_the_widget_holds_neither_the_question_nor_its_choices_again(sums):
    assert [button.description for button in sums.buttons.values()] == ["A", "B", "C"]


def test_an_interrupt_leaves_no_buttons_without_the_rest_of_their_question(monkeypatch):
    def interrupted(*asked, **more) -> Asked:
        signal.raise_signal(signal.SIGINT)
        return Asked(*asked, **more)

    monkeypatch.setattr(QUIZ, "find_question", lambda name: SUM)
    monkeypatch.setattr(MODULE, "Asked", interrupted)
    with pytest.raises(KeyboardInterrupt):
        quiz("00 sums")
    MODULE._open["00 sums"].buttons["two"].click()
    assert "Right." in MODULE._open["00 sums"].feedback.text


def test_a_button_says_its_choice_to_a_screen_reader(sums):
    assert [button.tooltip for button in sums.buttons.values()] == ["A: one", "B: two", "C: <3"]


def test_the_last_answer_is_there_without_a_kernel(sums, shown):
    sums.buttons["one"].click()
    sums.buttons["two"].click()
    quiz("00 sums")
    for each in (shown[3], shown[4]):  # after the second click, and when the cell ran again
        line = each["text/plain"].splitlines()[-1]
        assert line == "✓ B: Right. `1` and `1`. Run this cell to answer again."
        assert "<strong>B: Right.</strong> <code>1</code> and" in each["text/html"]


# --- What a click says


def test_a_right_choice_is_called_right_with_its_reason(sums):
    sums.buttons["two"].click()
    assert sums.feedback.text == "B: Right. 1 and 1."


def test_a_wrong_choice_hears_why_and_may_be_followed_by_another(sums):
    sums.buttons["one"].click()
    assert sums.feedback.text == "A: Not quite. One is 1 alone. Try another."
    sums.buttons["two"].click()
    assert sums.feedback.text.startswith("B: Right.")


def test_a_wrong_choice_does_not_say_which_one_is_right(sums):
    sums.buttons["<3"].click()
    assert "two" not in sums.feedback.text


def test_feedback_is_read_out_and_escaped(sums):
    sums.buttons["one"].click()
    assert sums.feedback.widget.value.count('<div role="alert"') == 1
    assert "<code>1</code>" in sums.feedback.widget.value


def test_the_chosen_button_stands_out_by_more_than_colour(sums):
    sums.buttons["one"].click()
    sums.buttons["two"].click()
    marked = [button.style.text_decoration for button in sums.buttons.values()]
    assert [mark or "" for mark in marked] == ["", "underline", ""]


def test_an_error_in_a_click_is_shown(sums, monkeypatch):
    def broken(*_):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(progress, "keep_answer", broken)
    sums.buttons["two"].click()
    assert sums.feedback.text.startswith("This failed. RuntimeError: no such thing")
    assert 'role="alert"' in sums.feedback.widget.value


# --- What is kept


def test_the_last_answer_is_kept_and_shown_again(sums):
    sums.buttons["one"].click()
    quiz("00 sums")
    again = MODULE._open["00 sums"]
    assert again is not sums
    assert again.feedback.text.startswith("A: Not quite.")
    assert "role" not in again.feedback.widget.value  # nobody asked for it now
    assert progress.answer("00 sums") == "one"


def test_an_answer_to_an_earlier_wording_is_not_shown(sums):
    progress.keep_answer("00 sums", "two, of course", True)
    quiz("00 sums")
    assert MODULE._open["00 sums"].feedback.text == ""


def test_an_answer_that_can_not_be_kept_is_still_answered(sums, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    sums.buttons["two"].click()
    assert sums.feedback.text.startswith("B: Right. 1 and 1. The answer could not be kept: ")


def test_running_the_cell_again_leaves_no_widget_behind(sums):
    before = set(_instances)
    for _ in range(20):
        quiz("00 sums")
    assert len(_instances) == len(before)


# --- Questions that are none


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"a": right("x"), "b": right("y")}, "exactly one choice must be right, not 2"),
        ({"a": wrong("x"), "b": wrong("y")}, "exactly one choice must be right, not 0"),
        ({"a": right("x")}, "from 2 to 8 choices, and this one has 1"),
        ({str(n): wrong("x") for n in range(9)}, "from 2 to 8 choices, and this one has 9"),
        ({"a": right("x"), " ": wrong("y")}, "a choice is blank"),
        ({"a": right("x"), "b": wrong("  ")}, "'b' needs a reason"),
    ],
)
def test_a_question_that_is_none_is_refused_with_what_is_wrong(choices, words):
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        Question("Which?", choices)
    assert "Which?" in str(error.value)


@pytest.mark.parametrize(
    "choices", [["a", "b"], {"a": "x", "b": "y"}, {1: right("x"), 2: wrong("y")}]
)
def test_choices_of_another_type_are_refused(choices):
    with pytest.raises(TypeError):
        Question("Which?", choices)


def test_a_blank_question_is_refused():
    with pytest.raises(ValueError, match="needs a text"):
        Question(" ", SUM.choices)


def test_an_unknown_question_gets_the_list_of_its_chapter():
    with pytest.raises(ValueError, match=r'no question "00 byte" .* has: "00 bytes"'):
        quiz("00 byte")
    with pytest.raises(ValueError, match="chapter 99 has: none"):
        quiz("99 anything")


@pytest.mark.parametrize("name", ["bytes", "0 bytes", "00", "00 ", 5, None])
def test_a_name_without_a_chapter_is_refused(name):
    with pytest.raises(ValueError, match="chapter's number and a few words"):
        quiz(name)


# --- Feedback


def test_feedback_shows_code_and_escapes_the_rest():
    feedback = Feedback()
    feedback.say("<a>", "is `<b>` & more")
    assert (
        "<strong>&lt;a&gt;</strong> is <code>&lt;b&gt;</code> &amp; more" in feedback.widget.value
    )
    assert feedback.text == "<a> is <b> & more"


# --- The course's own questions


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.parent.name)
def test_every_question_of_a_chapter_is_asked_in_it(module):
    chapter = module.parent.name[-2:]
    questions = find_room(chapter, "quizzes").QUESTIONS
    source = next(path for path in SOURCES if path.name.startswith(chapter))
    asked = re.findall(r'\bquiz\("(.+?)"\)', source.read_text(encoding="utf-8"))
    assert sorted(asked) == sorted(f"{chapter} {words}" for words in questions)
    for name in asked:
        assert all(isinstance(each, Verdict) for each in find_question(name).choices.values())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_question_in_a_chapter_exists_and_is_the_chapters_own(path):
    for name in re.findall(r'\bquiz\("(.+?)"\)', path.read_text(encoding="utf-8")):
        assert name[:2] == path.name[:2]
        find_question(name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_prediction_is_named_once_and_after_its_chapter(path):
    text = path.read_text(encoding="utf-8")
    names = re.findall(r'\bpredict\(\s*"(.+?)"', text)
    assert len(names) == len(set(names))
    assert {name[:2] for name in names} <= {path.name[:2]}
