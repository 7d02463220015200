"""The exercise unpack_reading: bytes into a reading, whoever packed it."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from helpers.chapters.chapter_01._readings import LARGEST, READINGS
from helpers.chapters.chapter_01.beliefs import (
    NATIVE_ORDER,
    SIZE_HINTS,
    STR_SENT,
    UNPACK_HINTS,
)
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


def _unpacks(function: Callable, stage: Stage) -> None:
    for device, celsius, packed in (*READINGS, LARGEST):
        got = stage.call(function, bytes.fromhex(packed))
        told = f"unpack_reading of {packed}: expected ({device}, {celsius}), got {short(got)}."
        if not (isinstance(got, tuple) and len(got) == 2):
            raise Wrong(told + " It is to be a tuple of two.")
        if any(isinstance(part, tuple) for part in got):
            raise Wrong(told + " `struct.unpack` returns a tuple, even for one value.")
        if got == (device, celsius) and type(got[0]) is int and isinstance(got[1], float):
            continue
        little = struct.unpack("<If", bytes.fromhex(packed))
        if any(got[index] == little[index] != (device, celsius)[index] for index in (0, 1)):
            raise Wrong(told, NATIVE_ORDER)
        raise Wrong(told + " The first is to be an int, the second a float.")
    odd = stage.call(function, struct.pack("!If", 1, math.pi))
    if abs(odd[1] - math.pi) > 1e-6:
        raise Wrong(f"unpack_reading of a packed 3.141592…: got {short(odd[1])}.")


def _refuses_wrong_size(function: Callable, stage: Stage) -> None:
    for size in (0, 7, 9):
        try:
            got = stage.call(function, bytes(size))
        except ValueError:
            continue
        except (struct.error, AssertionError, TypeError, IndexError) as error:
            kind = "struct.error" if isinstance(error, struct.error) else type(error).__name__
            raise Wrong(
                f"unpack_reading of {size} bytes raised {kind}: the contract says ValueError, so "
                "that a caller need not know how you unpack."
            ) from None
        raise Wrong(
            f"unpack_reading of {size} bytes: a reading has 8. Expected ValueError, "
            f"got {short(got)}. A network can bring anything."
        )


EXERCISE = Exercise(
    (
        Case(
            "readings, from their bytes",
            "The other end has packed device and temperature in network byte order.",
            _unpacks,
            UNPACK_HINTS,
            if_it_raises={"UnicodeDecodeError": STR_SENT, "AttributeError": STR_SENT},
        ),
        Case(
            "too few and too many bytes",
            "What comes has 0, 7 or 9 bytes.",
            _refuses_wrong_size,
            SIZE_HINTS,
        ),
    ),
    "What it survives now: senders on machines of another byte order, and data of the wrong "
    "length.",
)
