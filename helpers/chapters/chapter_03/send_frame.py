"""The check of `send_frame`."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03 import _hints_frames as frames
from helpers.chapters.chapter_03._ends import judge_silence, let_go_late, named, peak_of_memory
from helpers.chapters.chapter_03._slips import explain, frame_of
from helpers.chapters.chapter_03.beliefs import SEND_ALL
from helpers.checks.cases import Case, Exercise
from helpers.checks.peers import reset
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

TIMEOUT = 0.2  # seconds, of the socket whose peer never reads


def _read_to_end(sock: socket.socket) -> bytes:
    received = bytearray()
    while piece := sock.recv(65536):
        received += piece
    return bytes(received)


def _sends(
    function: Callable,
    stage: Stage,
    payloads: list[bytes],
    at_once: int | None = None,
) -> None:
    """Send payloads, one after another, to a peer that reads all.

    Args:
        function: the learner's.
        stage: of the case.
        payloads: one for each call.
        at_once: bytes that the system takes of one `send`, at the most.
    """
    mine, peer = stage.connection()
    reader = stage.script(_read_to_end, peer)
    sends = [0]
    if at_once:
        send = mine.send

        def take_a_part(data: Any, flags: int = 0) -> int:
            sends[0] += 1
            return send(memoryview(data).cast("B")[:at_once], flags)

        mine.send = take_a_part  # type: ignore[method-assign]
    with mine:
        for number, payload in enumerate(payloads):
            try:
                _call(function, stage, mine, payload)
            except BrokenPipeError:
                if number == 0:
                    raise
                told = f"Frame {number + 1} on the same connection raised BrokenPipeError: "
                told += "your side was shut down before."
                raise Wrong(told, hints=frames.SHUT) from None
        mine.shutdown(socket.SHUT_WR)
        got, expected = reader.result(), b"".join(map(frame_of, payloads))
    if got == expected:
        return
    told = f"Expected on the wire {_hex(expected)}, got {_hex(got)}."
    if sends[0]:
        told = f"The system took {at_once} bytes of each send. {told}"
    explain(got, payloads, told)
    if sends[0]:
        short_of = len(got) < len(expected)
        raise Wrong(told, SEND_ALL if short_of else None, None if short_of else frames.SENT_AGAIN)
    raise Wrong(told)


def _call(function: Callable, stage: Stage, mine: socket.socket, payload: bytes) -> None:
    """Call the function, which must return None and leave the connection open."""
    got = stage.call(function, mine, payload)
    if mine.fileno() < 0:
        told = "The function has closed the connection. That is for its caller to do."
        raise Wrong(told, hints=frames.NOT_YOURS)
    if got is not None:
        told = f"Expected that it returns None, got {short(got)}."
        raise Wrong(told, hints=frames.NOT_SENT if got == frame_of(payload) else frames.NONE)


def _hex(data: bytes) -> str:
    if not data:
        return "nothing"
    return data[:16].hex(" ") + (f" … ({len(data):,} bytes)" if len(data) > 16 else "")


def _two_bytes(function: Callable, stage: Stage) -> None:
    _sends(function, stage, [b"on"])


def _empty(function: Callable, stage: Stage) -> None:
    _sends(function, stage, [b""])


def _several(function: Callable, stage: Stage) -> None:
    _sends(function, stage, [b"\n\x00\xff", b"", b"x" * 300, b"y" * 70_000])


def _three_at_a_time(function: Callable, stage: Stage) -> None:
    _sends(function, stage, [b"21.5 C"], at_once=3)


class _Claims(bytes):
    """A few bytes that claim once to be many: a header can be tried without the payload."""

    claim: int | None = None

    def __len__(self) -> int:
        claim, self.claim = self.claim, None
        return super().__len__() if claim is None else claim


def _many(function: Callable, stage: Stage) -> None:
    # A function that makes room by the length gets only the first claim; none can send anything.
    for claim in (100_000, 3_000_000_000):
        payload = _Claims(b"21.5 C")
        payload.claim = claim
        mine, _ = stage.connection()
        mine.shutdown(socket.SHUT_WR)
        with peak_of_memory() as peak, mine:
            try:
                stage.call(function, mine, payload)
            except (struct.error, OverflowError) as error:
                told = f"A payload of {claim:,} bytes: got {named(error)}: {error}."
                raise Wrong(told, hints=frames.SIGNED) from None
            except Exception:  # nothing can be sent, so this is what is expected
                pass
        if peak[0] > claim / 2:
            return


def _late_reader(function: Callable, stage: Stage) -> None:
    mine, peer = stage.connection()
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    mine.settimeout(1.5)
    payload = bytes(range(256)) * 16_000

    def read_late() -> int:
        stage.pause(0.03)
        return len(_read_to_end(peer))

    reader, threads = stage.script(read_late), threading.active_count()
    with mine:
        _call(function, stage, mine, payload)
        if threading.active_count() > threads:
            told = "Your function came back, and a thread of its own was still sending the frame."
            raise Wrong(told, hints=frames.NOT_SENT)
        mine.shutdown(socket.SHUT_WR)
        count = reader.result()
    if count != len(payload) + 4:
        told = f"Expected {len(payload) + 4:,} bytes on the wire, got {count:,}."
        if count == 0:
            raise Wrong(f"{told} It came back before.", hints=frames.NOT_SENT)
        if 100 < count < len(payload):  # the system takes more than so few
            raise Wrong(told, SEND_ALL)
        more = count > len(payload) + 8
        raise Wrong(told, hints=frames.SENT_AGAIN if more else frames.CHANGED)


def _reset_peer(function: Callable, stage: Stage) -> None:
    mine, peer = stage.connection()
    reset(peer)
    payload = bytes(8_000_000)  # too much for any buffer
    with mine, contextlib.suppress(ConnectionError):
        stage.call(function, mine, payload)
        told = "Expected an error of the socket, and none came."
        raise Wrong(f"The peer reset the connection. {told}")


def _never_reads(function: Callable, stage: Stage) -> None:
    mine, peer = stage.connection()
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    mine.settimeout(TIMEOUT)
    payload = bytes(8_000_000)  # too much for any buffer, except on Windows
    let_go = let_go_late(stage, lambda: _read_to_end(peer))
    told = f"The peer read nothing within the socket's timeout of {TIMEOUT} s. Expected "
    told += "TimeoutError"
    with mine:
        came = "None"
        try:
            _call(function, stage, mine, payload)
        except TimeoutError:
            came = "it"
        except (OSError, EOFError, ValueError) as error:
            came = named(error)
        let_go.back.set()
        late = let_go.done.is_set()
        if came == "None" and not late and mine.gettimeout() == TIMEOUT:
            mine.shutdown(socket.SHUT_WR)
            if len(_read_to_end(peer)) == len(payload) + 4:
                return  # the system had room for all
        judge_silence(mine, TIMEOUT, came, told, late)


EXERCISE = Exercise(
    cases=(
        Case(
            "two bytes",
            "The peer reads all that you send.",
            _two_bytes,
            frames.CHANGED,
            if_it_hangs=frames.WAITS,
            if_it_raises={"error": frames.PACKING},
        ),
        Case("an empty payload", "The peer reads all that you send.", _empty, frames.CHANGED),
        Case(
            "four frames, with any bytes",
            "The peer reads four frames from one connection, one of 70,000 bytes.",
            _several,
            frames.CHANGED,
            if_it_raises={
                "UnicodeError": frames.TEXT_MADE,
                "error": frames.SIZE,
                "OverflowError": frames.SIZE,
                "ValueError": frames.ALL_FOUR,
            },
        ),
        Case(
            "a system that takes three bytes",
            "The peer reads all, but the system takes three bytes of each `send`, at the most.",
            _three_at_a_time,
            SEND_ALL.hints,
        ),
        Case(
            "3,000,000,000 bytes",
            "The payload claims so many bytes; the connection is shut down before the first.",
            _many,
            frames.SIGNED,
        ),
        Case(
            "4,096,000 bytes to a peer that reads late",
            "The peer begins to read after 30 ms; the socket has a timeout of 1.5 s.",
            _late_reader,
            SEND_ALL.hints,
            if_it_raises={"BlockingIOError": frames.NONBLOCKING},
        ),
        Case(
            "a peer that is gone",
            "The peer has reset the connection before you send.",
            _reset_peer,
            say.ERROR_LOST,
        ),
        Case(
            "a peer that never reads",
            "The peer reads nothing; the socket has a timeout of 0.2 s.",
            _never_reads,
            say.ASKS_AGAIN,
        ),
    ),
    survives="What it survives now: "
    "payloads of any bytes and any size, none too, and a peer that reads late",
)
