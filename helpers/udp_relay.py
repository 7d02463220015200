"""The relay of a link for datagrams."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from time import perf_counter

from helpers.direction import Direction
from helpers.fates import Fates
from helpers.relay import Relay, widen
from helpers.trace import Trace

BATCH = 64  # datagrams that are read before deliveries are looked at
LARGEST = 65_536  # bytes; more than any datagram has


class Flow:
    """One client's packets: its address, and a socket of its own toward the server."""

    def __init__(self, number: int, client: tuple, upstream: socket.socket) -> None:
        self.number = number
        self.name = f"client {number + 1}"
        self.client = client
        self.upstream = upstream
        self.ways: dict[str, Way] = {}


class Way:
    """A flow in one direction: its fates, and when its last packet is due."""

    def __init__(self, direction: Direction, seed: int, flow: int) -> None:
        self.direction = direction
        self.version = direction.version
        self.fates = Fates(direction.impairments, seed, direction.name, flow)
        self.number = 0
        self.last_due = 0.0


class UdpRelay(Relay):
    """Passes datagrams between clients and a server, each with the fate that is drawn for it.

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
        super().__init__("link for datagrams")
        self._server, self._family = server, family
        self._up, self._down, self._seed, self._trace = up, down, seed, trace
        self._flows: dict[tuple, Flow] = {}
        self.refusals = 0  # errors saying that nobody listens at the server's port
        self._front = socket.socket(family, socket.SOCK_DGRAM)
        widen(self._front)
        self._front.setblocking(False)
        self._front.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        self.address = self._front.getsockname()[:2]
        trace.endpoints["server"] = server[:2]
        self._drops_at_start = self._server_drops()
        self.readers[self._front] = self._read_front

    def kernel_losses(self) -> dict[str, tuple[int | None, int | None]]:
        """Datagrams that full buffers lost (before the link, behind it), for each direction.

        Linux counts them for each socket in /proc/net/udp; elsewhere the answer is None.
        """
        drops = _drops_by_port(self._family)
        if drops is None:
            return {"up": (None, None), "down": (None, None)}
        flows = list(self._flows.values())
        try:
            upstream = sum(drops.get(flow.upstream.getsockname()[1], 0) for flow in flows)
            front = drops.get(self._front.getsockname()[1], 0)
        except OSError:  # closed meanwhile
            return {"up": (None, None), "down": (None, None)}
        server = drops.get(self._server[1], 0) - (self._drops_at_start or 0)
        clients = sum(drops.get(flow.client[1], 0) for flow in flows)
        return {"up": (front, max(0, server)), "down": (upstream, clients)}

    def _server_drops(self) -> int | None:
        drops = _drops_by_port(self._family)
        return None if drops is None else drops.get(self._server[1], 0)

    def _read_front(self) -> None:
        receive = self._front.recvfrom
        for _ in range(BATCH):
            try:
                data, client = receive(LARGEST)
            except BlockingIOError:
                return
            except OSError:  # a client that has gone (on Windows 10054): no news for us
                continue
            flow = self._flows.get(client) or self._new_flow(client)
            if flow is not None:
                self._pass_on(flow, flow.ways["up"], data)

    def _read_upstream(self, flow: Flow) -> None:
        receive = flow.upstream.recv
        for _ in range(BATCH):
            try:
                data = receive(LARGEST)
            except BlockingIOError:
                return
            except OSError:
                self.refusals += 1
                continue
            self._pass_on(flow, flow.ways["down"], data)

    def _new_flow(self, client: tuple) -> Flow | None:
        upstream = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            widen(upstream)
            upstream.setblocking(False)
            upstream.connect(self._server)
        except OSError:
            upstream.close()
            return None
        flow = self._flows[client] = Flow(len(self._flows), client, upstream)
        for direction in (self._up, self._down):
            flow.ways[direction.name] = Way(direction, self._seed, flow.number)
        self._trace.endpoints[flow.name] = client[:2]
        self.readers[upstream] = lambda: self._read_upstream(flow)
        return flow

    def _pass_on(self, flow: Flow, way: Way, data: bytes) -> None:
        direction = way.direction
        now = perf_counter()
        if way.version != direction.version:
            way.version = direction.version
            way.fates.change(direction.impairments)
        direction.sent += 1
        way.number += 1
        cause, delays, keep_order = way.fates.next()
        names = (flow.name, "server") if direction is self._up else ("server", flow.name)
        if cause:
            direction.dropped[cause] += 1
            self._trace.begin(now, *names, "datagram", data, "dropped", cause, way.number)
            return
        fate = "in flight"
        for delay in delays:
            wait = direction.bottleneck.admit(now, len(data)) if direction.bottleneck else 0.0
            if wait is None:
                if fate == "in flight":
                    direction.dropped["queue"] += 1
                self._trace.begin(now, *names, "datagram", data, "dropped", "queue", way.number)
                fate = "duplicate"
                continue
            row = self._trace.begin(now, *names, "datagram", data, fate, "", way.number)
            due = now + delay + wait
            if keep_order:
                due = way.last_due = max(due, way.last_due)
            if due > now:
                self.at(due, self._hand_over, flow, direction, data, row)
            else:
                self._hand_over(flow, direction, data, row)
            fate = "duplicate"

    def _hand_over(self, flow: Flow, direction: Direction, data: bytes, row: list) -> None:
        for _ in range(3):
            try:
                if direction is self._up:
                    flow.upstream.send(data)
                else:
                    self._front.sendto(data, flow.client)
                break
            except ConnectionError:  # about an earlier packet: this one was not sent
                self.refusals += 1
            except OSError:
                if row[6] != "duplicate":
                    direction.dropped["error"] += 1
                self._trace.drop(row, "error")
                return
        if row[6] == "duplicate":
            direction.duplicates += 1
        else:
            direction.delivered += 1
        self._trace.deliver(row, perf_counter())


def _drops_by_port(family: int) -> dict[int, int] | None:
    """How many datagrams each UDP port of this machine has lost to a full buffer (Linux)."""
    table = Path("/proc/net/udp6" if family == socket.AF_INET6 else "/proc/net/udp")
    if os.name != "posix" or not table.exists():
        return None
    drops: dict[int, int] = {}
    for line in table.read_text().splitlines()[1:]:
        fields = line.split()
        port = int(fields[1].rpartition(":")[2], 16)
        drops[port] = drops.get(port, 0) + int(fields[-1])
    return drops
