"""The exercises pack_reading and unpack_reading of chapter 01."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from helpers.checks.cases import Case, Exercise, Wrong
from helpers.checks.chapter_01_beliefs import (
    FIT_HINTS,
    LARGEST_HINTS,
    NATIVE_ORDER,
    PACK_HINTS,
    SIZE_HINTS,
    STR_SENT,
    UNPACK_HINTS,
)
from helpers.checks.stage import Stage
from helpers.checks.values import short

READINGS = [
    (258, -40.0, "00 00 01 02 c2 20 00 00"),
    (7, 21.5, "00 00 00 07 41 ac 00 00"),
    (0, 0.0, "00 00 00 00 00 00 00 00"),
]
LARGEST = (2**32 - 1, 0.15625, "ff ff ff ff 3e 20 00 00")


def _packs(function: Callable, stage: Stage) -> None:
    for reading in READINGS:
        _pack(function, stage, *reading)


def _packs_largest(function: Callable, stage: Stage) -> None:
    _pack(function, stage, *LARGEST)


def _pack(function: Callable, stage: Stage, device: int, celsius: float, expected: str) -> None:
    packed = stage.call(function, device, celsius)
    told = f"pack_reading({device}, {celsius}): expected the bytes {expected}, "
    if isinstance(packed, str):
        raise Wrong(told + f"got the str {short(packed)}.", STR_SENT)
    if not isinstance(packed, bytes):
        raise Wrong(
            told + f"got {short(packed)}, which is not bytes.",
            hints=(
                "What type has your result, and which one does the description ask for?",
                "Does every way through your function return something?",
                "`bytes(...)` makes bytes of a bytearray or memoryview.",
            ),
        )
    if packed.hex(" ") == expected:
        return
    little = struct.pack("<If", device, celsius)
    big = bytes.fromhex(expected)
    told += f"got {packed.hex(' ') if len(packed) <= 20 else short(packed)}."
    if packed in (little, big[:4] + little[4:], little[:4] + big[4:]):
        raise Wrong(told, NATIVE_ORDER)
    size = f" A reading has 8 bytes; these are {len(packed)}." if len(packed) != 8 else ""
    raise Wrong(told + size)


def _refuses_large_id(function: Callable, stage: Stage) -> None:
    for device in (2**32, -1):
        try:
            packed = stage.call(function, device, 20.0)
        except (struct.error, ValueError, OverflowError):
            continue
        raise Wrong(
            f"pack_reading({device}, 20.0): {device} does not fit in 4 bytes without a sign. "
            f"Expected an error (struct.error, ValueError or OverflowError), got {short(packed)}."
        )


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


PACK_READING = Exercise(
    (
        Case(
            "three readings, byte by byte",
            "The other end reads 4 bytes for the device and 4 for the temperature, both in "
            "network byte order.",
            _packs,
            PACK_HINTS,
        ),
        Case(
            "the largest device number",
            "The device has the number 4,294,967,295.",
            _packs_largest,
            LARGEST_HINTS,
        ),
        Case(
            "device numbers that do not fit",
            "The device numbers 4,294,967,296 and -1 have no place in 4 bytes without a sign.",
            _refuses_large_id,
            FIT_HINTS,
        ),
    ),
    "What it survives now: readers on machines of another byte order, the largest device "
    "number, and numbers that do not fit.",
)

UNPACK_READING = Exercise(
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
