"""The charts of chapter 03."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.figures.byte_chart import byte_chart, draw_pieces, draw_verdicts
from helpers.figures.explore import MovingChart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Lines are read alike wherever the stream is cut; pieces are not"


def two_parsers(stream: bytes, judge: Callable[[bytes], str]) -> MovingChart:
    """What two readers of a stream make of the pieces in which it comes: these are its data.

    Args:
        stream: what was sent.
        judge: says of the bytes of one message whether they are "right", "another" or "none".
    """
    _, axes = byte_chart(TITLE, stream, ["recv returned", "naive: pieces", "framed: lines"])
    commands = len(stream.splitlines())

    def draw_parsers(axes: Axes, pieces: list[bytes]) -> str:
        lines = b"".join(pieces).splitlines(keepends=True)
        draw_pieces(axes, pieces)
        told = f"Pieces that came: {len(pieces)}."
        for row, parser, parts in ((1, "naive", pieces), (2, "framed", lines)):
            verdicts = [judge(part) for part in parts]
            draw_verdicts(axes, parts, verdicts, row)
            told += f" The {parser} parser reads {verdicts.count('right')} of {commands} commands"
            told += f", and {verdicts.count('another')} that nobody sent."
        return told

    return MovingChart(draw_parsers, axes)
