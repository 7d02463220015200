"""The exercises loss_report and longest_gap of chapter 05: what a record of numbers tells."""

from __future__ import annotations

from collections.abc import Callable

from helpers.checks.cases import Case, Exercise, Wrong
from helpers.checks.chapter_05_shared import (
    AVERAGE,
    RECEIVED_SENT,
    REORDERED,
    call_with_lists,
    is_number,
)
from helpers.checks.stage import Stage
from helpers.checks.values import short

Numbers = list[int]
FIELDS = ("lost", "duplicated", "reordered")


def _reports(*runs: tuple[Numbers, Numbers, tuple[int, int, int]]) -> Callable:
    """A case of some runs: what was sent, what was received, and the three counts."""

    def run(function: Callable, stage: Stage) -> None:
        for sent, received, counts in runs:
            _report(function, stage, sent, received, counts)

    return run


def _report(
    function: Callable, stage: Stage, sent: Numbers, received: Numbers, counts: tuple[int, ...]
) -> None:
    got, told = call_with_lists(function, stage, "loss_report", sent, received)
    missing = [name for name in FIELDS if not hasattr(got, name)]
    if missing:
        lacks = "" if len(missing) == len(FIELDS) else f", which has no {' and no '.join(missing)}"
        raise Wrong(
            f"{told}: expected a Report(lost, duplicated, reordered), got {short(got)}{lacks}.",
            hints=(
                "What does your function return, and does every way through it return that?",
                "The cell above defines the class Report; its three fields are counts.",
                "Call the class with the three counts, by name, and return the object.",
            ),
        )
    found = tuple(getattr(got, name) for name in FIELDS)
    if all(is_number(each) for each in found) and found == counts:
        return
    wanted = ", ".join(f"{name}={count}" for name, count in zip(FIELDS, counts, strict=True))
    came = ", ".join(f"{name}={short(each)}" for name, each in zip(FIELDS, found, strict=True))
    told += f": expected {wanted}; got {came}."
    lost, duplicated, reordered = counts
    if found[0] != lost:
        if found[0] == len(sent) - len(received):
            raise Wrong(told, RECEIVED_SENT)
        if reordered and found[0] == lost + reordered:
            raise Wrong(told, REORDERED)
    twice = sum(received.count(number) > 1 for number in sent)
    if is_number(found[1]) and found[1] == twice != duplicated:
        told += " A number that came three times counts two."
    raise Wrong(told)


PLAIN_HINTS = (
    "Which of the three counts differs from the expected one?",
    "Do the case by hand: write each number of `sent` in a row, and tick off what came.",
    "Lost are those without a tick; the other two counts look at the arrivals, one by one.",
)
ORDER_HINTS = (
    "Take each arrival in turn: had one that was sent later come already?",
    "Compare with the latest that has come so far, not with the one that came before. And count "
    "only the first arrival of each number.",
    "Keep the furthest place reached so far, and never let it go back.",
)
PLACE_HINTS = (
    "Which of the two was sent first? Numbers alone do not say so here.",
    "Numbers leave gaps, begin anywhere and start again from 0: only the order of `sent` counts.",
    "Find for each number its place in `sent`, and compare places in place of numbers.",
)

LOSS_REPORT = Exercise(
    (
        Case(
            "two lost readings",
            "Ten readings are sent; 3 and 10 are lost, the others come in order.",
            _reports(
                (list(range(1, 11)), [1, 2, 4, 5, 6, 7, 8, 9], (2, 0, 0)),
                ([1, 2, 3], [1, 2, 3], (0, 0, 0)),
            ),
            PLAIN_HINTS,
        ),
        Case(
            "as many duplicates as losses",
            "Eight readings are sent, and eight arrivals come: 3 and 6 are lost, two came twice. "
            "Then four and four: one came three times.",
            _reports(
                (list(range(1, 9)), [1, 2, 2, 4, 5, 5, 7, 8], (2, 2, 0)),
                ([1, 2, 3, 4], [1, 1, 1, 4], (2, 2, 0)),
            ),
            PLAIN_HINTS,
        ),
        Case(
            "readings that were overtaken",
            "Some readings come after others that were sent later, and none of them is lost.",
            _reports(
                ([1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 6, 5], (0, 0, 2)),
                ([1, 2, 3, 4, 5], [4, 1, 2, 3, 5], (0, 0, 3)),
                ([1, 2, 3, 4, 5, 6], [1, 6, 2, 4, 5], (1, 0, 3)),
            ),
            ORDER_HINTS,
        ),
        Case(
            "copies that come late",
            "Readings come in order, and then a copy of an earlier one; and an overtaken one comes "
            "twice.",
            _reports(
                ([1, 2, 3], [1, 2, 3, 1], (0, 1, 0)),
                ([1, 2, 3, 4], [2, 1, 1, 3, 4, 2], (0, 2, 1)),
            ),
            ORDER_HINTS,
        ),
        Case(
            "numbers with gaps, and numbers that start again",
            "A sensor counts in tens; another reaches 65,535 and goes on with 0.",
            _reports(
                ([50, 60, 70, 80], [50, 80, 70], (1, 0, 1)),
                ([65_534, 65_535, 0, 1, 2], [65_534, 65_535, 0, 2, 1], (0, 0, 1)),
                ([65_534, 65_535, 0, 1], [65_534, 0, 65_535], (1, 0, 1)),
            ),
            PLACE_HINTS,
        ),
        Case(
            "old packets of another run",
            "Numbers 90 and 91 arrive as well, and were not sent in this run.",
            _reports(
                ([1, 2, 3, 4], [90, 1, 2, 91, 4, 90], (1, 0, 0)),
                ([5, 6, 7], [1, 1, 5, 7, 6], (0, 0, 1)),
            ),
            (
                "Which arrivals does your function count, that were not sent?",
                "What was not sent can be neither lost nor doubled, and overtakes nobody.",
                "Leave such an arrival out before you count anything.",
            ),
        ),
        Case(
            "nothing received, nothing sent",
            "All readings are lost; and then a run in which none was sent.",
            _reports(([7, 8, 9], [], (3, 0, 0)), ([], [], (0, 0, 0)), ([], [4, 4], (0, 0, 0))),
            (
                "What does your function do with an empty list?",
                "`max`, `min` and an index fail where there is nothing.",
                "Begin each count at 0, and let the loops do nothing where there is nothing.",
            ),
        ),
    ),
    "What it survives now: losses, copies in their place, overtaken readings, late copies, "
    "numbers that start again, and packets of another run.",
)


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
LONGEST_GAP = Exercise(
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
