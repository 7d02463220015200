"""The charts of chapter 01."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.figures.plots import Picture, chart, name_at
from helpers.look.palette import BLUE, INK, SKY

if TYPE_CHECKING:
    from helpers.study.predict import Prediction


def round_trip_times(microseconds: Sequence[float], prediction: Prediction) -> Picture:
    """How often each round-trip time came up, with the median and the 99th percentile.

    Args:
        microseconds: the times.
        prediction: of the median.
    """
    import numpy as np
    from matplotlib.ticker import LogFormatter

    median, p99, worst = np.percentile(microseconds, [50, 99, 100])
    finding = (
        f"Half of the round trips took under {median:.0f} µs, one in a hundred over {p99:.0f} µs"
    )
    figure, axes = chart(finding, "round-trip time in µs (logarithmic)", "round trips")
    bins = np.geomspace(min(microseconds), worst * 1.0001, 60)
    counts, *_ = axes.hist(microseconds, bins, color=SKY, edgecolor=BLUE)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.set_minor_formatter(LogFormatter())
    top = 1.3 * counts.max()
    axes.set_ylim(0, top)
    marks = ((median, "median", "-", 0.95), (p99, "99th percentile", "--", 0.85))
    for value, name, style, height in marks:
        axes.axvline(value, color=INK, linestyle=style)
        name_at(axes, f"{name}, {value:.0f} µs", value, height * top)
    said = prediction.draw(axes, on="x")
    if said:
        axes.legend(frameon=False, loc="center right", handles=axes.get_lines()[-1:])
    about = f"Histogram of {len(microseconds):,} round-trip times. {finding}; the slowest took"
    return Picture(figure, f"{about} {worst:.0f} µs. {said}".rstrip())
