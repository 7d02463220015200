"""The check of `send_frame`."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable

from helpers.chapters.chapter_03._pieces import ERROR_LOST, reset
from helpers.chapters.chapter_03.beliefs import NATIVE, SEND_ALL
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


def frame_of(payload: bytes) -> bytes:
    """A payload as the contract wants it on the wire."""
    return struct.pack("!I", len(payload)) + payload


def _read_to_end(sock: socket.socket) -> bytes:
    received = bytearray()
    while piece := sock.recv(65536):
        received += piece
    return bytes(received)


def _sends(function: Callable, stage: Stage, payloads: list[bytes]) -> None:
    mine, peer = stage.connection()
    reader = stage.script(_read_to_end, peer)
    with mine:
        for number, payload in enumerate(payloads):
            try:
                _call(function, stage, mine, payload)
            except BrokenPipeError:
                if number == 0:
                    raise
                told = f"Frame {number + 1} on the same connection raised BrokenPipeError: "
                raise Wrong(told + "your side was shut down before.", hints=NOT_YOURS) from None
        mine.shutdown(socket.SHUT_WR)
        got, expected = reader.result(), b"".join(map(frame_of, payloads))
    if got == expected:
        return
    told = f"Expected on the wire {_hex(expected)}, got {_hex(got)}."
    if got == b"".join(struct.pack("<I", len(each)) + each for each in payloads):
        raise Wrong(told, NATIVE)
    if got == b"".join(struct.pack("!I", len(each) + 4) + each for each in payloads):
        raise Wrong(told + " The length does not count its own four bytes.")
    raise Wrong(told)


def _call(function: Callable, stage: Stage, mine: socket.socket, payload: bytes) -> None:
    """Call the function, which must return None and leave the connection open."""
    got = stage.call(function, mine, payload)
    if mine.fileno() < 0:
        told = "The function has closed the connection. That is for its caller to do."
        raise Wrong(told, hints=NOT_YOURS)
    if got is not None:
        raise Wrong(f"Expected that it returns None, got {short(got)}.", hints=NONE)


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


def _late_reader(function: Callable, stage: Stage) -> None:
    mine, peer = stage.connection()
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    mine.settimeout(1.5)
    payload = bytes(range(256)) * 16_000

    def read_late() -> int:
        stage.pause(0.03)
        return len(_read_to_end(peer))

    reader = stage.script(read_late)
    with mine:
        _call(function, stage, mine, payload)
        mine.shutdown(socket.SHUT_WR)
        count = reader.result()
    if count != len(payload) + 4:
        told = f"Expected {len(payload) + 4:,} bytes on the wire, got {count:,}."
        if 0 < count < len(payload):
            raise Wrong(told, SEND_ALL)
        if count == 0:
            raise Wrong(f"{told} Your function came back before the system had taken the frame.")
        raise Wrong(told, hints=FORMAT)


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
    mine.settimeout(0.2)
    payload = bytes(8_000_000)  # too much for any buffer, except on Windows
    with mine:
        try:
            _call(function, stage, mine, payload)
        except TimeoutError:
            return
        mine.shutdown(socket.SHUT_WR)
        count = len(_read_to_end(peer))
    if count < len(payload) + 4:
        told = f"The system took {count:,} of {len(payload) + 4:,} bytes, and then no more. "
        raise Wrong(told + "Expected TimeoutError, and your function returned.")


FORMAT = (
    "Compare the bytes on the wire with the example in the docstring.",
    "A frame is four bytes of length, also for a small or an empty payload, and then the payload.",
    'struct packs a number without a sign into four bytes; chapter 01 did so with "!If".',
)

NOT_YOURS = (
    "What is left of the connection when your function has returned?",
    "The caller may want to send another frame.",
    "Send, and nothing else: no `with`, close or shutdown of what you were given.",
)
NONE = (
    "What does the contract say of the result?",
    "A caller has nothing to do with a number of bytes, as the whole frame is always sent.",
    "Leave out the `return`, or what stands behind it.",
)

EXERCISE = Exercise(
    cases=(
        Case("two bytes", "The peer reads all that you send.", _two_bytes, FORMAT),
        Case("an empty payload", "The peer reads all that you send.", _empty, FORMAT),
        Case(
            "four frames, with any bytes",
            "The peer reads four frames from one connection, one of 70,000 bytes.",
            _several,
            FORMAT,
        ),
        Case(
            "4,096,000 bytes to a peer that reads late",
            "The peer begins to read after 30 ms; the socket has a timeout of 1.5 s.",
            _late_reader,
            SEND_ALL.hints,
        ),
        Case(
            "a peer that is gone",
            "The peer has reset the connection before you send.",
            _reset_peer,
            ERROR_LOST,
        ),
        Case(
            "a peer that never reads",
            "The peer reads nothing; the socket has a timeout of 0.2 s.",
            _never_reads,
            ERROR_LOST,
        ),
    ),
    survives="What it survives now: "
    "payloads of any bytes and any size, none too, and a peer that reads late",
)
