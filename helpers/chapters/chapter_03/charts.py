"""The charts of chapter 03."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.chapters.chapter_03._commands import judged
from helpers.figures.byte_chart import byte_chart, draw_pieces, draw_verdicts
from helpers.figures.explore import MovingChart
from helpers.look.palette import BLUE, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Parser = Callable[[list[bytes]], Sequence[bytes]]

LINES = "Wherever the stream is cut, lines come out right, but pieces may not"
WAYS = "Text comes out right if the pieces are joined first, or half a character is kept"
RIGHT_EDGE = 0.35  # of a column, from the boxes to what is said of them


def two_parsers(commands: Sequence[str], naive: Parser, framed: Parser) -> MovingChart:
    """What two parsers of a stream make of the pieces in which it comes: these are its data.

    Args:
        commands: that were sent, each with a newline.
        naive: given the pieces, it returns the bytes of each command, as it sees it.
        framed: the same.
    """
    stream = "".join(f"{command}\n" for command in commands).encode()
    _, axes = byte_chart(LINES, stream, ["recv returned", "naive: pieces", "framed: lines"])
    axes.set_xlim(0, len(stream) + 4.2)

    def draw_parsers(axes: Axes, pieces: list[bytes]) -> str:
        draw_pieces(axes, pieces)
        told = f"Pieces that came: {len(pieces)}."
        for row, (parser, parse) in enumerate((("naive", naive), ("framed", framed)), start=1):
            parts = parse(pieces)
            verdicts = [judged(part, commands) for part in parts]
            draw_verdicts(axes, parts, verdicts, row)
            right = verdicts.count("right")
            _beside(axes, len(stream), row, f"{right} of {len(commands)} right")
            told += f" The {parser} parser reads {right} of {len(commands)} commands"
            told += f", and {verdicts.count('another')} that nobody sent."
        return told

    return MovingChart(draw_parsers, axes)


def four_ways(text: str) -> MovingChart:
    """What becomes of a text that was cut in two, and made text of again in several ways.

    Its data: after how many bytes it was cut, and the text that each way gives, by its name.

    Args:
        text: that was sent, in UTF-8.
    """
    stream = text.encode()
    _, axes = byte_chart(WAYS, stream, ["pieces", *[""] * 4], legend=False)
    axes.set_xlabel("")
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)

    def draw_ways(axes: Axes, data: tuple[int, Mapping[str, str]]) -> str:
        cut, texts = data
        draw_pieces(axes, [stream[:cut], stream[cut:]])
        told = []
        for row, (way, got) in enumerate(texts.items(), start=1):
            mark, verdict, colour = ("✓", "right", BLUE) if got == text else ("✗", "wrong", RED)
            look = {"fontsize": 10, "va": "center", "parse_math": False}
            axes.text(0.1, row, way, color=INK, **look)
            axes.text(4.6, row, mark, color=colour, weight="bold", **look)
            axes.text(5, row, got, color=INK, **look)
            told.append(f"{way}: {got}, {verdict}")
        return f"Cut after {cut} of {len(stream)} bytes. {'; '.join(told)}."

    return MovingChart(draw_ways, axes)


def _beside(axes: Axes, columns: int, row: int, words: str) -> None:
    """Say something of a row, at its right end."""
    look = {"fontsize": 10, "color": INK, "va": "center"}
    axes.text(columns + RIGHT_EDGE, row, words, **look)
