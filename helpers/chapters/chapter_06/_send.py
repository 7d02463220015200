"""The check of `send_reliably`: what only a sender that stops and waits is tried with."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_06 import _hostile as hostile
from helpers.chapters.chapter_06 import _outside as outside
from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06._peer import Came, Receiver
from helpers.chapters.chapter_06._senders import COARSE, Sender, Sent, expect_all, send, twice
from helpers.chapters.chapter_06._wire import DATA
from helpers.chapters.chapter_06.beliefs import KARN, WALL_CLOCK
from helpers.checks.second_try import Missing
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

PATIENT = 0.06  # seconds of timeout where everything is confirmed
TICK = 0.02 if COARSE else 0.002  # seconds by which a clock may be wrong
HELD_BACK = 1.5 * TICK + 0.005  # seconds for which the ACK of message 2 is held back


def _call(
    stage: Stage, function: Callable, sock: Any, address: Any, messages: list, timeout: float
) -> Any:
    return stage.call(function, sock, address, messages, timeout)


def _numbers(value: Any) -> bool:
    return all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in value)


def judge(sent: Sent) -> None:
    """Raise Wrong where the statistics do not fit what was sent."""
    got, stage_log = sent.got, Counter(sent.log)
    missing = [name for name in ("transmissions", "rtts") if not hasattr(got, name)]
    if missing:
        lacks = "" if len(missing) == 2 else f", which has no {missing[0]}"
        raise Wrong(f"Expected a Stats, got {short(got)}{lacks}.", hints=hints.STATS)
    count, rtts = got.transmissions, got.rtts
    if isinstance(count, bool) or not isinstance(count, int):
        told = f"Expected a whole number of transmissions, got {short(count)}."
        raise Wrong(told, hints=hints.STATS_FIELDS)
    if not isinstance(rtts, list) or not _numbers(rtts):
        told = f"Expected a list of floats as rtts, got {short(rtts)}."
        raise Wrong(told, hints=hints.STATS_FIELDS)
    if count != sent.transmissions:
        told = f"{sent.transmissions} DATA datagrams were sent, END not counted"
        told += f". Expected that in transmissions, got {count}."
        raise Wrong(told, hints=slip_of_counting(sent, count))
    messages = range(1, len(sent.peer.messages) + 1)
    once = [number for number in messages if stage_log[DATA, number] == 1]
    if len(rtts) != len(once):
        again = [str(number) for number in messages if number not in once]
        told = f"Expected {len(once)} rtts, got {len(rtts)}."
        if again:
            told += f" Sent more than once: {', '.join(again)}."
        if len(rtts) < len(once):
            raise Wrong(told, hints=hints.TOO_FEW_RTTS)
        if len(rtts) > len(messages):
            raise Wrong(told, hints=hints.TOO_MANY_RTTS)
        raise Wrong(told, KARN)


def slip_of_counting(sent: Sent, count: int) -> Hints:
    """What to say where another number of transmissions was told than were sent."""
    with_ends = count == len(sent.log) or count == sent.transmissions + 1
    return hints.COUNTS_END if with_ends else hints.COUNTS


def _look_at_times(sent: Sent, belief: Misconception | None = None) -> None:
    rtts = sent.got.rtts
    if any(rtt < 0 for rtt in rtts) or sum(rtts) > sent.took + TICK:
        told = f"The call took {sent.took:.3f} s in all, and the rtts are {short(rtts)}."
        by_hours = any(abs(rtt) > outside.AN_HOUR / 2 for rtt in rtts)
        told += " Expected for each message the seconds until its own ACK."
        if by_hours and belief:
            raise Wrong(told, belief)
        milli = 0.5 * sent.took < sum(rtts) / 1000 <= sent.took + TICK
        raise Wrong(told, hints=hints.MILLISECONDS if milli else hints.RTT_TOO_LONG)


STOP_AND_WAIT = Sender(1, _call, judge)


@twice
def in_turn(function: Callable, stage: Stage, slower: float) -> None:
    """Every message is confirmed, the second after a moment: format, turn and times."""
    held: list[float] = []

    def script(peer: Receiver, came: Came) -> None:
        if came.times == 1 and came.kind == DATA:
            peer.hold(HELD_BACK if came.number == 2 else hostile.QUIET)
        if came.is_data(2):
            held.append(time.perf_counter() - came.at)
        peer.confirm(came)

    sent = send(STOP_AND_WAIT, function, stage, script, PATIENT * min(slower, 2), belief=None)
    expect_all(STOP_AND_WAIT, sent)
    _look_at_times(sent)
    if sent.times(1) == sent.times(2) == 1 and sent.got.rtts[1] < held[0] - TICK:
        told = f"The ACK of message 2 was held back for {held[0]:.3f} s"
        told += f"; its rtt is to be at least that, and is {sent.got.rtts[1]:.6f}."
        raise Missing(told, hints=hints.RTT_TOO_SHORT)


def _case(run: Callable) -> Callable[[Callable, Stage], None]:
    @twice
    def attempt(function: Callable, stage: Stage, slower: float) -> None:
        run(STOP_AND_WAIT, function, stage, slower)

    return attempt


nothing = _case(hostile.nothing)
payloads = _case(hostile.payloads)
lost = _case(hostile.lost)
late = _case(hostile.late)
stranger = _case(hostile.stranger)
junk = _case(hostile.junk)
flood = _case(hostile.flood)
blackouts = _case(hostile.blackouts)
vanishes = _case(hostile.vanishes)
end_unheard = _case(hostile.end_unheard)
higher = _case(hostile.higher)
nobody = _case(outside.nobody)
losses = _case(outside.losses)


@twice
def clock(function: Callable, stage: Stage, slower: float) -> None:
    """The wall clock is set while the function waits and measures."""
    _look_at_times(outside.clock(STOP_AND_WAIT, function, stage, slower), WALL_CLOCK)
