"""The exercise interarrival_jitter: how much delay varies (RFC 3550, 6.4.1)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_05._jitter import MISTAKES, then
from helpers.chapters.chapter_05._numbers import (
    RAISES,
    RAISES_ON_SHORT_LISTS,
    ROUNDED,
    expect_no_memory,
    expect_number,
    is_rounded,
    near,
)
from helpers.chapters.chapter_05._variations import Times
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

CLOSE = 1e-8


def _jitters(*runs: tuple[Times, float]) -> Callable:
    """A case of some runs: the times of sending and arrival, and the jitter."""

    def run(function: Callable, stage: Stage) -> None:
        results: list[tuple[Times, Any]] = []
        for number, (timestamps, jitter) in enumerate(runs):
            got, told = _call(function, stage, timestamps)
            results.append((timestamps, got))
            if near(got, jitter, CLOSE):
                continue
            told = f"{told}: expected {jitter:.9g}, got {short(got)}."
            expect_number(told, got, "a float, J after the last packet")
            first, _ = _call(function, stage, runs[0][0])
            expect_no_memory("interarrival_jitter", results[0][1], first)
            for more in (*(each[0] for each in runs[number + 1 :]), TELLING):
                with contextlib.suppress(Exception):
                    results.append((more, _call(function, stage, more)[0]))
            _name_mistake(told, results)
            _name_mistake(told, results[:-1])
            if is_rounded(got, jitter):
                raise Wrong(f"{told} Yours is rounded: return it as it is.", hints=ROUNDED)
            raise Wrong(told)

    return run


def _call(function: Callable, stage: Stage, timestamps: Times) -> tuple[Any, str]:
    """What a call gives, and the call in words; Wrong where it has changed the list."""
    mine = list(timestamps)
    got = stage.call(function, mine)
    told = f"interarrival_jitter({short(timestamps)})"
    if mine != timestamps:
        raise Wrong(
            f"{told}: the function has changed the list, which is its caller's.",
            hints=(
                "Your function changes its caller's list `timestamps`: which of your lines does?",
                "`sort`, `pop`, `remove` and `del` change the list itself.",
                "Make a list of your own, or go through this one without changing it.",
            ),
        )
    return got, told


def _name_mistake(told: str, results: list[tuple[Times, Any]]) -> None:
    """Raise Wrong with the first usual mistake that gives exactly these results."""
    for of, what, hints in MISTAKES:
        with contextlib.suppress(ArithmeticError, LookupError, ValueError):
            if all(near(got, of(timestamps), CLOSE) for timestamps, got in results):
                raise Wrong(f"{told} {what}".rstrip(), hints=hints)


def _sent_at(gap: float, transits: list[float], clock: float = 0.0) -> Times:
    """Times of packets sent every `gap` seconds, received after `transits` on another clock."""
    return [  # rounded, for reports that are easy to read
        (round(number * gap, 6), round(number * gap + transit + clock, 6))
        for number, transit in enumerate(transits)
    ]


TRANSITS = [0.020, 0.036, 0.036, 0.004, 0.020]  # |D|: 16, 0, 32 and 16 ms

JITTER = 0.003698974609375  # 1, then 0.9375, 2.878906… and 3.698974… ms

# Sent at irregular times, and overtaken: here usual mistakes differ.
TELLING = [(0.0, 0.031), (0.05, 0.06), (0.04, 0.066), (0.03, 0.075), (0.12, 0.144), (0.11, 0.148)]

JITTER_HINTS = then(
    "Follow the first two packets by hand: what is D, and what is J after them? Print both in your "
    "loop and compare. (The last packet has no next one.)"
)

EXERCISE = Exercise(
    (
        Case(
            "one change of the delay",
            "Two packets, a second apart; the second is under way for 16 ms longer. Then 16 ms "
            "shorter.",
            _jitters(
                (_sent_at(1.0, [0.020, 0.036]), 0.001), (_sent_at(1.0, [0.036, 0.020]), 0.001)
            ),
            JITTER_HINTS,
            if_it_raises=RAISES
            | {
                "IndexError": (
                    "Your index goes one too far: the last packet has no next one. (The last line "
                    "of the error says IndexError.)",
                    "With n packets there are n - 1 pairs of neighbours.",
                    "Let the loop end one sooner, or keep the packet before and go through the "
                    "list once.",
                )
            },
        ),
        Case(
            "a delay that changes from packet to packet",
            "Five packets are under way for 20, 36, 36, 4 and 20 ms.",
            _jitters((_sent_at(0.020, TRANSITS), JITTER)),
            JITTER_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "packets that are sent at irregular times",
            "All are under way for 50 ms; they are sent after pauses of 0.1, 3 and 0.02 s.",
            _jitters(([(0.0, 0.05), (0.1, 0.15), (3.1, 3.15), (3.12, 3.17)], 0.0)),
            (
                "Only the sender's pauses vary here: do you subtract the times of sending?",
                "A pause of the sender is in the times of sending and in those of arrival alike.",
                "Subtract for each packet its own time of sending before you compare two packets.",
            ),
            if_it_raises=RAISES,
        ),
        Case(
            "clocks that differ",
            "The receiver's clock is 1,000 s ahead; then 500 s behind, so that packets arrive "
            "before they are sent; then just so far behind that the first delay is 0.",
            _jitters(
                (_sent_at(0.020, TRANSITS, 1_000.0), JITTER),
                (_sent_at(0.020, TRANSITS, -500.0), JITTER),
                (_sent_at(0.020, TRANSITS, -0.020), JITTER),
            ),
            (
                "The two clocks differ here: which line of yours takes received - sent for a real "
                "delay, by its sign, its size, or by being 0?",
                "The constant between the clocks is in each packet's difference, and equal in all.",
                "It drops out where two such differences are subtracted; the first packet only "
                "gives something to compare with.",
            ),
            if_it_raises=RAISES,
        ),
        Case(
            "packets that overtake each other",
            "The second packet arrives after the third.",
            _jitters(
                ([(0.0, 0.016), (0.02, 0.036), (0.04, 0.056), (0.03, 0.062)], 0.001),
                ([(0.0, 0.010), (0.004, 0.014), (0.002, 0.028), (0.006, 0.032)], 0.0009375),
            ),
            (
                "Do you bring the packets into another order, or treat a late one in another way? "
                "They are taken in the order of arrival, as the list has them.",
                "Neighbours in the list arrived one after the other, whichever was sent first.",
                "Take the list as it is, without sorting it.",
            ),
            if_it_raises=RAISES,
        ),
        Case(
            "one packet, and none",
            "The list has one packet; then it is empty.",
            _jitters(([(1.0, 1.5)], 0.0), ([], 0.0)),
            (
                "There are fewer than two packets here, so nothing to compare: what does your "
                "function return then?",
                "An index, a `next` or a division may fail on an empty list.",
                "J begins at 0, and without a second packet nothing moves it.",
            ),
            if_it_raises=RAISES_ON_SHORT_LISTS,
        ),
    ),
    "What it survives now: irregular senders, clocks that differ, overtaken packets, and lists "
    "too short to tell.",
)
