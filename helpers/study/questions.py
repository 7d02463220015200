"""Quiz questions. They stand in a chapter's `quizzes`, not in its notebook: answers would show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.look.choice import check_choices
from helpers.study.finding import find_room


@dataclass(frozen=True)
class Verdict:
    """Whether a choice is the right one, and why."""

    is_right: bool
    why: str


def right(why: str) -> Verdict:
    """The right choice, and one or two sentences why it is right; code in backticks."""
    return Verdict(True, why)


def wrong(why: str) -> Verdict:
    """A wrong choice, and one or two sentences why it is wrong; code in backticks.

    The reason says what is the matter with this choice, and does not give the right one away.
    """
    return Verdict(False, why)


@dataclass(frozen=True)
class Question:
    """A question with its choices, in the order in which they are shown.

    Args:
        text: the question; code in backticks.
        choices: for each choice `right(why)` or `wrong(why)`, exactly one of them right.

    Raises:
        TypeError: where the choices are no dictionary of texts and verdicts.
        ValueError: where the question is blank, there are not from 2 to 8 choices, not exactly one
            is right, or a reason is missing.
    """

    text: str
    choices: Mapping[str, Verdict]

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not isinstance(self.choices, Mapping):
            raise TypeError(
                "Question takes a text, and a dictionary from choices to right or wrong"
            )
        at = f"the question {self.text!r}"
        if not self.text.strip():
            raise ValueError("a question needs a text")
        try:
            check_choices(list(self.choices))
        except (TypeError, ValueError) as error:
            raise type(error)(f"{at}: {error}") from None
        for choice, verdict in self.choices.items():
            if not isinstance(verdict, Verdict):
                raise TypeError(f'{at}: {choice!r} needs right("why") or wrong("why")')
            if not isinstance(verdict.why, str) or not verdict.why.strip():
                raise ValueError(f"{at}: {choice!r} needs a reason, why it is right or wrong")
        number = sum(verdict.is_right for verdict in self.choices.values())
        if number != 1:
            raise ValueError(f"{at}: exactly one choice must be right, not {number}")


def find_question(name: str) -> Question:
    """The question of this name, such as "03 one recv": a chapter's number and a few words.

    Raises:
        ValueError: where there is none; the message lists those of the chapter.
    """
    chapter, _, words = name.partition(" ")
    room = find_room(chapter, "quizzes")
    known = room.QUESTIONS if room else {}
    if words not in known:
        names = ", ".join(f'"{chapter} {each}"' for each in known) or "none"
        raise ValueError(f'there is no question "{name}" (chapter {chapter} has: {names})')
    return known[words]
