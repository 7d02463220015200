"""Closing the listener of a learner's server, as its caller may, and seeing what it does then."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from helpers.checks.wrong import Wrong
from helpers.servers.early import A_LOOK
from helpers.servers.servers import Server

SOON = 0.05  # seconds in which a function that is told of the end by an error has ended
ENOUGH = 0.8  # seconds in which a function that is told has ended, on any machine
SPINNING = 50  # calls of `accept` on a closed listener that no program makes which will end


@dataclass(frozen=True)
class Closed:
    """What a server function has done since its listener was closed.

    Attributes:
        returned: whether it has come to its end, be it with an error.
        accepts: how often it has called `accept` since then. Each call has raised OSError ("Bad
            file descriptor"), and so has the one that waited when the listener was closed.
        place: where it is, as "line 4: `listener.accept()`", if it has not returned.
        error: what ended it, if it was an error; most often that OSError. Nobody else is told.
    """

    returned: bool
    accepts: int
    place: str
    error: BaseException | None

    @property
    def spins(self) -> bool:
        """Whether it calls `accept` on and on, in spite of its errors."""
        return not self.returned and self.accepts >= SPINNING


def close_listener(server: Server, seconds: float) -> Closed:
    """What `Stage.close_listener` does."""
    owner = server._owner
    if _has_ended(server):
        server._raise_crash()
        raise Wrong("Your function has returned while its listener was still open.")

    def ended(wait: float) -> bool:
        """Wait for the function's end, no longer than it is sure that it goes on."""
        deadline = time.monotonic() + wait
        while not _has_ended(server):
            spins = owner.closed_by_caller and owner.refusals >= SPINNING
            if spins or time.monotonic() > deadline:
                return False
            time.sleep(A_LOOK)
        return True

    shut(server, ended, seconds)
    if not _has_ended(server):
        return Closed(False, owner.refusals, server.place, None)
    crash = server._take_crash()
    return Closed(True, owner.refusals, "", None if crash is None else crash.__cause__)


def _has_ended(server: Server) -> bool:
    return not server._main.is_alive()  # by then it has noted its error


def shut(server: Server, returned: Callable[[float], bool], seconds: float) -> bool:
    """Let `accept` refuse, and close the listener; True if the function then returns.

    A function that waits in `accept`, or in a selector, is woken on every system: by a client that
    it does not get. Who does not end then finds the listener closed.

    Args:
        server: at work.
        returned: waits so many seconds for the function's return, and tells whether it has.
        seconds: to wait for it, at the most.
    """
    owner = server._owner
    owner.refusals = 0
    with socket.socket(server._socket.family, socket.SOCK_STREAM) as bell:
        bell.settimeout(0.2)
        with contextlib.suppress(OSError):
            bell.connect(server._address)
        if returned(SOON):
            return True
        owner.closed_by_caller, owner.refusals = True, 0  # before it is: it may end at once
        # A selector that waits for it can only be woken as long as something holds it.
        with contextlib.suppress(OSError):  # it has returned at this moment
            owner.held_open = server._socket.dup()
        server._socket.close()
        return returned(seconds)
