"""Usual mistakes about records of numbers, and which of them a function's results fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from helpers.checks.wrong import Hints, Misconception

Numbers = list[int]
Result = tuple[Numbers, Numbers, Any]  # what was sent, what was received, and what came of it

# Records, found by trying many, on which no two of the usual mistakes agree.
TELLING: tuple[tuple[Numbers, Numbers], ...] = (
    (
        [10, 11, 12, 16, 17, 21, 23, 24, 25, 26, 27, 28, 0, 1, 3, 6, 7, 8, 9],
        [26, 91, 21, 3, 26, 28, 0, 0, 1, 90, 6, 7, 3, 8, 3, 23, 9],
    ),
    (
        [13, 17, 19, 20, 21, 23, 24, 25, 26, 27, 0, 1, 2, 3, 6, 7, 8, 9, 12],
        [8, 13, 13, 19, 20, 91, 21, 23, 27, 0, 1, 2, 3, 0, 6, 8, 91, 1, 1, 9],
    ),
    (
        [28, 29, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 17, 18, 19, 23, 24, 26, 27],
        [29, 8, 18, 9, 9, 10, 11, 90, 17, 17, 18, 7, 13, 8, 10, 19, 26, 27, 90],
    ),
)


class Mistake(NamedTuple):
    """A usual mistake: what it gives for a record, its hints, and the belief behind it."""

    of: Callable[[Numbers, Numbers], Any]
    hints: Hints
    told: str = ""
    belief: Misconception | None = None


def mistake_behind(
    mistakes: Sequence[Mistake], results: Sequence[Result], more: Sequence[Result] = ()
) -> Mistake | None:
    """The first mistake that gives exactly these results, all of them; else None.

    Args:
        mistakes: the usual ones, the likeliest first.
        results: those of a case's runs.
        more: those of other records, which decide where several mistakes fit. A belief is named
            only if it fits these, too.
    """
    fits = [each for each in mistakes if all(_fits(each, *result) for result in results)]
    for each in fits:
        if all(_fits(each, *result) for result in more):
            return each
    return fits[0]._replace(belief=None) if fits else None


def _fits(mistake: Mistake, sent: Numbers, received: Numbers, got: Any) -> bool:
    try:
        expected = mistake.of(sent, received)
        return bool(abs(got - expected) < 1e-9)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False


def first_arrivals(sent: Numbers, received: Numbers) -> Numbers:
    """The numbers that were sent in the order in which each arrived first."""
    known = set(sent)
    return [number for number in dict.fromkeys(received) if number in known]


def places(sent: Numbers, received: Numbers) -> Numbers:
    """The places in `sent` of the first arrivals."""
    return [sent.index(number) for number in first_arrivals(sent, received)]


def behind(places: Sequence[int]) -> int:
    """How many come after a larger one."""
    return sum(place < max(places[:index], default=place) for index, place in enumerate(places))


def descents(places: Sequence[int]) -> int:
    """How many are smaller than the one right before."""
    return sum(later < sooner for sooner, later in pairwise(places))


def inversions(places: Sequence[int]) -> int:
    """How many pairs stand the wrong way round."""
    return sum(other > place for i, place in enumerate(places) for other in places[:i])


def overtakers(places: Sequence[int]) -> int:
    """How many come before a smaller one."""
    return sum(min(places[i:]) < place for i, place in enumerate(places))


def never_came(sent: Numbers, received: Numbers) -> int:
    """How many were lost."""
    return len(set(sent) - set(received))


def jumps(sent: Numbers, received: Numbers) -> list[int]:
    """How many are missing each time that an arrival goes further than all before it."""
    furthest, found = -1, []
    for place in (sent.index(number) for number in received if number in sent):
        if place > furthest:
            found.append(place - furthest - 1)
            furthest = place
    return [*found, len(sent) - 1 - furthest]


def gaps(sent: Numbers, received: Numbers) -> list[int]:
    """The lengths of all gaps, in order; 0 where two neighbours came."""
    here = set(received)
    came = [-1, *(index for index, number in enumerate(sent) if number in here), len(sent)]
    return [later - sooner - 1 for sooner, later in pairwise(came)]
