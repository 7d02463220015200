"""The receiver that the checks of chapter 06 put before a sender, and what it finds wrong."""

from __future__ import annotations

import contextlib
import math
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06 import _verdicts as verdicts
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._wire import DATA, END, TRIES
from helpers.checks.peers import PeerSocket
from helpers.checks.second_try import Missing
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

MOST = TRIES + 5  # transmissions of one datagram without progress, before it is enough
RECEIVER = "receiver"
HUNG = 1.0  # seconds until a receiver that has been told to end has done so
REMINDER = 0.05  # seconds until it is told again


@dataclass(frozen=True)
class Came:
    """A datagram that reached the receiver: the `times`-th of its kind and number."""

    kind: int
    number: int
    payload: bytes
    times: int
    at: float
    sender: Any
    datagram: bytes

    def is_data(self, number: int) -> bool:
        """Whether it is this message."""
        return self.kind == DATA and self.number == number


class Receiver:
    """The check's receiver: what it does at each datagram is up to the case.

    It notes all that comes, and looks whether it may come now: a message that is none, or one that
    is sent although the window is full. After the first such it is kind to its sender, so that
    this comes to an end.

    Args:
        stage: of the case, which ends it.
        messages: that are to come.
        window: how many of them may be unconfirmed.
        script: called with the receiver and a `Came` for each datagram that is in order.
        timeout: seconds that the sender waits for an ACK.
        belief: what is behind a datagram that comes too early, right after a bait of the script.

    Attributes:
        verdict: the first thing that it found wrong.
        log: all that came.
        acked: the highest number that it has confirmed.
        baited: when the script last said something misleading, as `time.perf_counter` has it.
        bait_hints: for who takes that for an ACK.
        repeated: whether it has confirmed something a second time.
    """

    def __init__(
        self,
        stage: Stage,
        messages: Sequence[bytes],
        window: int,
        script: Callable[[Receiver, Came], None],
        timeout: float,
        belief: Misconception | None = None,
    ) -> None:
        self.stage, self.messages, self.window = stage, messages, window
        self.verdict: Wrong | None = None
        self.log: list[Came] = []
        self.kept: list[bytes] = []
        self.ended = self.repeated = self._shown = False
        self.baited, self.bait_hints = -math.inf, hints.NUMBER
        self.acked = 0
        self.sock = wire.silent_socket(stage, RECEIVER)
        self.address = self.sock.getsockname()
        self.timeout = timeout
        self._script, self.belief = script, belief
        self._bell = wire.silent_socket(stage, "the check")
        self._backlog: deque[tuple[bytes, Any, float]] = deque()
        self._times: Counter[tuple[int, int]] = Counter()
        self._in_vain: dict[bytes, list[float]] = {}  # when each came, without progress
        self._thread = stage.script(self._receive)

    # What a script may do

    @property
    def upto(self) -> int:
        """The number up to which all is here."""
        return len(self.kept) + self.ended

    def times(self, kind: int, number: int) -> int:
        """How often this has come so far."""
        return self._times[kind, number]

    def lose(self, came: Came) -> None:
        """Let it be lost on the way."""
        self._write(came, lost=True)

    def accept(self, came: Came) -> None:
        """Keep it where it is the next in order, and say nothing."""
        self._write(came)
        if came.number == self.upto + 1 and not self.ended:
            if came.kind == DATA:
                self.kept.append(came.payload)
            else:
                self.ended = True

    def confirm(self, came: Came, lost: bool = False) -> None:
        """Accept it and say up to where all is here; `lost` if that ACK is lost on the way."""
        self.accept(came)
        if lost:
            wire.write_down(self.stage, RECEIVER, YOU, wire.ack(self.upto), lost=True)
        else:
            self.ack(came.sender, self.upto)

    def ack(self, sender: Any, number: int) -> None:
        """Confirm all up to a number."""
        if number > self.acked:
            self.acked = number
            self._in_vain.clear()
            self.stage.note("")
        else:
            self.repeated = True
        self.say(sender, wire.ack(number))

    def say(self, sender: Any, datagram: bytes, by: PeerSocket | None = None) -> None:
        """Send anything, from another socket where one is given."""
        source = RECEIVER if by is None else by.name
        wire.write_down(self.stage, source, YOU, datagram)
        with contextlib.suppress(OSError):
            (by or self.sock).sendto(datagram, sender)

    def bait(
        self, sender: Any, datagram: bytes, hints: Hints, by: PeerSocket | None = None
    ) -> None:
        """Say something that must not be taken for the ACK that is waited for.

        The hints are for who takes it for one.
        """
        self.baited, self.bait_hints = time.perf_counter(), hints
        self.say(sender, datagram, by)

    def hold(self, seconds: float, most: int = 1000) -> int:
        """Wait so long, or until so much has come; how much that was. It is dealt with later."""
        count, until = 0, time.perf_counter() + seconds
        copies: Counter[bytes] = Counter()
        while count < most and self.verdict is None and (left := until - time.perf_counter()) > 0:
            self.sock.settimeout(left)
            try:
                datagram, sender = self._receive_one()
            except TimeoutError:
                break
            self._backlog.append((datagram, sender, time.perf_counter()))
            if sender == self._bell.getsockname():
                break
            count += 1
            copies[datagram] += 1
            if copies[datagram] > MOST:
                self.verdict = verdicts.too_often(self, datagram, copies[datagram], seconds)
            elif (parts := wire.read(datagram)) is not None:
                self.verdict = verdicts.too_early(self, *parts[:2])
        self.sock.settimeout(None)
        return count

    # What the case may do

    def finish(self) -> None:
        """Wait until it has dealt with all that was sent, and end it.

        Raises:
            Wrong: what it has found.
        """
        until = time.perf_counter() + HUNG
        while self._thread.is_alive() and time.perf_counter() < until:
            with contextlib.suppress(OSError):
                self._bell.sendto(b"", self.address)  # is lost where a flood has filled the buffer
            self._thread.join(REMINDER)
        if self.verdict is not None:
            raise self.verdict
        if self._thread.is_alive():
            raise Missing("The check's receiver has not come to its end.")
        self._thread.result(0)

    def count(self, kind: int) -> int:
        """How many datagrams of a kind have come."""
        return sum(came.kind == kind for came in self.log)

    # Inside

    def _receive(self) -> None:
        while True:
            if self._backlog:
                datagram, sender, at = self._backlog.popleft()
            else:
                datagram, sender = self._receive_one()
                at = time.perf_counter()
            if sender == self._bell.getsockname():
                return
            self._take(datagram, sender, at)

    def _receive_one(self) -> tuple[bytes, Any]:
        while True:
            with contextlib.suppress(ConnectionError):  # the sender has closed its socket
                return self.sock.recvfrom(65_536)

    def _take(self, datagram: bytes, sender: Any, at: float) -> None:
        parts = wire.read(datagram)
        if parts is None or parts[0] not in (DATA, END):
            wire.write_down(self.stage, self.stage.name_of(sender), RECEIVER, datagram, at=at)
            told = f"The receiver got {short(datagram)}. Expected nothing but DATA and END"
            told += ": kind, number, payload, in network byte order."
            self._found(Wrong(told, hints=hints.FORMAT))
            return
        kind, number, payload = parts
        self._times[kind, number] += 1
        in_vain = self._in_vain.setdefault(datagram, [])
        in_vain.append(at)
        self.stage.note(verdicts.growing(self, datagram, in_vain))
        came = Came(kind, number, payload, self._times[kind, number], at, sender, datagram)
        self.log.append(came)
        if self.verdict is None:
            self.verdict = verdicts.unfit(self, datagram) or verdicts.too_early(self, kind, number)
        if self.verdict is None and len(in_vain) > MOST:
            self.verdict = verdicts.too_often(self, datagram, len(in_vain), at - in_vain[0])
        if self.verdict is None:
            self._script(self, came)
            return
        if not self._shown:  # the picture ends with what must not have come
            self._shown = True
            self._write(came)
        with contextlib.suppress(OSError):
            self.sock.sendto(wire.ack(number), sender)

    def _found(self, wrong: Wrong) -> None:
        self.verdict = self.verdict or wrong

    def _write(self, came: Came, lost: bool = False) -> None:
        name = self.stage.name_of(came.sender)
        wire.write_down(self.stage, name, RECEIVER, came.datagram, lost, came.at)
