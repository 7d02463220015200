"""A number as people type one: "1,024", "1 024", "1024 bytes", "1e3", "about 5", ".5", "50 %".

What a comma or a point means, and what a unit, depends on what the field asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_BEFORE = re.compile(
    r"^(?:(?:about|around|approximately|approx|roughly|circa|ca|nearly|almost|maybe|perhaps|"
    r"probably|i think|i guess|it is|=|~|≈|±)\.?\s*)+",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s.?!]+$")
_DIGITS = r"\d+(?:[ \u00a0\u2009\u202f_'’.,]\d+)*"
_NUMBER = re.compile(
    rf"([+-]?)\s*({_DIGITS}[.,]?|[.,]\d+)(?:e([+-]?\d{{1,2}}))?(?![\d.,])\s*(.*)", re.I
)
_GROUPS = re.compile(r"[1-9]\d{0,2}([ \u00a0\u2009\u202f_'’.,])\d{3}(?:\1\d{3})*")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS_OF_NONE = ("none", "nothing", "no", "never")
# What a unit is of the first of its kind; the kinds are apart.
_KINDS = (
    {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "us": 1e-6, "min": 60.0},
    {"byte": 1.0, "b": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1024.0, "mib": 1024.0**2},
)
_SAME = {
    "second": "s", "sec": "s", "millisecond": "ms", "msec": "ms", "microsecond": "µs",
    "μs": "µs", "minute": "min", "percent": "%", "per cent": "%",
    "kilobyte": "kb", "megabyte": "mb", "gigabyte": "gb",
}  # fmt: skip
_PARTS = {"%", "s", "ms", "µs", "min", "kb", "mb", "gb"}  # of which people count in fractions


def read_number(text: str, unit: str, fits: Callable[[float], bool]) -> float | None:
    """The number that a learner has typed, in the field's unit; None where it can't be read.

    Args:
        text: as typed; words such as "about" before the number and a unit after it are read.
        unit: the field's, such as "bytes", "ms", "%", "of 100" or "".
        fits: whether a number is within the field's bounds. Where a comma or a point may mean
            two things, the meaning that fits is taken.
    """
    text = _AFTER.sub("", _BEFORE.sub("", text.strip()))
    if text.lower() in (*_WORDS, *_WORDS_OF_NONE):
        return float(_WORDS.index(text.lower()) if text.lower() in _WORDS else 0)
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    sign, digits, power, rest = found.groups()
    factor = _factor(rest.strip(), unit, fits)
    values = [_scaled(each, sign, power, factor) for each in _meanings(digits, unit)]
    if not values or factor is None:
        return None
    return next((each for each in values if fits(each)), values[0])


def _scaled(value: float, sign: str, power: str | None, factor: float | None) -> float:
    value = float(f"{value!r}e{power}") if power and "e" not in repr(value) else value
    return float(f"{(-value if sign == '-' else value) * (factor or 1.0):.12g}")


def _meanings(digits: str, unit: str) -> list[float]:
    """What these digits may mean, the likeliest first."""
    meanings = []
    if grouped := _GROUPS.fullmatch(digits):
        whole = float(re.sub(r"\D", "", digits))
        meanings.append(whole)
        if digits.count(grouped[1]) > 1 or grouped[1] not in ".,":
            return meanings
    if re.fullmatch(r"\d*[.,]?\d*", digits):
        fraction = float(digits.replace(",", "."))
        # "1.024" is a fraction, unless things are counted, of which there are no parts.
        first = digits.count(".") == 1 and _base(unit) in {*_PARTS, ""}
        meanings.insert(0 if first or not meanings else 1, fraction)
    return meanings or _mixed(digits)


def _mixed(digits: str) -> list[float]:
    """A number with groups and a fraction, as "1,024.5" or "1.024,5"."""
    for group, point in ((",", "."), (".", ",")):
        whole, found, part = digits.rpartition(point)
        if found and part.isdecimal() and _GROUPS.fullmatch(whole) and point not in whole:
            return [float(f"{re.sub(r'[^0-9]', '', whole)}.{part}")] if group in whole else []
    return []


def _factor(typed: str, unit: str, fits: Callable[[float], bool]) -> float | None:
    """What to multiply by for the unit that was typed; None where it is none of this field's."""
    mine, theirs = _base(unit), _base(typed)
    if not typed or theirs == mine or typed.lower() == unit.lower():
        return 1.0
    if theirs in ("k", "thousand"):
        return 1e3
    if theirs in ("m", "million", "mio"):
        return 1e6
    if theirs == "%":
        if found := re.fullmatch(r"of (\d+)\b.*", unit):
            return int(found[1]) / 100
        if unit:
            return None
        return 1.0 if fits(2.0) else 0.01  # of a share, from 0 to 1
    for kind in _KINDS:
        if theirs in kind and mine in kind:
            return kind[theirs] / kind[mine]
        if theirs in kind and unit and mine not in kind and theirs in _PARTS:
            return None  # "5 ms" where packets are counted
    return 1.0 if re.fullmatch(r"[^\W\d][^\d]{0,30}|°\w", typed) else None


def _base(unit: str) -> str:
    """A unit in its shortest form: one, and not many of it."""
    unit = unit.strip().lower().removesuffix(".")
    one = unit.removesuffix("s") if len(unit) > 2 else unit
    return _SAME.get(unit) or _SAME.get(one) or one
