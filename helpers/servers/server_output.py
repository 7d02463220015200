"""Where the prints of a server's threads go: to that server's log, not to the cell that runs."""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TextIO

LIMIT = 10_000  # lines that a log keeps
LONGEST = 2_000  # characters of a line; what is longer is cut


class Log:
    """The lines that a server has printed, in their order; it keeps the first 10,000.

    `print(server.log)` shows them all, `server.log.lines` is a list of them.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self._lines: list[str] = []
        self._unfinished: dict[threading.Thread, str] = {}  # a thread's line without its end
        self._shown = self._told_left_out = 0
        self._lock = threading.Lock()

    def write(self, text: str) -> None:
        """Add text of the calling thread; it becomes a line of the log at its line end."""
        thread = threading.current_thread()
        with self._lock:
            *whole, rest = (self._unfinished.pop(thread, "") + text).split("\n")
            if len(rest) >= LONGEST:
                whole.append(rest)
            elif rest:
                self._unfinished[thread] = rest
            self._add(whole)

    def _add(self, lines: list[str]) -> None:
        room = max(0, LIMIT - len(self._lines))
        self._lines += [
            line if len(line) <= LONGEST else line[: LONGEST - 1] + "…" for line in lines[:room]
        ]
        self.left_out += len(lines[room:])

    @property
    def lines(self) -> list[str]:
        """The lines so far, as a list of its own."""
        with self._lock:
            return self._lines + list(self._unfinished.values()) + self._note()

    def unseen(self) -> list[str]:
        """The lines that no earlier call of this method has returned.

        A line without its end counts as one; what follows becomes a line of its own.
        """
        with self._lock:
            self._add(list(self._unfinished.values()))
            self._unfinished.clear()
            new = self._lines[self._shown :]
            if self.left_out > self._told_left_out:
                new += self._note()
            self._shown, self._told_left_out = len(self._lines), self.left_out
            return new

    def _note(self) -> list[str]:
        if not self.left_out:
            return []
        return [f"... and {self.left_out:,} lines more, which this log did not keep"]

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return str(self) or "(nothing printed so far)"


class Household(Protocol):
    """A server as this module sees it: it keeps what its threads print and start.

    One that a check runs has an `early` as well: that ends what its threads wait for.
    """

    def keep_output(self, text: str) -> None:
        """Take what one of the server's threads has printed."""

    def take_in(self, thread: threading.Thread) -> None:
        """Count a thread that is about to start among the server's."""


def household_of_this_thread() -> Household | None:
    """The server that the calling thread works for, or None."""
    return household_of(threading.current_thread())


def household_of(thread: threading.Thread) -> Household | None:
    """The server that a thread works for, or None."""
    return getattr(thread, "_course_household", None)


def join_household(thread: threading.Thread, server: Household) -> None:
    """From now on what this thread prints, and threads that it starts, belong to the server."""
    # On the thread itself: a dictionary, even one with weak keys, would keep every server for ever,
    # as a server holds the threads that are its keys.
    thread._course_household = server  # type: ignore[attr-defined]


class Router:
    """A stream that sends what a server's threads write to their log, and all else on."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write text for the calling thread."""
        server = household_of_this_thread()
        if server is None:
            return self.stream.write(text)
        server.keep_output(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts, one after another."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def route_output() -> None:
    """Make `sys.stdout` and `sys.stderr` know the servers' threads; a second call does nothing.

    Children count too: a thread that a server's thread starts belongs to that server. Python
    does not tell who started a thread, so `Thread.start` is asked to remember it.
    """
    if not isinstance(sys.stdout, Router):
        sys.stdout = Router(sys.stdout)
    if not isinstance(sys.stderr, Router):
        sys.stderr = Router(sys.stderr)
    _route_loggers(sys.stdout, sys.stderr)
    if not hasattr(threading.Thread.start, "remembers_household"):
        threading.Thread.start = _remembering(threading.Thread.start)


def _route_loggers(*routers: Any) -> None:
    """Let handlers of `logging` that were made before the streams were routed follow them."""
    logging = sys.modules.get("logging")
    for known in list(logging._handlerList) if logging else ():
        handler = known() if isinstance(known, weakref.ref) else known
        stream = getattr(handler, "stream", None)
        for router in routers:
            if stream is not None and stream is router.stream:
                handler.setStream(router)


def _remembering(
    start: Callable[[threading.Thread], None],
) -> Callable[[threading.Thread], None]:
    def start_in_household(thread: threading.Thread) -> None:
        server = household_of_this_thread()
        if server is not None and not hasattr(thread, "_course_household"):
            server.take_in(thread)
        start(thread)

    start_in_household.remembers_household = True
    return start_in_household
