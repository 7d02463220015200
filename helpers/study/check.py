"""The word that a chapter checks an exercise with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from helpers.checks import runner
from helpers.checks.others import compared
from helpers.checks.report import Report
from helpers.checks.values import short
from helpers.study import progress
from helpers.study.finding import exercises, find_exercise, find_others

SOLUTIONS = "solutions"  # the folder of that edition


def check(function: Callable) -> Report:
    """Try an exercise's function against its cases, and keep the result.

    Args:
        function: the learner's function, under the name that the chapter gives it.

    Returns:
        The report, which a notebook shows as a cell's last value.

    Raises:
        TypeError: when it is given something that is no function of an exercise.
    """
    name = getattr(function, "__name__", None)
    name = name if isinstance(name, str) and callable(function) else None
    exercise = find_exercise(name) if name else None
    if name is None or exercise is None:
        raise TypeError(_advice(function))
    report = runner.run_cases(name, function, exercise)
    report.function = function
    report.find_others = functools.cache(lambda: compared(name, find_others(name), function))
    report.folds_others = not _in_solutions()
    if report.started:
        report.remark = progress.record(name, report.passed)
    return report


def _in_solutions() -> bool:
    """Whether this is a notebook of the solutions edition, which is kept with its outputs."""
    try:
        return Path.cwd().name == SOLUTIONS
    except OSError:  # the folder is gone
        return False


def _advice(given: object) -> str:
    known = exercises()
    example = given if isinstance(given, str) and given in known else known[0]
    what = short(given)
    return (
        f"check takes the function of an exercise, and {what} is none: write check({example}), "
        "without quotes and without calling it"
    )
