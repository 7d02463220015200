"""Numbers and names as a learner hands them in, checked before anything is made of them.

Each error says what was meant, what was given, and what to use.
"""

from __future__ import annotations

import operator
from numbers import Real


def whole(what: str, value: int, low: int) -> int:
    """`value` as an int, if it is a whole number from `low` up; else a TypeError or ValueError."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{what} is {value!r}: use a whole number from {low} up")
    if value < low:
        raise ValueError(f"{what} is {value!r}: use a whole number from {low} up")
    return operator.index(value)


def number(what: str, value: float, low: float, high: float, unit: str = "") -> float:
    """`value` as a float, if it is a number in the range; else a TypeError or ValueError."""
    wanted = f"{what} is {value!r}: use a number from {low:,.10g} to {high:,.10g}{unit}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(wanted)
    if not low <= value <= high:  # which nan is not, either
        raise ValueError(wanted)
    return float(value)


def check_one_of(what: str, value: object, known: tuple) -> None:
    """Raise a TypeError or ValueError unless `value` is one of those that are known."""
    wanted = f"{what} is {value!r}: use {' or '.join(repr(one) for one in known)}"
    if type(value) is not type(known[0]):
        raise TypeError(wanted)
    if value not in known:
        raise ValueError(wanted)
