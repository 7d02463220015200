"""The datagrams of chapter 06 as its checks make them, read them and write them down."""

from __future__ import annotations

import errno
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from helpers.checks.peers import PeerSocket
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short

if TYPE_CHECKING:
    from helpers.link.link import Link

HEADER = struct.Struct("!BI")  # kind, number
DATA, ACK, END = 1, 2, 3
NAMES = {DATA: "DATA", ACK: "ACK", END: "END"}
TRIES = 10
SIZE = 2048  # bytes; more than any datagram of the chapter


def data(number: int, payload: bytes) -> bytes:
    """A message."""
    return HEADER.pack(DATA, number) + payload


def ack(number: int) -> bytes:
    """The confirmation of all up to a number."""
    return HEADER.pack(ACK, number)


def end(number: int) -> bytes:
    """The announcement that there are no more messages."""
    return HEADER.pack(END, number)


def read(datagram: bytes) -> tuple[int, int, bytes] | None:
    """The kind, number and payload of a datagram; None where it is too short to have them."""
    if len(datagram) < HEADER.size:
        return None
    return (*HEADER.unpack_from(datagram), datagram[HEADER.size :])


def words(datagram: bytes) -> str:
    """A datagram as a message calls it: "DATA 2", "ACK 1", or its bytes where it is neither."""
    parts = read(datagram)
    if parts is None or parts[0] not in NAMES or (parts[0] != DATA and parts[2]):
        return short(datagram, 40)
    return f"{NAMES[parts[0]]} {parts[1]}"


def write_down(
    stage: Stage, source: str, target: str, datagram: bytes, lost: bool = False, at: float = 0
) -> None:
    """Put a datagram into a stage's trace in words: what its header says, then its payload.

    Args:
        stage: of the case.
        source, target: names of peers.
        datagram: as it was sent.
        lost: whether it is drawn as lost.
        at: when it was sent, on the clock of `time.perf_counter`; 0 for now.
    """
    text, parts = datagram, read(datagram)
    if parts is not None and parts[0] in NAMES:
        text = f"{NAMES[parts[0]]} {parts[1]}".encode()
        if parts[2]:
            text += b": " + parts[2]
    fate, cause = ("dropped", "loss") if lost else ("delivered", "")
    row = stage.trace.begin(
        at or time.perf_counter(), source, target, "datagram", text, fate, cause
    )
    row[4] = len(datagram)


def take_over(stage: Stage, link: Link, names: Mapping[str, str]) -> list[tuple[int, int]]:
    """Put what a link saw into a stage's trace in place of what is there.

    Args:
        stage: of the case.
        link: for datagrams, which has ended.
        names: of the peers, by those that the link has for them: "client", "server".

    Returns:
        The kind and number of all that the client has sent, also of what was lost.
    """
    stage.trace.clear()
    sent = []
    for event in link.trace:
        ends = names.get(event.source, event.source), names.get(event.target, event.target)
        lost, at = event.fate == "dropped", link.trace._start + event.time
        write_down(stage, *ends, event.head, lost, at)
        parts = read(event.head)
        if parts is not None and event.target == "server" and event.fate != "duplicate":
            sent.append(parts[:2])
    return sent


def learners_socket(stage: Stage, record: bool) -> PeerSocket:
    """The bound UDP socket that a function gets, which the stage closes.

    Args:
        stage: of the case.
        record: whether it writes down itself what it receives and sends, one after the other.
    """
    sock = stage.socket_udp(YOU)

    def write(kind: str, payload: bytes = b"", from_peer: bool = False, peer: Any = None) -> None:
        there = stage.name_of(peer or sock._peer) if peer or sock._peer else ""
        if there:
            ends = (there, YOU) if from_peer else (YOU, there)
            write_down(stage, *ends, payload)

    if record:
        sock._record = write
    return sock


def note_sends(sock: PeerSocket, sends: list[tuple[bytes, float]]) -> None:
    """Note each datagram that is sent by this socket or a duplicate of it, and when.

    In the sender's own thread: whoever receives it may be late to do so.
    """

    def noting(call: Callable) -> Callable:
        def transmit(datagram: Any, *rest: Any) -> int:
            at = time.perf_counter()
            size = call(datagram, *rest)
            sends.append((bytes(datagram), at))  # not where the call failed: it is done again
            return size

        return transmit

    def noted(call: Callable) -> Callable:
        def duplicate() -> PeerSocket:
            other = call()
            note_sends(other, sends)
            return other

        return duplicate

    sock.send, sock.sendto = noting(sock.send), noting(sock.sendto)
    sock.dup = noted(sock.dup)


def silent_socket(stage: Stage, name: str) -> PeerSocket:
    """A socket of the check's own whose datagrams the check writes down itself."""
    sock = stage.socket_udp(name)
    sock._record = lambda *_, **__: None
    return sock


def receive_late(sock: PeerSocket, stage: Stage, seconds: float) -> None:
    """Let the first datagram that is received reach its caller only after so many seconds.

    As on a busy machine: what is left of a timeout is over by then.
    """
    held = threading.Event()

    def holding(call: Callable) -> Callable:
        def receive(*arguments: Any, **options: Any) -> Any:
            got = call(*arguments, **options)
            if not held.is_set():
                held.set()
                stage.ended.wait(seconds)
            return got

        return receive

    for name in ("recv", "recvfrom", "recv_into", "recvfrom_into"):
        setattr(sock, name, holding(getattr(sock, name)))


def fail_once(sock: PeerSocket, told: threading.Event) -> None:
    """Let the next call that receives raise ConnectionResetError once `told` is set.

    As on Windows, where a UDP socket hears so of an earlier datagram that found a closed port.
    """

    def failing(call: Callable) -> Callable:
        def receive(*arguments: Any, **options: Any) -> Any:
            if told.is_set():
                told.clear()
                number = 10054 if sys.platform == "win32" else errno.ECONNRESET
                raise ConnectionResetError(number, "A datagram met a closed port (as on Windows)")
            return call(*arguments, **options)

        return receive

    for name in ("recv", "recvfrom", "recv_into", "recvfrom_into"):
        setattr(sock, name, failing(getattr(sock, name)))
