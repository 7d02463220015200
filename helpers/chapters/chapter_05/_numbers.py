"""How the checks of chapter 05 look at results: numbers, their form, and lists left alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

REFUSAL_HINTS: Hints = (
    "Which numbers can't come from any measurement? Call your function with them.",
    "Look at the condition in the description: it has two parts, and each can fail by itself.",
    "Test the numbers before you calculate, and raise the error that the description names.",
)


def refuses(name: str) -> Callable[[Callable, Stage], None]:
    """A case that calls a function of two counts with impossible ones: (part, whole)."""

    def run(function: Callable, stage: Stage) -> None:
        for part, whole in ((-1, 10), (11, 10), (0, 0), (1, 0), (0, -1), (-2, -1)):
            call = f"{name}({part}, {whole}): {part} of {whole} is impossible"
            try:
                got = stage.call(function, part, whole)
            except ValueError:
                continue
            except (ArithmeticError, AssertionError) as error:
                raise Wrong(
                    f"{call}. Expected ValueError, got {type(error).__name__}, which a caller "
                    "does not expect."
                ) from None
            raise Wrong(f"{call}. Expected ValueError, got {short(got)}.")

    return run


def is_number(value: Any) -> bool:
    """Whether a value is a finite real number, of Python or of numpy, and not True or False."""
    return (
        isinstance(value, Real)
        and type(value).__name__ not in ("bool", "bool_")
        and math.isfinite(value)
    )


def near(value: Any, expected: float, distance: float) -> bool:
    """Whether a value is a number no further away than that."""
    return is_number(value) and abs(value - expected) <= distance


ROUNDED: Hints = (
    "Which line takes digits away from your result?",
    "Who calls the function may calculate on: digits are dropped where a number is shown.",
    "Return what you had before `round`, a format or a step of fixed size.",
)


def form_of(got: Sequence[Any], expected: Sequence[float]) -> tuple[str, Hints | None]:
    """What a wrong result has to do with the right one.

    Args:
        got: what came: one value, or the two ends of an interval.
        expected: the right values, as many.

    Returns:
        A sentence to add, or nothing; and hints that fit it better than the case's own.
    """
    if not all(is_number(each) for each in got):
        return "", None

    def all_near(values: Sequence[float], distance: float) -> bool:
        return all(near(*pair, distance) for pair in zip(got, values, strict=True))

    # To one place only one value: (0.0, 0.3) may be 3 / n for 0 of 10.
    for places in range(len(expected), 4):
        if all_near([round(each, places) for each in expected], 1e-9):
            return " Yours is rounded: return it as it is.", ROUNDED
    if all(expected) and all_near([100 * each for each in expected], 0.01):
        return " Yours is in percent: return shares from 0 to 1.", None
    if len(expected) == 2:
        low, high = expected
        if all_near([(low + high) / 2, (high - low) / 2], 1e-4):
            return " Yours is centre and half: return centre - half and centre + half.", None
        if all_near([high, low], 1e-4):
            return " The lower end comes first.", None
    return "", None


def call_with_lists(
    function: Callable, stage: Stage, name: str, sent: list[int], received: list[int]
) -> tuple[Any, str]:
    """Call with copies of two lists; return the result, and the call in words.

    Raises:
        Wrong: where the function has changed one of them.
    """
    mine = list(sent), list(received)
    told = f"{name}({short(sent)}, {short(received)})"
    got = stage.call(function, *mine)
    for kept, before, what in zip(mine, (sent, received), ("sent", "received"), strict=True):
        if kept != before:
            raise Wrong(
                f"{told}: the function has changed the list `{what}`, which is its caller's: it "
                f"is now {short(kept)}.",
                hints=(
                    "Which of your lines changes a list that you were given?",
                    "`remove`, `pop`, `sort` and `del` change the list itself.",
                    "Make a set, a dict or a list of your own, and change that.",
                ),
            )
    return got, told
