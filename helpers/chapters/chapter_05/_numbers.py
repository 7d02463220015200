"""How the checks of chapter 05 look at results: numbers, their form, and lists left alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any, NamedTuple

from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

FINEST = 6  # places: a result of ours that fits into so few was rounded


class Slip(NamedTuple):
    """A usual mistake: what it gives, what is said of it, its hints, and the belief behind it."""

    value: Any
    told: str
    hints: Hints
    belief: Misconception | None = None


EMPTY_HINTS: Hints = (
    "The list is empty or too short here: which of your lines takes an element, a `max` or a "
    "mean of what is not there?",
    "The error's line is shown above. `[0]`, `[-1]`, `[i + 1]`, `max`, `min`, `mean` and a "
    "division by a length fail where there is nothing.",
    "Begin each count at 0, and let the loops do nothing where there is nothing.",
)

RAISES: dict[str, Misconception | Hints] = {
    "ZeroDivisionError": (
        "Something is divided by zero here: which of your divisors can be 0 for these values?",
        "The error's line is shown above, and the call in the sentence about what happened.",
        "Decide what the result is where there is nothing to divide by, before you divide.",
    ),
    "IndexError": (
        "Your index reaches past the end of a list: the two lists need not have the same length, "
        "and the last element has no next one.",
        "The error's line is shown above: print the index and the length just before it.",
        "Go through the elements themselves, or let the loop end where the list does.",
    ),
    "TypeError": (
        "An operator or a function got a type that it can't use; the error's last line names both. "
        "(`^` is no power in Python, `**` is.)",
        "Print the values of the line shown above with their types, just before it.",
        "Numbers are calculated with, lists are gone through: which of your names holds which?",
    ),
    "Exception": (
        "An error ended your function, although these values are possible ones: which value in "
        "the line shown above is not what you thought?",
        "Read the error's last line first: it says what Python could not do with that value.",
        "Print the values of that line just before it, and call your function with the example "
        "of its description.",
    ),
}

RAISES_ON_SHORT_LISTS = {
    "LookupError": EMPTY_HINTS,
    "ArithmeticError": EMPTY_HINTS,
    "ValueError": EMPTY_HINTS,
}

NONE_HINTS: Hints = (
    "Your function gives back None: on this way through it no `return` is reached. What is "
    "printed is not returned.",
    "`print` shows a value to a person; only `return` hands it to who called the function.",
    "Look at the last line of each way through the function, also at the one after a loop.",
)


def refuses(name: str, part_is: str, whole_is: str) -> Callable[[Callable, Stage], None]:
    """A case that calls a function of two counts with impossible ones: (part, whole).

    Args:
        name: of the function.
        part_is: what its first argument counts, as the description calls it: "answered".
        whole_is: what its second argument counts.
    """

    def run(function: Callable, stage: Stage) -> None:
        for part, whole in ((11, 10), (0, 0), (-1, 10), (1, 0), (0, -1), (-2, -1)):
            call = f"{name}({part}, {whole}): {part} of {whole} is impossible"
            why = (
                f"{part_is} is larger than {whole_is}"
                if part > whole > 0
                else f"{part_is} is below 0"
                if part < 0 < whole
                else f"{whole_is} is below 1: nothing was {whole_is}"
            )
            try:
                got = stage.call(function, part, whole)
            except ValueError:
                continue
            except (NameError, NotImplementedError):
                raise
            except Exception as error:
                _refused_otherwise(call, why, whole_is, error)
            _not_refused(call, why, got)

    return run


def _refused_otherwise(call: str, why: str, whole_is: str, error: Exception) -> None:
    kind = type(error).__name__
    told = f"{call}. Expected ValueError, got {kind}, which a caller does not expect."
    first = f"The description asks for ValueError, and your function raises {kind}."
    if isinstance(error, ZeroDivisionError):
        first = f"You divide before you test that {whole_is} is at least 1: that has to be a "
        first += "ValueError, and Python raises ZeroDivisionError on its own."
    elif isinstance(error, AssertionError):
        first = "`assert` raises AssertionError, and the description asks for ValueError."
    raise Wrong(
        told,
        hints=(
            first,
            f"Here {why}. `assert` is for what can't happen; Python even leaves it out where it "
            "is told to optimise.",
            "Test the counts with `if` before you calculate, and raise the error that the "
            "description names.",
        ),
    ) from None


def _not_refused(call: str, why: str, got: Any) -> None:
    told = f"{call}. Expected ValueError, got {short(got)}."
    first = f"Your function calculates on where {why}: such counts must raise ValueError."
    if isinstance(got, BaseException) or (isinstance(got, type) and got is not None):
        first = "Your function returns an error where it has to raise one: ValueError, by `raise`."
    elif got is None or isinstance(got, str):
        first = "Your function returns where it has to raise: nobody hears of a ValueError that is "
        first += "printed, caught or returned as a value."
    raise Wrong(
        told,
        hints=(
            first,
            f"Here {why}. The condition in the description has two parts, and each can fail by "
            "itself.",
            "Test the counts before you calculate, and raise the error that the description "
            "names; `except` must not swallow it.",
        ),
    )


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


def name_slip(told: str, got: Any, slips: Iterable[Slip], distance: float = 1e-7) -> None:
    """Raise Wrong with the first slip that gives exactly what came; else return.

    Args:
        told: what was expected and what came.
        got: what came: a number, or a tuple of them.
        slips: usual mistakes, the likeliest first.
        distance: how far what came may be from what a slip gives.
    """
    mine = got if isinstance(got, tuple) else (got,)
    for slip in slips:
        theirs = slip.value if isinstance(slip.value, tuple) else (slip.value,)
        if len(mine) == len(theirs) and all(
            near(a, b, distance) for a, b in zip(mine, theirs, strict=True)
        ):
            raise Wrong(f"{told} {slip.told}", slip.belief, slip.hints)


def expect_number(told: str, got: Any, asked_for: str = "a number") -> None:
    """Raise Wrong where what came is no number: None, text, a list.

    Args:
        told: what was expected and what came.
        got: what came.
        asked_for: what the description asks for.
    """
    if is_number(got):
        return
    if got is None:
        raise Wrong(told, hints=NONE_HINTS)
    kind = "a complex number" if isinstance(got, complex) else f"of the type {type(got).__name__}"
    raise Wrong(
        told,
        hints=(
            f"Your result is {kind}, and the description asks for {asked_for}.",
            "Look at what the last line of your function returns: the number, or something "
            "that holds it or shows it? (A root of a negative number is complex.)",
            "Return the one number; whoever calls can format it or collect it.",
        ),
    )


ROUNDED: Hints = (
    "Your result has lost its digits: which line rounds it, formats it or goes in steps of 0.01?",
    "Who calls the function may calculate on: digits are dropped where a number is shown.",
    "Return what you had before `round`, a format or a step of fixed size.",
)

PERCENT: Hints = (
    "Your result is in percent, 100 times too large: the description asks for shares from 0 to 1.",
    "Which of your lines multiplies by 100?",
    "Leave the share as it is; a percent sign is for where it is shown.",
)


def is_rounded(got: float, expected: float) -> bool:
    """Whether a result is the right one cut to a few places, or the hundredth next to it."""
    cut = [round(expected, places) for places in range(1, FINEST + 1)]
    if any(each and near(got, each, 1e-9) and not near(each, expected, 1e-9) for each in cut):
        return True
    return 0.05 < expected < 1 and near(got, round(got, 2), 1e-9) and near(got, expected, 0.01)


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
                    f"Your function changes its caller's list `{what}`: which of your lines does?",
                    "`remove`, `pop`, `sort` and `del` change the list itself.",
                    "Make a set, a dict or a list of your own, and change that.",
                ),
            )
    return got, told


def expect_no_memory(name: str, before: Any, now: Any) -> None:
    """Raise Wrong where a call that was made before has another result now.

    Args:
        name: of the learner's function.
        before: what the call gave the first time.
        now: what the same call gives the second time.
    """
    if repr(now) != repr(before) and " at 0x" not in repr(now):
        raise Wrong(
            f"{name} gives another result for the same arguments the second time: "
            f"{short(before)}, then {short(now)}.",
            hints=(
                "Something is kept from one call to the next: where do your lists, sets and "
                "counts begin?",
                "What is made outside of the function, or as a default in its `def` line, is "
                "made once, and each call goes on with it.",
                "Make them anew in the function's first lines.",
            ),
        )
