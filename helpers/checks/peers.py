"""The check's own ends of a conversation: sockets that are recorded, and scripts beside them."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

from helpers.servers.owner import ServerStopped
from helpers.servers.served_socket import ServedSocket
from helpers.servers.servers import Server

PEER = "check: "  # what the names of all threads and servers of a check begin with
PATIENCE = 1.5  # seconds that a check's client waits, unless told otherwise


class Silence(TimeoutError):
    """A check's client has waited in vain; the text says where the learner's server was then."""


class PeerSocket(ServedSocket):
    """A socket of the check's own, recorded under a name; without one it is not recorded.

    One without a name is for the learner's function. Where it has a timeout, `Stage.time_out` lets
    that run out early.
    """

    name = ""
    server: Server | None = None  # the learner's, where this is its client

    def _record(
        self, kind: str, payload: bytes = b"", from_peer: bool = False, peer: Any = None
    ) -> None:
        address = peer or self._peer
        if self.name and address is not None:
            there = self._owner.peer_name(address)
            ends = (there, self.name) if from_peer else (self.name, there)
            self._owner.trace.record(*ends, kind, payload)

    def connect(self, address: Any) -> None:
        """Connect a UDP socket, whose peer is then known."""
        super().connect(address)
        self._peer = address

    def _patiently(self, event: str, call: Callable, *args: Any, **options: Any) -> Any:
        began = time.monotonic()
        try:
            return super()._patiently(event, call, *args, **options)
        except TimeoutError:
            if self.server is None:
                raise
            # The place is read now: later the server may have moved on.
            place, waited = self.server.place, time.monotonic() - began
            how_long = f" for {waited:.1f} s" if waited >= 0.05 else ""  # "0.0 s" says nothing
            raise Silence(
                f"The client waited{how_long} in vain; your server was in {place}."
            ) from None


# A learner who reads its name in an error shall not look for another kind of socket.
PeerSocket.__name__ = PeerSocket.__qualname__ = "socket"


class Script(threading.Thread):
    """A part of the peer that runs beside the learner's function."""

    def __init__(self, function: Callable[..., Any], args: tuple) -> None:
        super().__init__(name=f"{PEER}{getattr(function, '__name__', 'script')}", daemon=True)
        self._function, self._arguments = function, args
        self._result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Run the function and keep what it returns or raises."""
        try:
            self._result = self._function(*self._arguments)
        except ServerStopped:
            pass
        except BaseException as error:
            self.error = error

    def result(self, timeout: float = PATIENCE) -> Any:
        """Wait for its end, at most `timeout` seconds; returns its value or raises its error.

        Raises:
            TimeoutError: when it has not ended.
        """
        self.join(timeout)
        if self.is_alive():
            raise TimeoutError(f"{self.name} has not ended")
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return self._result


def reset(sock: PeerSocket) -> None:
    """Close with RST in place of FIN: a linger time of zero does that."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock._record("reset")
    sock.name = ""  # its close is not one of its own
    sock.close()
