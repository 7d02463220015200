"""What both senders of chapter 06 must survive: one that stops and waits, and Go-Back-N."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any

from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._peer import Came, Receiver
from helpers.chapters.chapter_06._wire import DATA, END, TRIES
from helpers.chapters.chapter_06.beliefs import ACK_LOST, ANY_ACK, FOR_EVER
from helpers.checks import second_try
from helpers.checks.second_try import Missing
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong

TIMEOUT = 0.03  # seconds
MISLED = 0.05  # seconds of timeout where something misleading is said meanwhile
SHORT = 0.01  # seconds, where ten of them pass
QUIET = 0.008  # seconds in which a sender that does not wait gives itself away
LONGER = 4  # how many times longer all waits of a second try are: ten of them have to pass in some
TEXTS = [b"21.5", b"21.7", b"22.0", b"22.0", b"on", b"off", b"on", b"22.4"]

twice = partial(second_try.twice, longer=LONGER)
Sends = Callable[[Stage, Callable, Any, Any, list[bytes], float], Any]
Script = Callable[[Receiver, Came], None]


@dataclass(frozen=True)
class Sent:
    """What came of a call.

    Attributes:
        got: what was returned.
        error: what was raised in place of that.
        peer: the receiver, which has ended.
        took: seconds of the whole call.
        log: (kind, number) of all transmissions in their order.
        gaps: seconds between two neighbouring transmissions of the same, by (kind, number).
        sends: all datagrams, and when they were sent, as the sender's own thread saw it.
    """

    got: Any
    error: TimeoutError | None
    peer: Receiver
    took: float
    log: Sequence[tuple[int, int]]
    gaps: Mapping[tuple[int, int], list[float]] = field(default_factory=dict)
    sends: Sequence[tuple[bytes, float]] = ()

    @property
    def transmissions(self) -> int:
        """How many DATA datagrams were sent."""
        return sum(kind == DATA for kind, _ in self.log)

    def times(self, number: int) -> int:
        """How often this message was sent."""
        return Counter(self.log)[DATA, number]


@dataclass(frozen=True)
class Sender:
    """A kind of sender.

    Attributes:
        window: how many messages it may have on their way.
        call: calls the learner's function, as (stage, function, sock, address, messages, timeout).
        judge: raises Wrong where the result is not right for what was sent.
        most: transmissions of a message after which the error may come.
    """

    window: int
    call: Sends
    judge: Callable[[Sent], None]
    most: int = TRIES


def send(
    sender: Sender,
    function: Callable,
    stage: Stage,
    script: Script,
    timeout: float,
    *,
    messages: Sequence[bytes] = tuple(TEXTS[:4]),
    belief: Misconception | None = ANY_ACK,
    prepare: Callable[[Any], None] | None = None,
    paced: bool = True,
) -> Sent:
    """Let the learner's function send messages to a receiver that follows a script.

    Args:
        sender: its kind.
        function: the learner's.
        stage: of the case.
        script: what the receiver does at each datagram.
        timeout: seconds that the function may wait for an ACK.
        messages: to send.
        belief: behind what is sent too early after a bait.
        prepare: does something to the socket before.
        paced: whether the time between transmissions is looked at.

    Raises:
        Wrong: what the receiver has found; for a closed socket; for a wrong pace.
    """
    peer = Receiver(stage, messages, sender.window, script, timeout, belief)
    sends: list[tuple[bytes, float]] = []
    sock = wire.learners_socket(stage, record=False)
    wire.note_sends(sock, sends)
    if prepare is not None:
        prepare(sock)
    got, error, began = None, None, time.perf_counter()
    try:
        got = sender.call(stage, function, sock, peer.address, list(messages), timeout)
    except TimeoutError as raised:
        error = raised
    took = time.perf_counter() - began
    peer.finish()
    if sock.fileno() < 0:
        raise Wrong("The function has closed sock; the contract leaves that to the caller.")
    gaps = _gaps(sends)
    if paced:
        _look_at_the_pace([each for some in gaps.values() for each in some], timeout)
    log = [(came.kind, came.number) for came in peer.log]
    return Sent(got, error, peer, took, log, gaps, sends)


def _gaps(sends: Sequence[tuple[bytes, float]]) -> dict[tuple[int, int], list[float]]:
    gaps, last = {}, {}
    for datagram, at in sends:
        parts = wire.read(datagram)
        if parts is None:
            continue
        key = parts[:2]
        if key in last:
            gaps.setdefault(key, []).append(at - last[key])
        last[key] = at
    return gaps


def expect_all(sender: Sender, sent: Sent) -> Sent:
    """Raise Wrong unless all was delivered, END was heard and the result is right."""
    peer, count = sent.peer, len(sent.peer.messages)
    if sent.error is not None:
        raise gave_up(sent)
    if len(peer.kept) < count:
        told = f"It returned {short(sent.got)} although message {len(peer.kept) + 1} of {count}"
        raise Wrong(f"{told} was not confirmed.")
    if not peer.ended:
        raise Wrong(
            f"Expected END {count + 1} after the last message was confirmed, and none came."
        )
    sender.judge(sent)
    return sent


def gave_up(sent: Sent) -> Wrong:
    """What to say of a TimeoutError that should not have come."""
    kind, number = sent.log[-1] if sent.log else (END, 1)
    first = next((n for n in range(1, number) if n > sent.peer.acked), number)
    times = Counter(sent.log)[kind, first if kind == DATA else number]
    name = f"DATA {first}" if kind == DATA else f"END {number}"
    told = f"It raised {short(sent.error)} after {name} was sent {_times(times)}."
    if times >= TRIES:
        return Missing(f"{told} Its confirmation was sent.")
    told += f" Expected it to send again, up to {TRIES} transmissions in all."
    return Wrong(told, ACK_LOST if times <= 1 else None)


def expect_error(sent: Sent, number: int, most: int) -> None:
    """Raise Wrong unless it gave up after the right number of tries, naming this message."""
    times, peer = sent.times(number), sent.peer
    if sent.error is None:
        told = f"It returned {short(sent.got)}, and DATA {number} was never confirmed"
        raise Wrong(f"{told}. Expected TimeoutError.")
    if peer.acked < number - 1:
        raise gave_up(sent)
    if not times and max(Counter(sent.log).values()) >= TRIES:
        told = f"It raised {short(sent.error)}. Messages 1 to {number - 1} were confirmed, and"
        raise Missing(f"{told} DATA {number} was never sent.", ACK_LOST)
    if not TRIES <= times <= most:
        told = f"It raised TimeoutError after DATA {number} was sent {_times(times)}."
        raise Wrong(f"{told} Expected {TRIES} transmissions.", ACK_LOST if times <= 1 else None)
    named(sent.error, number)


def named(error: TimeoutError, number: int) -> None:
    """Raise Wrong unless the error's text holds this number."""
    text = " ".join(each if isinstance(each, str) else short(each) for each in error.args)
    if str(number) not in re.findall(r"(?<![\d.])\d+(?!\.?\d)", text):
        told = f"It raised {short(error)}. Expected the number of the first message that was not"
        raise Wrong(f"{told} confirmed in its text, which is {number}.")


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _look_at_the_pace(gaps: Sequence[float], timeout: float) -> None:
    if gaps and median(gaps) < 0.3 * timeout:
        told = f"The same was sent again after {1000 * median(gaps):.1f} ms, as a rule"
        raise Missing(f"{told}. Expected {1000 * timeout:.0f} ms, the timeout.", FOR_EVER)
    if gaps and median(gaps) > 3 * timeout + 0.4:
        told = f"The same was sent again after {median(gaps):.2f} s, as a rule"
        raise Missing(f"{told}. Expected {timeout:.2f} s, the timeout.")
