"""The check of `ping`: devices that answer late, twice, never, or not alone."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from helpers.chapters.chapter_04 import _ping_words as words
from helpers.chapters.chapter_04._device import (
    HELD,
    TICK,
    Came,
    Cause,
    Device,
    Fewer,
    compare,
    pinged,
)
from helpers.chapters.chapter_04._shared import SPINS, Clock
from helpers.chapters.chapter_04.beliefs import EMPTY, ONE_TIMEOUT, ORDER, STRANGER
from helpers.checks.second_try import Missing, twice
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

TIMEOUT = 0.05  # seconds, for each ping
PAUSE = 0.06  # seconds after an answer that no machine needs, twice in a row, to send a ping
AN_HOUR = 3600.0
OTHERS = (b"busy", b"\xff\xfe\x00", b"ping 1 waits")  # no answers, though one begins like it


@twice
def plain(function: Callable, stage: Stage, slower: float) -> None:
    """Three pings that are answered, the second after a moment: format, pace and times."""
    held: list[float] = []
    answered: list[float] = []
    early: Came = []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        if number == 2:
            began = time.perf_counter()
            early.extend(device.hold(sock, 0.05))
            held.append(time.perf_counter() - began)
        sock.sendto(data, asker)
        answered.append(time.perf_counter())

    device, timeout = Device(answers), 5 * TIMEOUT * slower
    began = time.perf_counter()
    got = pinged(function, stage, device, 3, timeout)
    if before_its_time := [*device.early, *early]:
        told = f"{short(before_its_time[0][0])} was sent while the answer before could still come."
        never = all(each is None or each < HELD / 2 for each in got)
        hints = words.NEVER_WAITS if never else words.AT_ONCE
        raise Missing(f"{told} Expected one ping after another.", hints=hints)
    _expect_pings(device)
    compare(device, got, "ttt")
    _expect_times(got, device.returned - began, held[0], device.returned - answered[1])
    waits = [sent - before for before, sent in zip(answered, device.when[1:], strict=False)]
    if waits and min(waits) > min(PAUSE, 0.6 * timeout):
        told = f"Every answer came at once or after 0.05 s, and the timeout was {timeout:.2f} s."
        paces = " and ".join(f"{each:.2f} s" for each in waits)
        told += f" Expected the next ping when the answer has come, got it {paces} later."
        whole = min(device.paces) > 0.9 * timeout
        raise (Wrong if whole else Missing)(told, hints=words.PAUSES)


def _expect_pings(device: Device) -> None:
    questions = [b"ping 1", b"ping 2", b"ping 3"]
    got = device.received
    if got == questions:
        return
    hints = words.OTHER_PINGS
    if got and got[0] == b"ping 0":
        hints = words.FROM_ZERO
    elif all(mine.startswith(each) for mine, each in zip(got, questions, strict=False)):
        hints = words.EXTRA
    raise Wrong(f"Expected the datagrams {short(questions)}, got {short(got)}.", hints=hints)


def _expect_times(got: list, took: float, held: float, last: float) -> None:
    """Raise Wrong where times can't be: all took so long, ping 2 was held, `last` is for ping 3."""
    if sum(got) > took + TICK or got[2] > last + TICK:
        told = f"The call took {took:.4f} s in all, and it returned {short(got)}."
        hints = words.TOO_LARGE
        if sum(got) > 200 * took:
            hints = words.MILLISECONDS
        elif got == sorted(got) and got[2] >= held:  # ping 3 was answered at once
            hints = words.FROM_THE_FIRST
        told += " Expected for each ping the seconds from its own sending."
        raise Wrong(told, hints=hints)
    if got[1] < held - TICK:
        told = f"The device held the answer to ping 2 back for {held:.3f} s"
        told += f"; its time is to be at least that, and is {got[1]:.6f}."
        raise Missing(told, hints=words.TOO_SMALL)


@twice
def silent(function: Callable, stage: Stage, slower: float) -> None:
    """Pings 1 and 4 are answered, 2 and 3 are lost: each of them waits its timeout out."""

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        if number in (1, 4):
            sock.sendto(data, asker)
        elif number == 3:
            device.waiting += device.hold(sock, 0.85 * timeout, most=1)
            sock.sendto(b"busy", asker)

    device, timeout = Device(answers), TIMEOUT * slower
    clock = Clock()
    try:
        got = pinged(function, stage, device, 4, timeout)
    except Fewer as fewer:
        if len(device.received) == 2:  # it has stopped at the first silence
            raise Missing(str(fewer), ONE_TIMEOUT, words.STOPS) from None
        raise
    spins = clock.spins
    # The time of ping 4 is its own, and was not used up by those before it.
    used_up = got[0] is not None and got[3] is None
    cause = Cause(words.USED_UP, ONE_TIMEOUT) if used_up else None
    compare(device, got, "t--t", Cause(words.ANY_TALK), cause)
    _expect_patience(device, timeout)
    if spins:
        told = "While it waited for pings 2 and 3 it worked on and on."
        raise Missing(told, hints=SPINS)


def _expect_patience(device: Device, timeout: float) -> None:
    """Raise Wrong where pings 2 and 3 have not waited for their timeout.

    A pause after each ping, which the case before tells, shows in that after ping 1.
    """
    pause = max(0.0, device.paces[0])
    for number, pace in zip((2, 3), device.paces[1:], strict=False):
        told = f"No answer came to ping {number}, the timeout was {timeout:.2f} s, and the next"
        told += f" ping was sent {pace:.2f} s later."
        if pace < 0.8 * timeout - (TICK / 2 if timeout > TIMEOUT else 0):
            raise Missing(told, hints=words.GIVES_UP_EARLY)
        if pace - pause > 1.75 * timeout and number == 2:
            raise Missing(told, hints=words.WAITS_ON)
        if pace - pause > 1.7 * timeout:
            told += " Something else had come shortly before its end."
            raise Missing(told, ONE_TIMEOUT, words.ANEW)


@twice
def late(function: Callable, stage: Stage, slower: float) -> None:
    """The answer to ping 1 comes while ping 2 waits, which has none; ping 3 has its own."""
    held: list[bytes] = []
    sent: list[float] = []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        if number == 1:
            held.append(data)
        elif number == 2:
            sock.sendto(held[0], asker)
            sent.append(time.perf_counter())
        else:
            sock.sendto(data, asker)

    device = Device(answers)
    got = pinged(function, stage, device, 3, TIMEOUT * slower)
    if got[0] is not None and not device.early:
        told = "The answer to ping 1 came after its time was over, and ping 2 had been sent."
        told += f" Expected None for ping 1, got {short(got)}."
        raise Wrong(told, hints=words.LATE_TIME)
    compare(device, got, "--t", Cause(words.ANY_ANSWER, ORDER), Cause(words.GAVE_UP))
    # Who waits for an answer to ping 2 sends ping 3 a timeout later: here the machine stood still,
    # and the late answer came when ping 2 did not wait any more.
    if slower == 1 and len(device.when) > 2 and device.when[2] - sent[0] < TIMEOUT / 2:
        raise Missing("The answer to ping 1 came too late to be taken for that to ping 2.")


@twice
def doubled(function: Callable, stage: Stage, slower: float) -> None:
    """The answer to ping 1 comes twice, the others once, and ping 3 has none."""

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        for _ in range({1: 2, 2: 1}.get(number, 0)):
            sock.sendto(data, asker)

    device = Device(answers)
    got = pinged(function, stage, device, 3, TIMEOUT * slower)
    compare(device, got, "tt-", Cause(words.ANY_ANSWER, ORDER), Cause(words.GAVE_UP))


@twice
def stranger(function: Callable, stage: Stage, slower: float) -> None:
    """A stranger talks to ping 1, answers ping 2, and talks before ping 3 is answered."""
    other = stage.socket_udp("stranger")

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        other.sendto(data if number == 2 else b"hello", asker)
        if number == 3:
            sock.sendto(data, asker)

    device = Device(answers)
    got = pinged(function, stage, device, 3, TIMEOUT * slower)
    # Who takes even "hello" for an answer does not look at what came, let alone from whom.
    cause = Cause(words.NOT_WHO, STRANGER) if got[0] is None else Cause(words.ANY_TALK, ORDER)
    compare(device, got, "--t", cause, Cause(words.GAVE_UP))


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
    got = pinged(function, stage, device, 2, timeout)
    if got[0] is not None and 1 in answered:
        told = (
            f"The answer to ping 1 came after {got[0]:.2f} s, and its timeout was {timeout:.2f} s."
        )
        raise Missing(f"{told} Expected None for ping 1.", ONE_TIMEOUT, words.ANEW)
    compare(device, got, "-t", Cause(words.ANY_TALK, ORDER), Cause(words.GAVE_UP))


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
        got = pinged(function, stage, device, 2, 4 * TIMEOUT * slower)
    except Fewer as fewer:
        if len(device.received) == 2:  # it has stopped at the empty one
            raise Wrong(str(fewer), EMPTY, words.EMPTY_ENDS) from None
        raise
    if early and got[0] is not None:
        told = f"The device said {short(list(OTHERS))} before it answered ping 1, and one of these"
        told += " was taken for the answer. Expected exactly b'ping 1'."
        raise Missing(told, hints=words.NEARLY)
    ended = Cause(words.EMPTY_ENDS, EMPTY) if got[0] is not None else Cause(words.GAVE_UP)
    compare(device, got, "tt", None, ended)
    if got[1] < held[0] - TICK:
        told = f"The device held the answer to ping 2 back for {held[0]:.3f} s"
        told += f"; its time is to be at least that, and is {got[1]:.6f}."
        raise Missing(told, hints=words.LAST_WAIT)


@twice
def a_dozen(function: Callable, stage: Stage, slower: float) -> None:
    """No ping, and one without time; then twelve, and ping 11 hears of ping 1 before its own."""
    early: Came = []

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        if number == 11:
            sock.sendto(b"ping 1", asker)
            early.extend(device.hold(sock, 0.02))
        sock.sendto(data, asker)

    timeout = TIMEOUT * slower
    try:
        pinged(function, stage, Device(answers), 0, timeout)
    except Fewer as fewer:
        raise Wrong(str(fewer), hints=words.COUNT_ZERO) from None
    no_time = pinged(function, stage, Device(answers), 1, 1e-6)
    if no_time[0] is not None and no_time[0] > TIMEOUT:
        told = f"With a timeout of a millionth of a second: expected [None], got {short(no_time)}."
        raise Missing(told, hints=words.WAITS_ON)
    device = Device(answers)
    pinged(function, stage, device, 2, timeout)
    slow = min(PAUSE, 0.8 * timeout)
    if min(device.paces, default=0) > slow:  # twelve would take very long
        told = f"Ping 1 was answered at once, and ping 2 was sent {device.paces[0]:.2f} s later."
        raise Missing(told, hints=words.PAUSES)
    device = Device(answers)
    got = pinged(function, stage, device, 12, timeout)
    if early:
        told = "While ping 11 waited the answer to ping 1 came once more, and ended its wait."
        raise Missing(told, hints=words.LAST_DIGIT)
    compare(device, got, "t" * 12, None, Cause(words.GAVE_UP) if got[0] is not None else None)


@twice
def clock_is_set(function: Callable, stage: Stage, slower: float) -> None:
    """The wall clock jumps an hour ahead while ping 1 waits, and back while ping 2 does."""

    def answers(number: int, data: bytes, asker: tuple, sock: socket.socket) -> None:
        stage.set_clock(AN_HOUR if number == 1 else 0)
        sock.sendto(b"busy", asker)
        device.hold(sock, 0.01)
        sock.sendto(data, asker)

    device = Device(answers)
    try:
        got = pinged(function, stage, device, 2, 4 * TIMEOUT * slower)
    except Wrong as wrong:
        if wrong.hints is words.BELOW_ZERO:
            raise Wrong(str(wrong), hints=words.WALL) from None
        raise
    finally:
        stage.set_clock(0)
    if any(each is not None and each > AN_HOUR / 2 for each in got):
        told = f"The clock was put an hour ahead while ping 1 waited, and you got {short(got)}."
        raise Wrong(told, hints=words.WALL)
    compare(device, got, "tt", None, Cause(words.WALL))


def nobody(function: Callable, stage: Stage) -> None:
    """Nobody listens at the address, and the system says so to who is connected."""
    # Connected to itself, it hears nobody else, and nobody else can get its port.
    closed = stage.socket_udp("nobody")
    closed.connect(closed.getsockname())
    got = stage.call(function, closed.getsockname(), 2, TIMEOUT / 2)
    if got != [None, None]:
        told = f"Nobody listens there. Expected [None, None], got {short(got)}."
        raise Wrong(told, hints=words.NOBODY)
