"""One client's connection through a link: what is read of either side, and delivered later."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from helpers.link.fates import Fates
from helpers.link.relay import Relay
from helpers.link.settings import parse
from helpers.link.streams import Piece, Pipe, StreamSettings
from helpers.trace.closes import PEERS, expect_close
from helpers.trace.trace import Trace

PENDING = 262_144  # bytes that a pipe holds before it stops reading, so that the sender feels it
SLICE_COST = 256  # bytes that a slice counts for at least, as many small ones take room too
READ = 262_144  # bytes that are read at once, at most
SMOOTH = 0.01  # seconds' worth of bytes that a limited rate passes on at once
CONNECTING = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))


@dataclass
class Common:
    """What all connections of a link have in common.

    Attributes:
        settings: what happens in each direction, by "up" and "down"; may be replaced at any time.
        seed: of the jitter.
        trace: where each connection, slice and end is noted.
        held_until: the moment before which nothing is delivered.
    """

    settings: dict[str, StreamSettings]
    seed: int
    trace: Trace
    held_until: float = 0.0


class Connection:
    """A pipe each way between a client and the server, and how they end.

    All of it runs in the relay's thread. It closes both sockets when it ends; where the relay stops
    before, they are the relay's to close.

    Args:
        relay: whose tables and timetable it uses.
        common: what it shares with other connections.
        number: of the connection, counted from 0.
        up, down: what goes each way.
        forget: called with the number when it ends.

    Attributes:
        pipes: up and down.
        ended: whether it has ended, so that nothing is delivered any more.
    """

    def __init__(
        self,
        relay: Relay,
        common: Common,
        number: int,
        up: Pipe,
        down: Pipe,
        forget: Callable[[int], object],
    ) -> None:
        self.pipes = (up, down)
        self.ended = False
        self._relay, self._common, self._number, self._forget = relay, common, number, forget
        self._trace = common.trace

    def connect(self, server: tuple, row: list) -> None:
        """Connect to the server's socket address; `row` is this event's in the trace."""
        upstream = self.pipes[1].source
        if upstream.connect_ex(server) in CONNECTING:
            with contextlib.suppress(OSError):  # refused already
                expect_close(self._trace, PEERS, upstream.getsockname(), "server", row[1])
            self._relay.writers[upstream] = lambda: self._connected(upstream, row)
        else:
            self._refuse(row)

    @property
    def half_ended(self) -> bool:
        """Whether it has ended on one side only, and the other's end is about to follow.

        Not where a side has stalled and the other can't know.
        """
        up, down = self.pipes
        return up.ended != down.ended and not (up.stalled or down.stalled)

    def _connected(self, upstream: socket.socket, row: list) -> None:
        del self._relay.writers[upstream]
        error = upstream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error not in (0, errno.ECONNRESET):
            self._refuse(row)
            return
        self._trace.deliver(row, perf_counter())
        if error:  # the server has accepted, and reset it at once
            self._trace.record("server", row[1], "reset")
            self._end(reset=True)
            return
        for pipe in self.pipes:
            self._resume(pipe)

    def _refuse(self, row: list) -> None:
        self._trace.drop(row, "nobody listens")
        self._end(reset=True)

    def _resume(self, pipe: Pipe) -> None:
        self._relay.readers[pipe.source] = lambda: self._read(pipe)

    def _read(self, pipe: Pipe) -> None:
        settings = self._settings_of(pipe)
        size = settings.chunk
        if size is None and settings.rate:
            size = max(1, int(settings.rate * SMOOTH))
        try:
            data = pipe.source.recv(min(READ, size * SLICE_COST) if size else READ)
        except BlockingIOError:
            return
        except OSError:  # reset by the peer: the other one gets it in its turn
            self._finish(pipe, settings, "reset")
            return
        now = perf_counter()
        if not data:
            self._finish(pipe, settings, "end")
            return
        for start in range(0, len(data), size or len(data)):
            self._take(pipe, settings, data[start : start + (size or len(data))], now)
        if pipe.pending > PENDING:
            del self._relay.readers[pipe.source]

    def _finish(self, pipe: Pipe, settings: StreamSettings, how: str) -> None:
        """Pass on that a peer sends no more, or has reset."""
        now = perf_counter()
        del self._relay.readers[pipe.source]
        pipe.ended = True
        cause = "held" if pipe.stalled else ""
        row = self._trace.begin(now, *pipe.names, how, b"", "in flight", cause)
        if pipe.stalled:
            pipe.held.append(row)
        else:
            self._later(pipe, max(pipe.last_due, now + settings.delay), (b"", row, how))

    def _settings_of(self, pipe: Pipe) -> StreamSettings:
        settings = self._common.settings[pipe.way]
        if settings is not pipe.settings:
            pipe.settings = settings
            impairments = parse(jitter=settings.jitter, delay=settings.delay)
            if pipe.fates is None:
                pipe.fates = Fates(impairments, self._common.seed, pipe.way, self._number)
            else:
                pipe.fates.change(impairments)
        return settings

    def _take(self, pipe: Pipe, settings: StreamSettings, data: bytes, now: float) -> None:
        """Put one slice on the timetable, cut where the stream is to stall, close or break."""
        for limit, ending in (
            (settings.reset_after, "reset"),
            (settings.close_after, "close"),
            (settings.stall_after, "stall"),
        ):
            if limit is not None and pipe.taken + len(data) >= limit and not pipe.stalled:
                room = max(0, limit - pipe.taken)
                self._schedule(pipe, settings, data[:room], now)
                data = data[room:]
                pipe.stalled = True
                if ending != "stall":
                    due = max(pipe.last_due, now + settings.delay)
                    self._later(pipe, due, (b"", [], ending))
        if pipe.stalled:
            if data:
                pipe.pending += max(len(data), SLICE_COST)
                begun = now, *pipe.names, "data", data, "in flight", "held"
                pipe.held.append(self._trace.begin(*begun))
            return
        self._schedule(pipe, settings, data, now)

    def _schedule(self, pipe: Pipe, settings: StreamSettings, data: bytes, now: float) -> None:
        if not data:
            return
        pipe.taken += len(data)
        pipe.pending += max(len(data), SLICE_COST)
        row = self._trace.begin(now, *pipe.names, "data", data, "in flight")
        _, (delay,), _ = pipe.fates.next()
        start = now
        if settings.rate:
            start = pipe.free_at = max(now, pipe.free_at) + len(data) / settings.rate
        gap = settings.gap if settings.chunk and pipe.last_due else 0.0
        due = max(start + delay, pipe.last_due + gap)
        self._later(pipe, due, (data, row, ""))

    def _later(self, pipe: Pipe, due: float, piece: Piece) -> None:
        pipe.last_due = due
        self._relay.at(due, self._deliver, pipe, piece)

    def _deliver(self, pipe: Pipe, piece: Piece) -> None:
        if self.ended:
            return
        pipe.out.append(piece)
        if len(pipe.out) == 1:
            self._write(pipe)

    def _write(self, pipe: Pipe) -> None:
        """Deliver what is due, as far as the target takes it."""
        if self.ended:
            return
        self._relay.writers.pop(pipe.target, None)
        if perf_counter() < self._common.held_until:
            self._relay.at(self._common.held_until, self._write, pipe)
            return
        while pipe.out:
            data, row, ending = pipe.out[0]
            try:
                if data:
                    sent = pipe.target.send(data)
                    if sent < len(data):
                        pipe.out[0] = (memoryview(data)[sent:], row, ending)  # no copy of the rest
                        continue
                elif ending == "end":
                    pipe.target.shutdown(socket.SHUT_WR)
                    pipe.finished = True
            except BlockingIOError:
                self._relay.writers[pipe.target] = lambda: self._write(pipe)
                return
            except OSError:  # the target has gone
                self._trace.record(*reversed(pipe.names), "reset")
                self._end(reset=True)
                return
            pipe.out.popleft()
            if row:
                self._trace.deliver(row, perf_counter())
            if data:
                pipe.pending -= max(row[4], SLICE_COST)
            elif ending == "reset" and row:  # by the other peer, and noted already
                self._end(reset=True)
                return
            elif ending != "end":
                self.break_off(ending)
                return
        if pipe.pending <= PENDING and not pipe.ended and pipe.source not in self._relay.readers:
            self._resume(pipe)
        if all(each.finished for each in self.pipes):
            self._end(reset=False)

    def break_off(self, how: str) -> None:
        """End it on the link's own account, by "reset" or by "close"."""
        for pipe in self.pipes:
            now = perf_counter()
            row = self._trace.begin(now, *pipe.names, how, b"", "delivered", "link")
            self._trace.deliver(row, now)
        self._end(how == "reset")

    def _end(self, reset: bool) -> None:
        self.ended = True
        self._forget(self._number)
        lost = [row for pipe in self.pipes for row in pipe.held]
        lost += [row for pipe in self.pipes for _, row, _ in pipe.out]
        lost += [row for _, (_, row, _) in self._relay.scheduled(self._deliver)]
        for row in lost:
            if row:
                self._trace.drop(row, "connection ended")
        for pipe in self.pipes:
            sock = pipe.source
            self._relay.readers.pop(sock, None)
            self._relay.writers.pop(sock, None)
            if reset:
                end_by_reset(sock)
            elif pipe.ended:
                sock.close()
            else:
                self._take_leave(sock)

    def _take_leave(self, sock: socket.socket) -> None:
        """Close by FIN. Bytes that are not read would turn it into RST, so read on for a while."""
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_WR)
        left = PENDING

        def discard() -> None:
            nonlocal left
            try:
                data = sock.recv(READ)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            left -= len(data)
            if not data or left <= 0:
                del self._relay.readers[sock]
                sock.close()

        self._relay.readers[sock] = discard


def end_by_reset(sock: socket.socket) -> None:
    """Close a connection with RST in place of FIN: a linger time of zero does that."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
