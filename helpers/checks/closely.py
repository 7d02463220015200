"""One case looked at closely: what passed, what was printed, which calls waited and how long."""

from __future__ import annotations

import contextlib
import itertools
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from helpers.checks.ending import Ending
from helpers.learner_code import learners_frame, line_of_frame
from helpers.servers.owner import Owner
from helpers.trace.trace import Trace, describe, ending

MOST_LINES = 1_000  # of a log
MOST_PRINTS = 20  # that follow one another
PRINTED = "printed: "
SHORTEST = 0.002  # seconds of a wait that is told
# Of a plain socket. Those of the stage wait elsewhere: in Owner.wait.
_CALLS = (
    "accept", "connect", "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg",
    "send", "sendall", "sendto", "sendmsg",
)  # fmt: skip


@dataclass
class _Wait:
    """A call of the learner's: when it began and ended, on the clock of `time.perf_counter`."""

    began: float
    ended: float | None
    place: str


class Closely:
    """Notes what a case's threads print and wait for, while `watching`."""

    def __init__(self) -> None:
        self._waits: list[_Wait] = []  # a list takes entries from several threads
        self._prints: list[tuple[float, str]] = []
        self._unfinished: dict[int, str] = {}  # by thread: a line without its end

    def printed(self, text: str) -> None:
        """Take what the calling thread has printed."""
        thread = threading.get_ident()
        *whole, rest = (self._unfinished.pop(thread, "") + text).split("\n")
        if rest:
            self._unfinished[thread] = rest
        now = time.perf_counter()
        room = max(0, MOST_LINES - len(self._prints))
        self._prints += [(now, line) for line in whole[:room]]

    @contextlib.contextmanager
    def watching(self, is_ours: Callable[[], bool]) -> Iterator[None]:
        """Note in this block how long each call of the learner's waits.

        Args:
            is_ours: tells whether the calling thread belongs to the check.
        """
        with contextlib.ExitStack() as stack:
            for name in _CALLS:
                if hasattr(socket.socket, name):  # Windows has not all of them
                    stack.enter_context(self._noting(socket.socket, name, is_ours))
            stack.enter_context(self._noting(Owner, "wait", is_ours))
            stack.enter_context(self._noting(Ending, "wait", is_ours))  # `time.sleep` in a check
            yield

    def log(self, trace: Trace) -> list[str]:
        """All that was noted, in order, a line each with its time since the case began."""
        start = trace._start
        rows = [(wait.began - start, _in_words(wait)) for wait in list(self._waits) if _long(wait)]
        rows += [(moment - start, f"{PRINTED}{line}") for moment, line in list(self._prints)]
        rows += [
            (event.time, f"{event.source} -> {event.target}  {describe(event)}{ending(event)}")
            for event in trace.events
        ]
        rows.sort(key=lambda row: row[0])
        lines = [f"{max(0.0, moment) * 1000:8.1f} ms  {words}" for moment, words in _fewer(rows)]
        if len(lines) > MOST_LINES:
            lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES:,} lines more"]
        return lines

    @contextlib.contextmanager
    def _noting(self, owner: type, name: str, is_ours: Callable[[], bool]) -> Iterator[None]:
        real, own = getattr(owner, name), name in vars(owner)
        setattr(owner, name, self._noted(real, is_ours))
        try:
            yield
        finally:
            if own:
                setattr(owner, name, real)
            else:  # it is that of a base
                delattr(owner, name)

    def _noted(self, real: Callable[..., Any], is_ours: Callable[[], bool]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            frame = learners_frame(sys._getframe(1)) if is_ours() else None
            if frame is None or len(self._waits) >= 100 * MOST_LINES:
                return real(*args, **options)
            place = line_of_frame(frame)
            del frame
            wait = _Wait(time.perf_counter(), None, place)
            self._waits.append(wait)
            try:
                return real(*args, **options)
            finally:
                wait.ended = time.perf_counter()
                if not _long(wait):
                    with contextlib.suppress(ValueError):
                        self._waits.remove(wait)

        return call


def _fewer(rows: list[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """The rows without those of a long run of prints."""
    for is_print, group in itertools.groupby(rows, lambda row: row[1].startswith(PRINTED)):
        run = list(group)
        yield from run[: MOST_PRINTS if is_print else None]
        if is_print and len(run) > MOST_PRINTS:
            yield run[-1][0], f"… and {len(run) - MOST_PRINTS:,} lines more: report.prints"


def _long(wait: _Wait) -> bool:
    return wait.ended is None or wait.ended - wait.began >= SHORTEST


def _in_words(wait: _Wait) -> str:
    if wait.ended is None:
        return f"{wait.place} waits, and did not come back"
    return f"{wait.place} waited {wait.ended - wait.began:.3f} s"
