"""Frames as a learner's function returns them, and what is wrong with them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03 import _hints_frames as frames
from helpers.chapters.chapter_03._ends import expect_bytes, named
from helpers.chapters.chapter_03._pieces import Ends
from helpers.chapters.chapter_03._slips import frame_of
from helpers.chapters.chapter_03.beliefs import RECV_N, TRUSTED
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

LIMIT = 1000


def expect(
    function: Callable,
    ends: Ends,
    expected: bytes | None,
    limit: int = LIMIT,
    if_none: Misconception | None = None,
) -> None:
    try:
        got: Any = ends.call(function, limit)
    except TypeError as error:
        if "'tuple'" not in str(error):
            raise
        told = f"Expected {shown(expected)}, got {named(error)}: {error}"
        raise Wrong(told, hints=frames.UNPACKED) from None
    ends.still_open()
    told = f"Expected {shown(expected)}, got {shown(got)}."
    if got is None and expected is None:
        return
    if got is None:
        read_all = ends.taken() == ends.sent  # what it has read it does not return
        raise Wrong(told, None if read_all else if_none, say.NO_RETURN if read_all else None)
    if expected is None:
        raise Wrong(told, hints=frames.END_NOT_EMPTY if got == b"" else None)
    expect_bytes(got, function, told)
    if got == expected:
        return
    ends.wait_for_the_rest()
    _explain(ends, bytes(got), expected, told)


def _explain(ends: Ends, got: bytes, expected: bytes, told: str) -> None:
    """Raise Wrong for a payload that is another than was sent."""
    taken = ends.taken()
    if got == frame_of(expected):
        raise Wrong(told, hints=frames.WITH_HEADER)
    if got == expected.strip():
        raise Wrong(told, hints=say.STRIPPED)
    if len(expected) > 4 and got == expected[:-4]:
        raise Wrong(told, hints=frames.ITSELF)
    if len(expected) > 255 and got == expected[: len(expected) % 256]:
        raise Wrong(told, hints=frames.ALL_FOUR)
    if taken < 4 and not got:
        told = f"{told} It had read {taken} bytes, and the header has four."
        raise Wrong(told, hints=frames.SIZE)
    raise Wrong(told, RECV_N if expected.startswith(got) else None)


def shown(value: object) -> str:
    return short(bytes(value) if isinstance(value, memoryview) else value)


def why(error: Exception, expected: bytes | None) -> Hints:
    """Hints for one of several calls that failed."""
    if isinstance(error, Wrong) and error.hints not in (None, say.NO_RETURN):
        return error.hints
    if expected is None:
        return frames.BETWEEN
    if expected == b"" and not isinstance(error, struct.error):
        return frames.EMPTY
    return frames.READ_AHEAD


def unread(sock: socket.socket) -> int:
    """How many bytes wait in a socket, up to 65,536."""
    try:
        return len(socket.socket.recv(sock, 65536, socket.MSG_PEEK))
    except OSError:
        return 0


def expect_refusal(function: Callable, ends: Ends, limit: int, hints: Hints) -> None:
    told = f"The length is over the limit of {limit:,}. Expected a ValueError"
    try:
        got = ends.call(function, limit)
    except ValueError:
        ends.still_open()
        return
    except (AssertionError, EOFError, OSError) as error:
        raise Wrong(f"{told}, got {named(error)}.", hints=frames.REFUSE) from None
    told = f"{told}, got {shown(got)}."
    if got is None:
        raise Wrong(told, hints=frames.REFUSE)
    if not isinstance(got, (bytes, bytearray, memoryview)) or len(got) < limit:
        raise Wrong(told, hints=hints)
    raise Wrong(told, TRUSTED, frames.CUT if len(got) == limit else hints)
