"""The charts of chapter 08, beside those of the wing `load`."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.figures.plots import Picture, chart
from helpers.look.palette import BLUE, INK

Bar = tuple[float, float, int]


def lost_updates(data: tuple[int, Sequence[Bar]]) -> Picture:
    """When each of some threads has read a total, and when it has written the next one.

    Args:
        data: the total in the end; and for each thread when it read and when it wrote, in seconds
            on one clock, and what it wrote.
    """
    total, bars = data
    lost = len(bars) - total
    whole = "no update is lost" if not lost else f"{lost} updates are lost"
    whole = whole if lost != 1 else "1 update is lost"
    finding = f"{len(bars)} threads add 1 each, and the total is {total}: {whole}"
    height = 1.6 + 0.14 * len(bars)
    figure, axes = chart(finding, "milliseconds", "threads", height=height)
    first = min(began for began, _, _ in bars)
    longest = 1000 * (max(ended for _, ended, _ in bars) - first)
    for row, (began, ended, wrote) in enumerate(sorted(bars)):
        start, end = 1000 * (began - first), 1000 * (ended - first)
        axes.barh(row, max(end - start, longest / 150), 0.6, start, color=BLUE)
        place = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(f"writes {wrote}", (end, row), fontsize=8, color=INK, **place)
    axes.set_yticks([])
    axes.set_ylim(len(bars), -1)  # the first to read is at the top
    axes.margins(x=0.12)
    axes.grid(visible=False)
    return Picture(figure, f"A bar for each thread. {finding}, after {longest:.0f} ms.")
