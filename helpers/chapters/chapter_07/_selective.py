"""The check of `receive_selectively`: gaps, copies, bounds, and a sender that lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._receive import (
    SENDER,
    SPINNING,
    TIMEOUT,
    TOO_LONG,
    Received,
    call,
    drain,
    listed,
    numbers,
    twice,
)
from helpers.chapters.chapter_06._wire import ack, data, end
from helpers.chapters.chapter_06.beliefs import ACK_LOST
from helpers.chapters.chapter_07 import _selective_hints as hints
from helpers.chapters.chapter_07._selective_models import RIGHT, slip_of
from helpers.checks.second_try import Missing
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong
from helpers.link import blocks  # noqa: F401 (numpy, now: a case may be ended amid its import)
from helpers.link.link import Link

_READINGS = (b"21.5", b"21.7", b"22.0", b"22.4", b"22.5")
A, B, C, D, E = (data(number, reading) for number, reading in enumerate(_READINGS, 1))
LINK_SEED = 12


def _with(function: Callable, window: int) -> Callable:
    return lambda sock: function(sock, window)


def _try(
    function: Callable, stage: Stage, window: int, sent: Sequence[bytes], slower: float
) -> None:
    """Send all this, and expect what a right receiver makes of it."""
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(TIMEOUT * slower)
    peer = wire.silent_socket(stage, SENDER)
    for datagram in sent:
        peer.sendto(datagram, sock.getsockname())
    stage.note("the sender had sent everything and was waiting for you")
    came = call(_with(function, window), stage, sock, peer)
    if came.took > TIMEOUT * slower + TOO_LONG:
        told = f"All had come when it was called, and it took {came.took:.2f} s."
        raise Missing(f"{told} Expected an end after one timeout of silence.", hints=hints.HANGS)
    _judge(came, numbers(came.answers), window, sent)


def _judge(came: Received, acks: list[int], window: int, sent: Sequence[bytes]) -> None:
    expected_acks, expected = RIGHT.receive(sent, window)
    got = came.got
    if came.error is None and acks == expected_acks and _is(got, expected):
        return
    if came.error is None and not _is_list(got):
        told = f"Expected a list of bytes, got {short(got)}."
        raise Wrong(told, hints=hints.TYPE)
    belief, hint = slip_of((acks, None if came.error else got), sent, window)
    if belief is None and hint is None:
        hint = _otherwise(came, acks, expected_acks, expected)
    if came.error is not None:
        told = f"It raised {short(came.error)} after the ACKs {listed(acks)}. Expected the ACKs"
        raise Missing(f"{told} {listed(expected_acks)}, and then the messages.", belief, hint)
    if got != expected:
        told = f"The window is {window}. Expected {short(expected)}, got {short(got)}."
        raise (Missing if len(got) < len(expected) else Wrong)(told, belief, hint)
    told = f"The messages are right, and the window is {window}. Expected the ACKs"
    told += f" {listed(expected_acks)}, got {listed(acks)}."
    raise (Missing if len(acks) < len(expected_acks) else Wrong)(told, belief, hint)


def _is_list(got: Any) -> bool:
    return isinstance(got, list) and all(isinstance(each, bytes) for each in got)


def _is(got: Any, expected: Any) -> bool:
    return _is_list(got) and got == expected


def _otherwise(
    came: Received, acks: list[int], expected_acks: list[int], expected: Any
) -> Hints | None:
    """What to say where no slip that is known does exactly this; None for the case's own hints."""
    if not acks:
        return hints.NEVER
    if came.error is not None:
        return hints.END_SILENCE if acks == expected_acks else None
    return hints.LEAVES if came.got == expected and acks == expected_acks[: len(acks)] else None


def _case(window: int, *series: Sequence[bytes]) -> Callable[[Callable, Stage], None]:
    @twice
    def attempt(function: Callable, stage: Stage, slower: float) -> None:
        for sent in series:
            stage.again()
            _try(function, stage, window, sent, slower)

    return attempt


in_order = _case(4, [A, B, C, end(4)])
early = _case(8, [A, C, D, B, A, A, end(5)], [A, C, D, B, end(5)])
copies = _case(8, [A, A, C, C, B, A, C, end(4)])
full = _case(3, [B, C, D, E, A, end(6), D, E, end(6)])
old = _case(2, [A, B, A, B, C, D, C, end(5)])
one = _case(1, [B, A, B, B, end(3)])
early_end = _case(4, [A, end(3), B, end(3)], [C, end(4), A, end(4), B, end(4)])
end_again = _case(4, [A, B, end(3), end(3), A, B, *[end(3)] * 5])
_TEXTS = [b"", bytes(range(256)), b"\x00" * 1000, b"", "Küche: 21 °C".encode()]
_HELD = [data(number, text) for number, text in enumerate(_TEXTS, 1)]
payloads = _case(8, [end(1)], [_HELD[1], _HELD[0], _HELD[4], _HELD[2], _HELD[3], end(6)])
_HEAD = wire.HEADER.pack
junk = _case(4, [
    A, b"", b"\x01", data(2, b"")[:4], ack(2), _HEAD(0, 2) + b"x", _HEAD(4, 2), data(0, b"0"),
    _HEAD(129, 2) + b"y", end(0), end(2) + b"?", data(2**32 - 4, b"far"), B, end(3),
])  # fmt: skip


@twice
def vanishes(function: Callable, stage: Stage, slower: float) -> None:
    """The sender falls silent after DATA 1 and 3; then one that never says anything."""
    for sent, acks in (([A, C], [1, 3]), ([], [])):
        stage.again()
        sock = wire.learners_socket(stage, record=True)
        sock.settimeout(TIMEOUT * slower)
        peer = wire.silent_socket(stage, SENDER)
        for datagram in sent:
            peer.sendto(datagram, sock.getsockname())
        came = call(_with(function, 4), stage, sock, peer)
        if came.error is None:
            told = f"No END has come, and it returned {short(came.got)}."
            raise Wrong(f"{told} Expected TimeoutError.", hints=hints.GONE)
        if (got := numbers(came.answers)) != acks:
            told = f"Expected the ACKs {listed(acks)}, got {listed(got)}."
            raise Missing(told, *slip_of((got, None), sent, 4))
        if came.worked > SPINNING * came.took and came.took > 0.8 * TIMEOUT * slower:
            told = f"It waited for {came.took:.2f} s and kept the processor busy meanwhile."
            raise Missing(told, hints=hints.SPINS)


@twice
def slow(function: Callable, stage: Stage, slower: float) -> None:
    """Each datagram comes a good part of the timeout after the one before, also after END."""
    timeout = 0.02 if slower == 1 else 0.2
    sent = [A, C, B, end(4), A, B, C, end(4)]
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(timeout)
    peer = wire.silent_socket(stage, SENDER)
    address, times = sock.getsockname(), [time.perf_counter()]

    def send() -> None:
        for datagram in sent:
            peer.sendto(datagram, address)
            times.append(time.perf_counter())
            stage.pause(0.45 * timeout)

    script = stage.script(send)
    came = call(_with(function, 4), stage, sock, peer)
    script.result()
    try:
        _judge(came, numbers([*came.answers, *drain(peer)]), 4, sent)
    except Missing:
        # Where the check's own pauses were too long, nothing can be said.
        if slower == 1 or not any(b - a > 0.8 * timeout for a, b in pairwise(times)):
            raise


@twice
def reset(function: Callable, stage: Stage, slower: float) -> None:
    """A receive raises ConnectionResetError once."""
    sock = wire.learners_socket(stage, record=True)
    sock.settimeout(TIMEOUT * slower)
    peer = wire.silent_socket(stage, SENDER)
    sent = [A, B, end(3)]
    for datagram in sent:
        peer.sendto(datagram, sock.getsockname())
    told = threading.Event()
    told.set()
    wire.fail_once(sock, told)
    came = call(_with(function, 4), stage, sock, peer)
    if came.error is None and came.got != [A[5:], B[5:]]:
        told = f"A receive raised ConnectionResetError, and it returned {short(came.got)}."
        raise Missing(f"{told} Expected the messages that came then.", hints=hints.CLOSED_PORT)
    _judge(came, numbers(came.answers), 4, sent)


def no_window(function: Callable, stage: Stage) -> None:
    """A window of 0, and of -1."""
    for window in (0, -1):
        sock = wire.learners_socket(stage, record=True)
        sock.settimeout(TIMEOUT)
        try:
            got = stage.call(function, sock, window)
        except ValueError:
            continue
        except TimeoutError as error:
            got = error
        told = f"With a window of {window} it gave {short(got)}. Expected ValueError."
        raise Wrong(told, hints=hints.NO_WINDOW)


@twice
def losses(function: Callable, stage: Stage, slower: float) -> None:
    """A link loses 30 % each way, doubles some and lets others overtake."""
    timeout, over, window = 3 * TIMEOUT * min(slower, 12), threading.Event(), 4
    sock = wire.learners_socket(stage, record=False)
    sock.settimeout(timeout)
    way = {"loss": 0.3, "duplicate": 0.1, "reorder": 0.2, "reorder_delay": timeout / 15}
    name = f"check {id(stage)} {slower}"
    link = stage.enter(Link(sock.getsockname(), seed=LINK_SEED, name=name, **way))
    peer = wire.silent_socket(stage, SENDER)
    texts = [b"on", b"on", b"off", b"21.5", b"", b"on", b"off", b"22.0"]
    sent = [*(data(number, text) for number, text in enumerate(texts, 1)), end(len(texts) + 1)]
    script = stage.script(partial(_send, peer, link.address, sent, window, timeout / 12, over))
    got, error = None, None
    try:
        got = stage.call(function, sock, window)
    except TimeoutError as raised:
        error = raised
    script.join(timeout)
    heard = not script.is_alive()
    over.set()
    script.result()
    link.stop()
    wire.take_over(stage, link, {"client": SENDER, "server": YOU})
    if error is not None:
        told = f"It raised {short(error)} while the sender still sent."
        raise Missing(told, hints=hints.END_SILENCE)
    if not _is(got, texts):
        raise Missing(f"Expected {short(texts)}, got {short(got)}.")
    if not heard:
        told = "It returned, and the sender had no ACK of END and was sending it still."
        raise Missing(told, ACK_LOST, hints.LEAVES)


def _send(
    peer: Any, address: Any, sent: Sequence[bytes], window: int, seconds: float, over: Any
) -> None:
    """Selective Repeat: send what is not confirmed in the window, and END when all is."""
    confirmed: set[int] = set()
    while len(confirmed) < len(sent) and not over.is_set():
        left = [n for n in range(1, len(sent)) if n not in confirmed] or [len(sent)]
        for number in left:
            if number < left[0] + window:
                peer.sendto(sent[number - 1], address)
        until = time.perf_counter() + seconds
        while (rest := until - time.perf_counter()) > 0:
            peer.settimeout(rest)
            try:
                parts = wire.read(peer.recvfrom(wire.SIZE)[0])
            except (TimeoutError, ConnectionError):
                continue
            if parts is not None and parts[0] == wire.ACK:
                confirmed.add(parts[1])
