"""Questions in all their kinds: a quiz, a puzzle, one to recall, lines to put in order.

They stand in a chapter's folder and not in its notebook, where answers would show. Each kind has a
file, whose QUESTIONS are a dictionary from a few words to a `Question` or an `Order`; a question
is known by its chapter's number and these words, whatever its kind: "03 one recv".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpers.look.choice import check_choices
from helpers.study.finding import find_room

KINDS = {  # by the file of a chapter's folder: what is written before such a question
    "quizzes": "Question",
    "puzzles": "Puzzle",
    "recall": "Recall",
    "orders": "Order",
}


@dataclass(frozen=True)
class Verdict:
    """Whether a choice is the right one, and why.

    Attributes:
        is_right: whether it is.
        why: one or two sentences.
        packets: which arrows of the question's conversation stand for this choice, from 1.
    """

    is_right: bool
    why: str
    packets: tuple[int, ...] = ()


def right(why: str, *packets: int) -> Verdict:
    """The right choice, and one or two sentences why it is right; code in backticks.

    Args:
        why: these sentences.
        packets: the arrows of a puzzle's diagram that may be clicked in its place, from 1.
    """
    return Verdict(True, why, packets)


def wrong(why: str, *packets: int) -> Verdict:
    """A wrong choice, and one or two sentences why it is wrong; code in backticks.

    The reason says what is the matter with this choice, and does not give the right one away.
    """
    return Verdict(False, why, packets)


@dataclass(frozen=True)
class Question:
    """A question with its choices, in the order in which they are shown.

    Args:
        text: the question; code in backticks.
        choices: for each choice `right(why)` or `wrong(why)`, exactly one of them right.
        code: whether the choices are lines of one program, shown as a listing in this order.
        conversation: a puzzle's: the file of `recorded/` in the chapter's folder that holds
            it, without ".json".
        title: what stands above its diagram, and does not give the answer away.
        words: says what a payload of it means, as for `sequence_diagram`.
        to_scale: whether equal times are equally long in its diagram.
        about: a question to recall: predictions and quizzes of its own chapter, without the
            chapter's number, such as "send": to have failed in one brings it up first.

    Raises:
        TypeError: where the choices are no dictionary of texts and verdicts.
        ValueError: where the question is blank, there are not from 2 to 8 choices, not exactly one
            is right, or a reason is missing.
    """

    text: str
    choices: Mapping[str, Verdict]
    code: bool = False
    conversation: str = ""
    title: str = ""
    words: Callable[[bytes], str] | None = None
    to_scale: bool = False
    about: tuple[str, ...] = ()

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


@dataclass(frozen=True)
class Order:
    """Lines to put in order; the next one is chosen again and again.

    Args:
        text: what to put in order; code in backticks.
        lines: from 3 to 8 lines in their right order, each with the reason why it does not come
            earlier: what it needs first. It is told where the line is chosen too early. No two
            lines may be fit to change places.
        flush: whether they are shown without their indents, which would tell too much, until they
            are chosen.

    Raises:
        ValueError: for a blank text, fewer than 3 or more than 8 lines, or one without a reason.
    """

    text: str
    lines: Mapping[str, str]
    flush: bool = False
    code = True

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an order needs a text")
        check_choices(list(self.lines))
        if len(self.lines) < 3:
            raise ValueError(f"the order {self.text!r} has fewer than 3 lines")
        for line, why in list(self.lines.items())[1:]:
            if not why.strip():
                raise ValueError(f"the order {self.text!r}: {line!r} needs a reason")

    def mixed(self, name: str) -> list[str]:
        """The lines as they are shown at first, the same each time for a name."""
        lines = list(self.lines)
        while lines == list(self.lines):
            random.Random(name).shuffle(lines)
            name += "."
        return lines


def find_question(name: str, kind: str = "quizzes") -> Question | Order:
    """The question of this name, such as "03 one recv": a chapter's number and a few words.

    Args:
        name: its name.
        kind: the file that it stands in, one of `KINDS`.

    Raises:
        ValueError: where there is none; the message lists those of the chapter.
    """
    chapter, _, words = name.partition(" ")
    known = questions_of(chapter, kind)
    if words not in known:
        names = ", ".join(f'"{chapter} {each}"' for each in known) or "none"
        kind = KINDS[kind].lower() if kind != "recall" else "question to recall"
        raise ValueError(f'there is no {kind} "{name}" (chapter {chapter} has: {names})')
    return known[words]


def questions_of(chapter: str, kind: str) -> dict[str, Question | Order]:
    """A chapter's questions of a kind, by their words, in its order; none where it has no file."""
    room = find_room(chapter, kind)
    return room.QUESTIONS if room else {}
