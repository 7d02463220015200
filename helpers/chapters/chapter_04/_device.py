"""The device that a pinger under check pings, and what is wrong with a pinger's list of times."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from helpers.chapters.chapter_04 import _ping_words as words
from helpers.chapters.chapter_04.beliefs import DELIVERED
from helpers.checks.second_try import Missing
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

HELD = 0.01  # seconds for which the answer to ping 1 is held back, at least
TICK = 0.02  # seconds by which a clock may be coarse: that of Windows goes in steps of 0.0156

Came = list[tuple[bytes, tuple]]  # (datagram, sender)


class Fewer(Wrong):
    """The list has another length than there were pings."""


@dataclass
class Device:
    """The check's device, as a server function: what it does at each ping is up to `answers`.

    Attributes:
        answers: called as `answers(number, data, asker, sock)` for each datagram, which are
            counted from 1.
        received: all that it has dealt with.
        when: the time.perf_counter() of each.
        waiting: what has come and was not dealt with.
        early: what came while ping 1 could still be answered; nothing where the machine was so slow
            that ping 1 may have been given up meanwhile.
        held: the time.perf_counter() up to which ping 1 was held.
        returned: the time.perf_counter() at which the pinger came back.
        begun: set when it has dealt with ping 1.
    """

    answers: Callable[[int, bytes, tuple, socket.socket], None]
    received: list[bytes] = field(default_factory=list)
    when: list[float] = field(default_factory=list)
    early: Came = field(default_factory=list)
    waiting: Came = field(default_factory=list)
    held: float = 0.0
    returned: float = 0.0
    begun: threading.Event = field(default_factory=threading.Event)
    __name__ = "device"

    def __call__(self, sock: socket.socket) -> None:
        """Serve: note each datagram, and do what there is to be done."""
        first = sock.recvfrom(2048)
        self.early = self.hold(sock, HELD)
        self.held = time.perf_counter()
        self.waiting += [first, *self.early]
        while True:
            data, asker = self.waiting.pop(0) if self.waiting else sock.recvfrom(2048)
            self.received.append(data)
            self.when.append(time.perf_counter())
            self.answers(len(self.received), data, asker, sock)
            sock.settimeout(None)
            self.begun.set()

    def hold(self, sock: socket.socket, seconds: float, most: int = 1000) -> Came:
        """Let the asker wait so long, or until it has sent so much; returns what it has sent."""
        came: Came = []
        end = time.perf_counter() + seconds
        while len(came) < most and (left := end - time.perf_counter()) > 0:
            sock.settimeout(left)
            with contextlib.suppress(TimeoutError):
                came.append(sock.recvfrom(2048))
        sock.settimeout(None)
        return came

    @property
    def paces(self) -> list[float]:
        """The seconds from each datagram to the next."""
        return [later - sooner for sooner, later in pairwise(self.when)]


def pinged(function: Callable, stage: Stage, device: Device, count: int, timeout: float) -> list:
    """Call the function with this device to ping; its result, a list of numbers and None."""
    server = stage.serve(device, "udp")
    began = time.perf_counter()
    got = stage.call(function, server.address, count, timeout)
    device.returned = time.perf_counter()
    if count:
        device.begun.wait(0.3)
    server.settle()
    if device.held - began >= timeout:
        device.early.clear()
    if not isinstance(got, list):
        raise Wrong(f"Expected a list, got {short(got)}.", hints=words.NOT_A_LIST)
    for each in got:
        if each is not None and (isinstance(each, bool) or not isinstance(each, (int, float))):
            told = f"Expected floats and None, got {short(got)}."
            raise Wrong(told, hints=words.NOT_NUMBERS)
        if each is not None and each < 0:
            told = f"No time is below 0, and silence is None. Got {short(got)}."
            raise Wrong(told, hints=words.BELOW_ZERO)
    if repeated := [data for data in device.received if device.received.count(data) > 1]:
        told = f"The device received {short(repeated[0])} more than once."
        told += " Expected each ping once: silence is None, and the next one is sent."
        raise Wrong(told, hints=words.REPEATED)
    if len(got) != count:
        _fewer(device, got, count)
    return got


def _fewer(device: Device, got: list, count: int) -> None:
    told = f"It was to send {count} pings: expected a list of {count}, got {short(got)}."
    hints = words.LEFT_OUT
    if len(device.received) < count:
        told += f" The device received {len(device.received)}."
        hints = words.OTHER_COUNT
    raise Fewer(told, hints=hints if len(got) < count else words.OTHER_COUNT)


@dataclass(frozen=True)
class Cause:
    """What a wrong pattern of times and None comes from: hints, and the belief if there is one."""

    hints: Hints
    belief: Misconception | None = None


def compare(
    device: Device,
    got: list,
    expected: str,
    if_too_many: Cause | None = None,
    if_too_few: Cause | None = None,
) -> None:
    """Raise Wrong where a ping has a time and should not, or the other way round.

    Args:
        device: which was pinged.
        got: what the function returned.
        expected: for each ping "t" for a time and "-" for None.
        if_too_many: the cause where a time should be None, and the function has waited.
        if_too_few: the cause where None should be a time.
    """
    came = "".join("-" if each is None else "t" for each in got)
    if came == expected:
        return
    wanted = ", ".join("None" if each == "-" else "a time" for each in expected)
    told = f"Expected [{wanted}], got {short(got)}."
    silent = [mine for mine, theirs in zip(got, expected, strict=True) if theirs == "-"]
    if not any(silent) and 0 in silent:
        raise Wrong(f"{told} Silence is None, and 0.0 would be a time.", hints=words.ZERO)
    if any(silent):
        if device.early and all(each is None or each < HELD / 2 for each in got):
            raise Wrong(told, DELIVERED, words.NEVER_WAITS)
        if device.early:
            raise Wrong(told, hints=words.AT_ONCE)
        cause = if_too_many or Cause(words.ANY_TALK)
        raise Wrong(told, cause.belief, cause.hints)
    cause = if_too_few or Cause(words.NO_MATCH)
    raise Missing(told, cause.belief, cause.hints)
