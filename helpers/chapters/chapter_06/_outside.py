"""What befalls a sender of chapter 06 from outside: a clock, a closed port, a link that loses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._hostile import plain
from helpers.chapters.chapter_06._peer import RECEIVER, Came, Receiver
from helpers.chapters.chapter_06._senders import (
    SHORT,
    TEXTS,
    TIMEOUT,
    Sender,
    Sent,
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
        raise Missing(told, FOR_EVER if hasty else WALL_CLOCK)
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

    sent = send(
        sender, function, stage, script, TIMEOUT * slower,
        prepare=lambda sock: wire.fail_once(sock, told), paced=False,
    )  # fmt: skip
    expect_all(sender, sent)
    # Connected to itself, it hears nobody else, and nobody else can get its port.
    closed = stage.socket_udp("nobody")
    closed.connect(closed.getsockname())
    sock = wire.learners_socket(stage, record=True)
    _stop_a_flood(sock)
    try:
        got = sender.call(stage, function, sock, closed.getsockname(), TEXTS[:3], SHORT)
    except TimeoutError as error:
        named(error, 1)
    else:
        raise Wrong(f"Nobody listens there. Expected TimeoutError, got {short(got)}.")


def _stop_a_flood(sock: Any) -> None:
    """Let whoever sends much more often than ten times per message hear of it."""
    count = 0

    def counting(call: Callable) -> Callable:
        def transmit(*arguments: Any) -> int:
            nonlocal count
            count += 1
            if count > 6 * TRIES:
                told = f"Nobody listens there, and {count - 1} datagrams were sent."
                raise Wrong(f"{told} Expected an end after {TRIES} tries.", FOR_EVER)
            return call(*arguments)

        return transmit

    for name in ("send", "sendto"):
        setattr(sock, name, counting(getattr(sock, name)))


def losses(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """A link loses 30 % each way."""
    messages = list(TEXTS)
    timeout = 2 * SHORT * min(slower, 4)
    peer = Receiver(stage, messages, sender.window, plain, timeout)
    # As an ACK may be lost, the sender may know less than the receiver has confirmed, never more.
    link = stage.enter(Link(peer.address, loss=LOSS, seed=SEED, name=f"check {id(stage)} {slower}"))
    sock = wire.learners_socket(stage, record=False)
    got, error = None, None
    try:
        got = sender.call(stage, function, sock, link.address, messages, timeout)
    except TimeoutError as raised:
        error = raised
    link.settle()
    peer.verdict, verdict = None, peer.verdict
    peer.finish()
    link.stop()
    log = wire.take_over(stage, link, {"client": YOU, "server": RECEIVER})
    if verdict is not None:
        raise verdict
    if error is not None:
        told = f"It raised {short(error)}, and no ten transmissions in a row were lost."
        first = sum(key == (DATA, 1) for key in log)
        raise Missing(told, ACK_LOST if len(log) == first == 1 else None)
    expect_all(sender, Sent(got, None, peer, AN_HOUR, log))
