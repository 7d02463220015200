"""The exercise interarrival_jitter: how much delay varies (RFC 3550, 6.4.1)."""

from __future__ import annotations

from collections.abc import Callable

from helpers.chapters.chapter_05._numbers import (
    near,
)
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


def _jitters(*runs: tuple[list[tuple[float, float]], float]) -> Callable:
    """A case of some runs: the times of sending and arrival, and the jitter."""

    def run(function: Callable, stage: Stage) -> None:
        for timestamps, jitter in runs:
            mine = list(timestamps)
            got = stage.call(function, mine)
            told = f"interarrival_jitter({short(timestamps)})"
            if mine != timestamps:
                raise Wrong(f"{told}: the function has changed the list, which is its caller's.")
            if not near(got, jitter, 1e-8):
                raise Wrong(f"{told}: expected {jitter:.9g}, got {short(got)}.")

    return run


def _sent_at(gap: float, transits: list[float], clock: float = 0.0) -> list[tuple[float, float]]:
    """Times of packets sent every `gap` seconds, received after `transits` on another clock."""
    return [  # rounded, for reports that are easy to read
        (round(number * gap, 6), round(number * gap + transit + clock, 6))
        for number, transit in enumerate(transits)
    ]


TRANSITS = [0.020, 0.036, 0.036, 0.004, 0.020]  # |D|: 16, 0, 32 and 16 ms

JITTER = 0.003698974609375  # 1, then 0.9375, 2.878906… and 3.698974… ms

JITTER_HINTS = (
    "Follow the first two packets by hand: what is D, and what is J after them? (The last packet "
    "has no next one.)",
    "D takes two differences: of each packet its time under way, and of two packets those.",
    "Each step moves J by a sixteenth of the way from where it is to |D|.",
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
        ),
        Case(
            "a delay that changes from packet to packet",
            "Five packets are under way for 20, 36, 36, 4 and 20 ms.",
            _jitters((_sent_at(0.020, TRANSITS), JITTER)),
            JITTER_HINTS,
        ),
        Case(
            "packets that are sent at irregular times",
            "All are under way for 50 ms; they are sent after pauses of 0.1, 3 and 0.02 s.",
            _jitters(([(0.0, 0.05), (0.1, 0.15), (3.1, 3.15), (3.12, 3.17)], 0.0)),
            (
                "Is it the link that varies here, or the sender?",
                "A pause of the sender is in the times of sending and in those of arrival alike.",
                "Subtract for each packet its own time of sending before you compare two packets.",
            ),
        ),
        Case(
            "clocks that differ",
            "The receiver's clock is 1,000 s ahead; then 500 s behind, so that packets arrive "
            "before they are sent.",
            _jitters(
                (_sent_at(0.020, TRANSITS, 1_000.0), JITTER),
                (_sent_at(0.020, TRANSITS, -500.0), JITTER),
            ),
            (
                "What is a difference of two times worth, if each is of another clock?",
                "The constant between the clocks is in each packet's difference, and equal in all.",
                "It drops out where two such differences are subtracted; the first packet only "
                "gives something to compare with.",
            ),
        ),
        Case(
            "packets that overtake each other",
            "The second packet arrives after the third.",
            _jitters(
                ([(0.0, 0.016), (0.02, 0.036), (0.04, 0.056), (0.03, 0.062)], 0.001),
                ([(0.0, 0.010), (0.004, 0.014), (0.002, 0.028), (0.006, 0.032)], 0.0009375),
            ),
            (
                "In which order does the description take the packets?",
                "Neighbours in the list arrived one after the other, whichever was sent first.",
                "Take the list as it is, without sorting it.",
            ),
        ),
        Case(
            "one packet, and none",
            "The list has one packet; then it is empty.",
            _jitters(([(1.0, 1.5)], 0.0), ([], 0.0)),
            (
                "What does your function return when there are no two packets to compare?",
                "An index, a `next` or a division may fail on a short list.",
                "J begins at 0, and without a second packet nothing moves it.",
            ),
        ),
    ),
    "What it survives now: irregular senders, clocks that differ, overtaken packets, and lists "
    "too short to tell.",
)
