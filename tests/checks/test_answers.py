"""Wrong answers fail and hear why; right answers and the chapters' own solutions pass."""

import ast
import contextlib
import importlib
import importlib.util
import io
import linecache

import jupytext
import pytest
from answers import WrongAnswer
from chapters import ROOT, SOURCES

from helpers.checks import EXERCISES, runner
from helpers.servers import unreported_crashes

pytestmark = [
    pytest.mark.usefixtures("nothing_left"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # of sockets that a wrong answer forgets
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # of a thread that the check ends while it is about to end by itself
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

# The syllabus's words, by chapter. Chapter 00 has no exercise and no misconception of its own.
MISCONCEPTIONS = {
    "01": [
        "native byte order is fine",
        "str can be sent",
        "one address per name",
        "a port names a program",
    ],
    "02": [
        "one recv is one message",
        "send sends everything",
        'an empty recv means "nothing yet"',
        "connect waits for accept",
        "closing one side closes the conversation at once",
        "no timeout is needed on a local network",
    ],
    "03": [
        "recv(n) returns n bytes",
        "a short read is an error",
        "end of stream in mid-frame is a normal end",
        "the length field can be trusted",
        "decode each chunk as it comes",
    ],
    "04": [
        "recvfrom can return half a datagram now and the rest later",
        "an empty datagram means closed",
        "answers come in the order asked",
        "sendto without an error means delivered",
        "one timeout for the whole conversation",
    ],
}
IMPORTS = ast.Import | ast.ImportFrom
CHAPTERS = sorted(EXERCISES)
NAMES = [(chapter, name) for chapter in CHAPTERS for name in EXERCISES[chapter]]


def table(kind, chapter):
    """The table of `wrong_answers` or `right_answers` of a chapter; empty where there is none."""
    name = f"{kind}_answers.chapter_{chapter}"
    if importlib.util.find_spec(name) is None:
        return []
    return getattr(importlib.import_module(name), kind.upper())


WRONG = [(chapter, each) for chapter in CHAPTERS for each in table("wrong", chapter)]
RIGHT = [(chapter, *each) for chapter in CHAPTERS for each in table("right", chapter)]


def tried(chapter, name, function):
    """The report of a function, without what it has printed."""
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(name, function, EXERCISES[chapter][name])
    assert unreported_crashes() == []
    return report


def label(value):
    return getattr(value, "label", None) or getattr(value, "__name__", str(value))


@pytest.mark.parametrize(
    ("chapter", "wrong"),
    [
        pytest.param(chapter, wrong, id=f"{wrong.exercise}-{label(wrong.answer)}")
        for chapter, wrong in WRONG
    ],
)
def test_a_wrong_answer_fails_and_hears_of_its_misconception(chapter, wrong):
    report = tried(chapter, wrong.exercise, wrong.answer)
    failed = [outcome for outcome in report.outcomes if not outcome.passed]
    assert failed, f"it passed:\n{report!r}"
    named = {outcome.misconception.name for outcome in failed if outcome.misconception}
    assert named == ({wrong.misconception} - {None}), repr(report)
    if wrong.case is not None:
        assert wrong.case in [outcome.case.name for outcome in failed], repr(report)


@pytest.mark.parametrize(
    ("chapter", "exercise", "answer"),
    [pytest.param(*each, id=f"{each[1]}-{label(each[2])}") for each in RIGHT],
)
def test_a_right_answer_in_another_style_passes(chapter, exercise, answer):
    report = tried(chapter, exercise, answer)
    assert report.passed, repr(report)


def solutions():
    """The functions of the chapters' exercise cells, each as (chapter, name, function).

    Of the other cells only the imports are run, as far as a solution may need them.
    """
    found = []
    for path in SOURCES:
        chapter = path.name[:2]
        if chapter not in EXERCISES:
            continue
        names = {}
        for number, cell in enumerate(jupytext.read(path, fmt="py:percent").cells, start=1):
            if cell.cell_type != "code" or cell.source.startswith("%%"):
                continue
            tree = ast.parse(cell.source)
            if "exercise" not in cell.metadata.get("tags", []):
                tree.body = [each for each in tree.body if isinstance(each, IMPORTS)]
            file = f"<{path.stem}, cell {number}>"
            lines = cell.source.splitlines(keepends=True)
            linecache.cache[file] = (len(cell.source), None, lines, file)  # as IPython does
            exec(compile(tree, file, "exec"), names)
        found += [(chapter, name, names.get(name)) for name in EXERCISES[chapter]]
    return found


@pytest.mark.parametrize(
    ("chapter", "name", "function"), [pytest.param(*each, id=each[1]) for each in solutions()]
)
def test_a_chapters_own_solution_passes(chapter, name, function):
    assert function is not None, f"chapter {chapter} has no exercise cell with {name}"
    report = tried(chapter, name, function)
    assert report.passed, repr(report)


@pytest.mark.parametrize("chapter", sorted(MISCONCEPTIONS))
def test_every_misconception_of_the_syllabus_is_met_by_a_wrong_answer(chapter):
    met = {wrong.misconception for _, wrong in WRONG}
    assert [name for name in MISCONCEPTIONS[chapter] if name not in met] == []


@pytest.mark.parametrize(("chapter", "name"), NAMES, ids=[name for _, name in NAMES])
def test_every_exercise_has_three_more_wrong_answers_and_two_right_ones(chapter, name):
    wrong = [each for _, each in WRONG if each.exercise == name]
    further = [each for each in wrong if each.misconception not in MISCONCEPTIONS.get(chapter, [])]
    beyond_one_each = len(wrong) - len({each.misconception for each in wrong} - {None})
    assert max(len(further), beyond_one_each) >= 3
    assert len([each for _, each, _ in RIGHT if each == name]) >= 2


def test_every_answer_is_named_as_its_exercise():
    for _, wrong in WRONG:
        assert isinstance(wrong, WrongAnswer)
        assert wrong.answer.__name__ == wrong.exercise
    assert all(answer.__name__ == name for _, name, answer in RIGHT)


def test_the_tables_of_all_chapters_are_there():
    """An exercise's own chapter must hold its tables, under tests/."""
    missing = [
        f"{kind}_answers/chapter_{chapter}.py"
        for chapter in MISCONCEPTIONS
        for kind in ("wrong", "right")
        if not (ROOT / "tests" / f"{kind}_answers" / f"chapter_{chapter}.py").exists()
    ]
    assert missing == []
