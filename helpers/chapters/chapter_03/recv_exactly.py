"""The check of `recv_exactly`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03._ends import (
    EARLY,
    early_end,
    expect_bytes,
    named,
    reset_passes,
    silence_passes,
)
from helpers.chapters.chapter_03._pieces import Ends, sending
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
        told = "Expected bytes as they came. Yours were made into text, and are none."
        raise Wrong(told, hints=say.TEXT) from None
    except EARLY as error:
        if ends.read_in_part() or not size:
            raise
        told = f"All {size} bytes had come, and it raised {named(error)}."
        raise Wrong(told, hints=say.WENT_ON) from None
    ends.still_open()
    expect_bytes(got, function, f"Expected bytes, got {short(got)}.")
    got = bytes(got)
    if got == expected:
        return
    told = f"Expected {short(expected)}, got {short(got)}."
    if len(got) < len(expected):
        told = f"Expected {size:,} bytes, got {len(got):,}: {short(got)}."
    ends.wait_for_the_rest()
    if got == expected.strip():
        raise Wrong(told, hints=say.STRIPPED)
    if got and got != expected[: len(got)] and expected.endswith(got):
        raise Wrong(told, hints=ONLY_THE_LAST)
    is_short = len(got) < len(expected) and expected.startswith(got)
    raise Wrong(told, RECV_N if is_short else None)


def _no_more(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"21", b".522.0\n"])
    for expected in (b"21.5", b"22.0", b"\n"):
        try:
            _expect(ends, function, len(expected), expected)
        except (Wrong, EOFError) as error:
            if expected == b"21.5":
                raise
            problem = f"Asked for the {len(expected)} bytes after it, your function failed: {error}"
            hints = say.STRIPPED if getattr(error, "hints", None) == say.STRIPPED else READ_AHEAD
            raise Wrong(problem, getattr(error, "misconception", None), hints) from None


def _three_pieces(function: Callable, stage: Stage) -> None:
    _expect(sending(stage, [b"21", b".", b"5 C"]), function, 6, b"21.5 C")


def _byte_by_byte(function: Callable, stage: Stage) -> None:
    reading = bytes.fromhex("00 00 00 07 41 ac 00 20")
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
    told = "The stream ended at once. Expected an EOFError"
    try:
        got = ends.call(function, 10)
    except EOFError:
        return
    except EARLY as error:
        raise Wrong(f"{told}, got {named(error)}.", hints=say.OTHER_ERROR) from None
    raise Wrong(f"{told}, got {short(got)}.", hints=AT_ONCE)


def _reset(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"21.", b"5"], then="reset")
    reset_passes(ends, function, 10)


def _silence(function: Callable, stage: Stage) -> None:
    silence_passes(function, stage, b"", 10)


READ_AHEAD = (
    "Your function takes more bytes out of the socket than it returns: by a recv that asks for "
    "more than is missing, or by a file of makefile, which reads ahead.",
    "What you take out of the socket and do not return is lost for whoever reads next.",
    "Ask the socket for no more than what is missing at that moment. (A file of makefile reads "
    "ahead, unless it is made with buffering=0.)",
)
ONLY_THE_LAST = (
    "Only the last piece came back: each recv of yours replaces what came before it.",
    "The pieces belong together, in the order in which they came.",
    "Have one name for the piece, and another for all that has been collected.",
)
COLLECT = (
    "The bytes come in several pieces, and what your function made of them is not their sum.",
    "One call of recv is not enough, and nobody knows beforehand how many are.",
    "Collect until you have `size` bytes; each time ask for what is still missing.",
)
AT_THE_END = (
    "The stream ended before all bytes had come: your function must raise EOFError then.",
    "recv returns b'' at the end. Bytes are missing then, and they will not come any more.",
    "Raise the docstring's error, with the number of bytes that came.",
)
AT_ONCE = (
    "An end before the first byte is an early end as well: it must raise EOFError, not return.",
    "Ten bytes were asked for, and none came.",
    "Treat an empty recv alike, whether something was collected before it or not.",
)
NOT_ASKED = (
    "0 bytes were asked for, and your function calls recv before it compares.",
    "None are missing, so there is nothing to wait for.",
    "Make sure that your function does not touch the socket before it knows that it needs more.",
)
COUNTING = (
    "All bytes had come, and your function asked for more: it counts something else than bytes.",
    "A piece is not a byte, and a round of the loop isn't one either.",
    "What is missing is `size` less the length of what you have collected so far.",
)
RECURSION = (
    "Your function calls itself for each piece, and Python follows only about a thousand calls.",
    "A stream may come in thousands of pieces.",
    "Use a loop in place of the function's own name.",
)

EXERCISE = Exercise(
    cases=(
        Case(
            "three pieces",
            "The peer sends six bytes in three pieces, each when you have read the one before.",
            _three_pieces,
            COLLECT,
            if_it_hangs=COUNTING,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "what was asked, and no byte more",
            "The peer sends b'21' and then b'.522.0\\n'; 4, 4 and 1 bytes are asked for.",
            _no_more,
            READ_AHEAD,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "one byte at a time",
            "The peer sends the eight bytes of a reading one at a time.",
            _byte_by_byte,
            COLLECT,
            if_it_hangs=COUNTING,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "12,800 bytes",
            "The peer sends a photo of 12,800 bytes, as fast as it can.",
            _large,
            COLLECT,
            if_it_hangs=COUNTING,
            if_it_raises={**TOO_SOON, "RecursionError": RECURSION},
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
            AT_ONCE,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a reset",
            "Ten bytes are asked for. The peer sends four, in two pieces, and resets.",
            _reset,
            say.ERROR_LOST,
        ),
        Case(
            "a silent peer",
            "The socket has a timeout of 0.1 s, and the peer sends nothing.",
            _silence,
            say.ASKS_AGAIN,
        ),
    ),
    survives="What it survives now: "
    "a peer that sends in pieces of any size, more than you asked for, too little, "
    "or nothing at all",
)
