"""The other right answers of a chapter: found by the exercise's name, after a pass only."""

import sys
from types import SimpleNamespace

import pytest

from helpers.checks.answers import answer
from helpers.checks.cases import Case, Exercise
from helpers.checks.others import compared
from helpers.study import finding, given
from helpers.study.check import check

check_module = sys.modules["helpers.study.check"]
HINTS = ("Look.", "Look closer.", "There.")


@answer("gives_five")
def adds():
    """It shows where five comes from. It costs an addition."""
    return 2 + 3


def gives_five():
    return 5


def gives_four():
    return 4


gives_four.__name__ = "gives_five"


def wants_five(function, stage):
    assert function() == 5


@pytest.fixture
def asked(monkeypatch, tmp_path) -> list[str]:
    """An exercise of this test's own with another answer, and the names that were asked for."""
    exercise = Exercise((Case("five", "It wants five.", wants_five, HINTS),), "It survives.")
    names: list[str] = []
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    for module in (check_module, given):
        monkeypatch.setattr(module, "find_exercise", {"gives_five": exercise}.get)
    monkeypatch.setattr(check_module, "find_others", lambda name: names.append(name) or [adds])
    return names


def test_after_a_pass_they_can_be_read_and_are_looked_for_once(asked):
    report = check(gives_five)
    assert asked == []
    assert "It shows where five comes from." in report._repr_html_()
    assert [each.name for each in report.others] == ["Adds"]
    assert asked == ["gives_five"]


def test_after_a_failure_they_are_not_looked_for(asked):
    report = check(gives_four)
    assert "It shows" not in report._repr_html_() + repr(report)
    assert asked == []


def test_in_the_solutions_edition_a_report_does_not_hold_them(asked, tmp_path, monkeypatch):
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    report = check(gives_five)
    assert "It shows" not in report._repr_html_()
    assert "report.others" in report._repr_html_()
    assert "It shows" in repr(report.others)


def test_they_are_those_of_the_exercise_in_its_chapter(tmp_path, monkeypatch):
    for path in ("chapter_03/ask.py", "chapter_03/others.py", "chapter_04/ping.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    rows = [("ask", adds), ("echo", gives_five), ("ask", gives_four)]
    monkeypatch.setattr(finding, "CHAPTERS", tmp_path)
    monkeypatch.setattr(finding, "_load", lambda folder, name: SimpleNamespace(OTHERS=rows))
    assert finding.find_others("ask") == [adds, gives_four]
    assert finding.find_others("ping") == finding.find_others("none") == []


@pytest.mark.parametrize("name", finding.exercises())
def test_every_other_answer_of_the_course_can_be_shown(name):
    for other in compared(name, finding.find_others(name), gives_five):
        assert other.name and other.about
        assert other.code.startswith(("def ", "class ", "async def ", "@"))
