"""The check of `ping`: devices that answer late, twice, never, or not alone."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from helpers.chapters.chapter_04.beliefs import DELIVERED, EMPTY, ONE_TIMEOUT, ORDER, STRANGER
from helpers.checks.second_try import Missing, twice
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong

TIMEOUT = 0.05  # seconds, for each ping
HELD = 0.01  # seconds for which the answer to ping 1 is held back, at least
TICK = 0.02  # seconds by which a clock may be coarse: that of Windows goes in steps of 0.0156


OTHERS = (b"busy", b"\xff\xfe\x00", b"ping 1 waits")  # no answers, though one begins like it

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
        early: what came while ping 1 could still be answered.
        begun: set when it has dealt with ping 1.
    """

    answers: Callable[[int, bytes, tuple, socket.socket], None]
    received: list[bytes] = field(default_factory=list)
    early: Came = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    __name__ = "device"

    def __call__(self, sock: socket.socket) -> None:
        """Serve: note each datagram, and do what there is to be done."""
        first = sock.recvfrom(2048)
        self.early = self.hold(sock, HELD)
        waiting = [first, *self.early]
        while True:
            data, asker = waiting.pop(0) if waiting else sock.recvfrom(2048)
            self.received.append(data)
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


def _ping(function: Callable, stage: Stage, device: Device, count: int, timeout: float) -> list:
    """Call the function with this device to ping; its result, a list of numbers and None."""
    server = stage.serve(device, "udp")
    got = stage.call(function, server.address, count, timeout)
    device.begun.wait(0.3)
    server.settle()
    if not isinstance(got, list):
        raise Wrong(f"Expected a list, got {short(got)}.")
    for each in got:
        if each is not None and (isinstance(each, bool) or not isinstance(each, (int, float))):
            raise Wrong(f"Expected floats and None, got {short(got)}.")
        if each is not None and each < 0:
            raise Wrong(f"No time is below 0, and silence is None. Got {short(got)}.")
    if repeated := [data for data in device.received if device.received.count(data) > 1]:
        told = f"The device received {short(repeated[0])} more than once."
        raise Wrong(f"{told} Expected each ping once: silence is None, and the next one is sent.")
    if len(got) != count:
        told = f"It was to send {count} pings: expected a list of {count}, got {short(got)}."
        if 0 < len(device.received) < count:
            told += f" The device received {len(device.received)}."
        raise Fewer(told)
    return got


def _compare(
    device: Device,
    got: list,
    expected: str,
    if_too_many: Misconception | None = None,
    if_too_few: Misconception | None = None,
) -> None:
    """Raise Wrong where a ping has a time and should not, or the other way round.

    Args:
        device: which was pinged.
        got: what the function returned.
        expected: for each ping "t" for a time and "-" for None.
        if_too_many: the belief where a time should be None, and the function has waited.
        if_too_few: the belief where None should be a time.
    """
    came = "".join("-" if each is None else "t" for each in got)
    if came == expected:
        return
    words = ", ".join("None" if each == "-" else "a time" for each in expected)
    told = f"Expected [{words}], got {short(got)}."
    silent = [mine for mine, theirs in zip(got, expected, strict=True) if theirs == "-"]
    too_many = any(silent)
    if not too_many and 0 in silent:
        raise Wrong(f"{told} Silence is None, and 0.0 would be a time.")
    if too_many:
        never_waits = device.early and all(each is None or each < HELD / 2 for each in got)
        raise Wrong(told, DELIVERED if never_waits else None if device.early else if_too_many)
    raise Missing(told, if_too_few)


@twice
def plain(function: Callable, stage: Stage, slower: float) -> None:
    """Three pings that are answered, the second after a moment: format, pace and times."""
    held: list[float] = []
    begun: list[float] = []
    early: Came = []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        begun.append(time.perf_counter())
        if number == 2:
            began = time.perf_counter()
            early.extend(device.hold(sock, 0.05))
            held.append(time.perf_counter() - began)
        sock.sendto(data, asker)

    device, timeout = Device(answers), 5 * TIMEOUT * slower
    began = time.perf_counter()
    got = _ping(function, stage, device, 3, timeout)
    took = time.perf_counter() - began
    before_its_time = [*device.early, *early]
    if before_its_time:
        told = f"{short(before_its_time[0][0])} was sent while the answer before could still come."
        raise Missing(f"{told} Expected one ping after another.")
    questions = [b"ping 1", b"ping 2", b"ping 3"]
    if device.received != questions:
        raise Wrong(f"Expected the datagrams {short(questions)}, got {short(device.received)}.")
    _compare(device, got, "ttt")
    if sum(got) > took + TICK:
        told = f"The call took {took:.4f} s in all, and it returned {short(got)}."
        raise Wrong(f"{told} Expected for each ping the seconds from its own sending.")
    if got[1] < held[0] - TICK:
        told = f"The device held the answer to ping 2 back for {held[0]:.3f} s"
        raise Missing(f"{told}; its time is to be at least that, and is {got[1]:.6f}.")
    if all(later - sooner > 0.9 * timeout for sooner, later in pairwise(begun)):
        told = f"Every answer came at once or after 0.05 s, and the timeout was {timeout:.2f} s."
        paces = " and ".join(f"{later - sooner:.2f} s" for sooner, later in pairwise(begun))
        raise Wrong(
            f"{told} Expected the next ping when the answer has come, got it {paces} later."
        )


@twice
def silent(function: Callable, stage: Stage, slower: float) -> None:
    """Pings 1 and 4 are answered, 2 and 3 are lost."""

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        if number in (1, 4):
            sock.sendto(data, asker)

    device = Device(answers)
    try:
        got = _ping(function, stage, device, 4, TIMEOUT * slower)
    except Fewer as fewer:
        if len(device.received) == 2:  # it has stopped at the first silence
            raise Missing(str(fewer), ONE_TIMEOUT) from None
        raise
    # The time of ping 4 is its own, and was not used up by those before it.
    used_up = got[0] is not None and got[3] is None
    _compare(device, got, "t--t", None, ONE_TIMEOUT if used_up else None)


@twice
def late(function: Callable, stage: Stage, slower: float) -> None:
    """The answer to ping 1 comes while ping 2 waits, which has none; ping 3 has its own."""
    held: list[bytes] = []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        if number == 1:
            held.append(data)
        elif number == 2:
            sock.sendto(held[0], asker)
        else:
            sock.sendto(data, asker)

    device = Device(answers)
    got = _ping(function, stage, device, 3, TIMEOUT * slower)
    if got[0] is not None and not device.early:
        told = "The answer to ping 1 came after its time was over, and ping 2 had been sent."
        raise Wrong(f"{told} Expected None for ping 1, got {short(got)}.")
    _compare(device, got, "--t", ORDER)


@twice
def doubled(function: Callable, stage: Stage, slower: float) -> None:
    """The answer to ping 1 comes twice, the others once, and ping 3 has none."""

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        for _ in range({1: 2, 2: 1}.get(number, 0)):
            sock.sendto(data, asker)

    device = Device(answers)
    got = _ping(function, stage, device, 3, TIMEOUT * slower)
    _compare(device, got, "tt-", ORDER)


@twice
def stranger(function: Callable, stage: Stage, slower: float) -> None:
    """A stranger talks to ping 1, answers ping 2, and talks before ping 3 is answered."""
    other = stage.socket_udp("stranger")

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        other.sendto(data if number == 2 else b"hello", asker)
        if number == 3:
            sock.sendto(data, asker)

    device = Device(answers)
    got = _ping(function, stage, device, 3, TIMEOUT * slower)
    # Who takes even "hello" for an answer does not look at what came, let alone from whom.
    _compare(device, got, "--t", STRANGER if got[0] is None else ORDER)


@twice
def chatter(function: Callable, stage: Stage, slower: float) -> None:
    """While ping 1 waits the device says other things, and answers when the time is long over."""
    timeout, answered = TIMEOUT * slower, []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        for _ in range(8 if number == 1 else 0):
            sock.sendto(b"busy", asker)
            if following := device.hold(sock, timeout / 2, most=1):
                device.received.append(following[0][0])
                sock.sendto(*following[0])
                return
        answered.append(number)
        sock.sendto(data, asker)

    device = Device(answers)
    got = _ping(function, stage, device, 2, timeout)
    if got[0] is not None and 1 in answered:
        told = (
            f"The answer to ping 1 came after {got[0]:.2f} s, and its timeout was {timeout:.2f} s."
        )
        raise Missing(f"{told} Expected None for ping 1.", ONE_TIMEOUT)
    _compare(device, got, "-t", ORDER)


@twice
def empty(function: Callable, stage: Stage, slower: float) -> None:
    """Ping 1 is answered after other datagrams, ping 2 after an empty one."""
    held: list[float] = []
    early: Came = []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        began = time.perf_counter()
        if number == 1:
            for other in OTHERS:
                sock.sendto(other, asker)
            early.extend(device.hold(sock, 0.03))
        else:
            device.hold(sock, 0.05)
            held.append(time.perf_counter() - began)
            sock.sendto(b"", asker)
        sock.sendto(data, asker)

    device = Device(answers)
    try:
        got = _ping(function, stage, device, 2, 4 * TIMEOUT * slower)
    except Fewer as fewer:
        if len(device.received) == 2:
            raise Wrong(str(fewer), EMPTY) from None  # it has stopped at the empty one
        raise
    if early and got[0] is not None:
        told = f"The device said {short(list(OTHERS))} before it answered ping 1, and one of these"
        raise Missing(f"{told} was taken for the answer. Expected exactly b'ping 1'.")
    _compare(device, got, "tt", None, EMPTY if got[0] is not None else None)
    if got[1] < held[0] - TICK:
        told = f"The device held the answer to ping 2 back for {held[0]:.3f} s"
        raise Missing(f"{told}; its time is to be at least that, and is {got[1]:.6f}.")


def nobody(function: Callable, stage: Stage) -> None:
    """Nobody listens at the address, and the system says so to who is connected."""
    # Connected to itself, it hears nobody else, and nobody else can get its port.
    closed = stage.socket_udp("nobody")
    closed.connect(closed.getsockname())
    got = stage.call(function, closed.getsockname(), 2, TIMEOUT)
    if got != [None, None]:
        raise Wrong(f"Nobody listens there. Expected [None, None], got {short(got)}.", None)
