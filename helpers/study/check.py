"""The word that a chapter checks an exercise with."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path

from helpers.checks import runner
from helpers.checks.cases import Case, Exercise
from helpers.checks.others import compared
from helpers.checks.report import Report
from helpers.study import progress
from helpers.study.finding import find_exercise, find_others
from helpers.study.given import exercise_of
from helpers.study.showing import Running, show_after_cell

SOLUTIONS = "solutions"  # the folder of that edition


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
        report.folds_others = not _in_solutions()
        if report.started and not report.alone and not report.interrupted:
            report.remark = progress.record(name, report.passed)
    finally:
        running.end(report)
    show_after_cell(report)
    return report


def _in_solutions() -> bool:
    """Whether this is a notebook of the solutions edition, which is kept with its outputs."""
    try:
        return Path.cwd().name == SOLUTIONS
    except OSError:  # the folder is gone
        return False


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
