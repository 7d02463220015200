"""A trace as a table: one row for each packet, with what became of it."""

from __future__ import annotations

import html
from dataclasses import dataclass

from helpers.look.tables import html_table
from helpers.trace.trace import Event, Trace, describe

_TO_THE_RIGHT = ("no.", "sent (ms)")


@dataclass(frozen=True)
class PacketTable:
    """A table that a notebook shows as HTML and a terminal as plain text.

    Attributes:
        head: the columns' headings.
        rows: the cells of each row, as plain text.
        note: what the table leaves out, or that it is empty; else empty.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def _repr_html_(self) -> str:
        rows = [[html.escape(cell) for cell in row] for row in self.rows]
        table = html_table(self.head, rows, _TO_THE_RIGHT) if rows else ""
        return table + (f"<p>{html.escape(self.note)}</p>" if self.note else "")

    def __repr__(self) -> str:
        lines = []
        if self.rows:
            widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
            for row in (self.head, *self.rows):
                cells = [
                    cell.rjust(width) if name in _TO_THE_RIGHT else cell.ljust(width)
                    for name, cell, width in zip(self.head, row, widths, strict=True)
                ]
                lines.append("  ".join(cells).rstrip())
        return "\n".join([*lines, self.note] if self.note else lines)


def packet_table(trace: Trace, most: int = 50, times: bool = True) -> PacketTable:
    """List what passed: when, from whom, to whom, what, and its fate.

    Args:
        trace: what passed; the table is of this moment.
        most: how many rows to show; a note says how many more there were.
        times: whether to show times, in milliseconds from the first; without them, the same
            packets with the same fates make the same table in every run.

    Raises:
        ValueError: when `most` is below 1.
    """
    if most < 1:
        raise ValueError(f"most is {most}: use 1 or more rows")
    events = trace.events
    head = ("no.", *(("sent (ms)",) if times else ()), "from", "to", "what", "fate")
    first = min((event.time for event in events), default=0.0)
    originals: dict[tuple[str, str, int], int] = {}
    rows = []
    for row, event in enumerate(events[:most], 1):
        sent = (f"{(event.time - first) * 1000:.2f}",) if times else ()
        original = originals.setdefault((event.source, event.target, event.number or -row), row)
        fate = _fate(event, original if original != row else None, times)
        rows.append((str(row), *sent, event.source, event.target, describe(event), fate))
    return PacketTable(head, tuple(rows), _note(len(rows), len(events) - len(rows), trace.left_out))


def _fate(event: Event, original: int | None, times: bool) -> str:
    """What became of it, in words.

    Args:
        event: the packet.
        original: the row of the packet that it is a copy of; None for no copy.
        times: whether to say how long it took.
    """
    copy = ""
    if original is not None:
        copy = f"duplicate of {original}, "
    elif event.fate == "duplicate":
        copy = "duplicate, "
    if event.fate == "dropped":
        verb = "refused" if event.kind == "connect" else "lost"
        if event.cause == "mtu":
            return copy + "too large: mtu"
        return copy + (verb if event.cause in ("", "loss") else f"{verb}: {event.cause}")
    if event.cause == "link":
        return "done by the link"
    if event.cause == "held":
        return "held back by the link"
    if event.delivered is not None:
        took = f" after {(event.delivered - event.time) * 1000:.2f} ms" if times else ""
        how = "damaged" if event.cause == "corrupt" else "delivered"
        return f"{copy}{how}{took}"
    # A socket's own log says "delivered" and can't know when, nor whether the other side agrees.
    return "seen at the socket" if event.fate == "delivered" else f"{copy}in flight"


def _note(shown: int, hidden: int, left_out: int) -> str:
    if not shown:
        return "No packets: nothing has passed."
    parts = [f"{hidden:,} more"] if hidden else []
    parts += [f"{left_out:,} that the trace did not keep"] if left_out else []
    return f"… and {' and '.join(parts)}" if parts else ""
