"""The exercise longest_gap: how many in a row were lost."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from itertools import groupby, pairwise
from statistics import mean
from typing import Any

from helpers.chapters.chapter_05._numbers import (
    RAISES,
    RAISES_ON_SHORT_LISTS,
    call_with_lists,
    expect_no_memory,
    expect_number,
    is_number,
)
from helpers.chapters.chapter_05._records import (
    TELLING,
    Mistake,
    Numbers,
    gaps,
    jumps,
    mistake_behind,
    never_came,
)
from helpers.chapters.chapter_05.beliefs import AVERAGE
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong


def _gaps(*runs: tuple[Numbers, Numbers, int]) -> Callable:
    """A case of some runs: what was sent, what was received, and the longest gap."""

    def run(function: Callable, stage: Stage) -> None:
        def call(sent: Numbers, received: Numbers) -> tuple[Any, str]:
            return call_with_lists(function, stage, "longest_gap", sent, received)

        def quietly(sent: Numbers, received: Numbers) -> Any:
            with contextlib.suppress(Exception):
                return call(sent, received)[0]
            return None

        results: list[tuple[Numbers, Numbers, Any]] = []
        for number, (sent, received, longest) in enumerate(runs):
            got, told = call(sent, received)
            results.append((sent, received, got))
            if is_number(got) and got == longest:
                continue
            told += f": expected {longest}, got {short(got)}."
            expect_number(told, got, "an int: how many readings the gap has")
            expect_no_memory("longest_gap", results[0][2], call(*runs[0][:2])[0])
            results += [(*each[:2], quietly(*each[:2])) for each in runs[number + 1 :]]
            more = [(*each, quietly(*each)) for each in TELLING]
            mistake = mistake_behind(MISTAKES, results, more)
            if mistake:
                raise Wrong(f"{told} {mistake.told}".rstrip(), mistake.belief, mistake.hints)
            raise Wrong(told)

    return run


COUNT_HINTS: Hints = (
    "Write the numbers in a row and strike out what did not come: how many are struck out side by "
    "side, at most? And what does your count say at each of them?",
    "A gap goes on while readings are missing, and ends with one that came.",
    "Keep two numbers: how long this gap is so far, and the longest of all.",
)

EDGE_HINTS: Hints = (
    "The longest gap is at the beginning or at the end of the record: does your loop count there?",
    "A gap at the end is not ended by an arrival, and one at the beginning does not follow one.",
    "Compare the gap with the longest so far each time that it grows, not when it ends.",
)

PLACE_HINTS: Hints = (
    "You count the numbers between two arrivals. How many of them were sent, by the list `sent`?",
    "A difference of two numbers is not the number of readings between them.",
    "Count places in `sent`, not numbers.",
)

LATE_HINTS: Hints = (
    "You count a late one as missing: is it further on in the list `received`?",
    "What came late has come. Only the order of `sent` says what is a neighbour.",
    "Look at all of `received` first, then go through `sent`.",
)


def _average(first: str) -> Hints:
    return first, *AVERAGE.hints[1:]


def _then(first: str) -> Hints:
    return first, *COUNT_HINTS[1:]


def _real(sent: Numbers, received: Numbers) -> list[int]:
    """The gaps that are some."""
    return [gap for gap in gaps(sent, received) if gap]


def _jumps(numbers: Numbers) -> list[int]:
    return [later - sooner - 1 for sooner, later in pairwise(numbers)]


def _by_index(sent: Numbers, received: Numbers) -> int:
    """The longest gap where a reading counts only at its own place in both lists."""
    here = [a for a, b in zip(sent, received, strict=False) if a == b]
    return max(gaps(sent, here))


def _runs(sent: Numbers, received: Numbers) -> list[int]:
    """How many came in a row, each time."""
    return [len(list(group)) for came, group in groupby(sent, set(received).__contains__) if came]


_IN_ALL = _average(
    "You count all that were lost, and never go back to 0 where a reading came. How many were lost "
    "side by side?"
)
_MEAN = _average("That is the mean of the gaps; the longest one is asked for.")
_RATE = _average("That is the share that was lost, and the length of the longest gap is asked for.")

MISTAKES = (
    Mistake(
        never_came,
        _IN_ALL,
        "That is how many were lost in all, not side by side.",
        AVERAGE,
    ),
    Mistake(lambda s, r: mean(_real(s, r) or [0]), _MEAN, "", AVERAGE),
    Mistake(lambda s, r: mean(gaps(s, r)), _MEAN, "", AVERAGE),
    Mistake(lambda s, r: sum(gaps(s, r)[:-1]), _IN_ALL, "", AVERAGE),
    Mistake(lambda s, r: round(mean(_real(s, r) or [0])), _MEAN, "", AVERAGE),
    Mistake(lambda s, r: never_came(s, r) / len(s) if s else 0, _RATE, "", AVERAGE),
    Mistake(lambda s, r: 100 * never_came(s, r) / len(s) if s else 0, _RATE, "", AVERAGE),
    Mistake(
        lambda s, r: int(bool(s) and s[0] not in r),
        _then("Your loop ends after the first reading: is the `return` inside of it?"),
    ),
    Mistake(
        _by_index,
        _then(
            "You compare the two lists place by place, so after one lost reading nothing fits any "
            "more: ask of each number whether it came at all."
        ),
    ),
    Mistake(
        lambda s, r: len(_real(s, r)),
        _then("You count how many gaps there are; how long is the longest of them?"),
    ),
    Mistake(
        lambda s, r: max(gaps(s, r)) + 1,
        _then("You get one too many: does your count include a reading that came, at one side of "
              "the gap?"),
    ),
    Mistake(
        lambda s, r: max(0, max(gaps(s, r)) - 1),
        _then("You get one too few: is the first lost reading of a gap counted?"),
    ),
    Mistake(lambda s, r: max(gaps(s, r)[:-1], default=0), (
        "You leave out the gap at the end, which no arrival ends.", *EDGE_HINTS[1:])),
    Mistake(lambda s, r: max(gaps(s, r)[1:], default=0), (
        "You leave out the gap at the beginning, before the first arrival.", *EDGE_HINTS[1:])),
    Mistake(lambda s, r: max(gaps(s, r)[1:-1], default=0), (
        "You leave out the gaps at the beginning and at the end.", *EDGE_HINTS[1:])),
    Mistake(lambda s, r: (_real(s, r) or [0])[-1],
            _then("You return the last gap, and an earlier one was longer.")),
    Mistake(lambda s, r: (_real(s, r) or [0])[0],
            _then("You return the first gap, and a later one is longer.")),
    Mistake(lambda s, r: min(_real(s, r) or [0]), _then("You return the shortest of the gaps.")),
    Mistake(lambda s, r: gaps(s, r)[-1],
            _then("You return what your count is at the end, and each arrival has set it back: the "
                  "longest has to be kept.")),
    Mistake(lambda s, r: max(_runs(s, r), default=0),
            _then("You count how many came in a row, and the lost ones are asked for.")),
    Mistake(lambda s, r: max(jumps(s, r)), LATE_HINTS),
    Mistake(lambda s, r: max(jumps(s, r)[:-1], default=0), LATE_HINTS),
    *(
        Mistake(of, PLACE_HINTS)
        for of in (
            lambda s, r: max(_jumps(sorted(set(r))), default=0),
            lambda s, r: max(_jumps(r), default=0),
            lambda s, r: max(0, max(_jumps(r), default=0)),
            lambda s, r: max(_jumps(sorted(n for n in set(r) if n in s)), default=0),
            lambda s, r: max(_jumps([n for n in s if n in r]), default=0),
        )
    ),
)  # fmt: skip

EXERCISE = Exercise(
    (
        Case(
            "gaps of different length",
            "Twelve readings are sent. One is lost, then three in a row, then one.",
            _gaps(
                (list(range(1, 13)), [1, 3, 4, 8, 9, 11, 12], 3),
                (list(range(1, 11)), [1, 3, 5, 6, 7, 9], 1),
            ),
            COUNT_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "gaps at the beginning and at the end",
            "The first three readings are lost; in another run the last four.",
            _gaps(
                ([1, 2, 3, 4, 5, 6, 7], [4, 6], 3),
                ([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 5], 4),
            ),
            EDGE_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "late readings and copies",
            "Readings overtake each other and come twice; two in a row never come.",
            _gaps(
                (list(range(1, 9)), [3, 1, 1, 8, 2, 7, 6, 3], 2),
                ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], 0),
            ),
            LATE_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "numbers with gaps, and numbers that start again",
            "A sensor counts in tens; another reaches 65,535 and goes on with 0.",
            _gaps(
                ([50, 60, 70, 80, 90], [50, 80, 90], 2),
                ([65_533, 65_534, 65_535, 0, 1, 2], [65_533, 2], 4),
            ),
            PLACE_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "packets of another run",
            "Numbers 3 and 99 arrive, and were not sent in this run.",
            _gaps(([5, 6, 7, 8], [3, 5, 99, 8], 2), ([4, 5], [3, 99], 2)),
            (
                "A number arrived that was never sent in this run: what does it do to your count?",
                "It ends no gap and begins none, and it has no place in `sent`.",
                "Ask of each number that was sent whether it came; then others do not matter.",
            ),
            if_it_raises=RAISES
            | dict.fromkeys(
                ("KeyError", "ValueError"),
                (
                    "A number arrived that was never sent: your function looks for it in `sent`, "
                    "where it is not.",
                    "`index` and a dict in square brackets fail for what they don't hold.",
                    "Ask of each number that was sent whether it came; then others do not matter.",
                ),
            ),
        ),
        Case(
            "no gap, and nothing but a gap",
            "All readings come; then none does; then none was sent.",
            _gaps(([1, 2, 3], [1, 2, 3], 0), ([1, 2, 3, 4], [], 4), ([], [], 0)),
            EDGE_HINTS,
            if_it_raises=RAISES_ON_SHORT_LISTS,
        ),
    ),
    "What it survives now: gaps anywhere, late readings, copies, numbers that start again, and "
    "silence from end to end.",
)
