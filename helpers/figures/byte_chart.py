"""A stream drawn byte by byte: where it was cut, and what each of several readers made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from helpers.figures.plots import chart
from helpers.look.palette import BLUE, DARK_ORANGE, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What a reader made of a run of bytes: mark, edge, face and meaning. The marks tell them apart
# without colour.
VERDICTS = {
    "right": ("✓", BLUE, "#DCEBF6", "as it was sent"),
    "another": ("≠", DARK_ORANGE, "#FCEBC8", "a command that nobody sent"),
    "none": ("✗", RED, "#F8DDD0", "no command"),
}
SHORT = {"right": "right", "another": "wrong", "none": "none"}  # where there is room for a word
WIDE = 4.5  # columns in which such a word finds room
FEW = 15  # columns that have room for two digits as large as a letter
SHOWN = {10: "↵", 13: "←", 9: "→", 32: "␣"}  # the line feed, carriage return, tab and space
MARGIN = 0.08  # of a column, between two boxes
HEIGHT = 0.62  # of a box, where rows are 1 apart


def byte_chart(
    title: str, stream: bytes, rows: Sequence[str], legend: bool = True
) -> tuple[Figure, Axes]:
    """A figure with a column for each byte of a stream, which is written in the first row.

    A byte of an ASCII character is drawn as that, any other in hexadecimal.

    Args:
        title: the picture's finding, as a sentence.
        stream: about 30 bytes at the most find room.
        rows: the names of the rows, from above: one for the stream, one for each reader of it.
        legend: whether what the marks of `draw_verdicts` mean stands above.
    """
    figure, axes = chart(title, "bytes, in the order in which they were sent", "", 7.0, 2.9)
    axes.set(xlim=(0, len(stream) + 0.1), ylim=(len(rows) - 0.5, -1.0))
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xticks(range(0, len(stream) + 1, 5))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    if legend:
        meanings = "    ".join(
            f"{mark} {SHORT[verdict]}: {meaning}"
            for verdict, (mark, _, _, meaning) in VERDICTS.items()
        )
        axes.text(0, -0.8, meanings, fontsize=9, color=INK, va="center")
    style = {"family": "DejaVu Sans Mono", "color": INK, "ha": "center", "va": "center"}
    for place, byte in enumerate(stream):
        plain = byte in SHOWN or 32 <= byte < 127
        text = SHOWN.get(byte) or (chr(byte) if plain else f"{byte:02x}")
        size = 9 if plain or len(stream) <= FEW else 7
        axes.text(place + 0.5, 0, text, fontsize=size, parse_math=False, **style)
    return figure, axes


def draw_pieces(axes: Axes, pieces: Iterable[bytes]) -> None:
    """Draw the pieces in which the stream came: a frame round the bytes of each."""
    places = list(_places(len(piece) for piece in pieces))
    axes.broken_barh(places, _rows(0), facecolor="none", edgecolor=INK, linewidth=1.2)


def draw_verdicts(axes: Axes, parts: Sequence[bytes], verdicts: Sequence[str], row: int) -> None:
    """Draw what a reader made of the stream: a box for each run of bytes, with a mark in it.

    Args:
        axes: of `byte_chart`.
        parts: the runs of bytes that it took for one message each.
        verdicts: on each of them: "right", "another" or "none".
        row: the reader's, from 1.

    Raises:
        ValueError: for a verdict that is none of these, or not one for each part.
    """
    for verdict in verdicts:
        if verdict not in VERDICTS:
            raise ValueError(f"a verdict is one of {', '.join(VERDICTS)}, not {verdict!r}")
    places = list(_places(len(part) for part in parts))
    looks = [VERDICTS[verdict] for verdict in verdicts]
    boxes = list(zip(places, looks, strict=True))
    edges, faces = [look[1] for look in looks], [look[2] for look in looks]
    axes.broken_barh(places, _rows(row), facecolors=faces, edgecolors=edges, linewidth=1.2)
    for ((left, width), (mark, *_)), verdict in zip(boxes, verdicts, strict=True):
        said = f"{mark} {SHORT[verdict]}" if width > WIDE else mark
        axes.text(left + width / 2, row, said, fontsize=10, color=INK, ha="center", va="center")


def _places(sizes: Iterable[int]) -> Iterable[tuple[float, float]]:
    """The left edge and the width of each of the boxes that stand side by side."""
    place = 0
    for size in sizes:
        yield place + MARGIN, size - 2 * MARGIN
        place += size


def _rows(row: int) -> tuple[float, float]:
    return row - HEIGHT / 2, HEIGHT
