"""The check of `recv_exactly`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_03._pieces import (
    ERROR_LOST,
    Ends,
    early_end,
    reset_passes,
    sending,
    silence_passes,
)
from helpers.chapters.chapter_03.beliefs import NOTHING_YET, RECV_N, SHORT_READ
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

TOO_SOON = dict.fromkeys(("EOFError", "ValueError", "OSError", "AssertionError"), SHORT_READ)


def _expect(ends: Ends, function: Callable, size: int, expected: bytes) -> None:
    try:
        got: Any = ends.call(function, size)
    except UnicodeDecodeError:
        raise Wrong(
            "Expected bytes as they came. Yours were made into text, and are none."
        ) from None
    ends.still_open()
    if not isinstance(got, (bytes, bytearray, memoryview)):
        raise Wrong(f"Expected bytes, got {short(got)}.")
    if got == expected:
        return
    told = f"Expected {short(expected)}, got {short(bytes(got))}."
    if len(got) < len(expected):
        told = f"Expected {size:,} bytes, got {len(got):,}: {short(bytes(got))}."
    is_short = len(got) < len(expected) and expected.startswith(bytes(got))
    ends.wait_for_the_rest()
    raise Wrong(told, RECV_N if is_short else None)


def _no_more(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"21", b".522.0!"])
    for expected in (b"21.5", b"22.0", b"!"):
        try:
            _expect(ends, function, len(expected), expected)
        except (Wrong, EOFError) as error:
            if expected == b"21.5":
                raise
            problem = f"Asked for the {len(expected)} bytes after it, your function failed: {error}"
            raise Wrong(problem, getattr(error, "misconception", None), READ_AHEAD) from None


def _three_pieces(function: Callable, stage: Stage) -> None:
    _expect(sending(stage, [b"21", b".", b"5 C"]), function, 6, b"21.5 C")


def _byte_by_byte(function: Callable, stage: Stage) -> None:
    reading = bytes.fromhex("00 00 00 07 41 ac 00 00")
    _expect(sending(stage, [reading[at : at + 1] for at in range(8)]), function, 8, reading)


def _large(function: Callable, stage: Stage) -> None:
    photo = bytes(range(256)) * 50
    _expect(sending(stage, [photo[:3000], photo[3000:]]), function, len(photo), photo)


def _nothing_asked(function: Callable, stage: Stage) -> None:
    _expect(sending(stage, [b""]), function, 0, b"")


def _early_end(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"21", b".5", b" 22"], then="end")
    early_end(ends, function, 10, count=7)


def _end_at_once(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b""], then="end")
    try:
        got = ends.call(function, 10)
    except EOFError:
        return
    raise Wrong(f"The stream ended at once. Expected an EOFError, got {short(got)}.")


def _reset(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"21.", b"5"], then="reset")
    reset_passes(ends, function, 10)


def _silence(function: Callable, stage: Stage) -> None:
    silence_passes(sending(stage, [b""]), function, 10)


READ_AHEAD = (
    "Where are the bytes that came together with those you returned?",
    "What you take out of the socket and do not return is lost for whoever reads next.",
    "Ask the socket for no more than what is missing. (A file of makefile reads ahead, unless it "
    "is made with buffering=0.)",
)
COLLECT = (
    "Look at the diagram: in how many pieces did the bytes come?",
    "One call of recv is not enough, and nobody knows beforehand how many are.",
    "Collect until you have `size` bytes; each time ask for what is still missing.",
)
AT_THE_END = (
    "What does recv return when the stream has ended?",
    "Bytes are missing then, and they will not come any more.",
    "That is an EOFError, as the docstring says, with the number of bytes that came.",
)
NOT_ASKED = (
    "How many bytes were asked for?",
    "None are missing, so there is nothing to wait for.",
    "Make sure that your function does not touch the socket before it knows that it needs more.",
)

EXERCISE = Exercise(
    cases=(
        Case(
            "three pieces",
            "The peer sends six bytes in three pieces, each when you have read the one before.",
            _three_pieces,
            COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "what was asked, and no byte more",
            "The peer sends b'21' and then b'.522.0!'; 4, 4 and 1 bytes are asked for.",
            _no_more,
            READ_AHEAD,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "one byte at a time",
            "The peer sends the eight bytes of a reading one at a time.",
            _byte_by_byte,
            COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "12,800 bytes",
            "The peer sends a photo of 12,800 bytes, as fast as it can.",
            _large,
            COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "nothing asked",
            "Nobody sends a byte, and none is asked for.",
            _nothing_asked,
            NOT_ASKED,
        ),
        Case(
            "an early end",
            "Ten bytes are asked for. The peer sends seven, in three pieces, and ends its side.",
            _early_end,
            AT_THE_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end at once",
            "Ten bytes are asked for. The peer ends its side without a byte.",
            _end_at_once,
            AT_THE_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a reset",
            "Ten bytes are asked for. The peer sends four, in two pieces, and resets.",
            _reset,
            ERROR_LOST,
        ),
        Case(
            "a silent peer",
            "The socket has a timeout of 0.1 s, and the peer sends nothing.",
            _silence,
            ERROR_LOST,
        ),
    ),
    survives="What it survives now: "
    "a peer that sends in pieces of any size, more than you asked for, too little, "
    "or nothing at all",
)
