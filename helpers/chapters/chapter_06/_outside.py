"""What befalls a sender of chapter 06 from outside: a clock, a closed port, a link that loses."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._hostile import plain
from helpers.chapters.chapter_06._peer import RECEIVER, Came, Receiver
from helpers.chapters.chapter_06._senders import (
    SHORT,
    SHORT_AGAIN,
    TEXTS,
    TIMEOUT,
    Sender,
    Sent,
    brief,
    expect_all,
    named,
    send,
)
from helpers.chapters.chapter_06._wire import DATA, END, TRIES
from helpers.chapters.chapter_06.beliefs import ACK_LOST, FOR_EVER, WALL_CLOCK
from helpers.checks.second_try import Missing
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong
from helpers.link import blocks  # noqa: F401 (numpy, now: a case may be ended amid its import)
from helpers.link.link import Link

AN_HOUR = 3600
SEED = 963  # for which no ten tries in a row can fail, whichever packets they are
LOSS = 0.3


def clock(sender: Sender, function: Callable, stage: Stage, slower: float) -> Sent:
    """The wall clock is set back and forward by an hour; what was sent, to look at its times."""
    timeout = TIMEOUT * slower
    sender = replace(sender, window=1)

    def script(peer: Receiver, came: Came) -> None:
        old = wire.ack(peer.acked)
        if came.times > 1 or came.kind == END:
            peer.confirm(came)
        elif came.number == 1:
            stage.set_clock(-AN_HOUR)
            peer.confirm(came)
        elif came.number == 2:
            stage.set_clock(0)
            peer.confirm(came)
        elif came.number == 3:
            peer.lose(came)
            stage.set_clock(-AN_HOUR)
            peer.say(came.sender, old)
            peer.hold(6 * timeout, most=1)
            stage.set_clock(AN_HOUR)
            peer.say(came.sender, old)  # so that it looks at its clock once more
        else:
            stage.set_clock(2 * AN_HOUR)
            peer.say(came.sender, old)
            peer.hold(timeout / 2, most=1)
            peer.confirm(came)

    try:
        sent = send(sender, function, stage, script, timeout, paced=False)
    finally:
        stage.set_clock(0)
    back, forward = (sent.gaps.get((DATA, number), []) for number in (3, 4))
    if back and back[0] > 5 * timeout:
        told = "The clock was set back by an hour while the ACK of DATA 3 was awaited, and it was "
        told += "not sent again until the clock was right. Expected it after the timeout."
        raise Missing(told, WALL_CLOCK)
    if forward and forward[0] < timeout / 2:
        # Who sent DATA 3 again at once as well did not do so because of a clock.
        hasty = back and back[0] < timeout / 2
        told = "An old ACK came" if hasty else "The clock was set forward by an hour"
        told += " while the ACK of DATA 4 was awaited, and DATA 4 was sent again at once."
        told += " Expected it after the timeout."
        if hasty:
            raise Missing(told, FOR_EVER, hints.WOKEN)
        raise Missing(told, WALL_CLOCK)
    return expect_all(sender, sent)


def nobody(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """A receive raises, as on Windows; and then nobody listens at the address at all."""
    told = threading.Event()
    told.set()

    def script(peer: Receiver, came: Came) -> None:
        if came.is_data(1) and came.times == 1:
            peer.lose(came)
        else:
            peer.confirm(came)

    timeout = TIMEOUT * slower
    sent = send(
        sender, function, stage, script, timeout,
        prepare=lambda sock: wire.fail_once(sock, told), paced=False,
    )  # fmt: skip
    expect_all(sender, sent)
    first = sent.gaps.get((DATA, 1), [math.inf])[0]
    if first < 0.5 * timeout:
        told_so = "A receive raised ConnectionResetError, and DATA 1 was sent again"
        told_so += f" {1000 * first:.1f} ms after the first time. Expected {1000 * timeout:.0f} ms."
        raise Missing(told_so, hints=hints.AFTER_AN_ERROR)
    _nobody_at_all(sender, function, stage, brief(slower))


def _nobody_at_all(sender: Sender, function: Callable, stage: Stage, timeout: float) -> None:
    """Each datagram meets a closed port, and the next receive is told so."""
    # Connected to itself, it hears nobody else, and nobody else can get its port.
    closed = stage.socket_udp("nobody")
    closed.connect(closed.getsockname())
    sock, met = wire.learners_socket(stage, record=True), threading.Event()
    wire.fail_once(sock, met)
    _stop_a_flood(sock, met)
    began = time.perf_counter()
    try:
        got = sender.call(stage, function, sock, closed.getsockname(), TEXTS[:3], timeout)
    except TimeoutError as error:
        named(error, 1)
    else:
        told = f"Nobody listens there. Expected TimeoutError, got {short(got)}."
        raise Wrong(told, hints=hints.NO_ERROR)
    took = time.perf_counter() - began
    if took < 0.5 * TRIES * timeout:
        told = f"Nobody listened, and it gave up after {1000 * took:.1f} ms. Expected {TRIES} waits"
        told += f" of {1000 * timeout:.0f} ms each: a ConnectionError counts as silence."
        raise Missing(told, hints=hints.AFTER_AN_ERROR)


def _stop_a_flood(sock: Any, met: threading.Event) -> None:
    """Let whoever sends much more often than ten times per message hear of it.

    Each sending sets `met`, the closed port that it has met.
    """
    count = 0

    def counting(call: Callable) -> Callable:
        def transmit(*arguments: Any) -> int:
            nonlocal count
            count += 1
            if count > 6 * TRIES:
                told = f"Nobody listens there, and {count - 1} datagrams were sent."
                told += f" Expected an end after {TRIES} tries."
                raise Wrong(told, FOR_EVER, hints.NO_END_OF_TRIES)
            met.set()
            return call(*arguments)

        return transmit

    for name in ("send", "sendto"):
        setattr(sock, name, counting(getattr(sock, name)))


def losses(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """A link loses 30 % each way."""
    messages = list(TEXTS)
    timeout = 2 * SHORT if slower == 1 else 1.5 * SHORT_AGAIN
    peer = Receiver(stage, messages, sender.window, plain, timeout)
    # As an ACK may be lost, the sender may know less than the receiver has confirmed, never more.
    link = stage.enter(Link(peer.address, loss=LOSS, seed=SEED, name=f"check {id(stage)} {slower}"))
    sock = wire.learners_socket(stage, record=False)
    got, error = None, None
    try:
        got = sender.call(stage, function, sock, link.address, messages, timeout)
    except TimeoutError as raised:
        error = raised
    except BaseException:
        link.stop()  # or its thread would count as one that the learner's function has left
        raise
    link.settle()
    peer.verdict, verdict = None, peer.verdict
    peer.finish()
    link.stop()
    log = wire.take_over(stage, link, {"client": YOU, "server": RECEIVER})
    if verdict is not None:
        raise verdict
    if error is not None:
        told = f"It raised {short(error)}, and no ten transmissions in a row were lost."
        once = max(Counter(log).values(), default=0) <= 1
        raise Missing(told, ACK_LOST if once else None, hints.FIRST_SILENCE if once else None)
    expect_all(sender, Sent(got, None, peer, AN_HOUR, log))
