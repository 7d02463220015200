"""A learner's server function whose listener can be closed, and whose connections are counted."""

from __future__ import annotations

import functools
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from helpers.checks.closing import SOON, shut
from helpers.checks.stage import PATIENCE, PeerSocket, Stage
from helpers.checks.wrong import Wrong
from helpers.learner_code import frames_of_all_threads
from helpers.servers.ending import end_threads
from helpers.servers.served_socket import ServedSocket
from helpers.servers.server_function import check_function
from helpers.servers.servers import Server

SETTLE = 0.05  # seconds for an error that is on its way, when a case has passed


def watched(
    send_buffer: int | None = None,
) -> Callable[[Callable[[Watched, Stage], None]], Callable[[Callable, Stage], None]]:
    """Make a case of a function that gets the learner's function at work, in place of itself.

    Where the case has passed, the peers leave and the listener is closed, as a caller would.

    Args:
        send_buffer: bytes of the system's send buffer of each connection; None for the usual.
    """

    def make(run: Callable[[Watched, Stage], None]) -> Callable[[Callable, Stage], None]:
        @functools.wraps(run)
        def case(function: Callable, stage: Stage) -> None:
            at_work = Watched(function, stage, send_buffer)
            run(at_work, stage)
            at_work.end()

        return case

    return make


class WatchedSocket(ServedSocket):
    """The listener, and each connection that it accepts: they tell the case's `Watched`."""

    @property
    def _watched(self) -> Watched:
        return self._owner.watched

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept, and count it."""
        connection, peer = super().accept()
        self._watched.accepted += 1
        return connection, peer

    def recv(self, *args: Any) -> bytes:
        """Receive, and stand still where the case says so."""
        data = super().recv(*args)
        self._watched.pass_gate()
        return data

    def recv_into(self, *args: Any) -> int:
        """Receive, and stand still where the case says so."""
        size = super().recv_into(*args)
        self._watched.pass_gate()
        return size

    def _real_close(self, *args: Any) -> None:
        if self.is_connection and self.fileno() >= 0:
            self._watched.closed.append(self.fileno())
        super()._real_close(*args)

    def detach(self) -> int:
        """Give the file number away, which counts as closed."""
        if self.is_connection:
            self._watched.closed.append(self.fileno())
        return super().detach()

    def sendall(self, *args: Any) -> None:
        """Send, and note where that leaves bytes unsent."""
        try:
            super().sendall(*args)
        except BlockingIOError:
            self._watched.cut = True
            raise


WatchedSocket.__name__ = WatchedSocket.__qualname__ = "ServedSocket"  # as learners know it


class Watched:
    """A server function at work, as `Stage.run` runs it, with a listener that the case can close.

    Args:
        function: the learner's, of one argument, the listener.
        stage: of the case; it stops the server at the end.
        send_buffer: bytes of the system's send buffer of each connection; None for the usual.

    Attributes:
        server: runs the function.
        threads_before: how many other threads there were before the function began.
        cut: whether `sendall` on a socket that does not block has left some of its bytes unsent.
        accepted: how many connections the function has accepted, at any time.
        closed: the file numbers of those that it has closed; not of those that were collected.
        left_open: how many of them it had not closed when it returned.
        closed_listener: whether the function has closed the listener itself.
    """

    def __init__(
        self,
        function: Callable[[socket.socket], None],
        stage: Stage,
        send_buffer: int | None = None,
    ) -> None:
        check_function(function)
        self.threads_before = len(frames_of_all_threads())
        self.cut = False
        self.accepted = self.left_open = 0
        self.closed: list[int] = []  # a list, as threads may add to it at the same moment
        self.closed_listener = False
        self._stage = stage
        self._returned = threading.Event()
        self._gate: threading.Event | None = None
        self._at_gate = threading.Event()

        @functools.wraps(function)
        def serve(listener: ServedSocket) -> None:
            listener.__class__ = WatchedSocket
            listener._owner.watched = self
            if send_buffer is not None:  # which its connections inherit
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
            try:
                function(listener)
            finally:
                self.left_open = self.accepted - len(self.closed)
                self.closed_listener = (
                    listener.fileno() < 0 and not listener._owner.closed_by_caller
                )
                self._returned.set()

        self.server: Server = stage.run(serve)

    def client(self, timeout: float | None = PATIENCE) -> PeerSocket:
        """A connected client of the function, as `Stage.client` makes them."""
        return self._stage.client(self.server, timeout)

    def settle(self, seconds: float) -> None:
        """Give the function this time at most to deal with all that has reached it.

        Raises:
            ServerCrashed: where it has failed.
        """
        self.server.settle(seconds)

    def wait_for_accepted(self, number: int, seconds: float) -> bool:
        """Wait until so many connections have been accepted; False where that takes longer."""
        return self._wait(lambda: self.accepted >= number, seconds)

    def open_connections(self) -> list[ServedSocket]:
        """The connections that the function has accepted and that are still open."""
        sockets = self._owner.open_sockets()
        return [sock for sock in sockets if sock.is_connection]

    def wait_for_connections(self, number: int, seconds: float = PATIENCE) -> bool:
        """Wait until no more than so many connections are open; False where that takes longer."""
        return self._wait(lambda: len(self.open_connections()) <= number, seconds)

    def _wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self._stage.pause(0.005)
        return True

    @property
    def _owner(self) -> Any:
        return self.server._owner

    # The end of the listener

    def close_listener(self, seconds: float = PATIENCE) -> None:
        """Close the listener as its caller may, and wait until the function has returned.

        A function that waits for it, in `accept` or in a selector, is woken on every system: by a
        client that it does not get. One that looks from time to time finds it closed.

        Raises:
            Wrong: where the function goes on, or has closed the listener itself.
            ServerCrashed: where it failed.
        """
        if self._returned.is_set():
            raise Wrong("Your function has returned while its listener was still open.")
        if not shut(self.server, self._returned.wait, seconds):
            raise Wrong(
                "The listener was closed, as its caller may do, and your function goes on and "
                f"on, in {self.server.place}."
            )
        self.settle(0.2)  # raises where it has failed
        if self.closed_listener:
            raise Wrong("Your function has closed the listener: that is left to its caller.")

    def end(self) -> None:
        """Let all peers leave and close the listener; who does not end then is left to the runner.

        Raises:
            ServerCrashed: where the function has failed before.
        """
        self.settle(SETTLE)
        self._stage.close_peers()
        shut(self.server, self._returned.wait, SOON)
        end_threads(self._owner, self.server._threads, 0.2)
        self.server._take_crash()  # of the end, which only one case is about

    # A moment in the middle of things

    def hold(self) -> None:
        """From now on whoever receives something stops there, until `release`."""
        self._at_gate.clear()
        self._gate = threading.Event()

    def wait_until_held(self, seconds: float = 0.3) -> bool:
        """Wait until the function has received something and stands still; False if it has not."""
        return self._at_gate.wait(seconds)

    def release(self) -> None:
        """Let the function go on."""
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.set()

    def pass_gate(self) -> None:
        """What each receiving call does: stand still where the case says so, a second at most."""
        gate = self._gate
        if gate is not None:
            self._at_gate.set()
            gate.wait(1.0)
