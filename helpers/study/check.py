"""The word that a chapter checks an exercise with."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

from helpers.checks import runner
from helpers.checks.cases import Case, Exercise
from helpers.checks.others import compared
from helpers.checks.report import Report
from helpers.study import progress
from helpers.study.finding import find_exercise, find_others
from helpers.study.given import exercise_of
from helpers.study.places import in_solutions
from helpers.study.showing import Running, show_after_cell

_passed: dict[str, Callable] = {}  # what has passed in this kernel, by its exercise


def check(function: Callable, case: str | None = None) -> Report:
    """Try an exercise's function against its cases, and keep the result.

    Args:
        function: the learner's function, under the name that the chapter gives it.
        case: a part of a case's name: that case is tried alone, and all that happens in it is
            shown, with times. It counts neither as an attempt nor as a pass.

    Returns:
        The report, which is true where the function has passed. A notebook shows it as the cell's
        last value, or else when the cell has ended.

    Raises:
        TypeError: when it is given something that is no function of an exercise.
        ValueError: where no case, or more than one, has such a name.
    """
    name = exercise_of(function, sys._getframe(1))
    exercise = find_exercise(name)
    only = None if case is None else _one_of(name, exercise, case)
    running, report = Running(name, 1 if only else len(exercise.cases)), None
    try:
        report = runner.run_cases(name, function, exercise, only, running.tell)
        report.function = function
        report.find_others = functools.cache(lambda: compared(name, find_others(name), function))
        report.folds_others = not in_solutions()
        if not report.alone and not report.interrupted:
            _keep(name, function, report)
    finally:
        running.end(report)
    show_after_cell(report)
    return report


def own_answer(exercise: str) -> Callable | None:
    """The learner's function of this name, where the last check of it in this kernel passed.

    None where it did not, and where no check has run: a chapter then goes on with one of its own.
    """
    return _passed.get(exercise)


def _keep(name: str, function: Callable, report: Report) -> None:
    """Remember what came of a whole check."""
    _passed.pop(name, None)
    if report.passed:
        _passed[name] = function
    if report.started:
        report.remark = progress.record(name, report.passed)


def _one_of(name: str, exercise: Exercise, wanted: str) -> Case:
    """The case whose name is, or holds, these words."""
    found = [case for case in exercise.cases if case.name == wanted] or [
        case for case in exercise.cases if str(wanted).lower() in case.name.lower()
    ]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} cases have" if found else "no case has"
    names = "\n".join(f"  {case.name}" for case in found or exercise.cases)
    raise ValueError(f"{what} {wanted!r} in the name; of {name} there are:\n{names}")
