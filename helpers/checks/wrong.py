"""What can be wrong with an answer: what was seen, the belief behind it, and hints."""

from __future__ import annotations

from dataclasses import dataclass

Hints = tuple[str, str, str]


@dataclass(frozen=True)
class Misconception:
    """A belief that leads to a wrong answer.

    Attributes:
        name: the belief in a few words, as the syllabus has it: "one recv is one message".
        why: one sentence why it is wrong.
        hints: three steps, each nearer to an answer; never the answer, nor a finished line of it.
    """

    name: str
    why: str
    hints: Hints


class Wrong(Exception):
    """What a case raises when the function did not do what was asked.

    Args:
        message: what was expected and what came, in one or two sentences.
        misconception: the belief that leads to this, where it was recognised.
        hints: for this problem, in place of the misconception's or the case's own.
    """

    def __init__(
        self,
        message: str,
        misconception: Misconception | None = None,
        hints: Hints | None = None,
    ) -> None:
        super().__init__(message)
        self.misconception = misconception
        self.hints = hints


class NotThere(Wrong):
    """What a case raises where a function that it needs is not written yet: it is not tried."""
