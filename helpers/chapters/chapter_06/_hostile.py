"""The scripts of the receivers that every sender of chapter 06 must survive."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._peer import Came, Receiver
from helpers.chapters.chapter_06._senders import (
    HELD,
    MISLED,
    QUIET,
    TEXTS,
    TIMEOUT,
    TIMEOUT_OF_GAPS,
    Sender,
    brief,
    expect_all,
    expect_end,
    expect_error,
    send,
)
from helpers.chapters.chapter_06._wire import DATA, END
from helpers.checks.second_try import Missing
from helpers.checks.stage import Stage
from helpers.checks.values import short


def plain(peer: Receiver, came: Came) -> None:
    """A receiver that gets everything and confirms everything."""
    peer.confirm(came)


def nothing(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """No messages: only END."""
    sent = send(sender, function, stage, plain, TIMEOUT * slower, messages=[])
    expect_all(sender, sent)


def payloads(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """Empty and binary payloads, and one of 1,000 bytes."""
    messages = [b"", bytes(range(256)), b"\x00" * 1000, b"", "Küche: 21 °C".encode()]
    timeout = TIMEOUT * slower
    sent = send(sender, function, stage, plain, timeout, messages=messages)
    expect_all(sender, sent)
    if sender.window > 1 or sent.transmissions > len(messages) or not sent.sends:
        return
    took = sent.sends[-1][1] - sent.sends[0][1]  # to END: each message has had its ACK by then
    if took > 0.75 * len(messages) * timeout:
        told = f"Each message was confirmed at once, and all of them took {1000 * took:.0f} ms, "
        told += f"with a timeout of {1000 * timeout:.0f} ms. Expected it to go on at the ACK."
        raise Missing(told, hints=hints.SLEEPS)


def lost(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """DATA 2 is lost twice, and the ACK of 3 once."""
    ack_lost = False

    def script(peer: Receiver, came: Came) -> None:
        nonlocal ack_lost
        if came.is_data(2) and came.times <= 2:
            peer.lose(came)
        elif came.is_data(3) and peer.upto == 2 and not ack_lost:
            ack_lost = True
            peer.confirm(came, lost=True)
        else:
            peer.confirm(came)

    expect_all(sender, send(sender, function, stage, script, TIMEOUT_OF_GAPS * slower))


def late(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """ACK 1 comes twice, when DATA 1 was sent again; then DATA 2 is lost."""
    lost_after = False

    def script(peer: Receiver, came: Came) -> None:
        nonlocal lost_after
        if not peer.acked:
            if not came.is_data(1):
                peer.lose(came)
                return
            peer.accept(came)
            if came.times == 2:
                peer.ack(came.sender, 1)
                peer.bait(came.sender, wire.ack(1), hints.NUMBER)
        elif came.is_data(2) and not lost_after:
            lost_after = True
            peer.lose(came)
        else:
            peer.confirm(came)

    expect_all(
        sender,
        send(sender, function, stage, script, MISLED * slower, messages=TEXTS[:6]),
    )


def bait(lay: Callable[[Receiver, Any, int], None]) -> Callable[[Receiver, Came], None]:
    """A script that loses the first DATA 1 and says something misleading in place of its ACK."""

    def script(peer: Receiver, came: Came) -> None:
        if came.is_data(1) and came.times == 1:
            peer.lose(came)
            peer.hold(QUIET)
            if peer.verdict is None:
                lay(peer, came.sender, min(peer.window, len(peer.messages)))
        elif not peer.acked and came.kind == DATA and came.times == 1:
            peer.lose(came)
        else:
            peer.confirm(came)

    return script


def stranger(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """A stranger confirms what the receiver has not got."""
    other = wire.silent_socket(stage, "stranger")
    script = bait(lambda peer, to, number: peer.bait(to, wire.ack(number), hints.WHO, by=other))
    sent = send(sender, function, stage, script, MISLED * slower, messages=TEXTS[:6])
    expect_all(sender, sent)


def junk(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """The receiver sends what is no ACK."""

    def lay(peer: Receiver, to: Any, number: int) -> None:
        head = wire.HEADER.pack
        for datagram in (
            b"", b"\x02", head(2, number)[:4], b"hello", b"\xff\xfe",
            head(DATA, number), head(END, number), head(0, number), head(130, number),
        ):  # fmt: skip
            peer.bait(to, datagram, hints.KIND)

    sent = send(sender, function, stage, bait(lay), MISLED * slower, messages=TEXTS[:6])
    expect_all(sender, sent)


def flood(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """Old ACKs come on and on until something is sent again.

    The first of them is handed over when the timeout is over: nothing is left of it then.
    """
    timeout = TIMEOUT * slower
    silent: list[Came] = []  # what was not sent again in time

    def script(peer: Receiver, came: Came) -> None:
        if not (came.is_data(1) and came.times == 1):
            peer.confirm(came)
            return
        peer.lose(came)
        last, late = came.at, False
        peer.hold(timeout / 2)
        for _ in range(12):
            peer.bait(came.sender, wire.ack(0), hints.NUMBER)
            late = late or time.perf_counter() - last > 0.8 * timeout
            last = time.perf_counter()
            if peer.hold(timeout / 3, most=1):
                late = late or time.perf_counter() - came.at > 1.6 * timeout
                if late and slower == 1:  # one of the two was late: a second try tells which
                    peer.verdict = peer.verdict or Missing("The check's own ACKs came too late.")
                return
        silent.append(came)

    def late(sock: Any) -> None:
        wire.receive_late(sock, stage, 0.6 * timeout)

    sent = send(sender, function, stage, script, timeout, prepare=late)
    if silent and sent.error is None:
        told = "While old ACKs came, nothing was sent again for more than four timeouts."
        raise Missing(f"{told} Expected it after one.", hints=hints.WAITS_ANEW)
    expect_all(sender, sent)


def blackouts(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """All is lost until DATA 2 was sent nine times, and again until DATA 4 was sent four times."""
    times = {1: 8, 3: 3}

    def script(peer: Receiver, came: Came) -> None:
        left = times.get(peer.acked, 0)
        if left:
            if came.is_data(peer.acked + 1):
                times[peer.acked] = left - 1
            peer.lose(came)
        elif came.number > peer.acked + 1 or (peer.acked == 2 and came.is_data(4)):
            peer.lose(came)
        else:
            peer.confirm(came)

    sent = send(sender, function, stage, script, brief(slower), messages=TEXTS[:6])
    if sent.error is not None and sent.peer.acked == 3:
        told = f"It raised {short(sent.error)}: nothing arrived until DATA 2 was sent nine times,"
        told += " and then until DATA 4 was. Expected ten tries anew after each confirmation."
        raise Missing(told, hints=hints.IN_A_ROW)
    expect_all(sender, sent)


def vanishes(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """The receiver is gone after it has confirmed message 3; two old ACKs are on their way."""

    def script(peer: Receiver, came: Came) -> None:
        if came.kind == END or came.number > 3:
            peer.lose(came)
            if came.is_data(4) and came.times in (3, 7):
                peer.bait(came.sender, wire.ack(3), hints.NUMBER)
        else:
            peer.confirm(came)

    sent = send(sender, function, stage, script, brief(slower), messages=TEXTS)
    expect_error(sent, 4, sender.most)


def end_unheard(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """Every message is confirmed, and END never: an old ACK comes in its place."""

    def script(peer: Receiver, came: Came) -> None:
        if came.kind == END:
            peer.lose(came)
            if came.times == 1:
                peer.bait(came.sender, wire.ack(2), hints.NUMBER)
        else:
            peer.confirm(came)

    sent = send(sender, function, stage, script, brief(slower), messages=TEXTS[:2])
    expect_end(sent, 3)
    sender.judge(sent)


def higher(sender: Sender, function: Callable, stage: Stage, slower: float) -> None:
    """DATA 2 is confirmed by an ACK of 3, as if 3 had been here before."""

    def script(peer: Receiver, came: Came) -> None:
        peer.accept(came)
        if came.is_data(2) and came.times > 1:
            told = "DATA 2 was sent again, although an ACK of 3 had come. Expected DATA 3: an ACK "
            told += "of number 2 or more confirms it."
            peer.verdict = peer.verdict or Missing(told, hints=hints.HIGHER)
        peer.ack(came.sender, 3 if came.is_data(2) and came.times == 1 else peer.upto)

    expect_all(sender, send(sender, function, stage, script, HELD * min(slower, 4)))
