"""The relay of a link for datagrams."""

from __future__ import annotations

import socket
from collections.abc import Callable
from itertools import islice, repeat
from operator import call
from time import perf_counter
from typing import Any

from helpers.link.by_hand import ByHand
from helpers.link.direction import Direction
from helpers.link.fates import Fates, damaged
from helpers.link.flow import Flow, Way
from helpers.link.kernel_drops import drops_by_port
from helpers.link.relay import warm_up, widen
from helpers.link.timetable import Packet, put, take_due
from helpers.trace.trace import CAUSE, DELIVERED, FATE, Trace

BATCH = 256  # datagrams that are read before deliveries are looked at, and delivered in a row
CROWD = 200  # packets on their way
STREAM = 64  # packets in a row in one direction: more than are sent before an answer is awaited
PORTION = 8  # packets of a stream that are read at once, from which on it is a fast one
STAMPED = 16  # system calls in a row, after which the clock is read
LARGEST = 65_536  # bytes; more than any datagram has


class UdpRelay(ByHand):
    """Passes datagrams between clients and a server, each with the fate that is drawn for it.

    Speed comes from batches: first all reads, then all fates, then all sends. After a system call
    the processor has forgotten where Python's own code branches, so none of it stands between two
    of them but the clock, now and then.

    Args:
        server: the server's socket address, resolved.
        family: its address family.
        up, down: what happens to packets in each direction.
        seed: of all fates.
        trace: where each packet and its fate are noted.
    """

    def __init__(
        self,
        server: tuple,
        family: int,
        up: Direction,
        down: Direction,
        seed: int,
        trace: Trace,
    ) -> None:
        warm_up(seed)
        self._front = _open_front(family)
        super().__init__("link for datagrams")
        self._server, self._family = server, family
        self._up, self._down, self._seed, self._trace = up, down, seed, trace
        self._both = (up, down)
        self._flows: dict[tuple, Flow] = {}
        self._packets: list[Packet] = []
        # The direction of the last packets, how many came in a row, and the last turn with many.
        self._stream: tuple[Direction, int, int] = (up, 0, 0)
        self.refusals = 0  # errors saying that nobody listens at the server's port
        self.address = self._front.getsockname()[:2]
        trace.endpoints["server"] = server[:2]
        self._drops_at_start = drops_by_port(family) or {}
        self.readers[self._front] = self._read_front

    def kernel_losses(self) -> dict[str, tuple[int | None, int | None]]:
        """Datagrams that full buffers lost (before the link, behind it), for each direction.

        Linux counts them for each open socket in /proc/net/udp; elsewhere the answer is None.
        """
        drops = drops_by_port(self._family)
        if drops is None:
            return {"up": (None, None), "down": (None, None)}
        flows = list(self._flows.values())

        def since_start(ports: list[int]) -> int | None:
            if not all(port in drops for port in ports):
                return None
            return sum(max(0, drops[port] - self._drops_at_start.get(port, 0)) for port in ports)

        before = since_start([self.address[1]])
        after = since_start([self._server[1]]) if self._up.delivered else 0
        upstream = since_start([flow.port for flow in flows])
        clients = since_start([flow.client[1] for flow in flows if flow.down.number])
        return {"up": (before, after), "down": (upstream, clients)}

    def _read_front(self) -> None:
        batch, moments, _ = _read_all(self._front.recvfrom)  # an error is about a client that left
        packets, clients = zip(*batch, strict=True) if batch else ((), ())
        start = 0
        while start < len(clients):
            client, end = clients[start], len(clients)
            if clients.count(client) < end - start:
                end = start + 1
                while end < len(clients) and clients[end] == client:
                    end += 1
            self._pass_on_from(client, packets[start:end], moments[start:end])
            start = end

    def _pass_on_from(self, client: tuple, packets: list[bytes], moments: list[float]) -> None:
        """Pass on what one client has sent."""
        flow = self._flows.get(client) or self._new_flow(client)
        if flow is not None:
            self._pass_on(flow.up, packets, moments)
        else:
            self._up.sent += len(packets)
            self._up.dropped["error"] += len(packets)

    def _read_upstream(self, flow: Flow) -> None:
        batch, moments, failed = _read_all(flow.upstream.recv)
        self.refusals += failed
        self._pass_on(flow.down, batch, moments)

    def _new_flow(self, client: tuple) -> Flow | None:
        try:
            upstream = socket.socket(self._family, socket.SOCK_DGRAM)
        except OSError:  # no descriptor left
            return None
        try:
            widen(upstream)
            upstream.setblocking(False)
            upstream.connect(self._server)
        except OSError:
            upstream.close()
            return None
        front, number = self._front, len(self._flows)
        name = f"client {number + 1}"
        fates = [Fates(way.impairments, self._seed, way.name, number) for way in self._both]
        up = Way(self._up, fates[0], (name, "server"), upstream.send)
        down = Way(self._down, fates[1], ("server", name), lambda data: front.sendto(data, client))
        flow = self._flows[client] = Flow(client, upstream, up, down)
        self._trace.endpoints[name] = client[:2]
        self.readers[upstream] = lambda: self._read_upstream(flow)
        return flow

    def _pass_on(self, way: Way, packets: list[bytes], came: list[float]) -> None:
        """Draw the fates of packets, which came at these moments, and schedule them."""
        direction = way.direction
        before, row, turn = self._stream
        row = len(packets) + (row if before is direction else 0)
        self._stream = (direction, row, self._turns if len(packets) >= PORTION else turn)
        if way.version != direction.version:
            way.version = direction.version
            way.fates.change(direction.impairments)
        bottleneck, mtu, damage = direction.bottleneck, direction.mtu, way.fates.damage
        source, target, keep = way.source, way.target, self._trace.keep
        number, last_due = way.number, way.last_due
        overtaken = False
        causes: list[str] = []
        rows: list[list] = []
        leaving: list[Packet] = []
        note, leave = rows.append, leaving.append
        for data, now, (cause, delay, again, in_order) in zip(
            packets, came, way.fates.take(len(packets)), strict=True
        ):
            size, fate = len(data), "in flight"
            harm = damage.pop(number, None) if damage else None
            number += 1
            if size > mtu and not cause:
                cause = "mtu"
            if cause:
                fate = "dropped"
            elif harm is not None and data:
                data, cause = damaged(data, harm), "corrupt"
            while True:  # once for the packet, and once for its copy if there is one
                # A row as `new_row` makes it, without the price of a call.
                head = data if size <= keep else data[:keep]
                row = [now, source, target, "datagram", size, head, fate, cause, None, number]
                note(row)
                if fate == "dropped":
                    causes.append(cause)
                    break
                wait = 0.0 if bottleneck is None else bottleneck.admit(now, size)
                if wait is None:
                    row[FATE], row[CAUSE] = "dropped", "queue"
                    if fate == "in flight":
                        causes.append("queue")
                else:
                    moment = now + wait + delay
                    if moment >= last_due:
                        last_due = moment
                    elif in_order:
                        moment = last_due
                    else:
                        overtaken = True
                    leave((moment, way, data, row))
                if again is None:
                    break
                delay, again, fate = again, None, "duplicate"
        way.number, way.last_due = number, last_due
        self._trace.extend(rows)
        put(self._packets, leaving, overtaken)
        # In this order: who has counted a packet finds it in the trace, and none is counted as
        # dropped that was not sent.
        direction.sent += len(packets)
        if causes:
            direction.dropped.update(causes)

    @property
    def crowded(self) -> bool:
        """Whether so many packets are on their way that each of them need not have its own turn.

        So it is, too, where many come at once in one direction and nobody waits for answers. Then
        a short pause makes larger portions, and a packet costs less.
        """
        _, row, turn = self._stream
        return len(self._packets) > CROWD or (row > STREAM and turn == self._turns)

    def next_due(self) -> float | None:
        """The moment of the next delivery, if there is one."""
        return self._packets[0][0] if self._packets else None

    def deliver_due(self) -> None:
        """Send on what is due now or earlier."""
        packets, now = self._packets, perf_counter()
        while packets and packets[0][0] <= now:
            self._hand_over(take_due(packets, now, BATCH))

    def _hand_over(self, packets: list[Packet]) -> None:
        _, ways, datas, rows = zip(*packets, strict=True)
        calls = map(call, [way.send for way in ways], datas)
        moments: list[float | None] = []
        while len(moments) < len(packets):
            sent: list[int] = []
            failure = None
            try:
                sent.extend(islice(calls, STAMPED))
            except OSError as error:
                failure = error
            moments += [perf_counter()] * len(sent)
            if failure:
                place = len(moments)
                again = self._send_again(ways[place], datas[place], failure)
                moments.append(perf_counter() if again else None)
        for way, row, moment in zip(ways, rows, moments, strict=True):
            fate = row[FATE]
            if moment is None:
                self._trace.drop(row, "error")
                if fate == "in flight":
                    way.direction.dropped["error"] += 1
                continue
            row[DELIVERED] = moment
            if fate == "in flight":
                row[FATE] = "delivered"
                way.direction.delivered += 1
                if row[CAUSE]:
                    row[FATE] = "damaged"
                    way.direction.damaged += 1
            else:
                way.direction.duplicates += 1

    def _send_again(self, way: Way, data: bytes, error: OSError) -> bool:
        """Try twice more after an error that was about an earlier packet; True if it was sent."""
        for _ in range(2):
            if not isinstance(error, ConnectionError):
                break
            self.refusals += 1
            try:
                way.send(data)
            except OSError as another:
                error = another
            else:
                return True
        return False


def _read_all(receive: Callable[[int], Any]) -> tuple[list[Any], list[float], bool]:
    """What a socket has received, a batch at the most, and the moments when it was read.

    The third value is True where an error about an earlier packet ended it; more may follow.
    """
    batch: list[Any] = []
    moments: list[float] = []
    failed = False
    calls = map(receive, repeat(LARGEST, BATCH))
    try:
        while len(batch) == len(moments) < BATCH:
            batch.extend(islice(calls, STAMPED))
            moments += [perf_counter()] * (len(batch) - len(moments))
    except BlockingIOError:
        pass
    except OSError:  # on Windows 10054
        failed = True
    moments += [perf_counter()] * (len(batch) - len(moments))
    return batch, moments, failed


def _open_front(family: int) -> socket.socket:
    """The socket that clients send to."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        widen(sock)
        sock.setblocking(False)
        sock.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
    except OSError:
        sock.close()
        raise
    return sock
