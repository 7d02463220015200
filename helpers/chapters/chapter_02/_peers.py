"""What the checks of chapter 02 share: servers of the check, and what every client must do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from helpers.chapters.chapter_02 import beliefs
from helpers.checks.cases import Case
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

PATIENT = 5.0  # seconds of timeout where the peer does what it should
IMPATIENT = 0.1  # where it falls silent
LATE = 0.7  # seconds over its timeout that a wait may take on a busy machine
GIVE_UP = 0.7  # seconds that a server waits for more of a request
RST = struct.pack("ii", 1, 0)  # with this linger time, close() sends RST in place of FIN


class CheckServer:
    """What a server of the check has seen, and its ways of being one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clients = 0
        self.gave_up = False
        self.done = threading.Event()  # with a client
        self._moments: list[float] = []
        self._lock = threading.Lock()

    def accept(self, listener: socket.socket) -> socket.socket:
        """The next client's connection."""
        connection, _ = listener.accept()
        with self._lock:
            self.clients += 1
        return connection

    def send(self, connection: socket.socket, pieces: Iterable[bytes], pause: float) -> None:
        """Send these pieces, apart from each other by so many seconds."""
        for number, piece in enumerate(pieces):
            if number:
                self.stage.pause(pause)
            connection.sendall(piece)
            self._moments.append(time.perf_counter())

    def longest_wait(self, since: float) -> float:
        """The longest time in seconds from `since` until now in which it has sent nothing."""
        moments = [since, *self._moments, time.perf_counter()]
        return max(later - earlier for earlier, later in pairwise(moments))

    def finish(self) -> None:
        """Give it time to end with its client, so that the diagram shows what was still to come."""
        if self.clients:
            self.done.wait(0.5)


def drain(connection: socket.socket) -> bytes:
    """All that comes until the peer has ended its side."""
    received = bytearray()
    while piece := connection.recv(65536):
        received += piece
    return bytes(received)


def must_raise(
    stage: Stage,
    call: Callable[[], Any],
    error: type,
    told: str,
    if_it_waited: Misconception | None = None,
) -> None:
    """Expect an error of the function's, and no socket left open on that way.

    A function that waits much longer than its timeout, while nothing else on this machine is
    late, has a timeout of its own. One that has waited and returns had a belief about silence.
    """
    control = stage.script(_late_by, IMPATIENT)
    began = time.perf_counter()
    try:
        got = call()
    except error as raised:
        took = time.perf_counter() - began
        if left := stage.opened():  # now: the error still holds what the function had
            told += f" The function raised {type(raised).__name__}, {still_open(left)}"
            raise Wrong(told) from None
        if error is TimeoutError and took > IMPATIENT + control.result(PATIENT) + LATE:
            raise Wrong(
                f"{told} Expected TimeoutError after {IMPATIENT} s, the timeout that was given; it "
                f"came after {took:.1f} s."
            ) from None
        return
    waited = time.perf_counter() - began >= IMPATIENT * 0.9
    name = "TimeoutError" if error is TimeoutError else "ConnectionResetError"
    told += f" Expected {name}, got {short(got)}."
    raise Wrong(told, if_it_waited if waited else None)


def _late_by(seconds: float) -> float:
    began = time.perf_counter()
    time.sleep(seconds)
    return time.perf_counter() - began - seconds


def still_open(left: list[str]) -> str:
    """The end of a sentence about sockets that the function has not closed."""
    return (
        f"and left open: {', '.join(left)}. `with` closes a socket also where an error ends the "
        "function."
    )


def once(server: CheckServer) -> None:
    """Expect that the function has connected once.

    Raises:
        Wrong: when it came again.
    """
    if server.clients > 1:
        raise Wrong(
            f"The function came {server.clients} times. One connection was expected: whether it is "
            "worth another try is for the caller to say.",
        )


def without_traces(function: Callable, stage: Stage, *args: Any) -> Any:
    """Call the function, and see that it leaves the timeout of all sockets as it was.

    Returns:
        What it returns.

    Raises:
        Wrong: where it has changed that timeout.
    """
    before = socket.getdefaulttimeout()
    try:
        return stage.call(function, *args)
    finally:
        expect_default_timeout(before)


def expect_default_timeout(before: float | None) -> None:
    """Expect that the timeout of all sockets to come is still `before`; the runner puts it back.

    Raises:
        Wrong: where it is another.
    """
    if socket.getdefaulttimeout() != before:
        raise Wrong(
            f"The function has set the timeout of all sockets to come to "
            f"{socket.getdefaulttimeout()} s, and left it so: the next socket of any other part "
            "of the program will have it too.",
            hints=(
                "Which of your lines concerns more than your own socket?",
                "`setdefaulttimeout` is for every socket that is made after it, everywhere.",
                "A single socket can have a timeout of its own: from the call that makes it, or "
                "later.",
            ),
        )


def is_first_part(got: bytes, whole: bytes, pieces: Iterable[bytes]) -> bool:
    """Whether it looks like what one recv has brought: a piece or less, and not a line of it."""
    if not got or len(got) >= len(whole) or not whole.startswith(got):
        return False
    ends, position = set(), 0
    for piece in pieces:
        position += len(piece)
        ends.add(position)
    return len(got) in ends or (len(got) < min(ends) and not got.endswith(b"\n"))


def case(
    name: str,
    peer: str,
    run: Callable[[Callable, Stage], None],
    hints: Hints,
    if_it_hangs: Misconception = beliefs.NOTHING_YET,
    **if_it_raises: Misconception,
) -> Case:
    """A case of a client, where a hang means a loop after the end unless said otherwise."""
    return Case(name, peer, run, hints, if_it_hangs, if_it_raises)


NOT_READY = {"BlockingIOError": beliefs.ACCEPT}
