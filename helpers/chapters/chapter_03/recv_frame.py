"""The check of `recv_frame`."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_03._pieces import (
    ERROR_LOST,
    Ends,
    early_end,
    peak_of_memory,
    reset_passes,
    sending,
    silence_passes,
)
from helpers.chapters.chapter_03.beliefs import (
    NATIVE,
    NOTHING_YET,
    RECV_N,
    SHORT_READ,
    TRUSTED,
)
from helpers.chapters.chapter_03.send_frame import frame_of
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

LIMIT = 1000


def _expect(
    function: Callable,
    ends: Ends,
    expected: bytes | None,
    limit: int = LIMIT,
    hints: Hints | None = None,
    if_none: Misconception | None = None,
) -> None:
    got: Any = ends.call(function, limit)
    ends.still_open()
    told = f"Expected {_shown(expected)}, got {_shown(got)}."
    if expected is None or got is None:
        if got is not expected:
            read_all = ends.taken() == ends.sent  # what it has read it does not return
            raise Wrong(told, None if read_all else if_none, hints)
        return
    if not isinstance(got, (bytes, bytearray, memoryview)):
        raise Wrong(told + " A payload is to be bytes.")
    if got == expected:
        return
    ends.wait_for_the_rest()
    is_short = len(got) < len(expected) and expected.startswith(bytes(got))
    raise Wrong(told, RECV_N if is_short else None, None if is_short else hints)


def _shown(value: object) -> str:
    return short(bytes(value) if isinstance(value, memoryview) else value)


def _one_frame(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"21.5 C")])
    _expect(function, ends, b"21.5 C")


def _together(function: Callable, stage: Stage) -> None:
    payloads = [b"on", b"", b"\n\x00\xff", b"x" * 300]
    ends = sending(stage, [b"".join(map(frame_of, payloads))], then="end")
    for number, expected in enumerate([*payloads, None]):
        try:
            _expect(function, ends, expected, hints=EMPTY if expected == b"" else None)
        except (Wrong, EOFError, struct.error) as error:
            if number == 0:
                raise
            told = str(error)
            if not isinstance(error, Wrong):
                name = "struct.error" if isinstance(error, struct.error) else "EOFError"
                told = f"expected {_shown(expected)}, got {name}: {error}"
            told = f"Call {number + 1}: {told}"
            given = BETWEEN if expected is None else READ_AHEAD
            given = getattr(error, "hints", None) or given
            raise Wrong(told, getattr(error, "misconception", None), given) from None


def _byte_by_byte(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"21.5 C")
    ends = sending(stage, [frame[at : at + 1] for at in range(len(frame))])
    try:
        _expect(function, ends, b"21.5 C", if_none=RECV_N)
    except ValueError as error:
        if ends.taken() >= 4:  # it is about the length
            raise
        told = f"Expected b'21.5 C', got ValueError: {error}"
        raise Wrong(told, SHORT_READ) from None


def _payload_in_pieces(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"hello")
    ends = sending(stage, [frame[:4], frame[4:6], frame[6:]])
    _expect(function, ends, b"hello", if_none=RECV_N)


def _large(function: Callable, stage: Stage) -> None:
    photo = bytes(range(256)) * 50
    frame = frame_of(photo)
    ends = sending(stage, [frame[:3000], frame[3000:]])
    _expect(function, ends, photo, limit=20_000)


def _end_between(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"on")], then="end")
    _expect(function, ends, b"on")
    for _ in range(2):
        _expect(function, ends, None)


def _end_in_header(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"\x00", b"\x00"], then="end")
    early_end(ends, function, LIMIT)


def _end_in_payload(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"21.5 Celsius")
    ends = sending(stage, [frame[:7], frame[7:11]], then="end")
    early_end(ends, function, LIMIT)


def _end_after_header(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [struct.pack("!I", 12)], then="end")
    early_end(ends, function, LIMIT)


def _huge(function: Callable, stage: Stage) -> None:
    # The smaller claim first: whoever believes it gets no further, and takes no 4 GB.
    for claim in (50_000_000, 0xFFFFFFFF):
        ends = sending(stage, [struct.pack("!I", claim)])
        stage.note(f"the peer had claimed {claim:,} bytes, and will send none of them")
        with peak_of_memory() as peak:
            _expect_refusal(function, ends, LIMIT, SIGNED if claim > 0x7FFFFFFF else None)
        if peak[0] > claim / 2:  # here it ends, before the larger claim takes the memory
            told = f"It made room for {claim:,} bytes, and compared them with the limit afterwards."
            raise Wrong(told, TRUSTED)


def _at_the_limit(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"x" * LIMIT) + frame_of(b"")])
    _expect(function, ends, b"x" * LIMIT)
    _expect(function, ends, b"", limit=0)


def _over_the_limit(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"x" * (LIMIT + 1))])
    _expect_refusal(function, ends, LIMIT)


def _expect_refusal(function: Callable, ends: Ends, limit: int, hints: Hints | None = None) -> None:
    try:
        got = ends.call(function, limit)
    except ValueError:
        return
    told = f"The length is over the limit of {limit:,}. Expected a ValueError, got {_shown(got)}."
    whole = isinstance(got, (bytes, bytearray, memoryview)) and len(got) >= limit
    raise Wrong(told, TRUSTED if whole else None, None if whole else hints)


def _reset(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"21.5 C")
    for pieces in ([frame[:5], frame[5:7]], [frame[:2]], [b""]):
        reset_passes(sending(stage, pieces, then="reset"), function, LIMIT)


def _silence(function: Callable, stage: Stage) -> None:
    silence_passes(sending(stage, [b""]), function, LIMIT)


COLLECT = (
    "Look at the diagram: in how many pieces did header and payload come?",
    "The header can come in pieces as well as the payload, and both in one.",
    "You have written a function that reads exactly so many bytes: a frame is two such reads.",
)
READ_AHEAD = (
    "What came together with the first frame?",
    "Bytes that you take out of the socket and do not return are lost for the next call.",
    "Ask for no more than the header needs, and then for no more than the payload needs.",
)
EMPTY = (
    "A length of 0 is a length like any other.",
    "b'' is the payload of an empty frame; None says that the stream has ended.",
    "Tell the two by where you notice them: at the header, or after it. `if not payload` does not.",
)
BETWEEN = (
    "The stream ends, and no frame has begun. What does the contract say?",
    "The first byte of the header is where the two kinds of end part.",
    "An end before the first byte of a header is None; after it, it is an error.",
)
EARLY_END = (
    "A frame had begun when the stream ended. What does the contract say?",
    "A part of a header is inside a frame too.",
    "Only where recv returns b'' before the first byte of a header is the end a normal one.",
)
THE_LIMIT = (
    "What does the contract call the limit: of the payload, or of the whole frame?",
    "A payload of exactly `limit` bytes is accepted, one of a byte more is not.",
    "The length is a number without a sign. Compare it with the limit as soon as you have it.",
)
SIGNED = (
    "Look at the four bytes of the second claim: ff ff ff ff.",
    "With a sign they are the number -1, which is below every limit.",
    "The length has no sign: look up which letter of struct's formats stands for that.",
)
TOO_SOON = {
    "error": RECV_N,  # struct.error, of a header that is too short
    **dict.fromkeys(("EOFError", "OSError", "AssertionError"), SHORT_READ),
}
NO_ROOM = {"MemoryError": TRUSTED, "OverflowError": TRUSTED}

EXERCISE = Exercise(
    cases=(
        Case(
            "one frame",
            "The peer sends one frame of six bytes and waits; the limit is 1,000.",
            _one_frame,
            COLLECT,
            if_it_raises={"ValueError": NATIVE},
        ),
        Case(
            "four frames in one segment",
            "The peer sends four frames at once, the second one empty, and ends its side.",
            _together,
            READ_AHEAD,
        ),
        Case(
            "one byte at a time",
            "The peer sends a frame one byte at a time.",
            _byte_by_byte,
            COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "a payload in pieces",
            "The peer sends a header, then a payload of five bytes in two pieces.",
            _payload_in_pieces,
            COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "12,800 bytes",
            "The peer sends a frame of 12,800 bytes, as fast as it can.",
            _large,
            COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "an end between frames",
            "The peer sends one frame and ends its side.",
            _end_between,
            BETWEEN,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end in the header",
            "The peer sends two of a header's four bytes, apart, and ends its side.",
            _end_in_header,
            EARLY_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end after the header",
            "The peer sends a header that says 12 bytes, and ends its side.",
            _end_after_header,
            EARLY_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end in the payload",
            "The peer sends a header that says 12 bytes, then seven in two pieces, and ends.",
            _end_in_payload,
            EARLY_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a huge length",
            "A peer claims 50,000,000 bytes, sends none, and waits; the next claims 4,294,967,295.",
            _huge,
            THE_LIMIT,
            if_it_hangs=TRUSTED,
            if_it_raises=NO_ROOM,
        ),
        Case(
            "exactly at the limit",
            "The peer sends a payload of 1,000 bytes, which is the limit, and then an empty one.",
            _at_the_limit,
            THE_LIMIT,
        ),
        Case(
            "one byte over the limit",
            "The peer sends a payload of 1,001 bytes; the limit is 1,000.",
            _over_the_limit,
            THE_LIMIT,
        ),
        Case(
            "a reset",
            "One peer resets in the payload, the next in the header, the third before a frame.",
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
    "frames in pieces and several at once, empty ones, ends at any place, and lengths "
    "that lie",
)
