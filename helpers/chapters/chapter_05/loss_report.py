"""The exercise loss_report: what a record of numbers tells of loss, copies and order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_05._counts import BY_FIELD, MISTAKES
from helpers.chapters.chapter_05._numbers import (
    EMPTY_HINTS,
    NONE_HINTS,
    RAISES,
    RAISES_ON_SHORT_LISTS,
    call_with_lists,
    expect_no_memory,
    is_number,
)
from helpers.chapters.chapter_05._records import TELLING, Numbers, Result, mistake_behind
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

FIELDS = ("lost", "duplicated", "reordered")
Counts = tuple[int, int, int]
Run = tuple[Numbers, Numbers, Counts]


def _reports(*runs: Run) -> Callable:
    """A case of some runs: what was sent, what was received, and the three counts."""

    def run(function: Callable, stage: Stage) -> None:
        results: list[tuple[Numbers, Numbers, Any]] = []
        for number, (sent, received, counts) in enumerate(runs):
            found, told = _counts(function, stage, sent, received)
            results.append((sent, received, found))
            if all(is_number(each) for each in found) and found == counts:
                continue
            first, _ = _counts(function, stage, *runs[0][:2])
            expect_no_memory("loss_report", results[0][2], first)
            more = [(*each, _quietly(function, stage, *each)) for each in TELLING]
            results += [
                (*each[:2], _quietly(function, stage, *each[:2])) for each in runs[number + 1 :]
            ]
            _explain(told, found, counts, results, more)

    return run


def _counts(function: Callable, stage: Stage, sent: Numbers, received: Numbers) -> tuple[Any, str]:
    """The three counts of a call, and the call in words; Wrong where it gives none."""
    got, told = call_with_lists(function, stage, "loss_report", sent, received)
    missing = [name for name in FIELDS if not hasattr(got, name)]
    if not missing:
        return tuple(getattr(got, name) for name in FIELDS), told
    lacks = "" if len(missing) == len(FIELDS) else f", which has no {' and no '.join(missing)}"
    told += f": expected a Report(lost, duplicated, reordered), got {short(got)}{lacks}."
    if got is None:
        raise Wrong(told, hints=NONE_HINTS)
    what = "the class Report itself" if isinstance(got, type) else f"a {type(got).__name__}"
    raise Wrong(
        told,
        hints=(
            f"Your function returns {what}; expected is an object with the attributes lost, "
            "duplicated and reordered, as a Report is.",
            "The cell above defines the class Report; its three fields are counts.",
            "Call the class with the three counts, by name, and return the object.",
        ),
    )


def _quietly(function: Callable, stage: Stage, sent: Numbers, received: Numbers) -> Any:
    """The three counts of a call, or three times None where it fails."""
    with contextlib.suppress(Exception):
        return _counts(function, stage, sent, received)[0]
    return None, None, None


def _explain(
    told: str, found: tuple, counts: Counts, results: list[Result], more: list[Result]
) -> None:
    """Raise Wrong about the first count that is wrong, with the mistake that fits all results."""
    wanted = ", ".join(f"{name}={count}" for name, count in zip(FIELDS, counts, strict=True))
    came = ", ".join(f"{name}={short(each)}" for name, each in zip(FIELDS, found, strict=True))
    told += f": expected {wanted}; got {came}."
    at = next(i for i in range(3) if not is_number(found[i]) or found[i] != counts[i])
    name = FIELDS[at]
    if not is_number(found[at]):
        kind = type(found[at]).__name__
        raise Wrong(
            told,
            hints=(
                f"Your `{name}` is of the type {kind}: a count says how many, not which ones.",
                "A list or a set of numbers has a length.",
                "Return numbers in all three fields.",
            ),
        )
    of_this, of_more = (
        [(sent, received, found[at]) for sent, received, found in each] for each in (results, more)
    )
    mistake = mistake_behind(MISTAKES[name], of_this, of_more)
    if mistake:
        raise Wrong(f"{told} {mistake.told}".rstrip(), mistake.belief, mistake.hints)
    raise Wrong(told, hints=BY_FIELD[name])


EXERCISE = Exercise(
    (
        Case(
            "two lost readings",
            "Ten readings are sent; 3 and 10 are lost, the others come in order.",
            _reports(
                (list(range(1, 11)), [1, 2, 4, 5, 6, 7, 8, 9], (2, 0, 0)),
                ([1, 2, 3], [1, 2, 3], (0, 0, 0)),
            ),
            BY_FIELD["lost"],
            if_it_raises=RAISES,
        ),
        Case(
            "as many duplicates as losses",
            "Eight readings are sent, and eight arrivals come: 3 and 6 are lost, two came twice. "
            "Then four and four: one came three times.",
            _reports(
                (list(range(1, 9)), [1, 2, 2, 4, 5, 5, 7, 8], (2, 2, 0)),
                ([1, 2, 3, 4], [1, 1, 1, 4], (2, 2, 0)),
            ),
            BY_FIELD["duplicated"],
            if_it_raises=RAISES,
        ),
        Case(
            "readings that were overtaken",
            "Some readings come after others that were sent later, and none of them is lost.",
            _reports(
                ([1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 6, 5], (0, 0, 2)),
                ([1, 2, 3, 4, 5], [4, 1, 2, 3, 5], (0, 0, 3)),
                ([1, 2, 3, 4, 5, 6], [1, 6, 2, 4, 5], (1, 0, 3)),
            ),
            BY_FIELD["reordered"],
            if_it_raises=RAISES,
        ),
        Case(
            "copies that come late",
            "Readings come in order, and then a copy of an earlier one; and an overtaken one comes "
            "twice.",
            _reports(
                ([1, 2, 3], [1, 2, 3, 1], (0, 1, 0)),
                ([1, 2, 3, 4], [2, 1, 1, 3, 4, 2], (0, 2, 1)),
            ),
            BY_FIELD["reordered"],
            if_it_raises=RAISES,
        ),
        Case(
            "numbers with gaps, and numbers that start again",
            "A sensor counts in tens; another reaches 65,535 and goes on with 0.",
            _reports(
                ([50, 60, 70, 80], [50, 80, 70], (1, 0, 1)),
                ([65_534, 65_535, 0, 1, 2], [65_534, 65_535, 0, 2, 1], (0, 0, 1)),
                ([65_534, 65_535, 0, 1], [65_534, 0, 65_535], (1, 0, 1)),
            ),
            BY_FIELD["reordered"],
            if_it_raises=RAISES,
        ),
        Case(
            "old packets of another run",
            "Numbers 90 and 91 arrive as well, and were not sent in this run.",
            _reports(
                ([1, 2, 3, 4], [90, 1, 2, 91, 4, 90], (1, 0, 0)),
                ([5, 6, 7], [1, 1, 5, 7, 6], (0, 0, 1)),
            ),
            BY_FIELD["stranger"],
            if_it_raises=RAISES | dict.fromkeys(("KeyError", "ValueError"), BY_FIELD["stranger"]),
        ),
        Case(
            "nothing received, nothing sent",
            "All readings are lost; and then a run in which none was sent.",
            _reports(([7, 8, 9], [], (3, 0, 0)), ([], [], (0, 0, 0)), ([], [4, 4], (0, 0, 0))),
            EMPTY_HINTS,
            if_it_raises=RAISES_ON_SHORT_LISTS,
        ),
    ),
    "What it survives now: losses, copies in their place, overtaken readings, late copies, "
    "numbers that start again, and packets of another run.",
)
