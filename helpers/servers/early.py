"""Waits that have a timeout of their own, and that a check lets run out before their time."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence

from helpers.servers.waiting import READ, Place, wait_ready

A_LOOK = 0.002  # seconds between two looks at whether waits are over


class Line:
    """What a wait listens to besides its socket: readable from `ring` on, and for ever."""

    def __init__(self) -> None:
        self.rung = False
        self.ended: list[int] = []  # the threads whose waits have ended because of it
        self._reader, self._writer = socket.socketpair()

    @property
    def number(self) -> int:
        """The file number to wait on."""
        return self._reader.fileno()

    def wait(self, places: Sequence[Place], deadline: float) -> bool:
        """Wait as `wait_ready` does, or until `ring`; whether one of the places is ready."""
        bell = (self.number, READ)
        ready = wait_ready([*places, bell], deadline)
        if self.rung:
            ready.discard(bell[0])
            if not ready:
                self.ended.append(threading.get_ident())
        return bool(ready)

    def ring(self) -> None:
        """End the waits that listen."""
        self.rung = True
        self._writer.close()

    def close(self) -> None:
        """Close both ends."""
        self._writer.close()
        self._reader.close()


class Early:
    """Ends waits that have a timeout, as if the timeout had run out; each at most once a call.

    Nothing here takes a lock: an exception may be raised in any thread, at any of its lines.
    """

    def __init__(self) -> None:
        self.waits: dict[int, Line] = {}  # thread -> the line that its wait listens to
        self._lines: dict[int, Line] = {}  # by their numbers; only the last one was not rung
        self._last = 0
        self._closed = False

    @contextlib.contextmanager
    def waiting(self) -> Iterator[Line | None]:
        """While this thread waits: the line to listen to; None where all is over."""
        line, thread = self._line(), threading.get_ident()
        if line is not None:
            self.waits[thread] = line
        try:
            yield line
        finally:
            self.waits.pop(thread, None)

    def end(self) -> Line | None:
        """End all waits of this moment; returns their line, or None where there are none.

        Only one thread at a time may call it, and `end_of` with what it returns.
        """
        if not self.waits:
            return None
        number = self._last
        line = self._lines.get(number)
        self._last += 1  # a wait that begins from now on listens to another line
        if line is not None:
            line.ring()
        return line

    def end_of(self, line: Line, seconds: float) -> int:
        """Wait until those that listened to a line are over; how many have ended because of it."""
        deadline = time.monotonic() + seconds
        while any(each is line for each in list(self.waits.values())):
            if time.monotonic() > deadline:
                break
            time.sleep(A_LOOK)
        return len(line.ended)

    def close(self) -> None:
        """Close all lines; whoever waits from now on gets none.

        Not before: a thread may have asked for its line, and not have begun to wait.
        """
        self._closed = True
        for line in list(self._lines.values()):
            line.close()

    def _line(self) -> Line | None:
        number = self._last
        if self._closed:
            return None
        line = self._lines.get(number)
        if line is None:
            mine = Line()
            line = self._lines.setdefault(number, mine)  # another thread may have been faster
            if line is not mine or self._closed:
                mine.close()
        return line
