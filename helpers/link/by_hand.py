"""Packets on their way that a reader's hand stops: one is killed, doubled or held, or all wait."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from helpers.link.relay import Relay
from helpers.link.timetable import Packet, put
from helpers.trace.trace import CAUSE, FATE, Trace, new_row

BY_HAND = "by hand"  # the cause of what is killed
LATER = 3600.0  # seconds in which a relay that holds all looks at nothing by itself
SENT, SIZE, HEAD, NUMBER = 0, 4, 5, 9  # places in a trace's row


@dataclass(frozen=True, slots=True)
class InFlight:
    """A packet that the link has taken and not passed on so far.

    Attributes:
        id: what tells it from all others that are on their way with it.
        way: "up" (client to server) or "down".
        source: the name of the peer that it came from.
        target: the name of the peer that it is for.
        head: its first bytes, as many as the trace keeps.
        size: bytes of payload.
        number: among those of its sender in its direction, from 1.
        sent: when it came, on the clock of `time.perf_counter`.
        due: when it is to go on, on the same clock.
        copy: whether it is a copy that the link has added.
    """

    id: int
    way: str
    source: str
    target: str
    head: bytes
    size: int
    number: int
    sent: float
    due: float
    copy: bool


class ByHand(Relay):
    """A relay of packets that a hand can reach into from another thread, as a view's buttons do.

    What no hand asks for costs nothing: an order wakes the relay's thread and is done there,
    between two of its turns, and a relay that holds all packets has other methods for that time.
    """

    _packets: list[Packet]  # by the moment of delivery
    _trace: Trace
    _hand_over: Callable[[list[Packet]], None]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._orders: deque[Callable[[], None]] = deque()
        self._held_since: float | None = None
        self.readers[self._wake_reader] = self._obey

    @property
    def paused(self) -> bool:
        """Whether it holds all packets."""
        return self._held_since is not None

    def in_flight(self) -> list[InFlight]:
        """The packets on their way at this moment, the one that is due next first."""
        found = []
        for due, way, _, row in self._packets.copy():
            name, copy = way.direction.name, row[FATE] == "duplicate"
            found.append(
                InFlight(id(row), name, way.source, way.target, row[HEAD], row[SIZE],
                         row[NUMBER], row[SENT], due, copy)
            )  # fmt: skip
        return found

    def order(self, action: Callable[..., bool], *arguments: object) -> bool:
        """Do this in the relay's thread, and return what it returns; False if that has ended."""
        done, said = threading.Event(), []

        def act() -> None:
            try:
                said.append(action(*arguments))
            finally:
                done.set()

        self._orders.append(act)
        with contextlib.suppress(OSError):  # closed: it has stopped
            self._wake_writer.send(b"!")
        while self._thread.is_alive() and not done.wait(0.05):
            pass
        return bool(said and said[0])

    def _obey(self) -> None:
        self._wake_reader.recv(4096)
        while self._orders:
            self._orders.popleft()()

    # What follows runs in the relay's thread.

    def kill(self, packet: int) -> bool:
        """Take the packet with this id away; False where none has it any more."""
        found = self._take(packet)
        if found is None:
            return False
        _, way, _, row = found
        if row[FATE] != "duplicate":  # a copy is not among those that were sent
            way.direction.dropped[BY_HAND] += 1
        self._trace.drop(row, BY_HAND)
        return True

    def double(self, packet: int) -> bool:
        """Let a copy of it follow now, which takes as long as it; False where it has gone."""
        place = self._place(packet)
        if place is None:
            return False
        due, way, data, row = self._packets[place]
        now, keep = perf_counter(), self._trace.keep
        names = way.source, way.target
        copy = new_row(now, *names, "datagram", data, keep, "duplicate", row[CAUSE], row[NUMBER])
        put(self._packets, [(now + due - row[SENT], way, data, copy)])
        self._trace.extend([copy])
        return True

    def hold(self, packet: int, seconds: float) -> bool:
        """Let it arrive so much later; False where it has gone."""
        found = self._take(packet)
        if found is None:
            return False
        due, way, data, row = found
        put(self._packets, [(due + seconds, way, data, row)])
        return True

    def pause(self) -> bool:
        """Hold all packets, those that come from now on as well."""
        if not self.paused:
            self._held_since = perf_counter()
            # Of this object only, and for this time only: else each turn would have to ask.
            self.next_due = self._due_later
            self.deliver_due = self._deliver_none
        return True

    def resume(self) -> bool:
        """Let all go on, as if no time had passed for them."""
        if self._held_since is None:
            return False
        since, now = self._held_since, perf_counter()
        self._held_since = None
        del self.next_due, self.deliver_due
        # How long each had to go on the link's own clock, which stood still. Of those that came
        # meanwhile all had as long, but for the last digits.
        left = [
            (now + round(due - max(since, row[SENT]), 9), way, data, row)
            for due, way, data, row in self._packets
        ]
        self._packets.clear()
        put(self._packets, left, sort=True)
        for moment, way, _, _ in left:
            way.last_due = max(way.last_due, moment)
        return True

    def step(self) -> bool:
        """Let the packet that is due next go on now; False where there is none."""
        if not self._packets:
            return False
        self._hand_over([self._packets.pop(0)])
        return True

    def _due_later(self) -> float | None:
        return perf_counter() + LATER if self._packets else None

    def _deliver_none(self) -> None:
        pass

    def _place(self, packet: int) -> int | None:
        """Where on the timetable the packet with this id stands."""
        packets = enumerate(self._packets)
        return next((place for place, (_, _, _, row) in packets if id(row) == packet), None)

    def _take(self, packet: int) -> Packet | None:
        place = self._place(packet)
        return None if place is None else self._packets.pop(place)
