"""The course's chart style, and pictures that carry their alternative text."""

from __future__ import annotations

import base64
import contextlib
import html
import io
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from helpers.look.palette import INK
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel that draws nothing starts sooner
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN = 0.1  # inches
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
        if not alt.strip():
            raise ValueError("a picture needs alternative text: say in a sentence what it shows")
        self.alt = alt
        self.width, self.height = (round(n * SCREEN_DPI) for n in figure.get_size_inches())
        self.png = _png(figure, dpi=2 * SCREEN_DPI)  # so that it stays sharp when enlarged

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return image_bundle(self.png, self.alt, self.width, self.height)

    def __repr__(self) -> str:
        return self.alt


def _png(figure: Figure, dpi: int) -> bytes:
    """A figure as a PNG with a palette of 256 colours, which takes a third of the bytes.

    A chart has some hundreds, mostly shades along the edges of letters: of those that have to
    make room, none moves by more than a few of 255.
    """
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image  # comes with matplotlib

    before = figure.dpi
    if not isinstance(figure.canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)
    try:
        figure.set_dpi(dpi)
        with _unknown_characters():
            figure.canvas.draw()  # once; savefig draws twice
        image = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")
    finally:
        figure.set_dpi(before)
    stream = io.BytesIO()
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(stream, "PNG")
    return stream.getvalue()


def image_bundle(png: bytes, alt: str, width: int, height: int) -> dict[str, str]:
    """A PNG as a notebook shows it: as large as said, and smaller where there is less room.

    Args:
        png: the picture.
        alt: its alternative text, which a notebook keeps in an `<img>` only.
        width: in pixels of the screen, as height.
        height: given too, so that nothing below it moves while the picture is loaded.
    """
    data = base64.b64encode(png).decode("ascii")
    # Decoded with the page, so that there is never a gap between two pictures.
    image = (
        f'<img alt="{html.escape(alt)}" width="{width}" height="{height}" decoding="sync" '
        f'style="max-width: 100%; height: auto" src="data:image/png;base64,{data}">'
    )
    return {"text/html": image, "text/plain": alt}


def new_figure(width: float = 7.0, height: float = 3.4) -> Figure:
    """An empty figure of the course's style, its size in inches."""
    with uninterrupted():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    # On a dark page the figure is a white sheet, and its words need a margin.
    figure.get_layout_engine().set(w_pad=MARGIN, h_pad=MARGIN)
    FigureCanvasAgg(figure)
    return figure


def text_width(text: str, size: float) -> float:
    """How wide a line of text is drawn, in inches, at a size in points."""
    with uninterrupted():
        from matplotlib.font_manager import FontProperties
        from matplotlib.textpath import text_to_path

    with _unknown_characters():
        width, _, _ = text_to_path.get_text_width_height_descent(
            text, FontProperties(size=size), ismath=False
        )
    return width / 72


@contextlib.contextmanager
def _unknown_characters() -> Iterator[None]:
    """Payloads may hold any character; a box in its place is clear enough."""
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
