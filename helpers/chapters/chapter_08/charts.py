"""The charts of chapter 08, beside those of the wing `load`."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.figures.plots import Picture, chart, name_at
from helpers.look.palette import BLUE, RED


def waiting_in_the_server(
    without: Sequence[float], drained: Sequence[float], piece: float = 0.05
) -> Picture:
    """How much waits in a server while it writes to a client that never reads.

    Args:
        without: megabytes that wait after each write, where nothing waits for `drain`.
        drained: the same with `drain`, until it gives up.
        piece: megabytes of each write.
    """
    finding = (
        f"Without drain up to {max(without):.0f} MB wait in the server, with it {max(drained):.1f}"
    )
    xlabel, ylabel = "written so far, in MB", "waiting in the server, in MB"
    figure, axes = chart(finding, xlabel, ylabel, height=2.8)
    written = [piece * (n + 1) for n in range(len(without))]
    axes.plot(written, without, "-", color=RED)
    middle = len(without) // 2
    name_at(axes, "write alone", written[middle], without[middle], -10, 8, "right")
    axes.plot(written[: len(drained)], drained, "o", color=BLUE, markersize=3)
    name_at(axes, "write and drain,\nwhich gives up\nafter 0.3 s", written[0], 0, 0, 32)
    about = f"Two curves: {finding}; the second ends after {piece * len(drained):.1f} MB."
    return Picture(figure, about)
