"""What the receiver of chapter 06's checks says of datagrams that must not come, or not yet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._wire import DATA, END, TRIES
from helpers.chapters.chapter_06.beliefs import FOR_EVER
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong


class Seen(Protocol):
    """What a receiver knows of its sender: see `_peer.Receiver`."""

    messages: Sequence[bytes]
    window: int
    timeout: float
    acked: int
    baited: float
    bait_hints: Hints
    belief: Misconception | None


def growing(peer: Seen, datagram: bytes, moments: Sequence[float]) -> str:
    """What a sender that hangs is told where it waits longer each time; empty otherwise."""
    waits = [later - earlier for earlier, later in pairwise(moments)]
    grow = all(later - earlier > peer.timeout / 2 for earlier, later in pairwise(waits))
    if len(waits) < 3 or not grow:
        return ""
    told = ", ".join(f"{1000 * wait:.0f}" for wait in waits)
    told = f"{wire.words(datagram)} was sent again after {told} ms, so the waits grow; each was"
    return f"{told} to be the timeout, {1000 * peer.timeout:.0f} ms"


def too_often(peer: Seen, datagram: bytes, count: int, seconds: float) -> Wrong:
    """What is wrong where the same comes again and again, and nothing is confirmed."""
    told = f"{wire.words(datagram)} was sent {count} times"
    if seconds >= 0.4 * count * peer.timeout:
        told += f", and nothing was confirmed. Expected an end after {TRIES}."
        return Wrong(told, FOR_EVER, hints.NO_END_OF_TRIES)
    told += f" within {1000 * seconds:.0f} ms. Expected one transmission, and then the next"
    told += f" after the timeout of {1000 * peer.timeout:.0f} ms, up to {TRIES}."
    return Wrong(told, FOR_EVER, hints.NO_WAIT)


def unfit(peer: Seen, datagram: bytes) -> Wrong | None:
    """What is wrong with its number or payload."""
    name, count = wire.words(datagram), len(peer.messages)
    kind, number, payload = wire.read(datagram) or (0, 0, b"")
    if kind == END:
        if number == count + 1 and not payload:
            return None
        told = f"{count} messages were to be sent, so END is number {count + 1}, empty."
        told += f" Got {name} with {short(payload)}."
        return Wrong(told, hints=hints.ENDS_NUMBER)
    if not 1 <= number <= count:
        if number >= 1 << 24 and not number % (1 << 24):
            told = f"Expected the number {number >> 24} in network byte order, got {name}."
            return Wrong(told, hints=hints.BYTE_ORDER)
        told = f"{count} messages were to be sent, with the numbers 1 to {count}."
        return Wrong(f"{told} Got {name}.", hints=hints.NUMBERS)
    expected = peer.messages[number - 1]
    if payload != expected:
        told = f"Expected {name} to carry {short(expected)}, got {short(payload)}."
        filled = payload.endswith(expected) and len(payload) == len(expected) + 3
        return Wrong(told, hints=hints.PADDED if filled else hints.PAYLOAD)
    return None


def too_early(peer: Seen, kind: int, number: int) -> Wrong | None:
    """What is wrong where it must not be sent yet."""
    room = peer.acked + (peer.window if kind == DATA else 1)
    if kind not in (DATA, END) or number <= room:
        return None
    name = "END" if kind == END else f"DATA {number}"
    told = f"{name} came although nothing after message {peer.acked} was confirmed"
    if not peer.acked:
        told = f"{name} came although no message was confirmed"
    if kind == DATA and peer.window > 1:
        told += f", and the window is {peer.window}"
    told += f". Expected it after the ACK of {number - (peer.window if kind == DATA else 1)}."
    # What a sender does after a whole timeout it does because of the silence.
    if peer.belief is not None and time.perf_counter() - peer.baited < 0.75 * peer.timeout:
        return Wrong(told, peer.belief, peer.bait_hints)
    if kind == END:
        return Wrong(told, hints=hints.EARLY_END)
    return Wrong(told, hints=hints.TOO_WIDE if peer.window > 1 else hints.NO_ANSWER_YET)
