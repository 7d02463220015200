"""The relay of a link for streams."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from time import perf_counter

from helpers.link.fates import Fates, parse
from helpers.link.relay import Relay, warm_up
from helpers.link.streams import Piece, Pipe, StreamSettings
from helpers.trace.trace import Trace

PENDING = 262_144  # bytes that a pipe holds before it stops reading, so that the sender feels it
SLICE_COST = 256  # bytes that a slice counts for at least, as many small ones take room too
READ = 65_536  # bytes that are read at once, at most
SMOOTH = 0.01  # seconds' worth of bytes that a limited rate passes on at once
CONNECTING = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))


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
        self._server, self._family, self._seed, self._trace = server, family, seed, trace
        self._connections: dict[int, tuple[Pipe, Pipe]] = {}
        self._count = 0
        self._held_until = 0.0
        self._listener.setblocking(False)
        self.address = self._listener.getsockname()[:2]
        trace.endpoints["server"] = server[:2]
        self._listen()

    def stop(self) -> None:
        """End the thread and close every socket."""
        super().stop()
        self._listener.close()
        for pipes in self._connections.values():
            for pipe in pipes:  # one that is not read just now is in no table of the relay's
                pipe.source.close()

    @property
    def idle(self) -> bool:
        """Whether nothing is left to deliver, and no connection has ended on one side only.

        There the other side's end is about to follow, as a rule, and belongs to the story; not
        where a side has stalled and the other can't know.
        """
        half = any(
            up.ended != down.ended and not (up.stalled or down.stalled)
            for up, down in list(self._connections.values())
        )
        return not half and super().idle

    def break_all(self, reset: bool) -> None:
        """End every connection now, by RST or by FIN. In the relay's thread only."""
        for number in list(self._connections):
            self._break(number, "reset" if reset else "close")

    def hold_all(self, seconds: float) -> None:
        """Deliver nothing for so long, from now on. In the relay's thread only."""
        self._held_until = max(self._held_until, perf_counter() + seconds)

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
        row = self._trace.begin(perf_counter(), name, "server", "connect", b"", "in flight")
        try:
            upstream = socket.socket(self._family, socket.SOCK_STREAM)
        except OSError:  # no descriptor left
            self._trace.drop(row, "error")
            _reset(client)
            return
        for sock in (client, upstream):
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up = Pipe(client, upstream, (name, "server"), "up")
        down = Pipe(upstream, client, ("server", name), "down")
        self._connections[number] = (up, down)
        if upstream.connect_ex(self._server) in CONNECTING:
            self.writers[upstream] = lambda: self._connected(number, upstream, row)
        else:
            self._refuse(number, row)

    def _connected(self, number: int, upstream: socket.socket, row: list) -> None:
        del self.writers[upstream]
        error = upstream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error not in (0, errno.ECONNRESET):
            self._refuse(number, row)
            return
        self._trace.deliver(row, perf_counter())
        if error:  # the server has accepted, and reset it at once
            self._trace.record("server", row[1], "reset")
            self._end(number, reset=True)
            return
        for pipe in self._connections[number]:
            self._resume(number, pipe)

    def _refuse(self, number: int, row: list) -> None:
        self._trace.drop(row, "nobody listens")
        self._end(number, reset=True)

    def _resume(self, number: int, pipe: Pipe) -> None:
        self.readers[pipe.source] = lambda: self._read(number, pipe)

    def _read(self, number: int, pipe: Pipe) -> None:
        settings = self._settings_of(number, pipe)
        size = settings.chunk
        if size is None and settings.rate:
            size = max(1, int(settings.rate * SMOOTH))
        try:
            data = pipe.source.recv(min(READ, size * SLICE_COST) if size else READ)
        except BlockingIOError:
            return
        except OSError:  # reset by the peer: the other one gets it in its turn
            self._finish(number, pipe, settings, "reset")
            return
        now = perf_counter()
        if not data:
            self._finish(number, pipe, settings, "end")
            return
        for start in range(0, len(data), size or len(data)):
            self._take(number, pipe, settings, data[start : start + (size or len(data))], now)
        if pipe.pending > PENDING:
            del self.readers[pipe.source]

    def _finish(self, number: int, pipe: Pipe, settings: StreamSettings, how: str) -> None:
        """Pass on that a peer sends no more, or has reset."""
        now = perf_counter()
        del self.readers[pipe.source]
        pipe.ended = True
        row = self._trace.begin(now, *pipe.names, how, b"", "in flight")
        if not pipe.stalled:
            self._later(number, pipe, max(pipe.last_due, now + settings.delay), (b"", row, how))

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
                room = max(0, limit - pipe.taken)
                self._schedule(number, pipe, settings, data[:room], now)
                data = data[room:]
                pipe.stalled = True
                if ending != "stall":
                    due = max(pipe.last_due, now + settings.delay)
                    self._later(number, pipe, due, (b"", [], ending))
        if pipe.stalled:
            if data:
                pipe.pending += max(len(data), SLICE_COST)
                pipe.held.append(self._trace.begin(now, *pipe.names, "data", data, "in flight"))
            return
        self._schedule(number, pipe, settings, data, now)

    def _schedule(
        self, number: int, pipe: Pipe, settings: StreamSettings, data: bytes, now: float
    ) -> None:
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
        self._later(number, pipe, due, (data, row, ""))

    def _later(self, number: int, pipe: Pipe, due: float, piece: Piece) -> None:
        pipe.last_due = due
        self.at(due, self._deliver, number, pipe, piece)

    def _deliver(self, number: int, pipe: Pipe, piece: Piece) -> None:
        if number not in self._connections:
            return
        pipe.out.append(piece)
        if len(pipe.out) == 1:
            self._write(number, pipe)

    def _write(self, number: int, pipe: Pipe) -> None:
        """Deliver what is due, as far as the target takes it."""
        if number not in self._connections:
            return
        self.writers.pop(pipe.target, None)
        if perf_counter() < self._held_until:
            self.at(self._held_until, self._write, number, pipe)
            return
        while pipe.out:
            data, row, ending = pipe.out[0]
            try:
                if data:
                    sent = pipe.target.send(data)
                    if sent < len(data):
                        pipe.out[0] = (data[sent:], row, ending)
                        continue
                elif ending == "end":
                    pipe.target.shutdown(socket.SHUT_WR)
                    pipe.finished = True
            except BlockingIOError:
                self.writers[pipe.target] = lambda: self._write(number, pipe)
                return
            except OSError:  # the target has gone
                self._trace.record(*reversed(pipe.names), "reset")
                self._end(number, reset=True)
                return
            pipe.out.popleft()
            if row:
                self._trace.deliver(row, perf_counter())
            if data:
                pipe.pending -= max(row[4], SLICE_COST)
            elif ending == "reset" and row:  # by the other peer, and noted already
                self._end(number, reset=True)
                return
            elif ending != "end":
                self._break(number, ending)
                return
        if pipe.pending <= PENDING and not pipe.ended and pipe.source not in self.readers:
            self._resume(number, pipe)
        if all(each.finished for each in self._connections[number]):
            self._end(number, reset=False)

    def _break(self, number: int, how: str) -> None:
        """End a connection on the link's own account, by "reset" or by "close"."""
        for pipe in self._connections[number]:
            now = perf_counter()
            row = self._trace.begin(now, *pipe.names, how, b"", "delivered", "link")
            self._trace.deliver(row, now)
        self._end(number, how == "reset")

    def _end(self, number: int, reset: bool) -> None:
        pipes = self._connections.pop(number)
        lost = [row for pipe in pipes for row in pipe.held]
        lost += [row for pipe in pipes for _, row, _ in pipe.out]
        for _, _, action, arguments in list(self._timetable):
            if action == self._deliver and arguments[0] == number:
                lost.append(arguments[2][1])
        for row in lost:
            if row:
                self._trace.drop(row, "connection ended")
        for pipe in pipes:
            sock = pipe.source
            self.readers.pop(sock, None)
            self.writers.pop(sock, None)
            if reset:
                _reset(sock)
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
                del self.readers[sock]
                sock.close()

        self.readers[sock] = discard


def _reset(sock: socket.socket) -> None:
    """Close a connection with RST in place of FIN: a linger time of zero does that."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
