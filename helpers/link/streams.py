"""What a link can do to a stream, and what it keeps of one direction of one connection."""

from __future__ import annotations

import socket
from collections import deque
from dataclasses import dataclass

from helpers.link.fates import Fates
from helpers.link.settings import parse

GAP = 0.001  # seconds between two slices, so that the receiver can see them apart
WHY_NO_LOSS = (
    "a stream never shows loss: TCP numbers its bytes, and the system sends those again that "
    "were lost, so that a program sees delay in place of gaps. Use delay=, jitter=, rate= or "
    'stall_after= for a stream, or kind="udp" for packets that are lost'
)
WHY_NO_DAMAGE = (
    "a stream never shows damage: TCP carries a checksum, and a segment that fails it is sent again"
)
WHY_NO_MTU = "a stream has no packets: TCP cuts it into segments that fit the path"
LOST = ("loss", "burst", "duplicate", "reorder", "reorder_delay", "script", "queue")
PACKET_SETTINGS = dict.fromkeys(LOST, WHY_NO_LOSS)  # and why a stream knows them not
PACKET_SETTINGS |= {"corrupt": WHY_NO_DAMAGE, "mtu": WHY_NO_MTU}


@dataclass(frozen=True)
class StreamSettings:
    """What a link does to a stream in one direction.

    Attributes:
        chunk: bytes of a slice, at most; None for as they come.
        gap: seconds between two slices, at least.
        delay: seconds that each slice takes.
        jitter: seconds that it takes longer on average, 0 to twice as long; the order stays.
        rate: bytes a second, at most; None for no limit.
        stall_after: bytes after which nothing is delivered any more; None for never. A connection
            that has come to that stays so.
        close_after: bytes after which the connection is ended, for both sides, by FIN.
        reset_after: bytes after which the connection is reset, for both sides, by RST.
    """

    chunk: int | None = None
    gap: float = GAP
    delay: float = 0.0
    jitter: float = 0.0
    rate: float | None = None
    stall_after: int | None = None
    close_after: int | None = None
    reset_after: int | None = None

    def __post_init__(self) -> None:
        for name, low in (
            ("chunk", 1), ("stall_after", 0), ("close_after", 0), ("reset_after", 0),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"{name} is {value!r}: use a whole number of bytes, or None")
            if value < low:
                raise ValueError(f"{name} is {value}: use {low} or more bytes, or None")
        if isinstance(self.gap, bool) or not 0 <= self.gap <= 60:
            raise ValueError(f"gap is {self.gap!r}: use 0 to 60 seconds")
        parse(delay=self.delay, jitter=self.jitter, rate=self.rate)  # checks their ranges


# What goes through a pipe: bytes, their event in the trace, and where there are none, how it ends:
# "end" (one way), "close" or "reset" (both).
Piece = tuple[bytes | memoryview, list, str]


class Pipe:
    """One direction of one connection: what is read here is delivered there, later."""

    def __init__(
        self, source: socket.socket, target: socket.socket, names: tuple[str, str], way: str
    ) -> None:
        self.source, self.target = source, target
        self.names = names
        self.way = way
        self.settings: StreamSettings | None = None  # those that `fates` were made for
        self.fates: Fates | None = None
        self.taken = 0  # bytes read
        self.pending = 0  # bytes read and not delivered, with `SLICE_COST`
        self.last_due = 0.0
        self.free_at = 0.0  # when the limited rate has room again
        self.out: deque[Piece] = deque()  # due, and not yet taken by the target
        self.stalled = False
        self.held: list[list] = []  # events that came after that, and go nowhere
        self.ended = False  # the source has sent its last byte
        self.finished = False  # the target has been told
