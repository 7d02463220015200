"""The exercise unpack_reading: bytes into a reading, whoever packed it."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from helpers.chapters.chapter_01 import beliefs
from helpers.chapters.chapter_01._readings import LARGEST, READINGS
from helpers.chapters.chapter_01._slips import slip_of_unpacking
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong


def _unpacks(function: Callable, stage: Stage) -> None:
    for device, celsius, packed in (*READINGS, LARGEST):
        got = stage.call(function, bytes.fromhex(packed))
        told = f"unpack_reading of {packed}: expected ({device}, {celsius}), got {short(got)}."
        if not (isinstance(got, tuple) and len(got) == 2):
            raise Wrong(told + " It is to be a tuple of two.", hints=_of_another_shape(got))
        if any(isinstance(part, tuple) for part in got):
            told += " `struct.unpack` returns a tuple, even for one value."
            raise Wrong(told, hints=_ONE_INSIDE)
        if got == (device, celsius) and type(got[0]) is int and isinstance(got[1], float):
            continue
        if not (type(got[0]) is int and isinstance(got[1], float)):
            told += " The first is to be an int, the second a float."
        raise Wrong(told, *(slip_of_unpacking(got, bytes.fromhex(packed)) or ()))
    odd = stage.call(function, struct.pack("!If", 1, math.pi))
    if abs(odd[1] - math.pi) > 1e-6:
        told = f"unpack_reading of a packed 3.141592…: got {short(odd[1])}."
        first = "The temperature was rounded: what was packed has more digits."
        raise Wrong(told, hints=(first, *beliefs.UNPACK_HINTS[1:]))


_ONE_INSIDE = (
    "`struct.unpack` returns a tuple, even for one value: you have put one inside another.",
    "Take the value out of the tuple of one, by its place or by assigning to one name and a comma.",
    beliefs.UNPACK_HINTS[2],
)
_LET_THROUGH = (
    "A wrong number of bytes has reached `unpack`, whose struct.error is no ValueError: is there a "
    "test of the length before it, and does its condition hold for 7 bytes?",
    *beliefs.VALUE_ERROR_HINTS[1:],
)


def _of_another_shape(got: object) -> Hints:
    if got is None:
        return beliefs.RETURN_HINTS
    if isinstance(got, tuple):
        first = f"Your tuple has {len(got)} part(s): both, device and temperature, are asked for."
    elif isinstance(got, (int, float)):
        first = "Only one number came: a tuple of both, device and temperature, is asked for."
    else:
        first = f"Your result is of the type {type(got).__name__}: a tuple of two is asked for."
    return (first, *beliefs.UNPACK_HINTS[1:])


def _refuses_wrong_size(function: Callable, stage: Stage) -> None:
    for size in (7, 0, 9, 16):
        try:
            got = stage.call(function, bytes(size))
        except ValueError:
            continue
        except (struct.error, AssertionError, TypeError, IndexError) as error:
            own = isinstance(error, struct.error)
            kind = "struct.error" if own else type(error).__name__
            raise Wrong(
                f"unpack_reading of {size} bytes raised {kind}: the contract says ValueError, so "
                "that a caller need not know how you unpack.",
                hints=_LET_THROUGH if own else beliefs.VALUE_ERROR_HINTS,
            ) from None
        told = (
            f"unpack_reading of {size} bytes: a reading has 8. Expected ValueError, "
            f"got {short(got)}. A network can bring anything."
        )
        if not isinstance(got, tuple) or (got and isinstance(got[0], int) and got[0] < 0):
            first = f"{size} bytes are no reading. {beliefs.RAISE_HINTS[0]}"
            raise Wrong(told, hints=(first, *beliefs.RAISE_HINTS[1:]))
        first = (
            f"{size} bytes are too {'few' if size < 8 else 'many'} for a reading, and your "
            "function took them for one: exactly 8 are right, and ValueError is to be raised."
        )
        raise Wrong(told, hints=(first, *beliefs.SIZE_HINTS[1:]))


EXERCISE = Exercise(
    (
        Case(
            "readings, from their bytes",
            "The other end has packed device and temperature in network byte order.",
            _unpacks,
            beliefs.UNPACK_HINTS,
            if_it_raises={
                "UnicodeDecodeError": beliefs.STR_SENT,
                "AttributeError": beliefs.STR_SENT,
                "error": beliefs.BUFFER_HINTS,
            },
        ),
        Case(
            "too few and too many bytes",
            "What comes has 0, 7, 9 or 16 bytes.",
            _refuses_wrong_size,
            beliefs.SIZE_HINTS,
        ),
    ),
    "What it survives now: senders on machines of another byte order, and data of the wrong "
    "length.",
)
