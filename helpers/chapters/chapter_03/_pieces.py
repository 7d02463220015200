"""A peer that sends in pieces, and a look at what the learner's function has left of them."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from helpers.chapters.chapter_03._hints import CLOSED
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Script, Stage
from helpers.checks.wrong import Wrong

UNREAD = 0.1  # seconds that a piece may lie unread before the next one is sent all the same


@dataclass
class Ends:
    """A connection: `mine` for the learner's function, `peer` for the check, and its script."""

    stage: Stage
    mine: PeerSocket
    peer: PeerSocket
    script: Script
    sent: int
    called: threading.Event
    left: int | None = None

    def taken(self) -> int:
        """How many bytes the function has read, when the peer has sent everything."""
        if self.left is None:
            self.left = self._take_the_rest()
        return self.sent - self.left

    def _take_the_rest(self) -> int:
        self.script.result()
        left = 0
        with contextlib.suppress(OSError):  # nothing there, or the connection was reset
            while piece := socket.socket.recv(self.mine, 65536):
                left += len(piece)
        return left

    def read_in_part(self) -> bool:
        """Whether the function has left bytes that it could have read.

        One that only looked at the bytes (MSG_PEEK) has read none, and may have seen them all.
        """
        return 0 < self.taken() < self.sent

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call the function; where it fails, let the peer send the rest, for the diagram."""
        self.called.set()
        try:
            return self.stage.call(function, self.mine, *args)
        except Exception:
            self.wait_for_the_rest()
            raise

    def wait_for_the_rest(self) -> None:
        """Let the peer send what it has not sent yet, and end as it means to."""
        with contextlib.suppress(OSError):
            self.script.result()

    def still_open(self) -> None:
        """Raise Wrong where the function has closed the connection."""
        if self.mine.fileno() < 0:
            told = "The function has closed the connection. That is for its caller to do."
            raise Wrong(told, hints=CLOSED)


def sending(stage: Stage, pieces: Iterable[bytes], then: str = "") -> Ends:
    """A connection whose peer sends these pieces, each when the one before it has been read.

    The first piece is there at once. A function that only looks at the bytes (MSG_PEEK) does
    not read them: the pieces come all the same, after a moment.

    Args:
        stage: of the case.
        pieces: what the peer sends.
        then: "end" or "reset"; else the peer is silent, and stays connected.
    """
    mine, peer = stage.connection()
    first, *others = pieces = list(pieces)
    called = threading.Event()

    def send_the_others() -> None:
        called.wait(1.0)
        patience = UNREAD
        for piece in others:
            patience = patience if _wait_until_read(stage, mine, patience) else UNREAD / 40
            peer.sendall(piece)
        if then == "reset":
            _wait_until_read(stage, mine, patience)
            reset(peer)
        elif then == "end":
            peer.shutdown(socket.SHUT_WR)

    if first:
        peer.sendall(first)
    return Ends(stage, mine, peer, stage.script(send_the_others), len(b"".join(pieces)), called)


def _wait_until_read(stage: Stage, sock: PeerSocket, seconds: float) -> bool:
    """Wait until nothing is left to read; False where that takes longer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            # Underneath a stage's socket never blocks.
            if not socket.socket.recv(sock, 1, socket.MSG_PEEK):
                return True
        except OSError:
            return True
        if time.monotonic() >= deadline:
            return False
        stage.pause(0.0003)
