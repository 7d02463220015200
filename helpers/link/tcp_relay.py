"""The relay of a link for streams."""

from __future__ import annotations

import socket
from time import perf_counter

from helpers.link.connection import Common, Connection, end_by_reset
from helpers.link.relay import Relay, warm_up
from helpers.link.streams import Pipe, StreamSettings
from helpers.trace.closes import OWN, expect_close, forget_closes
from helpers.trace.trace import Trace


class TcpRelay(Relay):
    """Passes the bytes of connections between clients and a server, and makes them suffer.

    Args:
        server: the server's socket address, resolved.
        family: its address family.
        settings: what happens in each direction, by "up" and "down"; may be replaced at any time.
        seed: of the jitter.
        trace: where each connection, slice and end is noted.
    """

    def __init__(
        self,
        server: tuple,
        family: int,
        settings: dict[str, StreamSettings],
        seed: int,
        trace: Trace,
    ) -> None:
        warm_up(seed)
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self._listener = socket.create_server((host, 0), family=family, backlog=128)
        super().__init__("link for streams")
        self.settings = settings
        self._common = Common(settings, seed, trace)
        self._server, self._family, self._trace = server, family, trace
        self._connections: dict[int, Connection] = {}
        self._count = 0
        self._listener.setblocking(False)
        self.address = self._listener.getsockname()[:2]
        trace.endpoints["server"] = server[:2]
        self._listen()

    def stop(self) -> None:
        """End the thread and close every socket."""
        super().stop()
        forget_closes(self._trace)
        self._listener.close()
        for connection in self._connections.values():
            # One that is not read just now is in no table of the relay's.
            for pipe in connection.pipes:
                pipe.source.close()

    @property
    def idle(self) -> bool:
        """Whether nothing is left to deliver, and no connection has ended on one side only.

        There the other side's end is about to follow, as a rule, and belongs to the story.
        """
        half = any(each.half_ended for each in list(self._connections.values()))
        return not half and super().idle

    def break_all(self, reset: bool) -> None:
        """End every connection now, by RST or by FIN. In the relay's thread only."""
        for connection in list(self._connections.values()):
            connection.break_off("reset" if reset else "close")

    def hold_all(self, seconds: float) -> None:
        """Deliver nothing for so long, from now on. In the relay's thread only."""
        self._common.held_until = max(self._common.held_until, perf_counter() + seconds)

    def _listen(self) -> None:
        self.readers[self._listener] = self._accept

    def _accept(self) -> None:
        try:
            client, address = self._listener.accept()
        except (BlockingIOError, ConnectionError):  # it has gone again
            return
        except OSError:  # no descriptor left: look again later
            del self.readers[self._listener]
            self.at(perf_counter() + 0.1, self._listen)
            return
        number, self._count = self._count, self._count + 1
        name = f"client {number + 1}"
        self._trace.endpoints[name] = address[:2]
        expect_close(self._trace, OWN, address, name, "server")
        row = self._trace.begin(perf_counter(), name, "server", "connect", b"", "in flight")
        try:
            upstream = socket.socket(self._family, socket.SOCK_STREAM)
        except OSError:  # no descriptor left
            self._trace.drop(row, "error")
            end_by_reset(client)
            return
        for sock in (client, upstream):
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up = Pipe(client, upstream, (name, "server"), "up")
        down = Pipe(upstream, client, ("server", name), "down")
        connection = Connection(self, self._common, number, up, down, self._connections.pop)
        self._connections[number] = connection
        connection.connect(self._server, row)
