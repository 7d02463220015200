"""The checks of the exercises: one module a chapter, found by the exercise's name."""

from __future__ import annotations

from collections.abc import Callable

from helpers import progress
from helpers.checks import chapter_01, chapter_02
from helpers.checks.runner import Case, Report, run_cases

EXERCISES: dict[str, dict[str, list[Case]]] = {
    "01": chapter_01.EXERCISES,
    "02": chapter_02.EXERCISES,
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
    cases = next((each[name] for each in EXERCISES.values() if name in each), None)
    if cases is None or not callable(function):
        known = [exercise for each in EXERCISES.values() for exercise in each]
        example = function if function in known else known[0]
        raise TypeError(
            f"check takes the function of an exercise, and {function!r} is none: write "
            f"check({example}), without quotes and without calling it"
        )
    report = run_cases(name, function, cases)
    if report.started:
        report.remark = progress.record(name, report.passed)
    return report
