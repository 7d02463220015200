"""What both senders of chapter 06 must survive: one that stops and waits, and Go-Back-N."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any

from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._peer import Came, Receiver
from helpers.chapters.chapter_06._wire import DATA, END, TRIES
from helpers.chapters.chapter_06.beliefs import ACK_LOST, ANY_ACK, FOR_EVER
from helpers.checks import second_try
from helpers.checks.second_try import Missing
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong

# A clock that goes in steps of 16 ms, as on Windows, tells no short wait from half of it.
COARSE = time.get_clock_info("monotonic").resolution > 0.001
TIMEOUT = 0.008  # seconds
TIMEOUT_OF_GAPS = 0.1 if COARSE else TIMEOUT  # where each wait is measured
MISLED = 0.012  # seconds of timeout where something misleading is said meanwhile
SHORT = 0.02 if COARSE else 0.0025  # seconds, where ten of them pass
SHORT_AGAIN = 0.04  # at a second try
HELD = 0.08  # seconds of timeout where nobody waits for so long: the receiver says something before
QUIET = 0.004  # seconds in which a sender that does not wait gives itself away
LONGER = 15  # how many times longer all waits of a second try are: ten of them pass in some cases
MANY = 5  # waits, of which one at least is no longer than it was to be
SPINNING = 0.25  # of the time of a wait that the processor was at work for it
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
        worked: seconds of it for which its thread has kept the processor busy.
        waited: seconds from its last sending to its end.
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
    worked: float = 0.0
    waited: float = math.inf

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


def brief(slower: float) -> float:
    """The timeout in seconds where ten of them pass."""
    return SHORT if slower == 1 else SHORT_AGAIN


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
    name = sock.getsockname()
    got, error, began, at_work = None, None, time.perf_counter(), time.thread_time()
    try:
        got = sender.call(stage, function, sock, peer.address, list(messages), timeout)
    except TimeoutError as raised:
        error = raised
    ended, worked = time.perf_counter(), time.thread_time() - at_work
    peer.finish()
    if sock.fileno() < 0:
        told = "The function has closed sock; the contract leaves that to the caller."
        raise Wrong(told, hints=hints.CLOSES)
    if any(came.sender != name for came in peer.log):
        told = "Datagrams came from a socket that is not `sock`, so from another address."
        raise Wrong(f"{told} Expected all of them from `sock`.", hints=hints.OTHER_SOCKET)
    gaps = _gaps(sends)
    if paced:
        _look_at_the_pace(peer, [each for some in gaps.values() for each in some], timeout)
    log = [(came.kind, came.number) for came in peer.log]
    waited = ended - sends[-1][1] if sends else math.inf
    return Sent(got, error, peer, ended - began, log, gaps, sends, worked, waited)


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
        raise Wrong(f"{told} was not confirmed.", hints=hints.NOT_CONFIRMED)
    if not peer.ended:
        told = f"Expected END {count + 1} after the last message was confirmed, and none came."
        raise Wrong(told, hints=hints.NEVER_ENDED)
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
        told += " Its confirmation was sent."
        return Missing(told, hints=hints.END_IS_NO_ERROR if kind == END else hints.UNHEARD)
    told += f" Expected it to send again, up to {TRIES} transmissions in all."
    if times <= 1:
        return Wrong(told, ACK_LOST, hints.FIRST_SILENCE)
    return Wrong(told, hints=hints.TOO_FEW_TRIES)


def expect_error(sent: Sent, number: int, most: int) -> None:
    """Raise Wrong unless it gave up after the right number of tries, naming this message."""
    times, peer = sent.times(number), sent.peer
    if sent.error is None:
        told = f"It returned {short(sent.got)}, and DATA {number} was never confirmed"
        raise Wrong(f"{told}. Expected TimeoutError.", hints=hints.NO_ERROR)
    if peer.acked < number - 1:
        raise gave_up(sent)
    if not times and max(Counter(sent.log).values()) >= TRIES:
        told = f"It raised {short(sent.error)}. Messages 1 to {number - 1} were confirmed, and"
        raise Missing(f"{told} DATA {number} was never sent.", ACK_LOST, hints.FIRST_SILENCE)
    told = f"It raised TimeoutError after DATA {number} was sent {_times(times)}."
    told += f" Expected {TRIES} transmissions."
    if times < TRIES:
        at_once = times <= 1
        slip = hints.FIRST_SILENCE if at_once else hints.TOO_FEW_TRIES
        raise Wrong(told, ACK_LOST if at_once else None, slip)
    # From here on each verdict may come from ACKs that a busy machine has kept.
    if times > most or (times > TRIES and sent.waited > 0.5 * peer.timeout):
        raise Missing(told, hints=hints.TOO_MANY_TRIES)
    named(sent.error, number)
    if times == TRIES and sent.waited < sent.peer.timeout / 2:
        told = f"DATA {number} was sent for the tenth time, and {1000 * sent.waited:.1f} ms later"
        told += " the error was raised. Expected it after the timeout of "
        raise Missing(f"{told}{1000 * peer.timeout:.0f} ms.", hints=hints.LAST_WAIT)
    if sent.worked > SPINNING * sent.took:
        told = f"It waited for ten timeouts, {sent.took:.2f} s in all, and kept the processor busy"
        told += f" for {100 * sent.worked / sent.took:.0f} % of that time. Expected waits that"
        raise Missing(f"{told} leave the processor to others.", hints=hints.SPINS)


def expect_end(sent: Sent, number: int) -> None:
    """Raise Wrong unless it returned after it had sent the unconfirmed END ten times."""
    if sent.error is not None and sent.peer.acked < number - 1:
        raise gave_up(sent)
    if sent.error is not None:
        told = f"It raised {short(sent.error)}, and every message was confirmed."
        told += " Expected it to return: END unconfirmed is no error."
        raise Wrong(told, hints=hints.END_IS_NO_ERROR)
    ends = sent.peer.count(END)
    if ends != TRIES:
        told = f"END {number} was never confirmed, as only an ACK of {number - 1} came, and was "
        told += f"sent {_times(ends)}. Expected {TRIES} times."
        if ends <= 1:
            at_once = sent.waited < sent.peer.timeout / 2
            once = hints.END_TAKEN if at_once else hints.END_ONCE
            raise Wrong(told, hints=once if ends else hints.NEVER_ENDED)
        few = ends < TRIES
        raise Wrong(told, hints=hints.TOO_FEW_TRIES if few else hints.TOO_MANY_TRIES)


def named(error: TimeoutError, number: int) -> None:
    """Raise Missing unless the error's text holds this number.

    A right answer whose ACKs came too late has named an earlier message.
    """
    text = " ".join(each if isinstance(each, str) else short(each) for each in error.args)
    if str(number) not in re.findall(r"(?<![\d.])\d+(?!\.?\d)", text):
        told = f"It raised {short(error)}. Expected the number of the first message that was not"
        raise Missing(f"{told} confirmed in its text, which is {number}.", hints=hints.TEXT)


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _look_at_the_pace(peer: Receiver, gaps: Sequence[float], timeout: float) -> None:
    if not gaps:
        return
    gap = median(gaps)
    told = f"The same was sent again after {1000 * gap:.1f} ms, as a rule. Expected"
    told += f" {1000 * timeout:.0f} ms, the timeout."
    if gap < 0.3 * timeout:
        woken = peer.baited > -math.inf or (peer.window > 1 and peer.repeated)
        raise Missing(told, FOR_EVER, hints.WOKEN if woken else hints.NO_WAIT)
    if gap < 0.75 * timeout and not (COARSE and timeout < TIMEOUT_OF_GAPS):
        woken = peer.baited > -math.inf
        raise Missing(told, hints=hints.WOKEN if woken else hints.HALF_WAIT)
    # Of many waits not every one is late because the machine is.
    if gap > 3 * timeout + 0.4 or (len(gaps) >= MANY and min(gaps) > 1.7 * timeout):
        raise Missing(told, hints=hints.LONG_WAIT)
