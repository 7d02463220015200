"""What the tables of wrong and of right answers are made of."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.checks.answers import answer as named

__all__ = ["WrongAnswer", "answer", "as_a_learners", "fits"]

CHAPTERS = Path(__file__).resolve().parents[2] / "helpers" / "chapters"


def answer(exercise: str, *words: str) -> Callable[[Callable], Callable]:
    """Name an answer as its exercise does, as `helpers.checks.answers.answer` says.

    Args:
        exercise: the exercise's name.
        words: of a wrong answer: what a helpful colleague would have to mention. Each must stand
            in the hint that its report shows first; "a|b" is met by either. Write them down before
            you read the hint.
    """

    def marked(function: Callable) -> Callable:
        function = named(exercise)(function)
        function.words = words
        return function

    return marked


def fits(hint: str, words: tuple[str, ...]) -> bool:
    """Whether a hint holds each of these words, whatever their case."""
    hint = " ".join(hint.lower().split())
    return all(any(each in hint for each in word.lower().split("|")) for word in words)


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

    @property
    def words(self) -> tuple[str, ...]:
        """What the hint that is shown first must hold."""
        return getattr(self.answer, "words", ())


def as_a_learners(chapter: str, name: str) -> dict:
    """The names of a chapter's module, run as a learner's code: its file is not the course's."""
    path = CHAPTERS / f"chapter_{chapter}" / f"{name}.py"
    if not path.exists():
        return {}
    source, file = path.read_text(encoding="utf-8"), f"<{name} of {chapter}>"
    names = {"__name__": name}
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec", dont_inherit=True), names)
    return names
