"""What the tables of wrong and of right answers are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpers.checks.answers import answer

__all__ = ["WrongAnswer", "answer"]


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
