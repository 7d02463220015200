"""Congestion windows with one slip each, by which a check finds what a learner's class has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from helpers.chapters.chapter_07 import _congestion_hints as hints
from helpers.chapters.chapter_07.beliefs import ALONE, LARGER, SAME_LOSS
from helpers.checks.wrong import Hints, Misconception

FEW = 1e-6  # by which part of it a number may be off


class Right:
    """The window as the contract has it."""

    first: float = 1

    def __init__(self) -> None:
        self.size: float = self.first
        self.threshold: float = 64

    def acked(self) -> None:
        """Grow."""
        self.size += 1 if self.size < self.threshold else 1 / self.size

    def lost(self) -> None:
        """Halve."""
        self.threshold = self.size = max(self.size / 2, 2)

    def timed_out(self) -> None:
        """Begin again."""
        self.lost()
        self.size = 1

    def after(self, calls: Iterable[str]) -> tuple[float, float]:
        """Its two numbers after these calls."""
        for name in calls:
            getattr(self, name)()
        return self.size, self.threshold


class _AlwaysOne(Right):
    def acked(self) -> None:
        self.size += 1


class _Doubles(Right):
    def acked(self) -> None:
        self.size += self.size if self.size < self.threshold else 1 / self.size


class _AlwaysAPart(Right):
    def acked(self) -> None:
        self.size += 1 / self.size


class _Stuck(Right):
    def acked(self) -> None:
        pass


class _Edge(Right):
    def acked(self) -> None:
        self.size += 1 if self.size <= self.threshold else 1 / self.size


class _Rounded(Right):
    def acked(self) -> None:
        self.size = int(self.size + (1 if self.size < self.threshold else 1 / self.size))

    def lost(self) -> None:
        self.threshold = self.size = max(int(self.size) // 2, 2)


class _HalfRounded(Right):
    def lost(self) -> None:
        self.threshold = self.size = max(int(self.size) // 2, 2)


class _StartsFull(Right):
    first = 64


class _Ignores(Right):
    def lost(self) -> None:
        pass

    def timed_out(self) -> None:
        self.threshold, self.size = max(self.size / 2, 2), 1


class _IgnoresBoth(Right):
    def lost(self) -> None:
        pass

    def timed_out(self) -> None:
        pass


class _NoAnswerToSilence(Right):
    def timed_out(self) -> None:
        pass


class _SilenceIsALoss(Right):
    def timed_out(self) -> None:
        self.lost()


class _LossIsSilence(Right):
    def lost(self) -> None:
        self.threshold, self.size = max(self.size / 2, 2), 1


class _HalvesTheThreshold(Right):
    def lost(self) -> None:
        self.threshold = self.size = max(self.threshold / 2, 2)


class _NoLeast(Right):
    def lost(self) -> None:
        self.threshold = self.size = self.size / 2


class _LeastOne(Right):
    def lost(self) -> None:
        self.threshold = self.size = max(self.size / 2, 1)


class _KeepsTheThreshold(Right):
    def lost(self) -> None:
        self.size = max(self.size / 2, 2)

    def timed_out(self) -> None:
        self.size = 1


class _KeepsItInSilence(Right):
    def timed_out(self) -> None:
        self.size = 1


class _OneFirst(Right):
    def timed_out(self) -> None:
        self.size = 1
        self.threshold = max(self.size / 2, 2)


class _SizeOnly(Right):
    def lost(self) -> None:
        self.threshold = max(self.size / 2, 2)

    def timed_out(self) -> None:
        self.lost()
        self.size = 1


SLIPS: list[tuple[type[Right], Misconception | None, Hints | None]] = [
    (_StartsFull, ALONE, None),
    (_AlwaysOne, LARGER, None),
    (_Doubles, None, hints.DOUBLES),
    (_AlwaysAPart, None, hints.SLOW),
    (_Edge, None, hints.EDGE),
    (_Rounded, None, hints.ROUNDED),
    (_HalfRounded, None, hints.ROUNDED),
    (_NoAnswerToSilence, None, hints.SILENCE),
    (_KeepsItInSilence, None, hints.KEEPS_THRESHOLD),
    (_Ignores, SAME_LOSS, None),
    (_IgnoresBoth, SAME_LOSS, None),
    (_SizeOnly, SAME_LOSS, None),
    (_SilenceIsALoss, None, hints.SILENCE),
    (_LossIsSilence, None, hints.LOST_IS_SILENCE),
    (_HalvesTheThreshold, None, hints.HALF_OF_THRESHOLD),
    (_NoLeast, None, hints.NO_LEAST),
    (_LeastOne, None, hints.NO_LEAST),
    (_KeepsTheThreshold, None, hints.KEEPS_THRESHOLD),
    (_OneFirst, None, hints.ORDER),
    (_Stuck, None, hints.STUCK),
]


def same(told: tuple[float, float], got: tuple[float, float]) -> bool:
    """Whether size and threshold are the same, but for the last digits."""
    return all(math.isclose(a, b, rel_tol=FEW) for a, b in zip(told, got, strict=True))


def slip_of(
    calls: Sequence[str], got: Sequence[tuple[float, float]]
) -> tuple[Misconception | None, Hints | None]:
    """The belief and the hints of the first slip that leads to these numbers; none where none.

    Args:
        calls: the names of the methods, "" for none.
        got: size and threshold after each.
    """
    for model, belief, hint in SLIPS:
        made = model()
        told = [made.after([name] if name else []) for name in calls]
        if all(map(same, told, got)):
            return belief, hint
    return None, None
