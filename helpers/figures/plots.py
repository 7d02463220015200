"""The course's chart style, and pictures that carry their alternative text."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from helpers.look.palette import INK
from helpers.look.picture import check_alternative_text, image_bundle
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel that draws nothing starts sooner
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

MARGIN = 0.1  # inches
COLOURS = 64  # of a chart that is kept
SCREEN_DPI = 96  # what a browser takes for an inch


class Picture:
    """A figure as a PNG with alternative text; notebooks show it and keep both.

    Args:
        figure: what to draw; it is drawn at once, and not kept.
        alt: what the picture shows, in a sentence or two, for those who can't see it.

    Raises:
        ValueError: without alternative text.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        check_alternative_text(alt)
        self.alt = alt
        self.width, self.height = (round(n * SCREEN_DPI) for n in figure.get_size_inches())
        self.png = _png(figure, dpi=2 * SCREEN_DPI)  # so that it stays sharp when enlarged

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return image_bundle(self.png, self.alt, self.width, self.height)

    def __repr__(self) -> str:
        return self.alt


def _png(figure: Figure, dpi: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from helpers.figures.own_style import own_style

    before = figure.dpi
    if not isinstance(figure.canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)
    try:
        figure.set_dpi(dpi)
        with own_style(), _unknown_characters():
            figure.canvas.draw()  # once; savefig draws twice
        return small_png(figure.canvas)
    finally:
        figure.set_dpi(before)


def small_png(canvas: FigureCanvasAgg) -> bytes:
    """What is on the canvas as a PNG with a palette of 64 colours, in a quarter of the bytes.

    A chart has some hundreds, mostly shades along the edges of letters: of those that have to
    make room, none moves by more than about 15 of 255.
    """
    import numpy as np
    from PIL import Image  # comes with matplotlib

    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    stream = io.BytesIO()
    few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(stream, "PNG", compress_level=9)
    return stream.getvalue()


def new_figure(width: float = 7.0, height: float = 3.4) -> Figure:
    """An empty figure of the course's style, its size in inches."""
    with uninterrupted():
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        from helpers.figures.own_style import OwnFigure

    figure = OwnFigure(figsize=(width, height), layout="constrained", facecolor="white")
    # A figure can be a white sheet on a dark page, and its words need a margin.
    figure.get_layout_engine().set(w_pad=MARGIN, h_pad=MARGIN)
    FigureCanvasAgg(figure)
    return figure


@contextlib.contextmanager
def _unknown_characters() -> Iterator[None]:
    """Words may hold any character; a box in its place is clear enough."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def chart(
    title: str, xlabel: str, ylabel: str, width: float = 7.0, height: float = 3.4
) -> tuple[Figure, Axes]:
    """A figure with one set of axes, ready to draw on.

    Args:
        title: the chart's finding, as a sentence.
        xlabel: what the horizontal axis shows, with its unit.
        ylabel: what the vertical axis shows, with its unit.
        width: inches.
        height: inches.

    Returns:
        The figure and its axes; show it with `Picture(figure, alt)`.
    """
    figure = new_figure(width, height)
    axes = figure.subplots()
    axes.set_title(title, loc="left", fontsize=11, color=INK, wrap=True)
    axes.set_xlabel(xlabel, color=INK)
    axes.set_ylabel(ylabel, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def marks(
    axes: Axes,
    points: Iterable[tuple[float, float]],
    mark: str,
    colour: str,
    label: str | None = None,
    size: float = 5,
) -> None:
    """Draw (x, y) points as marks without lines; where there are none, only the legend knows.

    Args:
        axes: what to draw on.
        points: pairs of x and y.
        mark: matplotlib's sign for the shape, such as "o" or "x".
        colour: any colour of matplotlib's; the course's are this module's BLUE, ORANGE, ...
        label: for the legend; None keeps it out.
        size: of a mark, in points.
    """
    x, y = zip(*pairs, strict=True) if (pairs := list(points)) else ((), ())
    axes.plot(x, y, mark, color=colour, label=label, markersize=size)


def yours(axes: Axes, x: float, y: float, label: str | None = None) -> None:
    """Draw the learner's own point as a white diamond, in every chapter.

    Args:
        axes: what to draw on.
        x: of the point, as y.
        y: on the axes' own scales.
        label: for the legend; None keeps it out.
    """
    axes.plot(x, y, "D", color="white", markeredgecolor=INK, markersize=9, label=label)


def name_at(
    axes: Axes, name: str, x: float, y: float, right: float = 6, up: float = 0, ha: str = "left"
) -> None:
    """Write a curve's name beside one of its points, in place of a legend.

    Args:
        axes: what to draw on.
        name: a few words.
        x: of the point, as y.
        y: on the axes' own scales.
        right: how far the name stands from it, in points.
        up: the same upwards.
        ha: which end of the name stands there: "left", "center" or "right".
    """
    place = {"xytext": (right, up), "textcoords": "offset points", "ha": ha, "va": "center"}
    axes.annotate(name, (x, y), color=INK, **place)


def name_ends(axes: Axes) -> None:
    """Write the name of each line with a label at the right, level with its end, and its mark.

    Names that would touch are moved apart. Call it last: it needs the limits of the axes.
    """
    to_share = axes.transData + axes.transAxes.inverted()
    ends = []
    for line in axes.get_lines():
        if not line.get_label().startswith("_") and len(line.get_xdata()):
            point = (line.get_xdata()[-1], line.get_ydata()[-1])
            ends.append((float(to_share.transform(point)[1]), line))
    heights = _apart([height for height, _ in sorted(ends, key=lambda end: end[0])])
    for (_, line), height in zip(sorted(ends, key=lambda end: end[0]), heights, strict=True):
        look = {"color": line.get_color(), "marker": line.get_marker(), "clip_on": False}
        axes.plot([1.02], [height], transform=axes.transAxes, label="_", **look)
        axes.text(1.04, height, line.get_label(), transform=axes.transAxes, va="center", color=INK)


def _apart(heights: list[float], room: float = 0.09) -> list[float]:
    """Heights from below, moved so that no two are nearer than a line of text; all from 0 to 1."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + room if placed else 0.02))
    over = max(0.0, placed[-1] - 0.98) if placed else 0.0
    for index in reversed(range(len(placed))):
        above = placed[index + 1] - room if index + 1 < len(placed) else placed[index] - over
        placed[index] = min(placed[index], above)
    return placed


def legend_in_a_row(axes: Axes, many: int = 4) -> None:
    """A legend of one row above what is drawn, below the title.

    Args:
        axes: what has labels.
        many: how many find room in the row.
    """
    row = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": many, "borderaxespad": 0}
    axes.legend(frameon=False, markerscale=0.7, handlelength=1.4, columnspacing=1.4, **row)
    # Its room is a line of the title: constrained layout fails with a title's pad.
    axes.set_title(f"{axes.get_title(loc='left')}\n", loc="left", fontsize=11, color=INK)


def listed(parts: Mapping[str, object]) -> str:
    """What a picture shows, for its alternative text: "first: 3; second: 5"."""
    return "; ".join(f"{name}: {said}" for name, said in parts.items())
