"""The charts of chapter 02."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.figures.explore import MovingChart
from helpers.figures.plots import chart
from helpers.look.palette import BLUE, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "What each recv returned, in the order in which it came"
FACES = ("#DCEBF6", "#FFFFFF")  # of neighbours, which differ by more than their edge
LOW, HIGH = 0.0, 1.0  # of a box


def boxes_of_recv(total: int, first_send: int) -> MovingChart:
    """A stream as a bar, cut where one recv ended and the next began.

    Its data: how many bytes each recv returned; empty results are not drawn.

    Args:
        total: bytes of the stream.
        first_send: how many of them were sent first, which a line marks.
    """
    _, axes = chart(TITLE, "bytes of the stream", "", 7.0, 2.2)
    axes.set(xlim=(-0.01 * total, 1.01 * total), ylim=(-0.9, 2.0), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.plot([first_send] * 2, [LOW - 0.55, HIGH], color=RED, linestyle="--", linewidth=1.2)
    border = f"here one send ended, after {first_send} bytes"
    axes.text(first_send + 0.01 * total, LOW - 0.5, border, fontsize=10, color=INK, va="center")

    def draw_boxes(axes: Axes, sizes: Sequence[int]) -> str:
        sizes = [size for size in sizes if size]
        left = 0
        for number, size in enumerate(sizes):
            box = [(left, size)]
            look = {"facecolor": FACES[number % 2], "edgecolor": BLUE, "linewidth": 1.2}
            axes.broken_barh(box, (LOW, HIGH - LOW), **look)
            if size > 0.06 * total:
                axes.text(left + size / 2, 0.5, f"{size:,}", color=INK, ha="center", va="center")
            else:  # it stands above a box that is too narrow for it
                axes.text(left, HIGH + 0.3, f"{size:,}", color=INK, ha="left", va="center")
            left += size
        many = f"{len(sizes)} box" + "es" * (len(sizes) != 1)
        axes.text(total, HIGH + 0.7, many, color=INK, ha="right", va="center", weight="bold")
        listed = ", ".join(f"{size:,}" for size in sizes)
        return f"A stream of {total:,} bytes in {many}: recv returned {listed} bytes."

    return MovingChart(draw_boxes, axes)
