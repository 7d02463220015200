"""A log of what crossed a socket: every picture of the course is drawn from one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEAD = 64  # bytes of a payload that an event keeps, unless told otherwise
_MOST_THREADS = 1_000  # that write to one trace at a time
# A trace keeps an event as a list in the order of an `Event`'s fields, with both times on the clock
# of `time.perf_counter`. These are the places of what is noted later.
FATE, CAUSE, DELIVERED = 6, 7, 8
KINDS = ("connect", "data", "datagram", "end", "close", "reset")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that passed between two peers, or did not arrive.

    Attributes:
        time: when it was sent, or seen at a server's socket: seconds since the trace began,
            on a clock that never goes back.
        source: the name of the peer that it came from.
        target: the name of the peer that it was for.
        kind: one of "connect", "data", "datagram", "end" (that side sends no more),
            "close" (that side closed its socket) and "reset".
        size: bytes of payload.
        head: the first bytes of the payload, 64 at the most unless the trace keeps more.
        fate: "delivered", "damaged" (delivered with bits flipped, which `head` shows), "dropped",
            "duplicate" (a copy that a link has added), or "in flight" (not delivered so far).
        cause: what dropped it, as "loss", "burst loss", "mtu" (too large), "queue" or "script";
            "corrupt" for what is damaged, a copy too; "held" for what is "in flight" because a
            link holds it back; "link" for what a link has done to a
            connection of itself, and not passed on; else empty.
        delivered: when it was handed on, in seconds since the trace began; None where it was
            not, and where a socket's own log can't know.
        number: a datagram's number among those of its sender in its direction, from 1; else 0.
    """

    time: float
    source: str
    target: str
    kind: str
    size: int = 0
    head: bytes = b""
    fate: str = "delivered"
    cause: str = ""
    delivered: float | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Close:
    """A program's own `close` of a socket, which looks as any end where it crosses.

    Attributes:
        time: when it was called: seconds since the trace began.
        who: the name of the peer that has closed its socket.
        peer: the name of the one that it was connected to.
    """

    time: float
    who: str
    peer: str


def new_row(
    now: float,
    source: str,
    target: str,
    kind: str,
    payload: bytes,
    keep: int,
    fate: str,
    cause: str,
    number: int,
) -> list:
    """An event for `Trace.extend`, of whose payload so many bytes are kept; see `Trace.begin`."""
    size = len(payload)
    return [now, source, target, kind, size, payload[:keep], fate, cause, None, number]


class Trace:
    """One append-only log. Any thread may write to it and read it at any time.

    Args:
        limit: how many events are kept; the others are counted in `left_out`.
        keep: which of them: "first" or "newest". Or a number: how many bytes of each payload are
            kept, as the attribute `keep` says, which may be changed for later events.

    Attributes:
        newest: whether the newest events are kept in place of the first; may be changed.
        words: says what a payload's first bytes mean, for a protocol with numbers of its own; None
            where a report shows the bytes.
        closes: the sockets that were closed, as far as anybody has told. They are no events: a
            close does not cross, and a link that only sees bytes knows nothing of it.

    Raises:
        ValueError: for another `keep`.
    """

    def __init__(self, limit: int = 10_000, keep: int | str = HEAD) -> None:
        if isinstance(keep, str) and keep not in ("first", "newest"):
            raise ValueError(f'keep is {keep!r}: use "first", "newest", or a number of bytes')
        self.limit = limit
        self.keep = HEAD if isinstance(keep, str) else keep
        self.newest = keep == "newest"
        self.words: Callable[[bytes], str] | None = None
        self.left_out = 0
        self.endpoints: dict[str, tuple[str, int]] = {}  # of peers whose address is known
        self.began = time.time()  # the wall clock at the start, for captures only
        self.closes: list[Close] = []
        self._rows: list[list] = []
        self._lock = threading.Lock()
        self._start = time.perf_counter()

    def record(self, source: str, target: str, kind: str, payload: bytes = b"") -> None:
        """Append an event that happens now.

        Raises:
            ValueError: for a kind that a trace does not know.
        """
        if kind not in KINDS:
            raise ValueError(f"a trace knows no event {kind!r}: use one of {', '.join(KINDS)}")
        self.begin(time.perf_counter(), source, target, kind, payload, "delivered")

    def begin(
        self,
        now: float,
        source: str,
        target: str,
        kind: str,
        payload: bytes,
        fate: str,
        cause: str = "",
        number: int = 0,
    ) -> list:
        """Append an event whose end may come later, and return what `deliver` takes.

        Args:
            now: when it was sent, on the clock of `time.perf_counter`.
            source, target, kind, payload, fate, cause, number: as in `Event`.
        """
        row = new_row(now, source, target, kind, payload, self.keep, fate, cause, number)
        self.extend([row])
        return row

    def extend(self, rows: list[list]) -> None:
        """Append events that `new_row` has made, in order."""
        # Appending is safe from any thread; only near the limit do they have to wait for turns.
        if len(self._rows) + len(rows) < self.limit - _MOST_THREADS:
            self._rows.extend(rows)
            return
        with self._lock:
            if self.newest:
                self._rows.extend(rows)
                over = max(0, len(self._rows) - self.limit)
                del self._rows[:over]
                self.left_out += over
                return
            room = max(0, self.limit - len(self._rows))
            self._rows.extend(rows[:room])
            self.left_out += len(rows[room:])

    def deliver(self, row: list, now: float) -> None:
        """Note that an event which `begin` has returned reached its target now."""
        row[DELIVERED] = now
        if row[FATE] == "in flight":
            row[FATE] = "delivered"

    def drop(self, row: list, cause: str) -> None:
        """Note that an event which `begin` has returned was lost after all."""
        row[FATE], row[CAUSE] = "dropped", cause

    def note_close(self, who: str, peer: str, now: float) -> None:
        """Note that a program has closed its socket, at a moment of `time.perf_counter`."""
        if len(self.closes) < self.limit:
            self.closes.append(Close(now - self._start, who, peer))

    def clear(self) -> None:
        """Forget all events; the clock goes on."""
        with self._lock:
            self._rows.clear()
            self.closes.clear()
            self.left_out = 0

    def after(self, count: int) -> tuple[int, list[list]]:
        """What was noted after the first `count` events, as `new_row` makes it, and the new count.

        A row changes as long as its packet is on its way. For a view that looks again and again.
        """
        with self._lock:
            cleared = count > self.left_out + len(self._rows)
            first = 0 if cleared else max(0, count - self.left_out)
            rows = self._rows[first:]  # some may be added meanwhile
            return self.left_out + first + len(rows), rows

    @property
    def events(self) -> list[Event]:
        """The events so far, in the order in which they were sent, as a list of its own."""
        with self._lock:
            rows = list(self._rows)
        start = self._start
        return [
            Event(sent - start, *rest, None if delivered is None else delivered - start, number)
            for sent, *rest, delivered, number in rows
        ]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} events>"

    def table(self) -> str:
        """The log as lines of plain text, without times: who, to whom, what, and its fate."""
        rows = [
            f"{event.source} -> {event.target}  {describe(event)}{ending(event)}"
            for event in self.events
        ]
        if self.left_out and self.newest:
            rows.insert(0, f"... after {self.left_out} events, which this trace did not keep")
        elif self.left_out:
            rows.append(f"... and {self.left_out} events more, which this trace did not keep")
        return "\n".join(rows)


def ending(event: Event) -> str:
    """What became of it where that is not plain delivery, as ", lost (burst loss)"; else empty."""
    if event.fate == "dropped":
        if event.cause == "mtu":
            return ", too large (mtu)"
        if event.cause == "by hand":
            return ", killed by hand"
        if event.cause == "connection ended":  # before it came
            return ", never arrived"
        return ", lost" if event.cause in ("", "loss") else f", lost ({event.cause})"
    if event.cause == "corrupt":
        return {"damaged": ", damaged", "duplicate": ", a damaged duplicate"}.get(
            event.fate, ", still on its way"
        )
    if event.cause == "link":
        return ", by the link"
    if event.cause == "held":
        return ", held back by the link"
    return {"duplicate": ", a duplicate", "in flight": ", still on its way"}.get(event.fate, "")


def describe(event: Event) -> str:
    """What happened, in a few words: `data, 24 bytes: 'Welcome to …'`."""
    if event.kind not in ("data", "datagram"):
        return {
            "connect": "connects",
            "end": "sends no more (FIN)",
            "close": "sends no more (FIN)" if event.cause == "link" else "closes",
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
