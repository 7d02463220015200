"""The check of `receive_reliably` where a sender acts while the function runs."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from itertools import pairwise

from helpers.chapters.chapter_06 import _receive_hints as hints
from helpers.chapters.chapter_06 import _receive_slips as slips
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._receive import (
    ONE,
    SENDER,
    THREE,
    TIMEOUT,
    TWO,
    A,
    B,
    C,
    Received,
    call,
    compare_messages,
    drain,
    listed,
    numbers,
    twice,
)
from helpers.chapters.chapter_06._wire import data, end
from helpers.chapters.chapter_06.beliefs import ACK_LOST, WALL_CLOCK
from helpers.checks.peers import PeerSocket
from helpers.checks.second_try import Missing
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.link import blocks  # noqa: F401 (numpy, now: a case may be ended amid its import)
from helpers.link.link import Link

AN_HOUR = 3600  # seconds
SEED = 3896  # for which no ten tries in a row can fail, whichever packets they are


@twice
def reset(function: Callable, stage: Stage, slower: float) -> None:
    """A receive raises ConnectionResetError, before END and after it."""
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(TIMEOUT * slower)
    peer = wire.silent_socket(stage, SENDER)
    for datagram in (A, B, end(3)):
        peer.sendto(datagram, sock.getsockname())
    told = threading.Event()
    told.set()
    wire.fail_once(sock, told)
    came = call(function, stage, sock, peer)
    if came.error is not None:
        told = f"It raised {short(came.error)}, although all had come."
        raise Missing(told, hints=hints.END_SILENCE)
    if came.got == [ONE, TWO][: len(came.got or [])] != [ONE, TWO]:
        told = f"A receive raised ConnectionResetError, and it returned {short(came.got)}."
        raise Missing(f"{told} Expected the messages that came then.", hints=hints.CLOSED_PORT)
    compare_messages(came.got, [ONE, TWO], ())
    if (got := numbers(came.answers)) != [1, 2, 3]:
        told = f"Expected the ACKs 1, 2, 3, got {listed(got)}."
        raise Missing(told, hints=hints.CLOSED_PORT)


# END twice, the second so late that staying for one timeout after the first is not enough.
SLOW = [A, B, C, end(4), A, B, C, end(4)]


@twice
def slow(function: Callable, stage: Stage, slower: float) -> None:
    """Each datagram comes a good part of the timeout after the one before."""
    timeout = 0.02 if slower == 1 else 0.2
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(timeout)
    peer = wire.silent_socket(stage, SENDER)
    address, times = sock.getsockname(), [time.perf_counter()]

    def send() -> None:
        for datagram in SLOW:
            peer.sendto(datagram, address)
            times.append(time.perf_counter())
            stage.pause(0.45 * timeout)

    script = stage.script(send)
    came = call(function, stage, sock, peer)
    script.result()
    answers = [*came.answers, *drain(peer)]
    try:
        _judge_slow(came, numbers(answers))
    except Missing:
        # Where the check's own pauses were too long, nothing can be said.
        overslept = any(later - sooner > 0.8 * timeout for sooner, later in pairwise(times))
        if slower == 1 or not overslept:
            raise


def _judge_slow(came: Received, acks: list[int]) -> None:
    if came.error is not None:
        told = f"It raised {short(came.error)} after the ACKs {listed(acks)}, while datagrams came"
        told += ", each within the timeout. Expected it to wait for silence."
        raise Missing(told, hints=hints.END_SILENCE if acks[-1:] == [4] else hints.ONE_DEADLINE)
    expected = [1, 2, 3, 4, 4, 4, 4, 4]
    if acks != expected:
        told = f"Expected the ACKs {listed(expected)}, got {listed(acks)}"
        told += ": DATA 1 to 3 and END came again, each within the timeout of the one before."
        if acks == expected[:4]:
            raise Missing(told, ACK_LOST, hints.LEAVES)
        belief, slip = slips.of_answers(acks, SLOW)
        raise Missing(told, belief, slip or hints.STAYS_TOO_SHORT)
    compare_messages(came.got, [ONE, TWO, THREE], SLOW)


@twice
def clock(function: Callable, stage: Stage, slower: float) -> None:
    """The wall clock is set forward before END comes, and back after it."""
    timeout = 2 * TIMEOUT * slower
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(timeout)
    peer = wire.silent_socket(stage, SENDER)

    def send() -> None:
        for datagram, fast in ((A, AN_HOUR), (end(2), 0), (end(2), -AN_HOUR)):
            peer.sendto(datagram, sock.getsockname())
            stage.pause(timeout / 3)
            stage.set_clock(fast)

    script = stage.script(send)
    try:
        came = call(function, stage, sock, peer)
    finally:
        script.join(timeout)
        stage.set_clock(0)
    script.result()
    acks = numbers([*came.answers, *drain(peer)])
    if came.error is not None or acks != [1, 2, 2]:
        told = f"It raised {short(came.error)}" if came.error else "It returned"
        told += f" after the ACKs {listed(acks)}, while the wall clock was set by an hour and"
        told += " back. Expected the ACKs 1, 2, 2, and then a silence."
        if came.error is not None and acks == [1]:
            raise Missing(told, WALL_CLOCK)
        if came.error is not None:
            raise Missing(told, hints=hints.END_SILENCE)
        raise Missing(told, *slips.of_answers(acks, [A, end(2), end(2)]))
    compare_messages(came.got, [ONE], [A])


@twice
def losses(function: Callable, stage: Stage, slower: float) -> None:
    """A link loses 30 % each way and doubles some, and the sender sends until it is confirmed."""
    timeout, over = 3 * TIMEOUT * min(slower, 12), threading.Event()
    sock = wire.learners_socket(stage, record=False)
    sock.settimeout(timeout)
    name = f"check {id(stage)} {slower}"
    link = stage.enter(Link(sock.getsockname(), loss=0.3, duplicate=0.1, seed=SEED, name=name))
    peer = wire.silent_socket(stage, SENDER)
    texts = [b"on", b"on", b"off", b"21.5", b"", b"on", b"off", b"22.0"]
    sent = [*(data(number, text) for number, text in enumerate(texts, 1)), end(len(texts) + 1)]

    def send() -> None:
        for number, datagram in enumerate(sent, 1):
            while not over.is_set():
                peer.sendto(datagram, link.address)
                if _confirmed(peer, number, timeout / 12):
                    break

    script = stage.script(send)
    got, error = None, None
    try:
        got = stage.call(function, sock)
    except TimeoutError as raised:
        error = raised
    except BaseException:
        link.stop()  # or its thread would count as one that the learner's function has left
        raise
    script.join(timeout)
    heard = not script.is_alive()
    over.set()
    script.result()
    link.stop()
    wire.take_over(stage, link, {"client": SENDER, "server": YOU})
    if error is not None:
        told = f"It raised {short(error)} while the sender still sent."
        raise Missing(told, hints=hints.ONE_DEADLINE)
    compare_messages(got, texts, [*sent, *sent])
    if not heard:
        told = "It returned, and the sender had no ACK of END and was sending it still."
        raise Missing(told, ACK_LOST, hints.LEAVES)


def _confirmed(peer: PeerSocket, number: int, seconds: float) -> bool:
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        peer.settimeout(left)
        with contextlib.suppress(TimeoutError, ConnectionError):
            parts = wire.read(peer.recvfrom(wire.SIZE)[0])
            if parts is not None and parts[0] == wire.ACK and parts[1] >= number:
                return True
    return False
