"""The checks of the exercises: one module a chapter, found by the exercise's name."""

from __future__ import annotations

from collections.abc import Callable

from helpers import progress
from helpers.checks import (
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    runner,
)
from helpers.checks.cases import Exercise
from helpers.checks.report import Report
from helpers.checks.values import short

EXERCISES: dict[str, dict[str, Exercise]] = {
    "01": chapter_01.EXERCISES,
    "02": chapter_02.EXERCISES,
    "03": chapter_03.EXERCISES,
    "04": chapter_04.EXERCISES,
    "05": chapter_05.EXERCISES,
    "06": chapter_06.EXERCISES,
    "07": chapter_07.EXERCISES,
}


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
    exercise = next((each[name] for each in EXERCISES.values() if name in each), None)
    if name is None or exercise is None:
        raise TypeError(_advice(function))
    report = runner.run_cases(name, function, exercise)
    if report.started:
        report.remark = progress.record(name, report.passed)
    return report


def _advice(given: object) -> str:
    known = [exercise for each in EXERCISES.values() for exercise in each]
    example = given if isinstance(given, str) and given in known else known[0]
    what = short(given)
    return (
        f"check takes the function of an exercise, and {what} is none: write check({example}), "
        "without quotes and without calling it"
    )
