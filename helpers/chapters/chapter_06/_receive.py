"""The check of `receive_reliably`: what a sender sends again, too early, or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from helpers.chapters.chapter_06 import _receive_hints as hints
from helpers.chapters.chapter_06 import _receive_slips as slips
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._wire import DATA, ack, data, end
from helpers.checks import second_try
from helpers.checks.peers import PeerSocket
from helpers.checks.second_try import Missing
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

TIMEOUT = 0.008  # seconds of the socket; all is sent before the call, so nothing is late
LONGER = 15  # how many times longer the second try's are
SPINNING = 0.25  # of the time of a wait that the processor was at work for it
MOST = 1000  # bytes of a payload, as the contract has it
TOO_LONG = 0.9  # seconds beyond it that no machine needs to hear that nothing comes
SENDER = "sender"

twice = partial(second_try.twice, longer=LONGER)


@dataclass(frozen=True)
class Received:
    """What came of a call: the result or the TimeoutError, and what the sender heard."""

    got: Any
    error: TimeoutError | None
    answers: list[bytes]
    took: float
    worked: float  # seconds for which its thread has kept the processor busy


def call(function: Callable, stage: Stage, sock: PeerSocket, peer: PeerSocket) -> Received:
    """Call the function with this socket; what came of it, and what reached the peer."""
    got, error, began, at_work = None, None, time.perf_counter(), time.thread_time()
    try:
        got = stage.call(function, sock)
    except TimeoutError as raised:
        error = raised
    took, worked = time.perf_counter() - began, time.thread_time() - at_work
    if sock.fileno() < 0:
        told = "The function has closed sock; the contract leaves that to the caller."
        raise Wrong(told, hints=hints.CLOSES)
    for left in drain(sock):  # what it has not looked at belongs into the picture
        wire.write_down(stage, SENDER, YOU, left)
    return Received(got, error, drain(peer), took, worked)


def drain(sock: PeerSocket) -> list[bytes]:
    """All that waits in a socket's buffer."""
    found = []
    sock.settimeout(0.0)
    sock._record = lambda *_, **__: None
    while True:
        try:
            found.append(sock.recvfrom(65_536)[0])
        except ConnectionError:
            continue
        except BlockingIOError:
            return found


def _receive(function: Callable, stage: Stage, sent: Sequence[bytes], timeout: float) -> Received:
    """Call the function with all this in its socket."""
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(timeout)
    peer = wire.silent_socket(stage, SENDER)
    for datagram in sent:
        peer.sendto(datagram, sock.getsockname())
    stage.note("the sender had sent everything and was waiting for you")
    came = call(function, stage, sock, peer)
    if came.took > timeout + TOO_LONG:
        told = f"All had come when it was called, the socket's timeout was {timeout:.2f} s, and it"
        told += f" took {came.took:.2f} s. Expected an end after one timeout of silence."
        raise Missing(told, hints=hints.LONGER)
    return came


def _try(
    function: Callable,
    stage: Stage,
    sent: Sequence[bytes],
    acks: Sequence[int],
    slower: float,
) -> float:
    """Send all this, and expect its messages once each and these ACKs.

    Args:
        function: the learner's.
        stage: of the case.
        sent: all that its socket receives.
        acks: the numbers that it is to confirm, in order.
        slower: by how much to lengthen the timeout.

    Returns:
        How many times the timeout it took.
    """
    expected = _messages(sent, max(acks))
    timeout = TIMEOUT * slower
    came = _receive(function, stage, sent, timeout)
    if came.error is not None:
        told = f"It raised {short(came.error)}, although all messages and END have come."
        told += " Expected it to return the messages after a silence."
        raise Missing(told, hints=_why_it_raised(numbers(came.answers), expected))
    compare_messages(came.got, expected, sent)
    got = numbers(came.answers)
    if got == list(acks):
        return came.took / timeout
    told = f"The messages are right. Expected the ACKs {listed(acks)}, got {listed(got)}"
    told += f"{slips.which_ack(got, acks, sent)}."
    raise (Missing if len(got) < len(acks) else Wrong)(told, *slips.of_answers(got, sent))


def _why_it_raised(acks: Sequence[int], expected: Sequence[bytes]) -> Hints:
    """What is behind an error where END has come: END did not count, or its silence is an error."""
    last = max(acks, default=0)
    if not acks or last > len(expected):
        return hints.END_SILENCE if acks else hints.NEVER
    if last < len(expected):
        return hints.STUCK if expected[last] else hints.EMPTY
    return hints.END_UNANSWERED


def _messages(sent: Sequence[bytes], last: int) -> list[bytes]:
    """The payloads by their numbers, each once."""
    parts = filter(None, map(wire.read, sent))
    by_number = {number: payload for kind, number, payload in parts if kind == DATA}
    return [by_number[number] for number in range(1, last)]


def numbers(answers: Sequence[bytes]) -> list[int]:
    """The numbers of ACKs; raises Wrong for what is none."""
    for each in answers:
        if len(each) != wire.HEADER.size or each[0] != wire.ACK:
            told = f"It sent {wire.words(each)}. Expected nothing but ACKs: kind 2, a number, no"
            raise Wrong(f"{told} payload, in network byte order.", hints=hints.NO_ACK)
    return [wire.HEADER.unpack(each)[1] for each in answers]


def compare_messages(got: Any, expected: list[bytes], sent: Sequence[bytes]) -> None:
    """Raise Wrong unless these are the messages, each once, of all the datagrams that were sent."""
    if isinstance(got, list) and got == expected and all(type(e) is bytes for e in got):
        return
    told = f"Expected {short(expected)}, got {short(got)}."
    if short(expected) == short(got) and isinstance(got, list):
        told = _at_the_first_difference(expected, got) or told
    if not isinstance(got, list) or not all(isinstance(each, bytes) for each in got):
        raise Wrong(told + " The result is to be a list of bytes.", hints=hints.TYPE)
    belief, slip = slips.of_messages(got, expected, sent)
    if slip is None and len(got) < len(expected):
        slip = hints.MISSING
    raise (Missing if len(got) < len(expected) else Wrong)(told, belief, slip)


def _at_the_first_difference(expected: list[bytes], got: list[Any]) -> str:
    """What differs in two lists that look the same, as they are long; empty where nothing does."""
    for number, (wanted, came) in enumerate(zip(expected, got, strict=False), 1):
        if wanted != came:
            return f"Message {number}: expected {short(wanted)}, got {short(came)}."
    return ""


def listed(numbers: Sequence[int]) -> str:
    """Numbers as a part of a sentence."""
    return ", ".join(map(str, numbers)) or "none at all"


ONE, TWO, THREE = b"21.5", b"21.7", b"22.0"
A, B, C, D = data(1, ONE), data(2, TWO), data(3, THREE), data(4, b"22.4")


@twice
def in_order(function: Callable, stage: Stage, slower: float) -> None:
    """Three messages, and END."""
    _try(function, stage, [A, B, C, end(4)], [1, 2, 3, 4], slower)


@twice
def payloads(function: Callable, stage: Stage, slower: float) -> None:
    """No messages; then empty and binary ones, and one as long as they may be."""
    first = _try(function, stage, [end(1)], [1], slower)
    stage.again()
    held = [b"", bytes(range(256)), b"\x00" * MOST, b"", "Küche: 21 °C".encode()]
    sent = [data(number, payload) for number, payload in enumerate(held, 1)]
    waited = min(first, _try(function, stage, [*sent, end(6)], [1, 2, 3, 4, 5, 6], slower))
    if waited > 1.7:  # one of the two at least was not late because the machine was
        told = f"All had come when it was called, and it waited for {waited:.1f} timeouts of"
        raise Missing(f"{told} silence. Expected one.", hints=hints.LONGER)


@twice
def ack_lost(function: Callable, stage: Stage, slower: float) -> None:
    """The ACK of 2 is lost twice, so 2 comes three times."""
    _try(
        function,
        stage,
        [A, B, B, B, C, end(4)],
        [1, 2, 2, 2, 3, 4],
        slower,
    )


@twice
def copies(function: Callable, stage: Stage, slower: float) -> None:
    """Late copies of old messages, and new messages that look like old ones."""
    on, off, again = data(1, b"on"), data(3, b"off"), data(2, b"on")
    _try(
        function,
        stage,
        [on, again, on, off, again, on, end(4)],
        [1, 2, 2, 3, 3, 3, 4],
        slower,
    )


@twice
def gaps(function: Callable, stage: Stage, slower: float) -> None:
    """DATA 1 comes after DATA 2, DATA 3 before 2, and END before DATA 4."""
    _try(
        function,
        stage,
        [B, A, C, B, C, end(5), D, end(5)],
        [0, 1, 1, 2, 3, 3, 4, 5],
        slower,
    )


@twice
def end_again(function: Callable, stage: Stage, slower: float) -> None:
    """The ACK of END is lost twice, and a copy of DATA 1 comes after it."""
    _try(
        function,
        stage,
        [A, end(2), end(2), A, *[end(2)] * 7],
        [1, 2, 2, *[2] * 8],
        slower,
    )


@twice
def junk(function: Callable, stage: Stage, slower: float) -> None:
    """Datagrams too short, of another kind, ACKs, and an END with a payload."""
    head = wire.HEADER.pack
    sent = [
        A, b"", b"\x01", data(2, b"")[:4], b"\x01\x00\x00\x02", ack(1), ack(2),
        head(0, 2) + b"x", head(4, 2), head(129, 2) + b"y", end(2) + b"?", B, end(3),
    ]  # fmt: skip
    _try(function, stage, sent, [1, 2, 3], slower)


@twice
def vanishes(function: Callable, stage: Stage, slower: float) -> None:
    """The sender falls silent after DATA 2; then one that never says anything."""
    for sent, acks in (([A, B], [1, 2]), ([], [])):
        stage.again()
        came = _receive(function, stage, sent, TIMEOUT * slower)
        if came.error is None:
            told = f"No END has come, and it returned {short(came.got)}."
            told += " Expected TimeoutError after the socket's timeout of silence."
            raise Wrong(told, hints=hints.GONE)
        if (got := numbers(came.answers)) != acks:
            told = f"Expected the ACKs {listed(acks)}, got {listed(got)}."
            raise Missing(told, *slips.of_answers(got, sent))
        if came.worked > SPINNING * came.took and came.took > 0.8 * TIMEOUT * slower:
            told = f"It waited for {came.took:.2f} s and kept the processor busy for "
            told += f"{100 * came.worked / came.took:.0f} % of that time."
            raise Missing(f"{told} Expected a wait that sleeps.", hints=hints.SPINS)


@twice
def moves(function: Callable, stage: Stage, slower: float) -> None:
    """The sender's address changes after DATA 1, whose ACK it has not heard."""
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(TIMEOUT * slower)
    first, second = (wire.silent_socket(stage, f"{SENDER}{name}") for name in ("", ", moved"))
    for peer, datagram in ((first, A), (second, A), (second, B), (second, end(3))):
        peer.sendto(datagram, sock.getsockname())
    try:
        came = call(function, stage, sock, second)
    except OSError as error:
        raise Wrong(f"It raised {short(error)}.", hints=hints.ONE_SENDER) from None
    heard = numbers(drain(first)), numbers(came.answers)
    if heard == ([1], [1, 2, 3]) and came.error is not None:
        raise Missing(f"It raised {short(came.error)} after END.", hints=hints.END_SILENCE)
    if heard != ([1], [1, 2, 3]):
        told = "DATA 1 came from one address; DATA 1 again, DATA 2 and END 3 came from another. "
        told += f"Expected the ACKs 1 there, and 1, 2, 3 here; got {listed(heard[0])} there, "
        belief, slip = slips.of_answers([*heard[0], *heard[1]], [A, A, B, end(3)])
        if not heard[1] and heard[0]:
            belief, slip = None, hints.ONE_SENDER
        told += f"and {listed(heard[1])} here."
        raise Missing(told, belief, slip or hints.ONE_SENDER)
    compare_messages(came.got, [ONE, TWO], [A, A, B])
