"""The exercise pack_reading: a reading into bytes that any machine can read."""

from __future__ import annotations

import struct
from collections.abc import Callable

from helpers.chapters.chapter_01._readings import LARGEST, READINGS
from helpers.chapters.chapter_01.beliefs import (
    FIT_HINTS,
    LARGEST_HINTS,
    NATIVE_ORDER,
    PACK_HINTS,
    STR_SENT,
)
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


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


EXERCISE = Exercise(
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
