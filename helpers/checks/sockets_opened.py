"""Which sockets a learner's code has opened in a check, and which of them it has closed."""

from __future__ import annotations

import contextlib
import socket
import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.learner_code import is_learners, line_of_frame
from helpers.servers.server_output import Household, household_of_this_thread
from helpers.trace.closes import tell_close

_HELPERS = str(Path(__file__).resolve().parents[1])


@dataclass
class Opened:
    """A socket that the learner's code has opened.

    Attributes:
        reference: to the socket, as long as anybody holds it.
        what: "TCP socket" or "UDP socket".
        place: the learner's line that opened it, as "line 4 of ask: `socket.socket()`".
        closed: whether it was closed (or handed on by its number), not left to be collected.
        household: that of the thread that opened it.
    """

    reference: weakref.ref[socket.socket]
    what: str
    place: str
    closed: bool = False
    household: Household | None = None

    @property
    def open_socket(self) -> socket.socket | None:
        """The socket, if it is still there and open."""
        sock = self.reference()
        return sock if sock is not None and sock.fileno() >= 0 else None

    def __str__(self) -> str:
        return f"the {self.what} of {self.place}"


class SocketLog:
    """Notes each socket that the learner's code opens in the threads of a check.

    Args:
        is_ours: tells whether the calling thread belongs to the check.
    """

    def __init__(self, is_ours: Callable[[], bool]) -> None:
        self.opened: list[Opened] = []
        self._is_ours = is_ours
        self._by_socket: weakref.WeakKeyDictionary[socket.socket, Opened] = (
            weakref.WeakKeyDictionary()
        )

    def replacements(self) -> dict[str, Callable]:
        """Methods for `socket.socket`, in place of its own, that tell this log."""
        init, real_close = socket.socket.__init__, socket.socket._real_close
        detach = socket.socket.detach

        def __init__(sock: socket.socket, *args: Any, **options: Any) -> None:
            init(sock, *args, **options)
            if self._is_ours():
                self._note(sock)

        def _real_close(sock: socket.socket, *args: Any) -> None:
            self._note_closed(sock)
            if sock in self._by_socket and sock.type == socket.SOCK_STREAM:
                tell_close(sock)
            real_close(sock, *args)

        def detaching(sock: socket.socket) -> int:
            self._note_closed(sock)
            return detach(sock)

        return {"__init__": __init__, "_real_close": _real_close, "detach": detaching}

    def unclosed(self) -> list[Opened]:
        """Those that nobody has closed, also where Python has collected them since."""
        return [each for each in self.opened if not each.closed]

    def unclosed_by(self, household: Household) -> list[Opened]:
        """Those of the threads of one household."""
        return [each for each in self.unclosed() if each.household is household]

    def still_open(self) -> list[Opened]:
        """Those that are open at this moment."""
        return [each for each in self.opened if each.open_socket is not None]

    def _note(self, sock: socket.socket) -> None:
        place = _learners_caller()
        if place is None:
            return
        kind = "UDP" if sock.type == socket.SOCK_DGRAM else "TCP"
        entry = Opened(weakref.ref(sock), f"{kind} socket", place)
        entry.household = household_of_this_thread()
        self.opened.append(entry)
        self._by_socket[sock] = entry

    def _note_closed(self, sock: socket.socket) -> None:
        entry = self._by_socket.get(sock)
        if entry is not None:
            entry.closed = True


def _learners_caller() -> str | None:
    """The learner's line that this call comes from; None where the course's own code is nearer."""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if is_learners(file):
            return line_of_frame(frame)
        if file.startswith(_HELPERS) and file != __file__:
            return None
        frame = frame.f_back
    return None


def address_of(sock: socket.socket) -> str:
    """Where a socket leads to or is bound, as " (connected to 127.0.0.1 port 80)"; or empty."""
    for ask, words in ((sock.getpeername, "connected to"), (sock.getsockname, "bound to")):
        with contextlib.suppress(OSError):
            address = ask()
            if isinstance(address, tuple) and address[1]:
                return f" ({words} {address[0]} port {address[1]})"
    return ""
