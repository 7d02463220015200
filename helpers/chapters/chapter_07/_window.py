"""The check of `go_back_n_send`: its window, its timer and its cumulative ACKs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from helpers.chapters.chapter_06 import _hostile as hostile
from helpers.chapters.chapter_06 import _outside as outside
from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._peer import Came, Receiver
from helpers.chapters.chapter_06._send import slip_of_counting
from helpers.chapters.chapter_06._senders import (
    HELD,
    MISLED,
    QUIET,
    TEXTS,
    TIMEOUT,
    Sender,
    Sent,
    expect_all,
    send,
    twice,
)
from helpers.chapters.chapter_06._wire import DATA, TRIES
from helpers.chapters.chapter_06.beliefs import ANY_ACK, FOR_EVER
from helpers.chapters.chapter_07 import _window_hints as slips
from helpers.chapters.chapter_07.beliefs import CUMULATIVE
from helpers.checks.second_try import Missing
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

WINDOW = 3


def judge(sent: Sent) -> None:
    """Raise Wrong unless the result is how many DATA datagrams were sent."""
    if isinstance(sent.got, bool) or not isinstance(sent.got, int):
        told = f"Expected a whole number of datagrams, got {short(sent.got)}."
        raise Wrong(told, hints=slips.RESULT)
    if sent.got != sent.transmissions:
        told = f"{sent.transmissions} DATA datagrams were sent, END not counted"
        told += f". Expected that as the result, got {sent.got}."
        raise Wrong(told, hints=slip_of_counting(sent, sent.got))


def go_back_n(window: int) -> Sender:
    """The sender with a window. Whether it sends once more before the error is left open."""

    def call(
        stage: Stage, function: Callable, sock: Any, address: Any, messages: list, timeout: float
    ) -> Any:
        return stage.call(function, sock, address, messages, window, timeout)

    return Sender(window, call, judge, TRIES + 1)


def _case(run: Callable, window: int = WINDOW) -> Callable[[Callable, Stage], None]:
    @twice
    def attempt(function: Callable, stage: Stage, slower: float) -> None:
        run(go_back_n(window), function, stage, slower)

    return attempt


nothing = _case(hostile.nothing)
late = _case(hostile.late)
stranger = _case(hostile.stranger)
junk = _case(hostile.junk)
flood = _case(hostile.flood)
blackouts = _case(hostile.blackouts)
vanishes = _case(hostile.vanishes)
end_unheard = _case(hostile.end_unheard)
clock = _case(outside.clock, window=1)
nobody = _case(outside.nobody)
losses = _case(outside.losses, window=4)


@twice
def slides(function: Callable, stage: Stage, slower: float) -> None:
    """ACK 2 when the window of 4 is full, ACK 6 when it is full again."""

    def script(peer: Receiver, came: Came) -> None:
        peer.accept(came)
        last = min(peer.acked + peer.window, len(peer.messages))
        if came.kind != DATA or came.number == len(peer.messages):
            peer.ack(came.sender, peer.upto)
        elif came.number == last and came.times == 1:
            peer.hold(QUIET)
            peer.ack(came.sender, {0: 2, 2: 6}.get(peer.acked, peer.upto))
        elif came.times > 1 and not peer.times(DATA, last):
            told = f"After the ACK of {peer.acked} the window of 4 had room up to DATA {last}"
            told = told if peer.acked else "The window of 4 had room up to DATA 4"
            told += f", and DATA {peer.upto} was the last that came."
            peer.verdict = _not_filled(peer, came, told)
            peer.ack(came.sender, peer.upto)

    sender = go_back_n(4)
    sent = send(sender, function, stage, script, HELD * min(slower, 2), messages=TEXTS)
    expect_all(sender, sent)


def _not_filled(peer: Receiver, came: Came, told: str) -> Missing:
    """What is behind a window that was not filled, by what was sent again then."""
    if peer.upto == peer.acked + 1:
        return Missing(told, hints=slips.ALONE)
    if not peer.acked:
        return Missing(told, hints=slips.NARROW)
    if came.number > peer.acked:
        return Missing(told, hints=slips.WHOLE)
    if peer.upto > peer.acked + 2:  # it went on, but by fewer than the ACK confirms
        return Missing(told, ANY_ACK, slips.BY_NUMBER)
    return Missing(told, CUMULATIVE)


@twice
def sizes(function: Callable, stage: Stage, slower: float) -> None:
    """A window of 1, one larger than all messages, and payloads of every kind."""
    for window in (1, 5, 9):
        hostile.payloads(go_back_n(window), function, stage, slower)


@twice
def goes_back(function: Callable, stage: Stage, slower: float) -> None:
    """DATA 2 is lost, and the receiver does not keep 3, 4 and 5."""

    def script(peer: Receiver, came: Came) -> None:
        if came.is_data(2) and came.times == 1:
            peer.lose(came)
        elif peer.acked == 1 and peer.times(DATA, 2) > 1:
            peer.accept(came)
            if came.number == 5:
                peer.ack(came.sender, peer.upto)
                if peer.upto < 5:
                    told = f"DATA 5 came again before DATA {peer.upto + 1}."
                    told += " Expected 2, 3, 4, 5, in this order."
                    peer.verdict = Wrong(told, hints=slips.ORDER)
            elif came.is_data(2) and came.times > 2:
                told = "Sent again was DATA 2, and then not DATA 3 to 5, which the receiver could"
                told += " not keep. Expected every unconfirmed message in the window."
                peer.verdict = Missing(told, hints=slips.ONLY_THE_FIRST)
                peer.ack(came.sender, peer.upto)
        else:
            peer.confirm(came)

    sender = go_back_n(4)
    sent = send(sender, function, stage, script, TIMEOUT * slower, messages=TEXTS[:6])
    expect_all(sender, sent)


@twice
def cumulative(function: Callable, stage: Stage, slower: float) -> None:
    """The ACKs of 1 and 2 are lost, that of 3 arrives; so it goes on for 4 to 6."""

    def script(peer: Receiver, came: Came) -> None:
        if came.kind == DATA and came.times > 1:
            peer.verdict = _sent_again(peer, came)
        early = came.kind == DATA and came.number % 3 and came.times == 1
        peer.confirm(came, lost=bool(early))

    sender = go_back_n(3)
    sent = send(sender, function, stage, script, HELD * min(slower, 2), messages=TEXTS[:6])
    expect_all(sender, sent)


def _sent_again(peer: Receiver, came: Came) -> Missing:
    """What is behind a second transmission where the ACKs of every third message arrive."""
    first = next(each for each in peer.log if each.datagram == came.datagram)
    if came.at - first.at < 0.4 * peer.timeout:
        told = f"DATA {came.number} was sent again after {1000 * (came.at - first.at):.0f} ms."
        told += f" Expected {1000 * peer.timeout:.0f} ms, the timeout."
        return Missing(told, FOR_EVER, hints.NO_WAIT)
    last = max(each.number for each in peer.log)
    if last % 3 or not peer.acked:
        told = f"DATA {last} was the last before DATA {came.number} was sent again, and the window"
        # Who goes on at the ACK of 3, but not far enough, takes it for that of 1.
        belief = ANY_ACK if peer.acked and last > peer.acked else None
        told += f" of 3 had room. Expected DATA {last + 1}."
        return Missing(told, belief, slips.BY_NUMBER if belief else slips.WHOLE)
    told = f"DATA {came.number} was sent again, though the ACK of {peer.acked} had come in time."
    told += f" Expected DATA {last + 1}: an ACK confirms all up to it."
    return Missing(told, CUMULATIVE)


@twice
def never_sent(function: Callable, stage: Stage, slower: float) -> None:
    """ACKs of numbers that were never sent, while DATA 1 is lost."""

    def lay(peer: Receiver, to: Any, number: int) -> None:
        count = len(peer.messages)
        for other in (WINDOW + 1, 50, count, count + 1, 2**32 - 1):
            peer.bait(to, wire.ack(other), hints.NEVER_SENT)

    sender = go_back_n(WINDOW)
    script = hostile.bait(lay)
    sent = send(sender, function, stage, script, MISLED * slower, messages=TEXTS)
    expect_all(sender, sent)


@twice
def steady(function: Callable, stage: Stage, slower: float) -> None:
    """The ACKs of a full window come one by one, each within the timeout of the one before."""
    timeout = 4 * TIMEOUT * min(slower, 8)
    told = "The ACKs of 1 to 4 came half a timeout apart, and something was sent again meanwhile. "
    told += "Expected the timer to start anew with each ACK that confirms something."
    acks: list[float] = []

    def script(peer: Receiver, came: Came) -> None:
        if came.times > 1 and not peer.times(DATA, 4):
            room = f"DATA {came.number} was sent again, and the window of 4 had room."
            room += f" Expected DATA {peer.upto + 1}."
            peer.verdict = Missing(room, hints=slips.WHOLE)
        if not came.is_data(4) or came.times > 1:
            peer.accept(came)
            if peer.acked >= 4 or came.times > 1:
                peer.ack(came.sender, peer.upto)
            return
        peer.accept(came)
        for number in range(1, 5):
            if peer.hold(timeout / 2):
                break
            acks.append(time.perf_counter())
            peer.ack(came.sender, number)
        peer.ack(came.sender, peer.upto)

    sender = go_back_n(4)
    sent = send(sender, function, stage, script, timeout, messages=TEXTS[:4], paced=False)
    repeated = [at for at, again in _with_repetitions(sent) if again]
    if repeated and sent.peer.times(DATA, 4):
        moments = [sent.sends[0][1], *(at for at in acks if at < repeated[0]), repeated[0]]
        # Where the check itself was late with an ACK there is nothing to blame.
        late = any(later - sooner > 0.8 * timeout for sooner, later in pairwise(moments))
        if slower == 1 or not late:
            raise Missing(told, hints=slips.STEADY)
    expect_all(sender, sent)


def _with_repetitions(sent: Sent) -> list[tuple[float, bool]]:
    """When each DATA datagram was sent, and whether it had been sent before."""
    seen: set[bytes] = set()
    found = []
    for datagram, at in sent.sends:
        if datagram[:1] == bytes([DATA]):
            found.append((at, datagram in seen))
            seen.add(datagram)
    return found


@twice
def no_window(function: Callable, stage: Stage, slower: float) -> None:
    """A window of 0, and of -1."""
    for window in (0, -1):
        sender = replace(go_back_n(window), window=1)  # what it sends may come
        try:
            sent = send(sender, function, stage, hostile.plain, TIMEOUT)
        except ValueError:
            continue
        told = f"With a window of {window} it " + (
            f"raised {short(sent.error)}" if sent.error else f"returned {short(sent.got)}"
        )
        raise Wrong(f"{told}. Expected ValueError.", hints=slips.NO_WINDOW)
