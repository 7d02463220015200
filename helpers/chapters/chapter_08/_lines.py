"""A peer that speaks in lines, for the checks of chapter 08."""

from __future__ import annotations

import contextlib
import socket
from itertools import pairwise

from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Silence

REMEMBERED = 4096  # bytes of what a client has said
MOST = 1 << 20  # bytes that one recv may bring


class Talker:
    """A client of the learner's server that says lines and hears lines.

    Args:
        sock: its connection.
        name: what it is called in messages; its socket's own by default.
    """

    def __init__(self, sock: PeerSocket, name: str = "") -> None:
        self.sock = sock
        self.name = name or sock.name
        self.said = b""  # the last bytes that it has said
        self._rest = bytearray()

    def say(self, data: bytes) -> None:
        """Send this; where the connection is broken, what is heard next says more."""
        self.said = (self.said + data)[-REMEMBERED:]
        with contextlib.suppress(ConnectionError):
            self.sock.sendall(data)

    def hear(self) -> bytes | None:
        """The next line, its newline included; None where the connection has ended.

        Raises:
            Silence: when the line has not come in time.
        """
        at = 0
        while (end := self._rest.find(b"\n", at) + 1) == 0:
            at = len(self._rest)
            try:
                piece = self.sock.recv(MOST)
            except Silence:
                raise
            except ConnectionError:
                piece = b""
            if not piece:
                return None
            self._rest += piece
        line = bytes(self._rest[:end])
        del self._rest[:end]
        return line

    @property
    def half(self) -> bytes:
        """What has come of a line whose end has not."""
        return bytes(self._rest)

    def so_far(self) -> bytes:
        """What has come and was not heard yet, without waiting for more."""
        timeout = self.sock.gettimeout()
        self.sock.settimeout(0.0)
        with contextlib.suppress(OSError):
            self._rest += self.sock.recv(MOST)
        self.sock.settimeout(timeout)
        return bytes(self._rest)

    def end(self) -> None:
        """End this side; what the server says still can be heard."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def vanish(self) -> None:
        """Reset the connection."""
        reset(self.sock)

    def is_ended(self) -> bool:
        """Wait for the end of the server's side; False where it is silent or says more.

        Raises:
            Silence: when nothing has come in time.
        """
        try:
            return not self._rest and not self.sock.recv(MOST)
        except Silence:
            raise
        except ConnectionError:
            return True


def pieces(data: bytes, *cuts: int) -> list[bytes]:
    """These bytes cut at these places."""
    return [data[start:end] for start, end in pairwise((0, *cuts, len(data)))]
