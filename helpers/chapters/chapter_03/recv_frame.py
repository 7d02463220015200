"""The check of `recv_frame`."""

from __future__ import annotations

import struct
from collections.abc import Callable

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03 import _hints_frames as frames
from helpers.chapters.chapter_03._ends import (
    EARLY,
    early_end,
    named,
    peak_of_memory,
    reset_passes,
    silence_passes,
)
from helpers.chapters.chapter_03._frames import LIMIT, expect, expect_refusal, shown, unread, why
from helpers.chapters.chapter_03._pieces import sending
from helpers.chapters.chapter_03._slips import frame_of
from helpers.chapters.chapter_03.beliefs import NATIVE, NOTHING_YET, RECV_N, SHORT_READ, TRUSTED
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.wrong import Hints, Wrong


def _one_frame(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"21.5 C")])
    try:
        expect(function, ends, b"21.5 C")
    except ValueError as error:
        told = f"Expected b'21.5 C', got {named(error)}: {error}."
        if "literal" in str(error):  # of int()
            raise Wrong(told, hints=frames.AS_DIGITS) from None
        if (taken := ends.taken()) != 4:
            told = f"{told} It had read {taken} bytes then, and the header has four."
            raise Wrong(told, hints=frames.SIZE) from None
        raise Wrong(told, NATIVE) from None


def _together(function: Callable, stage: Stage) -> None:
    payloads = [b"on", b"", b"\n\x00\xff", b"x" * 300]
    sent = b"".join(map(frame_of, payloads))
    ends = sending(stage, [sent], then="end")
    left = len(sent)
    for number, expected in enumerate([*payloads, None]):
        try:
            expect(function, ends, expected)
        except (Wrong, *EARLY) as error:
            told = str(error)
            if not isinstance(error, Wrong):
                told = f"expected {shown(expected)}, got {named(error)}: {error}"
            given = why(error, expected)
            raise Wrong(
                f"Call {number + 1}: {told}", getattr(error, "misconception", None), given
            ) from None
        left -= 4 + len(expected or b"")
        if expected is not None and (waiting := unread(ends.mine)) < left:
            told = f"Call {number + 1} returned {shown(expected)}, as it should. It left {waiting} "
            told += f"bytes in the socket, and {left} had come after that frame."
            raise Wrong(told, hints=frames.READ_AHEAD)


def _byte_by_byte(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"21.5 C")
    ends = sending(stage, [frame[at : at + 1] for at in range(len(frame))])
    try:
        expect(function, ends, b"21.5 C", if_none=RECV_N)
    except ValueError as error:
        if ends.taken() >= 4:  # it is about the length
            raise
        told = f"Expected b'21.5 C', got {named(error)}: {error}"
        raise Wrong(told, SHORT_READ) from None
    except struct.error as error:
        told = f"Expected b'21.5 C', got {named(error)}: {error}"
        if ends.taken() < 4:
            raise Wrong(told, RECV_N, frames.HEADER_PIECES) from None
        raise Wrong(told, hints=frames.FORMAT) from None


def _payload_in_pieces(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"hello ")
    ends = sending(stage, [frame[:4], frame[4:6], frame[6:]])
    expect(function, ends, b"hello ", if_none=RECV_N)


def _large(function: Callable, stage: Stage) -> None:
    photo = bytes(range(256)) * 50
    frame = frame_of(photo)
    ends = sending(stage, [frame[:3000], frame[3000:]])
    expect(function, ends, photo, limit=20_000)


def _end_between(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"on")], then="end")
    expect(function, ends, b"on")
    for _ in range(2):
        expect(function, ends, None)


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


def _at_the_limit(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"x" * LIMIT) + frame_of(b"")])
    try:
        expect(function, ends, b"x" * LIMIT)
        expect(function, ends, b"", limit=0)
    except ValueError as error:
        told = f"A payload of 1,000 bytes, with a limit of 1,000: got {named(error)}: {error}."
        raise Wrong(told, hints=_which_limit(function, stage)) from None


def _which_limit(function: Callable, stage: Stage) -> Hints:
    """Whether it is the limit itself that is refused, or what a header is too much for."""
    ends = sending(stage, [frame_of(b"x" * (LIMIT - 1))])
    try:
        ends.call(function, LIMIT)
    except ValueError:
        return frames.HEADER_IN_LIMIT
    return frames.AT_LIMIT


def _over_the_limit(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [frame_of(b"x" * (LIMIT + 1))])
    expect_refusal(function, ends, LIMIT, frames.OVER)


def _huge(function: Callable, stage: Stage) -> None:
    # The smaller claim first: whoever believes it gets no further, and takes no 4 GB.
    for claim in (70_000_000, 0xFFFFFFFF):
        ends = sending(stage, [struct.pack("!I", claim)])
        stage.note(f"the peer had claimed {claim:,} bytes, and will send none of them")
        with peak_of_memory() as peak:
            signed = frames.SIGNED if claim > 0x7FFFFFFF else frames.REFUSE
            expect_refusal(function, ends, LIMIT, signed)
        if peak[0] > claim / 2:  # here it ends, before the larger claim takes the memory
            told = f"It made room for {claim:,} bytes, and compared them with the limit afterwards."
            raise Wrong(told, TRUSTED, frames.ROOM)


def _reset(function: Callable, stage: Stage) -> None:
    frame = frame_of(b"21.5 C")
    for pieces in ([frame[:5], frame[5:7]], [frame[:2]], [b""]):
        reset_passes(sending(stage, pieces, then="reset"), function, LIMIT)


def _silence(function: Callable, stage: Stage) -> None:
    silence_passes(function, stage, b"", LIMIT)


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
            frames.COLLECT,
            if_it_hangs=frames.ONE_ONLY,
            if_it_raises={"error": frames.FORMAT},
        ),
        Case(
            "four frames in one segment",
            "The peer sends four frames at once, the second one empty, and ends its side.",
            _together,
            frames.READ_AHEAD,
        ),
        Case(
            "one byte at a time",
            "The peer sends a frame one byte at a time.",
            _byte_by_byte,
            frames.COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "a payload in pieces",
            "The peer sends a header, then a payload of six bytes in two pieces.",
            _payload_in_pieces,
            frames.COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "12,800 bytes",
            "The peer sends a frame of 12,800 bytes, as fast as it can.",
            _large,
            frames.COLLECT,
            if_it_raises=TOO_SOON,
        ),
        Case(
            "an end between frames",
            "The peer sends one frame and ends its side.",
            _end_between,
            frames.BETWEEN,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end in the header",
            "The peer sends two of a header's four bytes, apart, and ends its side.",
            _end_in_header,
            frames.EARLY_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end after the header",
            "The peer sends a header that says 12 bytes, and ends its side.",
            _end_after_header,
            frames.EARLY_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end in the payload",
            "The peer sends a header that says 12 bytes, then seven in two pieces, and ends.",
            _end_in_payload,
            frames.EARLY_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "exactly at the limit",
            "The peer sends a payload of 1,000 bytes, which is the limit, and then an empty one.",
            _at_the_limit,
            frames.AT_LIMIT,
        ),
        Case(
            "one byte over the limit",
            "The peer sends a payload of 1,001 bytes; the limit is 1,000.",
            _over_the_limit,
            frames.OVER,
        ),
        Case(
            "a huge length",
            "A peer claims 70,000,000 bytes, sends none, and waits; the next claims 4,294,967,295.",
            _huge,
            frames.THE_LIMIT,
            if_it_hangs=TRUSTED,
            if_it_raises=NO_ROOM,
        ),
        Case(
            "a reset",
            "One peer resets in the payload, the next in the header, the third before a frame.",
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
    "frames in pieces and several at once, empty ones, ends at any place, and lengths "
    "that lie",
)
