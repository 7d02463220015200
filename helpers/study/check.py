"""The word that a chapter checks an exercise with."""

from __future__ import annotations

from collections.abc import Callable

from helpers.checks import runner
from helpers.checks.report import Report
from helpers.checks.values import short
from helpers.study import progress
from helpers.study.finding import exercises, find_exercise

_passed: dict[str, Callable] = {}  # what has passed in this kernel, by its exercise


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
    _passed.pop(name, None)
    if report.passed:
        _passed[name] = function
    if report.started:
        report.remark = progress.record(name, report.passed)
    return report


def own_answer(exercise: str) -> Callable | None:
    """The learner's function of this name, where the last check of it in this kernel passed.

    None where it did not, and where no check has run: a chapter then goes on with one of its own.
    """
    return _passed.get(exercise)


def _advice(given: object) -> str:
    known = exercises()
    example = given if isinstance(given, str) and given in known else known[0]
    what = short(given)
    return (
        f"check takes the function of an exercise, and {what} is none: write check({example}), "
        "without quotes and without calling it"
    )
