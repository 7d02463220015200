"""What every case and every exercise of all chapters promises."""

import contextlib
import importlib
import inspect
import io
import re
import time

import pytest
from drive.on_disk import ROOT, THOROUGH

from helpers.checks import runner
from helpers.study.about import chapters
from helpers.study.finding import exercises, find_exercise

ALL = {name: find_exercise(name) for name in exercises()}
CASES = [(name, case) for name, exercise in ALL.items() for case in exercise.cases]
NUMBERS = {name: each.number for each in chapters() for name in each.exercises}
FIRST = {NUMBERS[name]: name for name in reversed(ALL) if name != "RtoEstimator"}
SPINNING = [each for each in ALL if each != "RtoEstimator" and (THOROUGH or each in FIRST.values())]
SERVED = re.compile(r"\b(connection|listener|sock)\.\w|def |return \(")  # code, ready to be copied

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{name}-{case.name}" for name, case in CASES]
)
def test_a_case_says_what_its_peers_do_and_has_three_hints_without_code(name, case):
    assert case.peer.endswith(".")
    assert len(case.hints) == len(set(case.hints)) == 3
    beliefs = {case.if_it_hangs, *case.if_it_raises.values()} - {None}
    for hints in (case.hints, *(getattr(cause, "hints", cause) for cause in beliefs)):
        assert all(hint.endswith((".", "?", ".)")) for hint in hints)
        assert not any(SERVED.search(hint) for hint in hints)


@pytest.mark.parametrize("name", ALL)
def test_an_exercise_whose_solution_is_async_says_so(name):
    (module,) = ROOT.glob(f"helpers/chapters/*/{name}.py")
    solutions = importlib.import_module(f"helpers.chapters.{module.parent.name}.solutions")
    is_async = inspect.iscoroutinefunction(getattr(solutions, name))
    assert ALL[name].asks_async == is_async


@pytest.mark.parametrize("name", SPINNING)
def test_an_answer_that_spins_is_ended_in_time(name, monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.2)
    monkeypatch.setattr(runner, "ALL_SECONDS", 1.1)

    def spin(*_):
        while True:
            time.monotonic()

    spin.__name__ = name
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(name, spin, ALL[name])
    assert not any(outcome.passed for outcome in report.outcomes)
