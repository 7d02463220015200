"""The course's chart style, and pictures that carry their alternative text."""

from __future__ import annotations

import base64
import html
import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where first used: a kernel that draws nothing starts sooner
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The palette of Okabe and Ito, which colour-blind readers can tell apart ("Color Universal
# Design", 2008).
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)
INK, FAINT = "#222222", "#8A8A8A"
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
        self.width = round(figure.get_figwidth() * SCREEN_DPI)
        stream = io.BytesIO()
        # Twice the screen's resolution, so that it stays sharp when enlarged.
        with warnings.catch_warnings():
            # Payloads may hold any character; a box in its place is clear enough.
            warnings.filterwarnings("ignore", message="Glyph .* missing")
            figure.savefig(stream, format="png", dpi=2 * SCREEN_DPI, metadata={"Software": None})
        self.png = stream.getvalue()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        data = base64.b64encode(self.png).decode("ascii")
        image = (
            f'<img alt="{html.escape(self.alt)}" width="{self.width}" '
            f'src="data:image/png;base64,{data}">'
        )
        return {"text/html": image, "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


def new_figure(width: float = 7.0, height: float = 3.4) -> Figure:
    """An empty figure of the course's style, its size in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


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
