"""The texts of assignments: short, with the points that are given, and minutes by a rule."""

import re
from pathlib import Path

import pytest
from support.programs import solution

from helpers.study.finding import assignments, find_assignment

SOURCES = Path(__file__).parents[2] / "notebooks/source/assignments"
NAMES = [name for name in assignments() if not find_assignment(name).draft]
A_MINUTE = 200  # words
MINUTES = {"A1": 10, "A2": 15}  # for each ten lines of the solution


def text_of(name):
    """The source of an assignment."""
    (path,) = SOURCES.glob(f"{name}_*.py")
    return path.read_text(encoding="utf-8")


def words_in(text):
    """How many words there are beside tables, figures and headings."""
    lines = (line.removeprefix("# ") for line in text.splitlines())
    return sum(len(line.split()) for line in lines if not line.startswith(("|", "    ", "#")))


@pytest.mark.parametrize("name", NAMES)
def test_a_specification_has_at_most_1500_words(name):
    specification = text_of(name).partition("# ## The specification")[2]
    assert 500 < words_in(specification.partition("# %%")[0]) <= 1_500


@pytest.mark.parametrize("name", NAMES)
def test_the_points_in_the_text_are_those_of_the_milestones(name):
    assignment, text = find_assignment(name), text_of(name)
    assert f"{assignment.points} points" in text
    for milestone in assignment.milestones:
        row = re.search(rf"`{milestone.name}`: [^|]*\| (\d+)", text)
        assert int(row[1]) == milestone.points, milestone.name


@pytest.mark.parametrize("name", NAMES)
def test_the_minutes_in_the_text_follow_from_the_length_of_the_solution(name):
    lines = [line for line in solution(name.lower()).splitlines() if line.strip()]
    prose = text_of(name).partition("# ## Your program")[0]
    minutes = MINUTES[name] * len(lines) / 10 + words_in(prose) / A_MINUTE
    said = int(re.search(r"About (\d+) minutes", text_of(name))[1])
    assert abs(said - minutes) <= 20, minutes
