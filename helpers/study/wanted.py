"""What may be predicted: read from what a learner typed, checked, and put into words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers.look.choice import check_choices
from helpers.study.typed import read_number


@dataclass(frozen=True)
class Wanted:
    """The answers that a prediction may have: a number within bounds, or one of some choices.

    Args:
        low: the lowest number that makes sense, if there is one.
        high: the highest.
        unit: what follows the number, such as "ms".
        choices: texts to choose from, in place of a number.

    Raises:
        TypeError: where numbers or choices are none.
        ValueError: for an empty range, or choices that are no choice.
    """

    low: float | None = None
    high: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.choices and (self.low is not None or self.high is not None or self.unit):
            raise TypeError("a prediction is a number (low, high, unit) or one of some choices")
        if self.choices:
            check_choices(list(self.choices))
        for bound in (self.low, self.high):
            if bound is not None and (
                isinstance(bound, bool) or not isinstance(bound, int | float)
            ):
                raise TypeError(f"low and high are numbers, not {bound!r}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low must be below high, and {self.low} is not below {self.high}")

    def typed(self, text: str) -> float | None:
        """What a learner typed, as a number in the field's unit; None where it can't be read."""
        return read_number(text, self.unit, lambda number: self.checked(number) is not None)

    def checked(self, value: object) -> float | int | str | None:
        """The value in its plain form, or None where it is no answer to the question."""
        if self.choices:
            return value if value in self.choices else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not math.isfinite(value):
            return None
        above = self.low is None or value >= self.low
        below = self.high is None or value <= self.high
        return plain(value) if above and below else None

    def described(self, short: bool = False) -> str:
        """What to type, as "a number from 0 to 100"; where it is to be short, as "0 to 100"."""
        if self.choices:
            return "one of the choices"
        bounds = {"from": self.low, "to": self.high}
        if short and None not in bounds.values():
            return f"{short_number(self.low)} to {short_number(self.high)}"
        words = (
            {"from": "from", "to": "to"}
            if None not in bounds.values()
            else {"from": "of at least", "to": "of at most"}
        )
        limits = [f"{words[way]} {short_number(n)}" for way, n in bounds.items() if n is not None]
        return " ".join(["a number", *limits])

    def words(self, value: float | str | None) -> str:
        """An answer as a sentence has it: with its unit."""
        if isinstance(value, str):
            return value
        return f"{short_number(value)} {self.unit}".strip().replace(" %", "%")


def plain(value: float) -> float | int:
    """A number as int where it is whole.

    Raises:
        TypeError: for what is no number.
    """
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise TypeError(f"measured must be a number, not {value!r}")
    number = float(value)
    return int(number) if number.is_integer() else number


def short_number(number: float) -> str:
    """A number in words: as it is where it is whole, in four digits else."""
    return f"{float(f'{number:.4g}'):g}" if isinstance(number, float) else str(number)
