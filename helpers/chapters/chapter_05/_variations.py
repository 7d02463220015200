"""What usual mistakes, and other measures, make of a record's times instead of the jitter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

Times = list[tuple[float, float]]  # (sent, received), in seconds


def transits(times: Times) -> list[float]:
    return [received - sent for sent, received in times]


def d(times: Times) -> list[float]:
    """D of each pair of neighbours."""
    return changes(transits(times))


def changes(values: Sequence[float]) -> list[float]:
    return [later - sooner for sooner, later in pairwise(values)]


def smoothed(steps: Sequence[float], gain: float = 1 / 16, start: float = 0.0) -> float:
    jitter = start
    for step in steps:
        jitter += (abs(step) - jitter) * gain
    return jitter


def with_sign(times: Times) -> float:
    jitter = 0.0
    for step in d(times):
        jitter += (step - jitter) / 16
    return jitter


def later_sign(times: Times) -> float:
    jitter = 0.0
    for step in d(times):
        jitter += abs(step - jitter) / 16
    return jitter


def added(times: Times) -> float:
    jitter = 0.0
    for step in d(times):
        jitter += (abs(step) + jitter) / 16
    return jitter


def half_divided(times: Times) -> float:
    jitter = 0.0
    for step in d(times):
        jitter += abs(step) - jitter / 16
    return jitter


def changed_places(times: Times) -> float:
    jitter = 0.0
    for step in d(times):
        jitter += (jitter - abs(step)) / 16
    return jitter


def without_the_old(times: Times) -> float:
    jitter = 0.0
    for step in d(times):
        jitter = (abs(step) - jitter) / 16
    return jitter


def summed_differences(times: Times) -> float:
    return smoothed(changes([sent + received for sent, received in times]))


def weights_swapped(times: Times) -> float:
    return smoothed(d(times), gain=15 / 16)


def from_first_difference(times: Times) -> float:
    steps = d(times)
    return smoothed(steps[1:], start=abs(steps[0])) if steps else 0.0


def against_the_first(times: Times) -> float:
    first, *others = transits(times)
    return smoothed([each - first for each in others])


def of_positive(times: Times) -> float:
    return smoothed(changes([each for each in transits(times) if each >= 0]))


def where_nonzero(times: Times) -> float:
    jitter, before = 0.0, None
    for transit in transits(times):
        if before:
            jitter += (abs(transit - before) - jitter) / 16
        before = transit
    return jitter


def two(values: Sequence[float], of: Callable[[Sequence[float]], float]) -> float:
    return of(values) if len(values) > 1 else 0.0
