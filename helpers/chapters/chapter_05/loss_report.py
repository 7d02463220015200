"""The exercise loss_report: what a record of numbers tells of loss, copies and order."""

from __future__ import annotations

from collections.abc import Callable

from helpers.chapters.chapter_05._numbers import (
    call_with_lists,
    is_number,
)
from helpers.chapters.chapter_05.beliefs import RECEIVED_SENT, REORDERED
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

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

EXERCISE = Exercise(
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
