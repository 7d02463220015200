"""What the checks of chapter 03 share: a peer that sends in pieces, and a look at what is left."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from helpers.chapters.chapter_03.beliefs import END_INSIDE, RECV_N, SHORT_READ
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Script, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

UNREAD = 0.1  # seconds that a piece may lie unread before the next one is sent all the same
EARLY = (EOFError, ValueError, OSError, AssertionError, struct.error)


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
            raise Wrong("The function has closed the connection. That is for its caller to do.")


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


def early_end(
    ends: Ends, function: Callable[..., Any], *args: Any, count: int | None = None
) -> None:
    """Call a function whose stream ends inside a message, which must raise EOFError.

    Args:
        ends: the peer sends several pieces and ends its side.
        function: the learner's.
        args: what it gets.
        count: what the error's message must say, if anything.

    Raises:
        Wrong: with the belief that leads to what came.
    """
    expected = "The stream ended inside a message. Expected an EOFError"
    try:
        got = ends.call(function, *args)
    except EARLY as error:
        if ends.read_in_part():
            belief = RECV_N if isinstance(error, struct.error) else SHORT_READ
            if isinstance(error, ValueError):  # it may be about something else
                belief = None
            told = f"{expected}, once all that the peer sent was read; {_named(error)} came before."
            raise Wrong(told, belief) from None
        if isinstance(error, struct.error):
            raise Wrong(f"{expected}, got {_named(error)}.", END_INSIDE) from None
        if not isinstance(error, EOFError):
            raise Wrong(f"{expected}, got {_named(error)}.", hints=OTHER_ERROR) from None
        if count is not None and str(count) not in str(error):
            said = short(str(error))
            raise Wrong(
                f"{expected} whose message says that {count} bytes came. Its message is {said}.",
                hints=NO_COUNT,
            ) from None
        return
    if ends.read_in_part():
        raise Wrong(f"{expected}, got {short(got)}.", RECV_N)
    # Nothing at all is what a single recv returns as well.
    raise Wrong(f"{expected}, got {short(got)}.", None if got == b"" else END_INSIDE)


def reset_passes(ends: Ends, function: Callable[..., Any], *args: Any) -> None:
    """Call a function whose peer resets the connection, whose error must come out of it."""
    try:
        got = ends.call(function, *args)
    except ConnectionError:
        return
    except EARLY as error:
        told = f"The peer reset the connection. Expected ConnectionResetError, got {_named(error)}."
        raise Wrong(told) from None
    raise Wrong(f"The peer reset the connection. Expected an error, got {short(got)}.")


def silence_passes(ends: Ends, function: Callable[..., Any], *args: Any) -> None:
    """Call a function whose peer is silent: the timeout of 0.1 s must come out of it."""
    ends.mine.settimeout(0.1)
    try:
        got = ends.call(function, *args)
    except TimeoutError:
        return
    except EARLY as error:
        told = f"Nothing came in time. Expected TimeoutError, got {_named(error)}."
        raise Wrong(told) from None
    raise Wrong(f"Nothing came in time. Expected TimeoutError, got {short(got)}.")


@contextlib.contextmanager
def peak_of_memory() -> Iterator[list[int]]:
    """How many bytes of memory were taken at the most inside, as the only item of a list."""
    peak, was_tracing = [0], tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        yield peak
        peak[0] = tracemalloc.get_traced_memory()[1] - before
    finally:
        if not was_tracing:
            tracemalloc.stop()


def _named(error: BaseException) -> str:
    name = type(error).__name__
    return "struct.error" if isinstance(error, struct.error) else name


OTHER_ERROR = (
    "Your function noticed the end, and said so by another error than the contract's.",
    "Look at the docstring: which class of error belongs to an early end?",
    "Raise that class yourself, at the place where you notice the end.",
)
NO_COUNT = (
    "The error is the right one. Whoever reads a log wants to know how far it came.",
    "You know how many bytes you have collected when the stream ends.",
    "Put that number into the text that you give to the error.",
)
ERROR_LOST = (
    "The socket raised an error. Where did it go?",
    "Look for an `except` that catches more than you meant to.",
    "The contract lets errors of the socket pass: catch none of them here.",
)
