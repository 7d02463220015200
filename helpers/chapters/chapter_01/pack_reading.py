"""The exercise pack_reading: a reading into bytes that any machine can read."""

from __future__ import annotations

import struct
from collections.abc import Callable

from helpers.chapters.chapter_01 import beliefs
from helpers.chapters.chapter_01._readings import LARGEST, READINGS
from helpers.chapters.chapter_01._slips import WHOLE, slip_of_packing
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong


def _packs(function: Callable, stage: Stage) -> None:
    for reading in READINGS:
        _pack(function, stage, *reading)


def _packs_largest(function: Callable, stage: Stage) -> None:
    _pack(function, stage, *LARGEST)


def _pack(function: Callable, stage: Stage, device: int, celsius: float, expected: str) -> None:
    packed = stage.call(function, device, celsius)
    told = f"pack_reading({device}, {celsius}): expected the bytes {expected}, "
    if isinstance(packed, str):
        raise Wrong(told + f"got the str {short(packed)}.", beliefs.STR_SENT)
    if not isinstance(packed, bytes):
        told += f"got {short(packed)}, which is not bytes."
        raise Wrong(told, hints=_of_another_type(packed))
    if packed.hex(" ") == expected:
        return
    told += f"got {packed.hex(' ') if len(packed) <= 20 else short(packed)}."
    if len(packed) != 8:
        told += f" A reading has 8 bytes; these are {len(packed)}."
    raise Wrong(
        told, *(slip_of_packing(packed, device, celsius) or (None, _by_field(packed, expected)))
    )


def _of_another_type(packed: object) -> Hints:
    if packed is None:
        return beliefs.RETURN_HINTS
    return (
        f"Your result is of the type {type(packed).__name__}, and `bytes` are asked for.",
        "What can be changed later, as a bytearray or a list, is another type than `bytes`.",
        "`bytes(...)` makes bytes of a bytearray, a memoryview or a list of numbers.",
    )


def _by_field(packed: bytes, expected: str) -> Hints:
    """Hints that say which field differs, where that can be said."""
    first = beliefs.PACK_HINTS[0]
    wanted = bytes.fromhex(expected)
    if len(packed) == 8 and packed[4:] == wanted[4:]:
        first = "The temperature is right. The first four bytes, the device, differ."
    elif len(packed) == 8 and packed[:4] == wanted[:4]:
        first = "The device is right. The last four bytes, the temperature, differ."
    return (first, *beliefs.PACK_HINTS[1:])


def _refuses_large_id(function: Callable, stage: Stage) -> None:
    for device in (2**32, -1):
        try:
            packed = stage.call(function, device, 20.0)
        except (struct.error, ValueError, OverflowError):
            continue
        told = (
            f"pack_reading({device}, 20.0): {device} does not fit in 4 bytes without a sign. "
            f"Expected an error (struct.error, ValueError or OverflowError), got {short(packed)}."
        )
        if not isinstance(packed, bytes) or len(packed) != 8:
            raise Wrong(told, hints=beliefs.NO_ERROR_HINTS)
        made = int.from_bytes(packed[:4], "big")
        first = (
            f"{device:,} does not fit in 4 bytes without a sign, and your function made {made:,} "
            "of it, which is another device. An error is to be raised there."
        )
        raise Wrong(told, hints=(first, *beliefs.FIT_HINTS[1:]))


EXERCISE = Exercise(
    (
        Case(
            "three readings, byte by byte",
            "The other end reads 4 bytes for the device and 4 for the temperature, both in "
            "network byte order.",
            _packs,
            beliefs.PACK_HINTS,
            if_it_raises={
                "error": beliefs.LETTERS_HINTS,
                "AttributeError": beliefs.METHOD_HINTS,
                "OverflowError": WHOLE,
                "ValueError": (
                    "A test of your own refuses a device that fits: 0 is the smallest number.",
                    *beliefs.LIMIT_HINTS[1:],
                ),
            },
        ),
        Case(
            "the largest device number",
            "The device has the number 4,294,967,295.",
            _packs_largest,
            beliefs.LARGEST_HINTS,
            if_it_raises={
                "error": beliefs.SIGN_HINTS,
                "OverflowError": beliefs.SIGN_HINTS,
                "ValueError": beliefs.LIMIT_HINTS,
            },
        ),
        Case(
            "device numbers that do not fit",
            "The device numbers 4,294,967,296 and -1 have no place in 4 bytes without a sign.",
            _refuses_large_id,
            beliefs.FIT_HINTS,
            if_it_raises={"Exception": beliefs.KIND_OF_ERROR_HINTS},
        ),
    ),
    "What it survives now: readers on machines of another byte order, the largest device "
    "number, and numbers that do not fit.",
)
