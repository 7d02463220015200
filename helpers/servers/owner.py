"""What the sockets of one server have in common: who wakes them, who closes them, who waits."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
import weakref
from typing import Any

from helpers.servers.early import Early
from helpers.servers.waiting import READ, WRITE, wait_ready
from helpers.trace.trace import Trace

__all__ = ["READ", "WRITE", "Owner", "ServerStopped"]
MANY = 100  # calls in vain after which a loop is slowed down


class ServerStopped(SystemExit):
    """Ends a server's thread at its next call on a socket, once the server has been stopped.

    A kind of SystemExit, since `threading` lets that pass in silence and a learner's
    `except Exception` or `except OSError` does not swallow it.
    """


class Owner:
    """What the sockets of one server share: a line to wake them, a trace, who is open.

    Args:
        server_name: the server's name in the trace.
        trace: where its sockets write what passes.

    Attributes:
        early: lets waits that have a timeout run out early.
        closing: whether its sockets are being closed, so that errors of its threads may come of it.
        refusals: how often `accept` was called since it refuses; None as long as it does not.
        closed_by_caller: whether a check has closed the listener under the server's function.
    """

    def __init__(self, server_name: str, trace: Trace) -> None:
        self.server_name = server_name
        self.trace = trace
        self.stopping = False
        self.closing = False
        self.default_timeout = socket.getdefaulttimeout()  # of the notebook, before the server
        self.sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.parked: dict[int, tuple[int, str]] = {}  # thread -> the file number it waits on
        self.early = Early()
        self.refusals: int | None = None
        self.closed_by_caller = False
        self.held_open: Any = None  # holds the listener's number for who waits for it elsewhere
        self._peers: dict[Any, str] = {}
        self._ignored_stops = 0
        self._lock = threading.Lock()
        self._wake_reader, self._wake_writer = socket.socketpair()

    def wake(self) -> None:
        """Make every wait on a socket of this server end, now and from now on."""
        self.stopping = True
        self._wake_writer.close()

    def close_sockets(self) -> None:
        """Close every socket of this server."""
        self.closing = True
        for sock in self.open_sockets():
            sock.close()
            if sock.fileno() >= 0:  # a file of `makefile` keeps it open
                sock._real_close()

    def close(self) -> None:
        """Close every socket of this server and the line that wakes them."""
        self.close_sockets()
        self._wake_writer.close()
        self._wake_reader.close()
        self.early.close()

    def open_sockets(self) -> list[Any]:
        """The sockets of this server that are still open; each is a `ServedSocket`."""
        with self._lock:
            return [sock for sock in self.sockets if sock.fileno() >= 0]

    def add(self, sock: Any) -> None:
        """Take a `ServedSocket` into this server's care."""
        sock._owner = self
        with self._lock:
            self.sockets.add(sock)

    def leave_if_stopped(self) -> None:
        """Raise ServerStopped in a server's thread if its server has been stopped."""
        if not self.stopping:
            return
        if threading.current_thread() is threading.main_thread():
            raise OSError(f"the server {self.server_name!r} has been stopped, its sockets closed")
        self._ignored_stops += 1
        slow_down(self._ignored_stops)
        raise ServerStopped

    def refuse_if_closed(self) -> None:
        """Raise what `accept` raises on a socket that is closed, if this server's is to."""
        if self.refusals is None:
            return
        self.refusals += 1
        slow_down(self.refusals)
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def wait(self, sock: Any, event: str, deadline: float | None) -> None:
        """Wait until the socket is ready, the deadline has passed, or the server is stopped.

        Raises:
            ServerStopped: when the server is stopped.
            TimeoutError: when the deadline (on the monotonic clock) has passed, or when `early`
                lets the wait end as if it had.
            OSError: when the socket is closed, as a call of the system says it.
        """
        thread, place = threading.get_ident(), (sock.fileno(), event)
        if place[0] < 0:  # another thread has closed it just now
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        places = [place, (self._wake_reader.fileno(), READ)]
        may_end = deadline is not None and sock.may_end_early
        with self.early.waiting() if may_end else contextlib.nullcontext() as line:
            self.parked[thread] = place  # what is parked has its line
            try:
                ready = (wait_ready if line is None else line.wait)(places, deadline)
            finally:
                self.parked.pop(thread, None)
        self.leave_if_stopped()
        if not ready:
            raise TimeoutError("timed out")

    def peer_name(self, address: Any) -> str:
        """A short name for a peer: "client 1" for the first that was seen, and so on."""
        with self._lock:
            return self._peers.setdefault(address, f"client {len(self._peers) + 1}")


def slow_down(times: int) -> None:
    """Let a loop that has met the same error very often not take the whole processor."""
    if times > MANY:
        time.sleep(0.01)
