"""The relay of a link for streams."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections import deque
from dataclasses import dataclass
from time import perf_counter

from helpers.fates import Fates, parse
from helpers.relay import Relay
from helpers.trace import Trace

PENDING = 262_144  # bytes that a pipe holds before it stops reading, so that the sender feels it
GAP = 0.001  # seconds between two slices, so that the receiver can see them apart
WHY_NO_LOSS = (
    "a stream never shows loss: TCP numbers its bytes, and the system sends those again that "
    "were lost, so that a program sees delay in place of gaps. Use delay=, jitter=, rate= or "
    'stall= for a stream, or kind="udp" for packets that are lost'
)
PACKET_SETTINGS = ("loss", "burst", "duplicate", "reorder", "reorder_delay", "script", "queue")


@dataclass(frozen=True)
class StreamSettings:
    """What a link does to a stream in one direction.

    Attributes:
        chunk: bytes of a slice, at most; None for as they come.
        gap: seconds between two slices, at least.
        delay: seconds that each slice takes.
        jitter: seconds that it takes longer at the most; the order stays.
        rate: bytes a second, at most; None for no limit.
        stall_after: bytes after which nothing is delivered any more; None for never.
        close_after: bytes after which the connection is ended, for both sides, by FIN.
        reset_after: bytes after which the connection is reset, for both sides, by RST.
    """

    chunk: int | None = None
    gap: float = GAP
    delay: float = 0.0
    jitter: float = 0.0
    rate: float | None = None
    stall_after: int | None = None
    close_after: int | None = None
    reset_after: int | None = None

    def __post_init__(self) -> None:
        for name, low in (
            ("chunk", 1), ("stall_after", 0), ("close_after", 0), ("reset_after", 0),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"{name} is {value!r}: use a whole number of bytes, or None")
            if value < low:
                raise ValueError(f"{name} is {value}: use {low} or more bytes, or None")
        if isinstance(self.gap, bool) or not 0 <= self.gap <= 60:
            raise ValueError(f"gap is {self.gap!r}: use 0 to 60 seconds")
        parse(delay=self.delay, jitter=self.jitter, rate=self.rate)  # checks their ranges


class Pipe:
    """One direction of one connection: what is read here is delivered there, later."""

    def __init__(
        self, source: socket.socket, target: socket.socket, names: tuple[str, str], way: str
    ) -> None:
        self.source, self.target = source, target
        self.names = names
        self.way = way
        self.settings: StreamSettings | None = None  # those that `fates` were made for
        self.fates: Fates | None = None
        self.taken = 0  # bytes read
        self.pending = 0  # bytes read and not delivered
        self.last_due = 0.0
        self.free_at = 0.0  # when the limited rate has room again
        self.out: deque[tuple[bytes, list]] = deque()  # due, and not yet taken by the target
        self.stalled = False
        self.ended = False  # the source has sent its last byte
        self.finished = False  # the target has been told


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
        super().__init__("link for streams")
        self.settings = settings
        self._server, self._family, self._seed, self._trace = server, family, seed, trace
        self._connections: dict[int, tuple[Pipe, Pipe]] = {}
        self._count = 0
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self._listener = socket.create_server((host, 0), family=family, backlog=128)
        self._listener.setblocking(False)
        self.address = self._listener.getsockname()[:2]
        trace.endpoints["server"] = server[:2]
        self.readers[self._listener] = self._accept

    def break_all(self, reset: bool) -> None:
        """End every connection now, by RST or by FIN. In the relay's thread only."""
        for number in list(self._connections):
            self._end(number, reset)

    def hold_all(self, seconds: float) -> None:
        """Deliver nothing for so long, from now on. In the relay's thread only."""
        until = perf_counter() + seconds
        for pipes in self._connections.values():
            for pipe in pipes:
                pipe.last_due = max(pipe.last_due, until)

    def _accept(self) -> None:
        try:
            client, address = self._listener.accept()
        except OSError:
            return
        upstream = socket.socket(self._family, socket.SOCK_STREAM)
        number, self._count = self._count, self._count + 1
        name = f"client {number + 1}"
        self._trace.endpoints[name] = address[:2]
        row = self._trace.begin(perf_counter(), name, "server", "connect", b"", "in flight")
        try:
            upstream.settimeout(1.0)
            upstream.connect(self._server)
        except OSError:
            self._trace.drop(row, "nobody listens")
            upstream.close()
            _reset(client)
            return
        self._trace.deliver(row, perf_counter())
        for sock in (client, upstream):
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pipes = (
            Pipe(client, upstream, (name, "server"), "up"),
            Pipe(upstream, client, ("server", name), "down"),
        )
        self._connections[number] = pipes
        for pipe in pipes:
            self.readers[pipe.source] = lambda pipe=pipe: self._read(number, pipe)

    def _read(self, number: int, pipe: Pipe) -> None:
        try:
            data = pipe.source.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            self._trace.record(*pipe.names, "reset")
            self._end(number, reset=True)
            return
        now = perf_counter()
        settings = self._settings_of(number, pipe)
        if not data:
            del self.readers[pipe.source]
            pipe.ended = True
            row = self._trace.begin(now, *pipe.names, "end", b"", "in flight")
            if not pipe.stalled:
                self._later(number, pipe, max(pipe.last_due, now + settings.delay), b"", row)
            return
        size = settings.chunk or len(data)
        for start in range(0, len(data), size):
            self._take(number, pipe, settings, data[start : start + size], now)
            if number not in self._connections:
                return
        if pipe.pending > PENDING:
            del self.readers[pipe.source]

    def _settings_of(self, number: int, pipe: Pipe) -> StreamSettings:
        settings = self.settings[pipe.way]
        if settings is not pipe.settings:
            pipe.settings = settings
            impairments = parse(jitter=settings.jitter, delay=settings.delay)
            if pipe.fates is None:
                pipe.fates = Fates(impairments, self._seed, pipe.way, number)
            else:
                pipe.fates.change(impairments)
        return settings

    def _take(
        self, number: int, pipe: Pipe, settings: StreamSettings, data: bytes, now: float
    ) -> None:
        """Put one slice on the timetable, cut where the stream is to stall, close or break."""
        for limit, ending in (
            (settings.reset_after, "reset"),
            (settings.close_after, "close"),
            (settings.stall_after, "stall"),
        ):
            if limit is not None and pipe.taken + len(data) >= limit and not pipe.stalled:
                self._schedule(number, pipe, settings, data[: limit - pipe.taken], now)
                pipe.stalled = True
                if ending != "stall":
                    self.at(pipe.last_due, self._end, number, ending == "reset")
                data = data[max(0, limit - pipe.taken) :]
        if pipe.stalled:
            if data:
                self._trace.begin(now, *pipe.names, "data", data, "in flight")
            return
        self._schedule(number, pipe, settings, data, now)

    def _schedule(
        self, number: int, pipe: Pipe, settings: StreamSettings, data: bytes, now: float
    ) -> None:
        if not data:
            return
        pipe.taken += len(data)
        pipe.pending += len(data)
        row = self._trace.begin(now, *pipe.names, "data", data, "in flight")
        _, (delay,), _ = pipe.fates.next()
        start = now
        if settings.rate:
            start = pipe.free_at = max(now, pipe.free_at) + len(data) / settings.rate
        gap = settings.gap if settings.chunk and pipe.last_due else 0.0
        due = max(start + delay, pipe.last_due + gap)
        self._later(number, pipe, due, data, row)

    def _later(self, number: int, pipe: Pipe, due: float, data: bytes, row: list) -> None:
        pipe.last_due = due
        self.at(due, self._deliver, number, pipe, data, row)

    def _deliver(self, number: int, pipe: Pipe, data: bytes, row: list) -> None:
        if number not in self._connections:
            return
        pipe.out.append((data, row))
        if len(pipe.out) == 1:
            self._write(number, pipe)

    def _write(self, number: int, pipe: Pipe) -> None:
        while pipe.out:
            data, row = pipe.out[0]
            try:
                sent = pipe.target.send(data) if data else 0
                if not data:
                    pipe.target.shutdown(socket.SHUT_WR)
                    pipe.finished = True
            except BlockingIOError:
                self.writers[pipe.target] = lambda: self._write(number, pipe)
                return
            except OSError:
                self._end(number, reset=True)
                return
            if sent < len(data):
                pipe.pending -= sent
                pipe.out[0] = (data[sent:], row)
                continue
            pipe.out.popleft()
            pipe.pending -= len(data)
            self._trace.deliver(row, perf_counter())
        self.writers.pop(pipe.target, None)
        if pipe.pending <= PENDING and not pipe.ended and pipe.source not in self.readers:
            self.readers[pipe.source] = lambda: self._read(number, pipe)
        if all(each.finished for each in self._connections[number]):
            self._end(number, reset=False)

    def _end(self, number: int, reset: bool) -> None:
        pipes = self._connections.pop(number, None)
        if pipes is None:
            return
        for pipe in pipes:
            sock = pipe.source
            self.readers.pop(sock, None)
            self.writers.pop(sock, None)
            if reset:
                _reset(sock)
            else:
                sock.close()


def _reset(sock: socket.socket) -> None:
    """Close a connection with RST in place of FIN: a linger time of zero does that."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
