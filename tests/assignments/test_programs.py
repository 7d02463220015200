"""Wrong programs lose the points of exactly what they miss; right ones of any style lose none.

What must be kept is tried in one milestone here, and in all by `course.py abuse assignments`.
"""

import importlib

import pytest
from drive.on_disk import THOROUGH
from support.programs import Tried

from helpers.study.finding import assignments, find_assignment


def bank(name, kind):
    """The table of wrong or right programs of an assignment."""
    return getattr(importlib.import_module(f"assignments.{name.lower()}.{kind}"), kind.upper())


WRONG = [(name, each) for name in assignments() for each in bank(name, "wrong")]
RIGHT = [(name, *each) for name in assignments() for each in bank(name, "right").items()]


def milestones_for(name, wrong):
    """Those that a wrong program must lose, or the most telling of them, and one that it keeps."""
    names = [each.name for each in find_assignment(name).milestones]
    kept = [each for each in names if each not in wrong["loses"]]
    if wrong.get("keeps") in kept:
        kept = [wrong["keeps"]]
    return names if THOROUGH else [*wrong.get("in_suite", wrong["loses"]), *kept[:1]]


def milestones_of(name, style):
    """Those at which a right program of this style is tried: all, if the bank says nothing."""
    bank_of = importlib.import_module(f"assignments.{name.lower()}.right")
    return () if THOROUGH else getattr(bank_of, "IN_SUITE", {}).get(style, ())


@pytest.fixture(scope="module")
def tried(request):
    """The programs that are asked for, in processes beside this one."""
    params = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    params = [each for each in params if each.get("name") in assignments()]
    wanted = {(each["name"], each["style"]) for each in params if "style" in each}
    wanted |= {(each["name"], each["wrong"]["name"]) for each in params if "wrong" in each}
    tried = Tried()  # the longest first
    for name, style, code in RIGHT:
        if (name, style) in wanted:
            tried.begin(name, code, *milestones_of(name, style))
    for name, wrong in WRONG:
        if (name, wrong["name"]) in wanted:
            tried.begin(name, wrong["code"], *milestones_for(name, wrong), fails=wrong["loses"])
    yield tried
    tried.close()


@pytest.mark.parametrize(
    ("name", "wrong"), WRONG, ids=[f"{name}-{each['name']}" for name, each in WRONG]
)
def test_a_wrong_program_loses_the_points_of_what_it_misses_and_no_others(tried, name, wrong):
    lost = tried.lost(name, wrong["code"], *milestones_for(name, wrong))
    tried_here = set(milestones_for(name, wrong))
    expected = set(wrong["loses"]) & tried_here
    by_luck = set(wrong.get("may", ()))
    assert expected <= set(lost) <= expected | by_luck, {k: each.text for k, each in lost.items()}
    names = [each.name for each in find_assignment(name).milestones]
    first = lost[next(each for each in names if each in expected)]
    if first.belief != (wrong["belief"] or ""):  # for lack of time, perhaps: once more, patiently
        tried.begin(name, wrong["code"], first.name)
        first = tried.lost(name, wrong["code"], first.name)[first.name]
    assert first.belief == (wrong["belief"] or ""), first.text
    assert len(first.hints) == 3


@pytest.mark.parametrize(
    ("name", "style", "code"), RIGHT, ids=[f"{name}-{style}" for name, style, _ in RIGHT]
)
def test_a_right_program_gets_all_points_whatever_its_style(tried, name, style, code):
    lost = tried.lost(name, code, *milestones_of(name, style))
    assert {key: each.text for key, each in lost.items()} == {}


@pytest.mark.parametrize(
    "name", [name for name in assignments() if not find_assignment(name).draft]
)
def test_an_assignment_has_enough_wrong_programs_and_right_ones(name):
    assert len(bank(name, "wrong")) >= 12
    assert len(bank(name, "right")) >= 5  # four styles, and the solution
    lost = {each for wrong in bank(name, "wrong") for each in wrong["loses"]}
    assert {each.name for each in find_assignment(name).milestones} <= lost
