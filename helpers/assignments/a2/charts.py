"""The picture of goodput: recorded runs of the course's own programs, and a learner's."""

from __future__ import annotations

import statistics

from helpers.assignments.a2 import _speed_cases as speed
from helpers.figures.plots import Picture, chart, marks, name_at
from helpers.look.palette import BLUE, DARK_ORANGE, FAINT, INK

# Shares of the bound, one for each seed from 1 on, as `_speed_cases` measures them.
SOLUTION = (0.93, 0.72, 0.85, 0.95, 0.78, 0.83, 0.83, 0.86, 0.88, 0.98)
GO_BACK_N = (0.25, 0.23, 0.28, 0.29, 0.25, 0.21, 0.23, 0.32, 0.26, 0.27)


def goodput() -> str:
    """What a program has reached in this process, as HTML; empty where none was tried."""
    return picture(speed.shares)._repr_mimebundle_()["text/html"] if speed.shares else ""


def picture(shares: dict[int, float]) -> Picture:
    """The learner's shares of the bound, by seed, beside the recorded ones.

    Args:
        shares: from 0 (the run was ended) to 1, by seed.
    """
    median = statistics.median(shares.values())
    title = f"Your sender uses {median:.0%} of what the link can carry"
    figure, axes = chart(title, "run (the seed of its losses)", "share of the best possible")
    seeds = range(1, len(SOLUTION) + 1)
    for grade in speed.GRADES:
        axes.axhline(grade, color=FAINT, linewidth=0.8, linestyle="--")
    marks(axes, zip(seeds, SOLUTION, strict=True), "s", BLUE)
    marks(axes, zip(seeds, GO_BACK_N, strict=True), "^", DARK_ORANGE)
    marks(axes, shares.items(), "D", INK, size=7)
    name_at(axes, "our solution", seeds[-1], SOLUTION[-1], 8)
    name_at(axes, "our Go-Back-N", seeds[-1], GO_BACK_N[-1], 8)
    last = max(shares)
    name_at(axes, "yours", last, shares[last], 9, -9)
    axes.set(ylim=(0, 1.02), xlim=(0.5, len(SOLUTION) + 2.6))
    axes.set_xticks(list(seeds))
    alt = (
        f"Shares of the best possible goodput for runs with other losses. Yours: "
        f"{', '.join(f'{each:.0%}' for each in shares.values())}. Our solution: "
        f"{min(SOLUTION):.0%} to {max(SOLUTION):.0%} in ten runs; our Go-Back-N: "
        f"{min(GO_BACK_N):.0%} to {max(GO_BACK_N):.0%}. Dashed lines: where points are given."
    )
    return Picture(figure, alt)
