"""The check of `collect`: what sensors send, in order and not, whole and broken."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

from helpers.chapters.chapter_04 import _collect_words as words
from helpers.chapters.chapter_04._readings import (
    BROKEN,
    CHANGED,
    DOUBLED,
    GAPS,
    MANY,
    MOVED,
    ORDERED,
    SHUFFLED,
    WITH_EMPTY,
    Readings,
    Sent,
    as_arrived,
    by_number,
    datagrams,
    reading,
    without_repeats,
)
from helpers.chapters.chapter_04._shared import SPINS, Clock, note_sizes
from helpers.chapters.chapter_04.beliefs import DELIVERED, EMPTY, HALF, ONE_TIMEOUT, ORDER
from helpers.checks.second_try import Missing, twice
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

IDLE = 0.06  # seconds of silence; all is sent before the function is called, so nothing is late
TOO_LONG = 0.9  # seconds beyond `idle` that no machine needs to hear that nothing comes
AN_HOUR = 3600.0
Slips = Sequence[tuple[Any, Hints, Misconception | None]]


def _collect(
    function: Callable, stage: Stage, sent: Sent, idle: float, early: bool = True
) -> tuple[Any, list[int]]:
    """Call the function with all this in its socket; its result, and the sizes that it gave.

    Args:
        function: the learner's.
        stage: of this case.
        sent: what is in the socket.
        idle: as the function gets it.
        early: whether its wait ends early, as if `idle` were over.
    """
    sock = stage.socket_udp("you")
    sizes: list[int] = []
    note_sizes(sock, sizes)
    senders = {name: stage.socket_udp(name) for name in dict.fromkeys(name for name, _ in sent)}
    for name, data in sent:
        senders[name].sendto(data, sock.getsockname())
    stage.note("all that was to come had come, and the senders were silent")
    began = time.perf_counter()
    if early:
        stage.script(stage.time_out)
    try:
        got = stage.call(function, sock, idle)
    except struct.error as error:
        if sizes and min(sizes) < 12:
            told = f"It asked for {min(sizes)} bytes and raised: {error}."
            raise Wrong(told, HALF, words.IN_PARTS) from None
        raise
    took = time.perf_counter() - began
    if sock.fileno() < 0:
        told = "The function has closed sock; the contract leaves that to the caller."
        raise Wrong(told, hints=words.CLOSED)
    if took > idle + TOO_LONG:
        told = f"All had come when it was called with an idle of {idle:.2f} s, and it took"
        told += f" {took:.2f} s. Expected it back after `idle` seconds of silence."
        raise Wrong(told, hints=words.TOO_LATE)
    return got, sizes


def _compare(got: Any, expected: Readings, slips: Slips = ()) -> None:
    """Raise Wrong where they differ, with the first slip that leads to exactly this result."""
    told = f"Expected {short(expected)}, got {short(got)}."
    if hints := words.of_type(got):
        raise Wrong(f"{told} The result is to be a dict of lists.", hints=hints)
    if got == expected:
        return
    if "…" in told and got.keys() == expected.keys():
        differs = next(device for device in expected if got[device] != expected[device])
        told = f"Device {differs}: expected {short(expected[differs])}, got {short(got[differs])}."
    elif "…" in told:  # cut short, both may look the same
        told = f"Expected the devices {short(list(expected))}, got {short(list(got))}."
    few = sum(map(len, got.values())) < sum(map(len, expected.values()))
    kind = Missing if few else Wrong
    # By their text, as what is read across borders may be no number (nan), which equals nothing.
    for result, hints, belief in slips:
        if repr(sorted(got.items())) == repr(sorted(result.items())):
            raise kind(told, belief, hints)
    raise kind(told, hints=words.of_devices(got, expected, {}))


@twice
def many(function: Callable, stage: Stage, slower: float) -> None:
    """Three devices in turn, in order, nothing lost."""
    got, sizes = _collect(function, stage, MANY, IDLE * slower, slower == 1)
    sent = datagrams(MANY)
    expected = as_arrived(sent)
    if isinstance(got, dict) and not words.of_type(got) and got != expected:
        hints = words.of_devices(got, expected, as_arrived(sent, "<IIf"))
        if got == {7: expected[7][:1]}:
            hints = words.ONE_ONLY
        elif got == {7: expected[7]}:  # whose numbers come first, and are the others' numbers too
            hints = words.OVER_ALL
        elif 0 < max(sizes, default=0) < 12:
            told = f"It asked for {max(sizes)} bytes at most, and a reading has 12."
            raise Wrong(told, HALF, words.IN_PARTS)
        if hints:
            told = f"Expected the devices {short(list(expected))}, got {short(list(got))}."
            if hints is words.ZERO:
                told = f"Expected {short(expected[7])} for device 7, got {short(got[7])}."
            few = len(_flat(got)) < len(MANY)
            raise (Missing if few else Wrong)(told, hints=hints)
    _compare(got, expected)


@twice
def doubled(function: Callable, stage: Stage, slower: float) -> None:
    """Copies at once and later; equal temperatures and equal numbers that are no copies."""
    got, _ = _collect(function, stage, DOUBLED, IDLE * slower, slower == 1)
    sent = datagrams(DOUBLED)
    all_equal = {7: [20.0, 20.5], 8: [20.0]}
    slips: Slips = [
        (all_equal, words.EQUAL, None),
        ({7: [20.0, 20.5], 8: []}, words.EQUAL, None),
        ({7: [20.0, 20.5]}, words.EQUAL, None),
        (without_repeats(sent), words.ONE_BEFORE, None),
        (as_arrived(sorted(sent)), words.TWICE, None),
        (as_arrived(sent), words.TWICE, None),
        ({7: [20.0, 20.0, 20.5]}, words.OVER_ALL, None),
    ]
    _compare(got, {7: [20.0, 20.0, 20.5], 8: [20.0]}, slips)


@twice
def moved(function: Callable, stage: Stage, slower: float) -> None:
    """The same device from two addresses, and two devices from one."""
    got, _ = _collect(function, stage, MOVED, IDLE * slower, slower == 1)
    expected = {7: [20.0, 20.5, 21.0], 8: [12.0, 12.5]}
    copied = ([20.0, 20.5, 21.0, 20.0], [20.0, 20.0, 20.5, 21.0])
    _compare(got, expected, [({**expected, 7: each}, words.BY_SENDER, None) for each in copied])


@twice
def gaps(function: Callable, stage: Stage, slower: float) -> None:
    """Numbers that begin at 5 and leave some out."""
    got, _ = _collect(function, stage, GAPS, IDLE * slower, slower == 1)
    lists = dict.values(got) if isinstance(got, dict) else ()
    if any(isinstance(each, list) and None in each for each in lists):
        told = "What was lost leaves no mark in the list: expected only what came"
        raise Wrong(f"{told}, got {short(got)}.", DELIVERED, words.NONES)
    cut = [{7: [20.0, 20.5], 0: [12.0]}, {7: [20.0, 20.5]}, {7: [], 0: []}, {}]
    slips: Slips = [
        *((result, words.UP_TO_GAP, DELIVERED) for result in cut),
        ({7: [21.5, 20.0, 20.5, 21.0], 0: [12.0]}, words.AS_TEXT, None),
    ]
    _compare(got, {7: [20.0, 20.5, 21.0, 21.5], 0: [12.0]}, slips)


@twice
def shuffled(function: Callable, stage: Stage, slower: float) -> None:
    """Numbers in another order, which is neither that of their text nor of their last byte."""
    got, _ = _collect(function, stage, SHUFFLED, IDLE * slower, slower == 1)
    sent = datagrams(SHUFFLED)
    expected = by_number(sent)
    degrees = dict(zip(ORDERED, expected[7], strict=True))
    signed = [degrees[4_000_000_000], *expected[7][:-1]]
    as_text = [degrees[number] for number in sorted(ORDERED, key=str)]
    slips: Slips = [
        (as_arrived(sent), words.ARRIVAL, ORDER),
        ({7: [22.0, 18.0]}, words.FORWARDS, ORDER),
        ({7: [20.0, 23.0]}, words.UP_TO_GAP, DELIVERED),
        ({7: sorted(expected[7])}, words.BY_VALUE, None),
        ({7: as_text}, words.AS_TEXT, None),
        ({7: signed}, words.SIGN, None),
    ]
    _compare(got, expected, slips)


@twice
def empty(function: Callable, stage: Stage, slower: float) -> None:
    """Two empty datagrams among the readings."""
    got, _ = _collect(function, stage, WITH_EMPTY, IDLE * slower, slower == 1)
    ended = ({7: [20.0, 20.5]}, words.EMPTY_ENDS, EMPTY)
    _compare(got, {7: [20.0, 20.5, 21.0, 21.5]}, [ended])


@twice
def broken(function: Callable, stage: Stage, slower: float) -> None:
    """Datagrams that are too short, a byte too long, twice as long, and no readings at all."""
    got, sizes = _collect(function, stage, BROKEN, IDLE * slower, slower == 1)
    sent = datagrams(BROKEN)
    stream = b"".join(sent)
    joined = [stream[at : at + 12] for at in range(0, len(stream) - 11, 12)]
    parts = [each[at : at + 12] for each in sent for at in range(0, len(each) - 11, 12)]
    cut = [each[:12] for each in sent if len(each) >= 12]
    largest, smallest = max(sizes, default=0), min(sizes, default=0)
    slips: list[tuple[Any, Hints, Misconception | None]] = []
    for view in (as_arrived, by_number):
        slips.append((view(joined), words.JOINED, HALF))
        slips.append((view(parts), words.SPLIT, HALF))
        if largest > 12:
            slips.append((view(cut), words.LONGER, None))
    try:
        _compare(got, {7: [20.0, 20.5, 21.0]}, slips)
    except Wrong as wrong:
        if 0 < largest <= 12 and not isinstance(wrong, Missing):
            told = f"It asked for {largest} bytes at most. {wrong}"
            raise Wrong(told, HALF, words.REST if smallest < 12 else words.CUT) from None
        if wrong.hints is None and any(each in (60.0, 70.0, 90.0) for each in _flat(got)):
            raise Wrong(str(wrong), hints=words.LONGER) from None
        raise


def _flat(got: Readings) -> list[float]:
    return [each for values in got.values() for each in values]


@twice
def changed(function: Callable, stage: Stage, slower: float) -> None:
    """Two readings come again with their device and number, and with another temperature."""
    got, _ = _collect(function, stage, CHANGED, IDLE * slower, slower == 1)
    slips: Slips = [
        ({7: [99.0, -40.0, 21.0]}, words.LAST_WINS, None),
        *(
            ({7: each}, words.BOTH_STAY, None)
            for each in (
                [20.0, 99.0, 20.5, -40.0, 21.0],
                [20.0, 99.0, -40.0, 20.5, 21.0],
                [20.0, 20.5, 99.0, 21.0, -40.0],
            )
        ),
    ]
    _compare(got, {7: [20.0, 20.5, 21.0]}, slips)


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
    stage.time_out()  # the silence after the last one need not be waited for
    return max(gaps)


def long(function: Callable, stage: Stage) -> None:
    """Readings come for longer than `idle` in all, then other talk, then a last reading.

    Nothing is as long as `idle` apart, but the last two readings are.
    A try in which this machine was too slow to send in time says nothing about the function.
    """
    expected = {7: [20 + number / 2 for number in range(6)]}
    for slower in (1, 3):
        idle, pause = 0.1 * slower, 0.028 * slower
        sock, sensor = stage.socket_udp("you"), stage.socket_udp("sensor")
        last = time.perf_counter()
        sensor.sendto(reading(7, 0, expected[7][0]), sock.getsockname())
        readings = [reading(7, at, celsius) for at, celsius in enumerate(expected[7])]
        rest = [*readings[1:-1], *[b"hello"] * 4, readings[-1]]
        sender = stage.script(_send_apart, stage, sensor, sock.getsockname(), rest, pause, last)
        clock = Clock()
        got = stage.call(function, sock, idle)
        spins = clock.spins
        longest = sender.result()
        if got == expected and not spins:
            return
        if got == expected and slower > 1:
            raise Wrong("It works on and on where it has only to wait.", hints=SPINS)
        if got != expected and longest < 0.9 * idle:
            if got == {7: expected[7][:-1]}:
                told = f"It did not wait for the last reading, {expected[7][-1]}. What is ignored"
                told += f" was no silence: expected {short(expected)}, got {short(got)}."
                raise Wrong(told, hints=words.OTHER_TALK)
            cut = [({7: expected[7][:n]}, words.STOPS, ONE_TIMEOUT) for n in range(2, 5)]
            slips: Slips = [
                *(({7: expected[7][:n]}, words.TOO_SOON, None) for n in (0, 1)),
                ({}, words.TOO_SOON, None),
                *cut,
            ]
            _compare(got, expected, slips)
        stage.again()


def clock_is_set(function: Callable, stage: Stage) -> None:
    """Between two readings the wall clock jumps ahead by an hour, as when a machine sets it."""
    expected = {7: [20.0, 20.5]}
    for slower in (1, 4):
        idle, pause = 0.12 * slower, 0.018 * slower
        sock, sensor = stage.socket_udp("you"), stage.socket_udp("sensor")
        last = time.perf_counter()
        sensor.sendto(reading(7, 1, 20.0), sock.getsockname())

        def send(sensor: Any, address: Any, pause: float, last: float) -> float:
            stage.pause(pause)
            stage.set_clock(AN_HOUR)
            return _send_apart(stage, sensor, address, [reading(7, 2, 20.5)], pause, last)

        sender = stage.script(send, sensor, sock.getsockname(), pause, last)
        got = stage.call(function, sock, idle)
        longest = sender.result()
        stage.set_clock(0)
        if got == expected:
            return
        if longest < 0.9 * idle:
            _compare(got, expected, [({7: [20.0]}, words.WALL, None)])
        stage.again()


@twice
def silence(function: Callable, stage: Stage, slower: float) -> None:
    """Nothing at all: it comes back when `idle` is over, neither sooner nor much later."""
    idle = IDLE * slower
    began = time.perf_counter()
    got, _ = _collect(function, stage, [], idle, early=False)
    took = time.perf_counter() - began
    told = f"Nobody sent anything, idle was {idle:.2f} s, and it came back after {took:.2f} s."
    if took < 0.75 * idle:
        raise Wrong(told, hints=words.TOO_SOON)
    if took > 1.75 * idle:
        raise Missing(told, hints=words.TOO_LATE)
    _compare(got, {})
