"""A link between clients and a server that loses, delays and reorders what crosses it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Self

from helpers.link.by_hand import InFlight
from helpers.link.direction import Account, Direction
from helpers.link.impairments import MOST_SECONDS
from helpers.link.ranges import number
from helpers.link.relay import Relay
from helpers.link.streams import PACKET_SETTINGS, StreamSettings
from helpers.link.tcp_relay import TcpRelay
from helpers.link.ticks import make_fine
from helpers.link.udp_relay import UdpRelay
from helpers.servers.listening import reachable
from helpers.trace.trace import Trace
from helpers.uninterrupted import uninterrupted

_running: dict[str, Link] = {}
_registry = threading.RLock()


class Link:
    """A relay on loopback: what clients send to `link.address` reaches the server, and back.

    It runs as soon as it is made. A link of the same name that still runs is stopped first, so
    a cell can be run again. As a context manager it stops at the end, after it has dealt with all
    that has reached it. The first link of a kernel loads numpy, which its fates are drawn with.

    Args:
        server: the server's address, (host, port).
        kind: "udp" or "tcp", as the server's.
        up: settings for client to server that differ from those below.
        down: settings for server to client that differ from those below.
        seed: a whole number. The same seed and the same packets have the same fates.
        name: the link's name; two that run at once need two names.
        settings: what happens to packets in both directions. For "udp" those of
            `helpers.link.settings.parse`: loss, burst, delay, jitter, duplicate, reorder, corrupt,
            mtu, rate, queue, script and so on; for "tcp" those of `StreamSettings`: chunk, delay,
            jitter, rate, stall_after, close_after, reset_after and so on. In seconds, bytes, and
            probabilities from 0 to 1.

    Raises:
        TypeError: for a setting that this kind of link does not know, or an address that is none.
        ValueError: for a value out of range, an unknown kind, and for loss on a stream, which
            does not exist.
        OSError: when the host is not known.
    """

    def __init__(
        self,
        server: tuple[str, int],
        kind: str = "udp",
        *,
        up: Mapping[str, object] | None = None,
        down: Mapping[str, object] | None = None,
        seed: int = 0,
        name: str = "link",
        **settings: object,
    ) -> None:
        make_fine()
        family, address = _resolve(server)
        both = {"up": {**settings, **(up or {})}, "down": {**settings, **(down or {})}}
        self.name = name
        self.kind = kind
        self.trace = Trace()
        self._replaced = False
        if kind == "udp":
            ways = [Direction(way, both[way]) for way in ("up", "down")]
        elif kind == "tcp":
            ways = [StreamWay(self, way, both[way]) for way in ("up", "down")]
        else:
            raise ValueError(f'kind is {kind!r}: use "udp" or "tcp"')
        self.up, self.down = ways
        with uninterrupted(), _registry:
            if name in _running:
                _running[name]._replaced = True
                _running[name].stop()
            self._relay: Relay
            if kind == "udp":
                self._relay = UdpRelay(address, family, *ways, seed, self.trace)
            else:
                streams = {way.name: way.settings for way in ways}
                self._relay = TcpRelay(address, family, streams, seed, self.trace)
            self._relay.start()
            _running[name] = self

    @property
    def address(self) -> tuple[str, int]:
        """Where clients find it: (host, port)."""
        self._report()
        return self._relay.address

    def set(self, **settings: object) -> None:
        """Change settings of both directions, from the next packet on; others stay.

        `link.up.set(...)` and `link.down.set(...)` change one direction.

        Raises:
            TypeError, ValueError: as for a new link.
        """
        self._report()
        for way in (self.up, self.down):
            way.merge(settings)  # raises before either is changed
        for way in (self.up, self.down):
            way.set(**settings)

    def account(self) -> dict[str, Account]:
        """What became of all packets so far, by direction, "up" and "down". Only for "udp".

        Raises:
            ValueError: for a link of streams, whose bytes arrive or stay behind in order.
        """
        self._report()
        if not isinstance(self._relay, UdpRelay):
            raise ValueError("only a link for datagrams counts packets: look at link.trace")
        losses = self._losses or self._relay.kernel_losses()
        return {way.name: way.account(*losses[way.name]) for way in (self.up, self.down)}

    def reset(self) -> None:
        """Reset every connection now, for both sides. Only for "tcp"."""
        relay = self._streams("reset")
        relay.call(relay.break_all, True)

    def close(self) -> None:
        """End every connection now, by FIN, for both sides. Only for "tcp"."""
        relay = self._streams("close")
        relay.call(relay.break_all, False)

    def stall(self, seconds: float) -> None:
        """Deliver nothing to anyone for so many seconds (0 to 60), from now on. Only for "tcp"."""
        relay = self._streams("stall")
        relay.call(relay.hold_all, number("stall", seconds, 0, MOST_SECONDS, " seconds"))

    @property
    def runs(self) -> bool:
        """Whether it passes on what comes: from the start until it is stopped or has failed."""
        return self._relay.is_alive

    @property
    def paused(self) -> bool:
        """Whether it holds all packets, after `pause`. Only for "udp"."""
        return self._packets("pause").paused

    def in_flight(self) -> list[InFlight]:
        """The packets on their way, the one that is due next first. Only for "udp"."""
        return self._packets("in_flight").in_flight()

    def kill(self, packet: int) -> bool:
        """Drop the packet with this id, as `in_flight` gives it; False if it has gone already.

        The trace and the account say that it was dropped, and the cause: "by hand". Only for "udp",
        as what follows.
        """
        relay = self._packets("kill")
        return relay.order(relay.kill, packet)

    def double(self, packet: int) -> bool:
        """Let a copy follow the packet with this id; False if it has gone already."""
        relay = self._packets("double")
        return relay.order(relay.double, packet)

    def hold(self, packet: int, seconds: float) -> bool:
        """Let the packet with this id arrive so much later (0 to 60 s); False if it has gone."""
        relay = self._packets("hold")
        seconds = number("hold", seconds, 0, MOST_SECONDS, " seconds")
        return relay.order(relay.hold, packet, seconds)

    def pause(self) -> None:
        """Hold all packets, and those that come, until `resume`; `step` lets one of them go on."""
        relay = self._packets("pause")
        relay.order(relay.pause)

    def step(self) -> bool:
        """Let the packet that is due next go on now; False where there is none."""
        relay = self._packets("step")
        return relay.order(relay.step)

    def resume(self) -> None:
        """Let the packets that `pause` has held go on, as if no time had passed."""
        relay = self._packets("resume")
        relay.order(relay.resume)

    def settle(self, timeout: float = 1.0) -> bool:
        """Wait until nothing is on its way; True if so within the timeout (seconds)."""
        deadline = time.monotonic() + timeout
        pause = threading.Event()
        while not self._relay.idle:
            if time.monotonic() >= deadline:
                return False
            pause.wait(0.001)
        self._report()
        return True

    def stop(self) -> None:
        """End it and close its sockets. What is still on its way is not delivered any more."""
        with uninterrupted():
            with _registry:
                if _running.get(self.name) is self:
                    del _running[self.name]
            if isinstance(self._relay, UdpRelay) and self._losses is None:
                self._losses = self._relay.kernel_losses()
            self._relay.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.settle()
        finally:
            self.stop()
        if kind is None or issubclass(kind, Exception):  # an interrupt goes on as it is
            self._report()

    def __repr__(self) -> str:
        host, port = self._relay.address
        return f"<Link {self.name!r}: {self.kind} on {host} port {port}>"

    _losses: dict[str, tuple[int | None, int | None]] | None = None

    def _report(self) -> None:
        if self._relay.failure is not None:
            failure, self._relay.failure = self._relay.failure, None
            raise RuntimeError(f"the link {self.name!r} has failed: {failure!r}") from failure
        if self._replaced:
            raise RuntimeError(
                f"this link was stopped when another of the name {self.name!r} was made: "
                'give one of them a name of its own, as in Link(..., name="second")'
            )

    def _packets(self, verb: str) -> UdpRelay:
        if not isinstance(self._relay, UdpRelay):
            raise ValueError(f'only a link of kind "udp" can {verb}: a stream has no packets')
        return self._relay

    def _streams(self, verb: str) -> TcpRelay:
        self._report()
        if not isinstance(self._relay, TcpRelay):
            raise ValueError(f'only a link of kind "tcp" can {verb}: datagrams have no connection')
        return self._relay


class StreamWay:
    """One direction of a link for streams, whose settings can be changed while it runs."""

    def __init__(self, link: Link, name: str, settings: Mapping[str, object]) -> None:
        self.name = name
        self._link = link
        self.settings = _stream_settings(StreamSettings(), settings)

    def merge(self, settings: Mapping[str, object]) -> StreamSettings:
        """These settings with the others as they are; changes nothing."""
        return _stream_settings(self.settings, settings)

    def set(self, **settings: object) -> None:
        """Change these settings and keep the others, from the next bytes on."""
        self.settings = self.merge(settings)
        self._link._relay.settings[self.name] = self.settings


def stop_links() -> None:
    """Stop every link that still runs."""
    for link in list(_running.values()):
        link.stop()


def _stream_settings(old: StreamSettings, changes: Mapping[str, object]) -> StreamSettings:
    known = [field.name for field in fields(StreamSettings)]
    for name in changes:
        if name in PACKET_SETTINGS:
            why = PACKET_SETTINGS[name]
            raise ValueError(f"{name}= is for datagrams. {why[0].upper()}{why[1:]}.")
        if name not in known:
            raise TypeError(
                f"a link for streams has no setting {name!r}: use one of {', '.join(known)}"
            )
    return replace(old, **changes)


def _resolve(server: tuple[str, int]) -> tuple[int, tuple]:
    if not (isinstance(server, tuple) and len(server) >= 2):
        raise TypeError(f"a link needs the server's address, (host, port), not {server!r}")
    host, port = server[:2]
    if isinstance(port, bool) or not isinstance(port, int):
        raise TypeError(f"a port is a whole number, not {port!r}")
    if not 1 <= port <= 65_535:
        raise ValueError(f"the server's port is {port}: use 1 to 65,535")
    family, _, _, _, address = socket.getaddrinfo(host, port)[0]
    return family, (*reachable(address), *address[2:])
