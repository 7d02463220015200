"""The exercise longest_gap: how many in a row were lost."""

from __future__ import annotations

from collections.abc import Callable

from helpers.chapters.chapter_05._numbers import (
    call_with_lists,
    is_number,
)
from helpers.chapters.chapter_05.beliefs import AVERAGE
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

Numbers = list[int]


def _gaps(*runs: tuple[Numbers, Numbers, int]) -> Callable:
    """A case of some runs: what was sent, what was received, and the longest gap."""

    def run(function: Callable, stage: Stage) -> None:
        for sent, received, longest in runs:
            _gap(function, stage, sent, received, longest)

    return run


def _gap(function: Callable, stage: Stage, sent: Numbers, received: Numbers, longest: int) -> None:
    got, told = call_with_lists(function, stage, "longest_gap", sent, received)
    if is_number(got) and got == longest:
        return
    told += f": expected {longest}, got {short(got)}."
    here = set(received)
    lost = sum(number not in here for number in sent)
    gaps = sum(
        number not in here and (place == 0 or sent[place - 1] in here)
        for place, number in enumerate(sent)
    )
    averages = [lost, lost / len(sent), lost / gaps] if gaps else []
    averages += [round(each) for each in averages[2:]]
    if is_number(got) and any(abs(got - each) < 1e-6 for each in averages):
        if got == lost:
            told += " That is how many were lost in all, not side by side."
        raise Wrong(told, AVERAGE)
    raise Wrong(told)


EDGE_HINTS = (
    "Where in the record is the longest gap, and does your loop get there?",
    "A gap at the end is not ended by an arrival, and one at the beginning does not follow one.",
    "Compare the gap with the longest so far each time that it grows, not when it ends.",
)

EXERCISE = Exercise(
    (
        Case(
            "gaps of different length",
            "Twelve readings are sent. One is lost, then three in a row, then one.",
            _gaps(
                (list(range(1, 13)), [1, 3, 4, 8, 9, 11, 12], 3),
                (list(range(1, 11)), [1, 3, 5, 6, 7, 9], 1),
            ),
            (
                "Write the numbers in a row and strike out what did not come: how many are struck "
                "out side by side, at most?",
                "A gap goes on while readings are missing, and ends with one that came.",
                "Keep two numbers: how long this gap is so far, and the longest of all.",
            ),
        ),
        Case(
            "gaps at the beginning and at the end",
            "The first three readings are lost; in another run the last four.",
            _gaps(
                ([1, 2, 3, 4, 5, 6, 7], [4, 6], 3),
                ([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 5], 4),
            ),
            EDGE_HINTS,
        ),
        Case(
            "late readings and copies",
            "Readings overtake each other and come twice; two in a row never come.",
            _gaps(
                (list(range(1, 9)), [3, 1, 1, 8, 2, 7, 6, 3], 2),
                ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], 0),
            ),
            (
                "Is one that you count as missing further on in the list?",
                "What came late has come. Only the order of `sent` says what is a neighbour.",
                "Look at all of `received` first, then go through `sent`.",
            ),
        ),
        Case(
            "numbers with gaps, and numbers that start again",
            "A sensor counts in tens; another reaches 65,535 and goes on with 0.",
            _gaps(
                ([50, 60, 70, 80, 90], [50, 80, 90], 2),
                ([65_533, 65_534, 65_535, 0, 1, 2], [65_533, 2], 4),
            ),
            (
                "How many readings were sent between the two that came?",
                "A difference of two numbers is not the number of readings between them.",
                "Count places in `sent`, not numbers.",
            ),
        ),
        Case(
            "packets of another run",
            "Numbers 3 and 99 arrive, and were not sent in this run.",
            _gaps(([5, 6, 7, 8], [3, 5, 99, 8], 2), ([4, 5], [3, 99], 2)),
            (
                "What does an arrival that was never sent do to your count?",
                "It ends no gap and begins none.",
                "Ask of each number that was sent whether it came; then others do not matter.",
            ),
        ),
        Case(
            "no gap, and nothing but a gap",
            "All readings come; then none does; then none was sent.",
            _gaps(([1, 2, 3], [1, 2, 3], 0), ([1, 2, 3, 4], [], 4), ([], [], 0)),
            EDGE_HINTS,
        ),
    ),
    "What it survives now: gaps anywhere, late readings, copies, numbers that start again, and "
    "silence from end to end.",
)
