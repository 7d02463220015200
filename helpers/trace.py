"""A log of what crossed a socket: every picture of the course is drawn from one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

HEAD = 64  # bytes of a payload that an event keeps
KINDS = ("connect", "data", "datagram", "end", "close", "reset")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that passed between two endpoints.

    Attributes:
        time: seconds since the trace began, on a clock that never goes back.
        source: the name of the peer that it came from.
        target: the name of the peer that it went to.
        kind: one of "connect", "data", "datagram", "end" (that side sends no more),
            "close" (that side closed its socket) and "reset".
        size: bytes of payload.
        head: the first bytes of the payload, 64 at the most.
    """

    time: float
    source: str
    target: str
    kind: str
    size: int = 0
    head: bytes = b""


class Trace:
    """One append-only log. Any thread may write to it and read it at any time.

    Args:
        limit: how many events are kept; later ones are counted in `left_out`.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self.limit = limit
        self.left_out = 0
        self._events: list[Event] = []
        self._lock = threading.Lock()
        self._start = time.perf_counter()

    def record(self, source: str, target: str, kind: str, payload: bytes = b"") -> None:
        """Append an event that happens now.

        Raises:
            ValueError: for a kind that a trace does not know.
        """
        if kind not in KINDS:
            raise ValueError(f"a trace knows no event {kind!r}: use one of {', '.join(KINDS)}")
        view = memoryview(payload)
        now = time.perf_counter() - self._start
        event = Event(now, source, target, kind, view.nbytes, bytes(view[:HEAD]))
        with self._lock:
            if len(self._events) < self.limit:
                self._events.append(event)
            else:
                self.left_out += 1

    def clear(self) -> None:
        """Forget all events; the clock goes on."""
        with self._lock:
            self._events.clear()
            self.left_out = 0

    @property
    def events(self) -> list[Event]:
        """The events so far, as a list of its own."""
        with self._lock:
            return list(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self._events)

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} events>"

    def table(self) -> str:
        """The log as lines of plain text, without times: who, to whom, what, how much."""
        rows = [f"{event.source} -> {event.target}  {describe(event)}" for event in self.events]
        if self.left_out:
            rows.append(f"... and {self.left_out} events more, which this trace did not keep")
        return "\n".join(rows)


def describe(event: Event) -> str:
    """What happened, in a few words: `data, 24 bytes: 'Welcome to …'`."""
    if event.kind not in ("data", "datagram"):
        return {
            "connect": "connects",
            "end": "sends no more (FIN)",
            "close": "closes",
            "reset": "resets (RST)",
        }[event.kind]
    unit = "byte" if event.size == 1 else "bytes"
    return f"{event.size:,} {unit} {preview(event.head, event.size)}".rstrip()


def preview(head: bytes, size: int, width: int = 30) -> str:
    """The beginning of a payload as one short readable line, in quotes.

    Text is shown as text and anything else as hexadecimal, cut to about `width` characters.
    """
    if not size:
        return ""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut by the end of the kept bytes is still text.
        text = head[: error.start].decode("utf-8") if error.start > len(head) - 4 else ""
    printable = text.replace("\n", "\\n").replace("\r", "\\r")
    if not text or not printable.isprintable():
        shown = head[: width // 3].hex(" ")
        return shown + (" …" if size > width // 3 else "")
    cut = len(printable) > width or size > len(head)
    return f"'{printable[:width]}{'…' if cut else ''}'"
