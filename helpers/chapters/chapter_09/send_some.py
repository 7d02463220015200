"""The check of `send_some`: a socket that does not block, and a peer that reads now or later."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from helpers.chapters.chapter_09 import _bricks_hints as hints
from helpers.chapters.chapter_09.beliefs import FASTER, GOODBYE, SENDALL
from helpers.checks.cases import Case, Exercise
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

SMALL = 65_536  # bytes, of each of the system's buffers
MUCH = 1_000_000  # more than two such buffers hold
LATE = 0.25  # seconds after which the peer reads, so that who waits for it comes back
SPINS = 0.04  # of that time at work, even on a busy machine: who sleeps needs less
QUIET = 0.015  # seconds in which what has been sent arrives on this machine


class _Ends:
    """A connection: `mine` for the function, which does not block; `peer` for the check."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.mine, self.peer = stage.connection()
        for sock, option in ((self.mine, socket.SO_SNDBUF), (self.peer, socket.SO_RCVBUF)):
            sock.setsockopt(socket.SOL_SOCKET, option, SMALL)
        self.mine.setblocking(False)
        self.peer.settimeout(1.0)
        self.sent_all = self.blocks = self.let_go = False
        self._watch_calls()

    def _watch_calls(self) -> None:
        """Note whether the function calls `sendall`, or lets the socket wait."""
        sendall, settimeout = self.mine.sendall, self.mine.settimeout

        def noted_sendall(*args: Any) -> None:
            self.sent_all = True
            sendall(*args)

        def noted_settimeout(value: float | None) -> None:
            self.blocks = self.blocks or value != 0.0
            settimeout(value)

        self.mine.sendall = noted_sendall  # type: ignore[method-assign]
        self.mine.settimeout = noted_settimeout  # type: ignore[method-assign]

    def call(self, function: Callable, waiting: bytearray) -> None:
        """Call the function; what it leaves of the connection must be as it was."""
        worked = time.thread_time()
        try:
            with self._reading_late():
                self.stage.call(function, self.mine, waiting)
        except BlockingIOError as error:
            told = f"It raised BlockingIOError: {error}."
            if self.sent_all:
                raise Wrong(f"{told} `sendall` was called.", SENDALL) from None
            raise Wrong(told, hints=hints.NOT_READY) from None
        if self.mine.fileno() < 0:
            raise Wrong("The connection is closed afterwards.", hints=hints.NOT_YOURS)
        if self.let_go:
            told = "Your function came back only when the peer had read what was sent before."
            if self.blocks:
                raise Wrong(told, hints=hints.BLOCKS)
            spins = time.thread_time() - worked > SPINS * LATE
            raise Wrong(told, FASTER) if spins else Wrong(told, hints=hints.WAITS)
        if self.mine.getblocking():
            raise Wrong("Afterwards the socket blocks.", hints=hints.BLOCKS)

    @contextlib.contextmanager
    def _reading_late(self) -> Iterator[None]:
        """Let the peer read when what is in the block has not ended after a while."""
        back = threading.Event()

        def watch() -> None:
            if back.wait(LATE):
                return
            self.let_go = True
            self.peer.settimeout(0.5)
            with contextlib.suppress(OSError):
                while not back.is_set() and self.peer.recv(1 << 18):
                    pass

        script = self.stage.script(watch)
        try:
            yield
        finally:
            back.set()
            script.join(1.0)

    def arrived(self, expected: int) -> bytes:
        """What comes at the peer: so many bytes are waited for, and more is looked for."""
        got = bytearray()
        with contextlib.suppress(OSError):
            while len(got) < expected and (piece := self.peer.recv(1 << 18)):
                got += piece
            self.peer.settimeout(QUIET)
            while piece := self.peer.recv(1 << 18):
                got += piece
        self.peer.settimeout(1.0)
        return bytes(got)

    def fill(self) -> int:
        """Send until the system takes no more; how many bytes that were."""
        sent, quiet = 0, 0
        while quiet < 5:
            try:
                sent += socket.socket.send(self.mine, bytes(SMALL))
                quiet = 0
            except BlockingIOError:
                quiet += 1
                time.sleep(0.002)
        return sent

    def expect(self, function: Callable, waiting: bytearray, some: bool = True) -> bytes:
        """Call it, and expect that what has left the buffer is what has arrived."""
        before = bytes(waiting)
        self.call(function, waiting)
        left = bytes(waiting)
        gone = len(before) - len(left)
        got = self.arrived(max(0, gone))
        told = (
            f"{len(before):,} bytes waited. {len(got):,} of them have arrived, and {len(left):,} "
            "are left in the buffer."
        )
        if len(got) + len(left) == len(before) and before == got + left:
            if some and before and not got:
                raise Wrong(told, hints=hints.NOT_SENT)
            return got
        if self.sent_all:
            raise Wrong(f"{told} `sendall` was called.", SENDALL)
        if len(got) + len(left) == len(before):
            raise Wrong(f"{told} They are not in order.", hints=hints.FRONT)
        raise Wrong(told, hints=hints.STILL_THERE if left == before else hints.COUNT)


def _all_at_once(function: Callable, stage: Stage) -> None:
    ends = _Ends(stage)
    got = ends.expect(function, bytearray(b"lamp on\n"))
    if got != b"lamp on\n":
        told = f"The system had room for all of b'lamp on\\n', and {short(got)} arrived."
        raise Wrong(told, hints=hints.COUNT)
    ends.expect(function, bytearray(b"\x00\xff\n\n"))


def _nothing(function: Callable, stage: Stage) -> None:
    ends = _Ends(stage)
    waiting = bytearray()
    ends.expect(function, waiting)
    if waiting:
        raise Wrong(f"The buffer was empty, and now it holds {short(bytes(waiting))}.")


def _some(function: Callable, stage: Stage) -> None:
    """More than there is room for; the peer reads, and the rest follows in later calls."""
    ends = _Ends(stage)
    waiting, calls = bytearray(bytes(range(256)) * (MUCH // 256)), 0
    while waiting:
        ends.expect(function, waiting, some=calls != 1)  # the second may come too soon
        calls += 1


def _no_room(function: Callable, stage: Stage) -> None:
    """The buffers of the system are full."""
    ends = _Ends(stage)
    filled = ends.fill()
    before = b"one more line\n" * (MUCH // 14)
    waiting = bytearray(before)
    ends.call(function, waiting)
    gone = len(before) - len(waiting)  # a little room may have come since
    got = ends.arrived(filled + max(0, gone))[filled:]
    if got + waiting != before:
        told = (
            f"There was no room. {len(got):,} of {len(before):,} bytes have arrived, and "
            f"{len(waiting):,} are left in the buffer."
        )
        if ends.sent_all:
            raise Wrong(f"{told} `sendall` was called.", SENDALL)
        raise Wrong(told, hints=hints.COUNT)


def _gone(function: Callable, stage: Stage) -> None:
    """The peer has reset the connection."""
    ends = _Ends(stage)
    reset(ends.peer)
    _wait_for_reset(ends.mine)
    for _ in range(2):
        try:
            stage.call(function, ends.mine, bytearray(b"are you there?\n"))
        except ConnectionError:
            return
    told = "The peer has reset the connection. Expected a ConnectionError, and none came."
    raise Wrong(told, GOODBYE, hints.SWALLOWED)


def _wait_for_reset(sock: PeerSocket) -> None:
    """Wait until the reset has come; the error itself stays for whoever sends next."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        selector.select(0.5)


EXERCISE = Exercise(
    cases=(
        Case(
            "room for all",
            "The system has room for all that waits, and the peer reads it.",
            _all_at_once,
            hints.NOT_SENT,
            if_it_hangs=hints.NOTHING_WAITS,
            if_it_raises={"BufferError": hints.VIEW},
        ),
        Case(
            "nothing to send",
            "The buffer is empty.",
            _nothing,
            hints.NOTHING_WAITS,
            if_it_hangs=hints.NOTHING_WAITS,
        ),
        Case(
            "room for a part",
            "1 MB waits. The peer reads what has come after each of your calls.",
            _some,
            hints.COUNT,
            if_it_hangs=hints.WAITS,
            if_it_raises={"BufferError": hints.VIEW},
        ),
        Case(
            "no room",
            "The buffers of the system are full, and the peer does not read.",
            _no_room,
            hints.WAITS,
            if_it_hangs=hints.WAITS,
        ),
        Case(
            "a peer that is gone",
            "The peer has reset the connection before you send.",
            _gone,
            hints.SWALLOWED,
            if_it_hangs=hints.WAITS,
        ),
    ),
    survives="What it survives now: room for all, for a part, or for nothing, and a peer that is "
    "gone",
)
