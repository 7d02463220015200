"""Whether a server asks on and on while nobody wants anything of it."""

from __future__ import annotations

from typing import Any

from helpers.checks.processor import spins as keeps_busy
from helpers.checks.stage import Stage
from helpers.servers.served_socket import ServedSocket
from helpers.servers.servers import Server

IDLE = 0.03  # seconds in which nobody says anything
MOST = 100  # calls in vain in that time: who waits a millisecond between two makes 30


class CountedSocket(ServedSocket):
    """The listener, and each connection that it accepts: their calls in vain are counted."""

    in_vain = 0

    def _patiently(self, *args: Any, **options: Any) -> Any:
        try:
            return super()._patiently(*args, **options)
        except BlockingIOError:
            CountedSocket.in_vain += 1  # of all: one check runs at a time
            raise


CountedSocket.__name__ = CountedSocket.__qualname__ = "ServedSocket"  # as learners know it


def count_calls(server: Server) -> None:
    """Count the calls in vain of a server's sockets from now on."""
    server._socket.__class__ = CountedSocket


def spins(stage: Stage, server: Server) -> bool:
    """Whether a server calls `accept` or `recv` on and on, on a socket that does not block.

    One that looks from time to time, and waits meanwhile, does not.
    """
    server.settle(0.1)
    before = CountedSocket.in_vain

    def many() -> bool:
        return CountedSocket.in_vain - before >= MOST

    stage.pause(IDLE)
    # On a machine that has much to do the server may get no processor in so short a time.
    return many() or (keeps_busy(server._threads) and many())
