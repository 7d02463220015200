"""One end of a window: a sender that goes by a rule, and the receiver that belongs to it."""

from __future__ import annotations

import math
import socket
from collections import Counter
from typing import Any

from helpers.chapters.chapter_06._wire import DATA, HEADER

SLOT = 0.001  # seconds in which one packet may leave
TRIP, TIMER = 8, 16  # slots: there and back, and until a sender repeats
ENOUGH = 3  # later packets that are confirmed tell that one was lost (RFC 5681, section 3.2)
LONGEST = 0.005  # seconds without a look at the timers
RULES = ("stop-and-wait", "Go-Back-N", "Selective Repeat")


class FixedWindow:
    """A window that stays as it is, whatever happens.

    Args:
        size: in packets.
    """

    def __init__(self, size: float) -> None:
        self.size = size

    def acked(self) -> None:
        """A packet was confirmed."""

    def lost(self) -> None:
        """Later packets were confirmed, and this one was not."""

    def timed_out(self) -> None:
        """Nothing was heard for a whole timer."""


class Flow:
    """One sender, and what it has seen.

    Args:
        window: how many packets may be on their way: a number, or an object as the chapter's
            `CongestionWindow`.
        rule: "stop-and-wait", "Go-Back-N" or "Selective Repeat".
        timer: seconds after which what is not confirmed is sent again.
        slot: seconds between two packets; 0 sends as soon as the window has room.
        messages: how many there are; without end unless given.
        size: bytes of a datagram.
        begins: seconds after the start.
        fast: whether three later confirmations count as a loss, before the timer ends.
        numbers: how many numbers there are, after which they begin again; None for enough.

    Attributes:
        sent: the numbers of all packets in the order in which they were sent.
        rtts: (seconds since the start, round trip in seconds) of packets that were sent once.
        sizes: (seconds since the start, the window's size) after each change.
        kept: what has arrived in order, as the receiver has it.
        stall: for how many seconds the machine stood still, at the longest.
    """

    def __init__(
        self,
        window: Any,
        rule: str = "Selective Repeat",
        timer: float = TIMER * SLOT,
        *,
        slot: float = 0.0,
        messages: float = math.inf,
        size: int = 0,
        begins: float = 0.0,
        fast: bool = False,
        numbers: int | None = None,
    ) -> None:
        if rule not in RULES:
            raise ValueError(f"there is no rule {rule!r}: use one of {', '.join(RULES)}")
        self.selective = rule == "Selective Repeat"
        if isinstance(window, (int, float)):
            window = FixedWindow(1 if rule == "stop-and-wait" else window)
        self.window, self.timer, self.slot, self.messages = window, timer, slot, messages
        self.size, self.begins, self.fast, self.numbers = size, begins, fast, numbers
        self.sent: list[int] = []
        self.rtts: list[tuple[float, float]] = []
        self.sizes: list[tuple[float, float]] = []
        self.kept: list[bytes] = []
        self.stall = 0.0
        self._sent_at: dict[int, float] = {}
        self._later: Counter[int] = Counter()
        self._confirmed: set[int] = set()
        self._again: set[int] = set()
        self._missing: set[int] = set()
        self._base = self._fresh = 1
        self._reacted = -math.inf
        self._start = self._turn = 0.0

    @property
    def arrived(self) -> int:
        """How many messages have arrived in order."""
        return len(self.kept)

    @property
    def done(self) -> bool:
        """Whether all is confirmed."""
        return self._base > self.messages

    def open(self, sock: socket.socket, address: tuple, start: float) -> None:
        """Get ready to send by this socket."""
        self._sock, self._address, self._start = sock, address, start
        self._turn = start + self.begins

    def step(self, now: float) -> float:
        """Send what may be sent now; return for how many seconds there is nothing to do."""
        if now < self._start + self.begins:
            return self._turn - now
        while (number := self._next(now)) is not None and now >= self._turn:
            wire = number % self.numbers if self.numbers else number
            payload = b"m%d" % number if self.numbers else b"\0" * (self.size - HEADER.size)
            self._sock.sendto(HEADER.pack(DATA, wire) + payload, self._address)
            if number in self._sent_at:
                self._again.add(number)
            self._sent_at[number] = now
            self._missing.discard(number)
            self._later[number] = 0
            self.sent.append(number)
            self._fresh = max(self._fresh, number + 1)
            self._turn = self._turn + self.slot if self.slot else now
        if number is None:
            self._turn = max(self._turn, now)
            return min(LONGEST, max(0.0, self._sent_at.get(self._base, now) + self.timer - now))
        return self._turn - now

    def _next(self, now: float) -> int | None:
        """The number to send next; None where the window has no room for any."""
        late = next((n for n in range(self._base, self._fresh) if self._is_late(n, now)), None)
        number = self._fresh if late is None else late
        if late is not None and late not in self._missing:
            self._react(self.window.timed_out, late, now)
        if late is not None and not self.selective:
            number = self._fresh = self._base
        room = min(self._base + max(1, int(self.window.size)), self.messages + 1)
        return number if number < room else None

    def _is_late(self, number: int, now: float) -> bool:
        if number in self._confirmed:
            return False
        return number in self._missing or self._sent_at[number] <= now - self.timer

    def _react(self, how: Any, number: int, now: float) -> None:
        """Tell the window of a loss, once for all that were on their way with it."""
        if self._sent_at[number] > self._reacted:
            self._reacted = now
            how()
            self._note(now)

    def _note(self, now: float) -> None:
        self.sizes.append((now - self._start, self.window.size))

    def hear(self, wire: int, now: float) -> None:
        """Take an ACK."""
        number = wire
        if self.numbers:
            flying = (n for n in range(self._base, self._fresh) if n % self.numbers == wire)
            number = next(flying, 0)
        if not self._base <= number < self._fresh or number in self._confirmed:
            return
        if number not in self._again:
            self.rtts.append((now - self._start, now - self._sent_at[number]))
        new = [number] if self.selective else range(self._base, number + 1)
        for _ in new:
            self.window.acked()
        self._note(now)
        self._confirmed.update(new)
        while self._base in self._confirmed:
            self._base += 1
        self._fresh = max(self._fresh, self._base)
        if self.fast:
            self._count_later(number, now)

    def _count_later(self, number: int, now: float) -> None:
        for each in range(self._base, number):
            if each not in self._confirmed and self._sent_at[each] < self._sent_at[number]:
                self._later[each] += 1
                if self._later[each] == ENOUGH:
                    self._missing.add(each)
                    self._react(self.window.lost, each, now)


class Receiver:
    """What the far end keeps of one sender, and what it answers."""

    def __init__(self, flow: Flow) -> None:
        self._flow, self._wanted, self._early = flow, 1, {}

    def take(self, wire: int, payload: bytes) -> int:
        """Take a packet; return the number of its ACK."""
        flow, number = self._flow, wire
        if flow.numbers:
            # A number stands for the packet that is wanted and has it, where there is one.
            wanted = range(self._wanted, self._wanted + int(flow.window.size))
            number = next((n for n in wanted if n % flow.numbers == wire), 0)
        if number >= self._wanted and (flow.selective or number == self._wanted):
            self._early.setdefault(number, payload)
        while self._wanted in self._early:
            flow.kept.append(self._early.pop(self._wanted))
            self._wanted += 1
        return wire if flow.selective else self._wanted - 1
