"""One client of a link for datagrams, and its packets in each direction."""

from __future__ import annotations

import socket
from collections.abc import Callable

from helpers.link.direction import Direction
from helpers.link.fates import Fates


class Way:
    """A client's packets in one direction: their fates, and where they go.

    Args:
        direction: what happens to them.
        fates: the fates that are drawn for them.
        names: of the peer that sends them and of the one that they are for.
        send: hands one on.
    """

    __slots__ = (
        "direction", "fates", "last_due", "number", "send", "source", "target", "version",
    )  # fmt: skip

    def __init__(
        self,
        direction: Direction,
        fates: Fates,
        names: tuple[str, str],
        send: Callable[[bytes], object],
    ) -> None:
        self.direction, self.fates, self.send = direction, fates, send
        self.source, self.target = names
        self.version = direction.version  # that of the settings that `fates` were made for
        self.number = 0  # of the last packet
        self.last_due = 0.0


class Flow:
    """One client: its address, a socket of its own toward the server, and both ways."""

    def __init__(self, client: tuple, upstream: socket.socket, up: Way, down: Way) -> None:
        self.client, self.upstream, self.up, self.down = client, upstream, up, down
        self.port = upstream.getsockname()[1]
