"""The check of `collect`: what sensors send, in order and not, whole and broken."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from helpers.chapters.chapter_04._shared import note_sizes
from helpers.chapters.chapter_04.beliefs import DELIVERED, EMPTY, HALF, ONE_TIMEOUT, ORDER
from helpers.checks.second_try import Missing, twice
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong

IDLE = 0.03  # seconds of silence; all is sent before the function is called, so nothing is late
TOO_LONG = 0.9  # seconds beyond `idle` that no machine needs to hear that nothing comes
Sent = Sequence[tuple[str, bytes]]  # (sender, datagram)
Readings = dict[int, list[float]]


def _reading(device: int, number: int, celsius: float) -> bytes:
    return struct.pack("!IIf", device, number, celsius)


MANY = [
    (f"sensor {device % 10}", _reading(device, number, device % 50 - 7 + number / 4))
    for number in range(8)
    for device in (7, 8, 3_000_000_009)
]
MOVED = [
    ("sensor", _reading(7, 1, 20.0)),
    ("gateway", _reading(8, 1, 12.0)),
    ("gateway", _reading(7, 2, 20.5)),
    ("gateway", _reading(8, 2, 12.5)),
    ("sensor", _reading(7, 3, 21.0)),
    ("gateway", _reading(7, 1, 20.0)),
]
DOUBLED = [
    ("sensor 7", _reading(7, 1, 20.0)),
    ("sensor 7", _reading(7, 1, 20.0)),
    ("sensor 8", _reading(8, 1, 20.0)),
    ("sensor 7", _reading(7, 2, 20.0)),
    ("sensor 7", _reading(7, 3, 20.5)),
    ("sensor 7", _reading(7, 2, 20.0)),
    ("sensor 8", _reading(8, 1, 20.0)),
]
SHUFFLED = [
    ("sensor", _reading(7, number, celsius))
    for number, celsius in ((255, 22.0), (2, 23.0), (300, 21.0), (1, 20.0), (256, 19.0))
]
GAPS = [
    ("sensor 7", _reading(7, 5, 20.0)),
    ("sensor 7", _reading(7, 6, 20.5)),
    ("sensor 7", _reading(7, 9, 21.0)),
    ("sensor 8", _reading(8, 3, 12.0)),
    ("sensor 7", _reading(7, 12, 21.5)),
]
WITH_EMPTY = [
    ("sensor", _reading(7, 1, 20.0)),
    ("sensor", _reading(7, 2, 20.5)),
    ("sensor", b""),
    ("sensor", _reading(7, 3, 21.0)),
    ("sensor", b""),
    ("sensor", _reading(7, 4, 21.5)),
]
BROKEN = [
    ("sensor", _reading(7, 1, 20.0)),
    ("stranger", _reading(7, 2, 20.5)[:7]),
    ("sensor", _reading(7, 2, 20.5)),
    ("stranger", _reading(7, 8, 90.0) + _reading(7, 9, 91.0)),
    ("stranger", b"hello"),
    ("sensor", _reading(7, 3, 21.0)),
]
COPIES = (
    "When are two datagrams the same reading?",
    "Two temperatures may be equal by chance, and two devices may use the same number.",
    "Keep what you have seen by device and number together, for each device apart.",
)


def _as_arrived(datagrams: Iterable[bytes]) -> Readings:
    """What each device has sent in the order of arrival, nothing sorted and nothing left out."""
    readings: Readings = {}
    for device, _, celsius in (struct.unpack("!IIf", each) for each in datagrams):
        readings.setdefault(device, []).append(celsius)
    return readings


def _by_number(datagrams: Iterable[bytes]) -> Readings:
    """What each device has sent in the order of its numbers, each number once."""
    kept = {data[:8]: data for data in datagrams}
    return _as_arrived(kept[key] for key in sorted(kept))


def _collect(function: Callable, stage: Stage, sent: Sent, idle: float) -> tuple[Any, int]:
    """Call the function with all this in its socket; its result, and the largest size it gave."""
    sock = stage.socket_udp("you")
    sizes: list[int] = []
    note_sizes(sock, sizes)
    senders = {name: stage.socket_udp(name) for name in dict.fromkeys(name for name, _ in sent)}
    for name, data in sent:
        senders[name].sendto(data, sock.getsockname())
    stage.note("all that was to come had come, and the senders were silent")
    began = time.perf_counter()
    try:
        got = stage.call(function, sock, idle)
    except struct.error as error:
        if sizes and max(sizes) < 12:
            raise Wrong(f"It asked for {max(sizes)} bytes and raised: {error}.", HALF) from None
        raise
    took = time.perf_counter() - began
    if sock.fileno() < 0:
        raise Wrong("The function has closed sock; the contract leaves that to the caller.")
    if took > idle + TOO_LONG:
        told = f"All had come when it was called with an idle of {idle:.2f} s, and it took"
        raise Wrong(f"{told} {took:.2f} s. Expected it back after `idle` seconds of silence.")
    return got, max(sizes, default=0)


def _compare(
    got: Any, expected: Readings, beliefs: Sequence[tuple[Readings, Misconception]] = ()
) -> None:
    """Raise Wrong where they differ, with the first belief that leads to exactly this result."""
    told = f"Expected {short(expected)}, got {short(got)}."
    if not isinstance(got, dict):
        raise Wrong(told + " The result is to be a dict.")
    if not all(isinstance(each, list) for each in dict.values(got)):
        raise Wrong(told + " Each value of the dict is to be a list.")
    if got == expected:
        return
    if "…" in told and got.keys() == expected.keys():
        differs = next(device for device in expected if got[device] != expected[device])
        told = f"Device {differs}: expected {short(expected[differs])}, got {short(got[differs])}."
    elif "…" in told:  # cut short, both may look the same
        told = f"Expected the devices {short(list(expected))}, got {short(list(got))}."
    # By their text, as what is read across borders may be no number (nan), which equals nothing.
    belief = next((belief for result, belief in beliefs if repr(got) == repr(result)), None)
    few = sum(map(len, got.values())) < sum(map(len, expected.values()))
    raise (Missing if few else Wrong)(told, belief)


@twice
def many(function: Callable, stage: Stage, slower: float) -> None:
    """Three devices in turn, in order, nothing lost."""
    got, largest = _collect(function, stage, MANY, IDLE * slower)
    expected = _as_arrived(data for _, data in MANY)
    if got == {7: expected[7]}:  # whose numbers come first, and are the others' numbers too
        told = f"Expected the devices {short(list(expected))}, got {short(list(got))}."
        raise Wrong(told, hints=COPIES)
    try:
        _compare(got, expected)
    except Wrong as wrong:
        if 0 < largest < 12:
            raise type(wrong)(f"It asked for {largest} bytes at most. {wrong}", HALF) from None
        raise


@twice
def moved(function: Callable, stage: Stage, slower: float) -> None:
    """The same device from two addresses, and two devices from one."""
    got, _ = _collect(function, stage, MOVED, IDLE * slower)
    expected = {7: [20.0, 20.5, 21.0], 8: [12.0, 12.5]}
    for copied in ([20.0, 20.5, 21.0, 20.0], [20.0, 20.0, 20.5, 21.0]):
        if got == {**expected, 7: copied}:  # the devices are right
            raise Wrong(f"Expected {short(expected)}, got {short(got)}.", hints=COPIES)
    _compare(got, expected)


@twice
def doubled(function: Callable, stage: Stage, slower: float) -> None:
    """Copies at once and later; equal temperatures and equal numbers that are no copies."""
    got, _ = _collect(function, stage, DOUBLED, IDLE * slower)
    _compare(got, {7: [20.0, 20.0, 20.5], 8: [20.0]})


@twice
def shuffled(function: Callable, stage: Stage, slower: float) -> None:
    """Numbers in another order, which is neither that of their text nor of their last byte."""
    got, _ = _collect(function, stage, SHUFFLED, IDLE * slower)
    arrived = _as_arrived(data for _, data in SHUFFLED)
    forwards = {7: [22.0, 21.0]}  # where a smaller number than the last is thrown away
    _compare(got, {7: [20.0, 23.0, 22.0, 19.0, 21.0]}, [(arrived, ORDER), (forwards, ORDER)])


@twice
def gaps(function: Callable, stage: Stage, slower: float) -> None:
    """Numbers that begin at 5 and leave some out."""
    got, _ = _collect(function, stage, GAPS, IDLE * slower)
    lists = dict.values(got) if isinstance(got, dict) else ()
    if any(isinstance(each, list) and None in each for each in lists):
        told = "What was lost leaves no mark in the list: expected only what came"
        raise Wrong(f"{told}, got {short(got)}.", DELIVERED)
    up_to_the_gap = [{7: [20.0, 20.5], 8: [12.0]}, {7: [20.0, 20.5]}, {7: [], 8: []}, {}]
    beliefs = [(result, DELIVERED) for result in up_to_the_gap]
    _compare(got, {7: [20.0, 20.5, 21.0, 21.5], 8: [12.0]}, beliefs)


@twice
def empty(function: Callable, stage: Stage, slower: float) -> None:
    """Two empty datagrams among the readings."""
    got, _ = _collect(function, stage, WITH_EMPTY, IDLE * slower)
    _compare(got, {7: [20.0, 20.5, 21.0, 21.5]}, [({7: [20.0, 20.5]}, EMPTY)])


@twice
def broken(function: Callable, stage: Stage, slower: float) -> None:
    """Datagrams that are too short, twice as long, and no readings at all."""
    got, largest = _collect(function, stage, BROKEN, IDLE * slower)
    sent = [data for _, data in BROKEN]
    stream = b"".join(sent)
    joined = [stream[at : at + 12] for at in range(0, len(stream) - 11, 12)]
    parts = [each[at : at + 12] for each in sent for at in range(0, len(each) - 11, 12)]
    results = [view(each) for view in (_as_arrived, _by_number) for each in (joined, parts)]
    beliefs = [(result, HALF) for result in results]
    try:
        _compare(got, {7: [20.0, 20.5, 21.0]}, beliefs)
    except Wrong as wrong:
        if 0 < largest < 24 and not isinstance(wrong, Missing):
            raise Wrong(f"It asked for {largest} bytes at most. {wrong}", HALF) from None
        raise


def _send_apart(
    stage: Stage,
    sensor: socket.socket,
    address: tuple,
    rest: list[bytes],
    pause: float,
    last: float,
) -> float:
    """Send these with pauses between; the longest time from one to the next, in seconds."""
    gaps = []
    for data in rest:
        stage.pause(pause)
        before = time.perf_counter()
        sensor.sendto(data, address)
        gaps.append(time.perf_counter() - last)
        last = before
    return max(gaps)


def long(function: Callable, stage: Stage) -> None:
    """Readings come for longer than `idle` in all, then other talk, then a last reading.

    Nothing is as long as `idle` apart, but the last two readings are.
    A try in which this machine was too slow to send in time says nothing about the function.
    """
    expected = {7: [20 + number / 2 for number in range(7)]}
    for slower in (1, 2):
        idle, pause = 0.15 * slower, 0.04 * slower
        sock, sensor = stage.socket_udp("you"), stage.socket_udp("sensor")
        last = time.perf_counter()
        sensor.sendto(_reading(7, 0, expected[7][0]), sock.getsockname())
        readings = [_reading(7, at, celsius) for at, celsius in enumerate(expected[7])]
        rest = [*readings[1:-1], *[b"hello"] * 4, readings[-1]]
        sender = stage.script(_send_apart, stage, sensor, sock.getsockname(), rest, pause, last)
        got = stage.call(function, sock, idle)
        longest = sender.result()
        if got == expected:
            return
        if longest < 0.9 * idle:
            if got == {7: expected[7][:-1]}:
                told = f"It did not wait for the last reading, {expected[7][-1]}. What is ignored"
                raise Wrong(f"{told} was no silence: expected {short(expected)}, got {short(got)}.")
            cut = [({7: expected[7][:length]}, ONE_TIMEOUT) for length in range(2, 6)]
            _compare(got, expected, cut)
        stage.again()


@twice
def silence(function: Callable, stage: Stage, slower: float) -> None:
    """Nothing at all."""
    got, _ = _collect(function, stage, [], IDLE * slower)
    _compare(got, {})
