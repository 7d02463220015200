"""The usual slips of an estimator, each tried on the same calls: the one that gives that number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from helpers.chapters.chapter_06 import _rto_hints as hints
from helpers.chapters.chapter_06 import _rto_models as models
from helpers.checks.wrong import Hints

Call = tuple[str, float]  # "sample" and a round-trip time; "back_off" and "timeout" and 0


SLIPS: list[tuple[type[models.Estimator], Hints]] = [
    (models.MeanFirst, hints.ORDER),
    (models.Swapped, hints.WEIGHTS),
    (models.MostlyNew, hints.WEIGHTS_TURNED),
    (models.MostlyNewMean, hints.MEAN_TURNED),
    (models.MostlyNewDeviation, hints.DEVIATION_TURNED),
    (models.NoSample, hints.NOT_KEPT),
    (models.NoSign, hints.SIGN),
    (models.OtherSign, hints.SIGN),
    (models.NoDeviation, hints.NO_DEVIATION),
    (models.WholeDeviation, hints.NO_DEVIATION),
    (models.FromZero, hints.FROM_ZERO),
    (models.FromZeroMeanFirst, hints.FROM_ZERO),
    (models.OnlyLast, hints.ONLY_LAST),
    (models.FourIsMissing, hints.FOUR),
    (models.TwiceOnly, hints.FOUR),
    (models.NoGranularity, hints.GRANULARITY),
    (models.GranularityAdded, hints.GRANULARITY_ADDED),
    (models.GranularityOfAll, hints.GRANULARITY_OF_ALL),
    (models.StartsAtMinimum, hints.START),
    (models.StartsAtThree, hints.START),
    (models.StartsAtZero, hints.START),
    (models.NoMinimum, hints.MINIMUM),
    (models.NoMaximum, hints.MAXIMUM),
    (models.NoBounds, hints.MINIMUM),
    (models.UnboundAtFirst, hints.MINIMUM),
    (models.NoMaximumOfDoubled, hints.MAXIMUM_OF_DOUBLED),
    (models.BoundsInside, hints.BOUNDS_INSIDE),
    (models.DoubledBefore, hints.DOUBLED_BEFORE),
    (models.Never, hints.DOUBLES),
    (models.Once, hints.DOUBLES),
    (models.Adds, hints.DOUBLES),
    (models.OneCallOnly, hints.ONE_CALL),
    (models.StaysBackedOff, hints.STAYS),
    (models.DoublesTheMean, hints.DOUBLES_INSIDE),
    (models.DoublesBoth, hints.DOUBLES_INSIDE),
    (models.DoublesForGood, hints.DOUBLES_INSIDE),
    (models.ZeroIsNone, hints.ZERO_IS_NONE),
    (models.OldDeviation, hints.NOT_UPDATED),
    (models.OldMean, hints.NOT_UPDATED),
    (models.Milliseconds, hints.UNIT),
    (models.LargeGranularity, hints.UNIT),
    (models.TwiceTheMean, hints.FOUR),
    (models.NeverLower, hints.NEVER_LOWER),
    (models.MeanBounded, hints.BOUNDS_INSIDE),
    (models.BoundsExchanged, hints.BOUNDS_EXCHANGED),
]


PROBE_BOUNDS = (0.0, 100_000.0)
PROBES: tuple[list[Call], ...] = (
    [(name, rtt) for rtt in (0.0, 1.0) for name in ("sample", "timeout")],
    [
        *((name, rtt) for rtt in (1.0, 2.0, 0.5) for name in ("sample", "timeout")),
        *[("back_off", 0.0), ("timeout", 0.0), ("timeout", 0.0)] * 3,
        *((name, rtt) for rtt in (1.0, 1.0, 1e6) for name in ("sample", "timeout")),
    ],
)


def slip(
    bounds: Sequence[float],
    calls: Sequence[Call],
    got: float,
    probe: Callable[[], list[Any]] = list,
) -> Hints | None:
    """The hints for the slip that gives this number after these calls; None where none does.

    Args:
        bounds: as the estimator was made with.
        calls: of its methods until now, the last being the `timeout` that gave the number.
        got: seconds.
        probe: what other objects of the class say to PROBES, to tell slips apart that give the
            same number.
    """
    right = _said(models.Estimator, bounds, calls)[-1]
    found = [
        (made, of_it)
        for made, of_it in SLIPS
        if _same(number := _said(made, bounds, calls)[-1], got) and not _same(number, right)
    ]
    by_chance = any(_same(each, got) for each in (*bounds, 1.0, 60.0))
    if not found or (len(found) == 1 and not by_chance):
        return found[0][1] if found else None
    said = probe()

    def alike(one: tuple[type[models.Estimator], Hints]) -> int:
        expected = [each for probe in PROBES for each in _said(one[0], PROBE_BOUNDS, probe)]
        return sum(map(_same, expected, said))

    best = max(found, key=alike)
    return None if by_chance and alike(best) < len(said) / 2 else best[1]


def _said(
    make: Callable[..., models.Estimator], bounds: Sequence[float], calls: Sequence[Call]
) -> list[float]:
    """What each `timeout` among these calls gives."""
    made, said = make(*bounds), []
    for name, rtt in calls:
        if name == "sample":
            made.sample(rtt)
        elif name == "back_off":
            made.back_off()
        else:
            said.append(made.timeout())
    return said


def _same(one: float, other: Any) -> bool:
    return isinstance(other, (int, float)) and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
