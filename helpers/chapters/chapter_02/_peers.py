"""What the checks of chapter 02 share: servers of the check, and what every client must do."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from helpers.chapters.chapter_02 import _hints, beliefs
from helpers.checks.cases import Case
from helpers.checks.second_try import LONGER
from helpers.checks.stage import Stage
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.learner_code import is_learners, place_of

PATIENT = 5.0  # seconds of timeout where the peer does what it should
IMPATIENT = 0.1  # where it falls silent
AN_HOUR = 3600.0
ENDING = 0.3  # seconds that a thread of the function's may take to end
GIVE_UP = 0.7  # seconds that a server waits for more of a request
CASES = 6.0  # seconds that all cases of an exercise take at the most
RST = struct.pack("ii", 1, 0)  # with this linger time, close() sends RST in place of FIN


class CheckServer:
    """What a server of the check has seen, and its ways of being one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clients = 0
        self.gave_up = False
        self.sets_clock = False  # whether it does that while its client waits
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

    def set_clock_if_wanted(self) -> None:
        """Set the wall clock an hour ahead soon, while the client waits."""
        if self.sets_clock:
            self.stage.pause(IMPATIENT * 0.4)
            self.stage.set_clock(AN_HOUR)

    def longest_wait(self, since: float) -> float:
        """The longest time in seconds from `since` until now in which it has sent nothing."""
        moments = [since, *self._moments, time.perf_counter()]
        return max(later - earlier for earlier, later in pairwise(moments))

    def finish(self) -> None:
        """Give it time to end with its client, so that the diagram shows what was still to come."""
        if self.clients:
            self.done.wait(0.5)


_in_vain: weakref.WeakKeyDictionary[Any, float] = weakref.WeakKeyDictionary()


def patience(function: Any, seconds: float, later: float) -> float:
    """How many seconds a peer waits for this function: less if one waited in vain a moment ago.

    So a function that fails the same way in each case is told so soon; a right one has all of it.
    """
    try:
        then = _in_vain.get(function, 0.0)
    except TypeError:  # no weak reference to it is possible
        return seconds
    return later if time.monotonic() < then + CASES else seconds


def again_if_late(stage: Stage, attempt: Callable[[float], None]) -> None:
    """Try with short waits and, where that failed, with long ones: a pause of this machine's may
    have been longer than the timeout. `attempt` is told by how much to lengthen all waits."""
    try:
        attempt(1)
    except (TimeoutError, Wrong):
        stage.again()
        attempt(LONGER)


def be_patient_again(function: Any) -> None:
    """Forget that a peer has waited for this function in vain: its check begins anew."""
    with contextlib.suppress(TypeError):
        _in_vain.pop(function, None)


def waited_in_vain(function: Any) -> None:
    """Note that a peer has waited for this function in vain."""
    with contextlib.suppress(TypeError):
        _in_vain[function] = time.monotonic()


def line_of(error: BaseException) -> str:
    """Where an error came from, as "line 4: `data = connection.recv(10)`"; empty if unknown."""
    frames = [
        each for each in traceback.extract_tb(error.__traceback__) if is_learners(each.filename)
    ]
    return f"line {frames[-1].lineno}: `{frames[-1].line}`" if frames else ""


def drain(connection: socket.socket) -> bytes:
    """All that comes until the peer has ended its side."""
    received = bytearray()
    while piece := connection.recv(65536):
        received += piece
    return bytes(received)


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
            hints=_hints.ONCE_HINTS,
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


def expect_no_threads(stage: Stage) -> None:
    """Expect that each thread that the function has started ends about when it does.

    Raises:
        Wrong: where one does not.
    """
    began = time.monotonic()
    while left := threads_of(stage):
        if time.monotonic() > began + ENDING:
            raise Wrong(
                "Your function has ended, and a thread that it had started was still at work, in "
                f"{place_of(left[0])}.",
                hints=_hints.THREAD_HINTS,
            )
        stage.pause(0.01)


def threads_of(stage: Stage) -> list[threading.Thread]:
    """The threads that the function has started and that are alive."""
    return stage.household.children() if stage.household else []


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
            hints=_hints.DEFAULT_TIMEOUT_HINTS,
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
    if_it_hangs: Misconception | Hints = beliefs.NOTHING_YET,
    **if_it_raises: Misconception | Hints,
) -> Case:
    """A case of a client, where a hang means a loop after the end unless said otherwise."""
    return Case(name, peer, run, hints, if_it_hangs, if_it_raises)


NOT_READY = {
    "BlockingIOError": beliefs.ACCEPT,
    "ConnectionRefusedError": _hints.REFUSED_HINTS,
    "ConnectionError": _hints.BROKEN_HINTS,
}
ANOTHER_ERROR = dict.fromkeys(("ConnectionError", "Exception"), _hints.OTHER_ERROR_HINTS)
