"""Bytes as a table: where each row begins, the bytes in hexadecimal, and what they are as text."""

from __future__ import annotations

import html
from dataclasses import dataclass

from helpers.look.card import card
from helpers.look.tables import html_table

IN_A_ROW = 8
HEAD = ("from", "bytes", "as text")


@dataclass(frozen=True, repr=False)
class ByteRows:
    """A table of bytes that a notebook shows as HTML and a terminal as plain text.

    Attributes:
        data: the bytes.
        most: how many of them to show; a note says how many more there are.
    """

    data: bytes
    most: int = 64

    def __repr__(self) -> str:
        lines = [
            f"{place:>4}  {numbers:<{3 * IN_A_ROW - 1}}  {text}"
            for place, numbers, text in self._rows
        ]
        return "\n".join([*lines, self._note] if self._note else lines)

    def _repr_html_(self) -> str:
        rows = [
            (str(place), f"<code>{numbers}</code>", f"<code>{html.escape(text)}</code>")
            for place, numbers, text in self._rows
        ]
        table = html_table(HEAD, rows, HEAD[:1]) if rows else ""
        note = f"<p>{html.escape(self._note)}</p>" if self._note else ""
        return card("bytes", "Bytes", table, note)

    @property
    def _rows(self) -> list[tuple[int, str, str]]:
        shown = bytes(self.data[: self.most])
        starts = range(0, len(shown), IN_A_ROW)
        pieces = [(start, shown[start : start + IN_A_ROW]) for start in starts]
        return [(start, piece.hex(" "), _as_text(piece)) for start, piece in pieces]

    @property
    def _note(self) -> str:
        if not self.data:
            return "No bytes."
        rest = len(self.data) - self.most
        return f"… and {rest:,} more of {len(self.data):,} bytes" if rest > 0 else ""


def byte_rows(data: bytes, most: int = 64) -> ByteRows:
    """Bytes as a table, eight in a row.

    Args:
        data: the bytes, of any length.
        most: how many of them to show.

    Raises:
        ValueError: when `most` is below 1.
    """
    if most < 1:
        raise ValueError(f"most is {most}: show 1 byte or more")
    return ByteRows(bytes(data), most)


def _as_text(piece: bytes) -> str:
    """A character for each byte; a dot for one that is no printable character of ASCII."""
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
