"""What the tables of wrong and of right answers are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def answer(exercise: str) -> Callable[[Callable], Callable]:
    """Name a function as its exercise does, so that a check takes it for a learner's.

    The function's own name, which says what is wrong or different about it, stays in `__doc__`
    where it has no other.
    """

    def named(function: Callable) -> Callable:
        function.__doc__ = function.__doc__ or function.__name__.replace("_", " ")
        function.label = function.__name__
        function.exercise = function.__name__ = exercise
        return function

    return named


@dataclass(frozen=True)
class WrongAnswer:
    """One answer that must fail, and what the learner must hear.

    Attributes:
        exercise: the exercise's name.
        answer: the function, named by `answer`.
        misconception: the only misconception that the report names, in the syllabus's words;
            None where it names none.
        case: the name of a case that must be among the failed ones; None where any will do.
        says: words that the report must have; None where any will do.
    """

    exercise: str
    answer: Callable
    misconception: str | None = None
    case: str | None = None
    says: str | None = None
