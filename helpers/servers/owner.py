"""What the sockets of one server have in common: who wakes them, who closes them, who waits."""

from __future__ import annotations

import select
import socket
import threading
import time
import weakref
from typing import Any

from helpers.trace.trace import Trace

READ, WRITE = "read", "write"


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
    """

    def __init__(self, server_name: str, trace: Trace) -> None:
        self.server_name = server_name
        self.trace = trace
        self.stopping = False
        self.default_timeout = socket.getdefaulttimeout()  # of the notebook, before the server
        self.sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.parked: dict[int, tuple[int, str]] = {}  # thread -> the file number it waits on
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
        for sock in self.open_sockets():
            sock.close()
            if sock.fileno() >= 0:  # a file of `makefile` keeps it open
                sock._real_close()

    def close(self) -> None:
        """Close every socket of this server and the line that wakes them."""
        self.close_sockets()
        self._wake_writer.close()
        self._wake_reader.close()

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
        if self._ignored_stops > 100:
            time.sleep(0.01)  # a bare `except:` in a loop must not take the whole processor
        raise ServerStopped

    def wait(self, sock: socket.socket, event: str, deadline: float | None) -> None:
        """Wait until the socket is ready, the deadline has passed, or the server is stopped.

        Raises:
            ServerStopped: when the server is stopped.
            TimeoutError: when the deadline (on the monotonic clock) has passed.
        """
        thread, number = threading.get_ident(), sock.fileno()
        seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
        self.parked[thread] = (number, event)
        try:
            ready = wait_ready(number, event, self._wake_reader.fileno(), seconds)
        finally:
            self.parked.pop(thread, None)
        self.leave_if_stopped()
        if not ready:
            raise TimeoutError("timed out")

    def peer_name(self, address: Any) -> str:
        """A short name for a peer: "client 1" for the first that was seen, and so on."""
        with self._lock:
            return self._peers.setdefault(address, f"client {len(self._peers) + 1}")


def wait_ready(number: int, event: str, waker: int, seconds: float | None) -> bool:
    """Wait until a file number is ready or the waker is readable; False when the time is up.

    `poll` where there is one, as `select` fails for file numbers of 1,024 and more.
    """
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(number, select.POLLIN if event == READ else select.POLLOUT)
        poller.register(waker, select.POLLIN)
        return bool(poller.poll(None if seconds is None else seconds * 1000))
    readers = [number, waker] if event == READ else [waker]
    writers = [number] if event == WRITE else []
    return any(select.select(readers, writers, writers, seconds))
