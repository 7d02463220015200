"""Answers that are written down: functions that bear the name of the exercise that they answer."""

from __future__ import annotations

from collections.abc import Callable


def answer(exercise: str) -> Callable[[Callable], Callable]:
    """Name a function as its exercise does, so that a check takes it for a learner's.

    The function's own name, which says what is wrong or different about it, becomes its `label`,
    and its docstring where it has no other.

    Args:
        exercise: the exercise's name.
    """

    def named(function: Callable) -> Callable:
        function.__doc__ = function.__doc__ or function.__name__.replace("_", " ")
        function.label = function.__name__
        function.exercise = function.__name__ = exercise
        return function

    return named
