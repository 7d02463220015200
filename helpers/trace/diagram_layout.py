"""Where everything in a sequence diagram stands: peers beside each other, time running down.

All distances are pixels of the screen, all heights are counted from where time begins.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from helpers.look.svg import text_width
from helpers.trace.trace import Event, describe, ending

MOST_EVENTS = 40
MOST_LIFELINES = 8
LABEL_ROW = 35  # between two labels that could touch
CLOSE_ROW = 27  # the same where there are many events
MANY = 20  # events
BELOW_A_HEAD = 23  # from an arrow's head to the arrow below a label that follows
STEP = 7  # between any two moments
LONGEST = 67  # for any pause
USUAL_DELAY = 43  # what a delay of the usual length takes
FIRST = 15  # the earliest arrow: its label needs room above it
TIME_ROW = 25  # between two times where all stand at one side
HEAD_HALF = 20  # what an arrow's end takes to its left and to its right
PAD = 9  # from a lifeline to a label
LABEL_SIZE, NAME_SIZE = 12, 13.3  # of type


def lifelines(events: list[Event]) -> list[str]:
    """The peers of these events from left to right: in order of appearance, the server last."""
    peers = dict.fromkeys(name for event in events for name in (event.source, event.target))
    return sorted(peers, key=lambda name: name == "server")


def drawn_of(events: list[Event]) -> tuple[list[Event], list[str]]:
    """The events that are drawn, and their peers: the first of both."""
    peers = lifelines(events)
    if len(peers) > MOST_LIFELINES:
        kept = {*peers[: MOST_LIFELINES - 1], peers[-1]}
        events = [event for event in events if {event.source, event.target} <= kept]
    shown = events[:MOST_EVENTS]
    return shown, lifelines(shown)


def lifelines_at(peers: list[str], width: int, times: bool) -> list[int]:
    """How far from the left each lifeline stands; times need room beside them."""
    left = 91 if times else 58
    right = width - (91 if times and len(peers) == 2 else 58)
    if len(peers) == 1:
        return [left]
    return [left + (right - left) * index // (len(peers) - 1) for index in range(len(peers))]


def fitting(text: str, room: float, size: float) -> str:
    """The text, cut in the middle to fit: a name's end tells it apart from others."""
    shown, kept = text, len(text)
    while text_width(shown, size) > room and kept > 4:
        kept -= 1
        shown = f"{text[: kept // 3]}…{text[-(kept - kept // 3) :]}"
    return shown


def meaning(event: Event, words: Callable[[bytes], str] | None) -> str:
    """What happened, in the protocol's words where they are given and a payload is there."""
    if words and event.kind in ("data", "datagram"):
        return words(event.head)
    return describe(event)


@dataclass
class Arrow:
    """Where an event is drawn.

    Attributes:
        event: what it shows.
        source: how far from the left its sender's lifeline stands.
        target: the same of its receiver's.
        label: the words above its start.
        left: the label's left edge.
        right: the label's right edge.
        from_right: whether the label keeps to its right edge where a font is narrower.
        sent: how far down it starts.
        arrived: how far down it would arrive.
    """

    event: Event
    source: int
    target: int
    label: str
    left: int
    right: int
    from_right: bool
    sent: int = 0
    arrived: int = 0

    @classmethod
    def of(
        cls,
        event: Event,
        peers: list[str],
        lines: list[int],
        room: float,
        words: Callable[[bytes], str] | None,
    ) -> Arrow:
        """An arrow between its lifelines, with its label as near to its start as there is room.

        Args:
            event: what it shows.
            peers: the names of the lifelines, from left to right.
            lines: how far from the left each of them stands.
            room: how wide a label may be.
            words: as in `sequence_diagram`.
        """
        source, target = (lines[peers.index(name)] for name in (event.source, event.target))
        start = (source + target) // 2 if by_link(event) else source
        number = f"{event.number}: " if event.number and not words else ""
        whole = f"{number}{meaning(event, words)}{ending(event)}"
        label = fitting(whole, room, LABEL_SIZE)
        width = math.ceil(text_width(label, LABEL_SIZE))
        left, from_right = start + PAD, False
        if target < source:
            left, from_right = start - PAD - width, True
        if len(lines) > 1 and left > lines[-1] - PAD - width:
            left, from_right = lines[-1] - PAD - width, True
        if left < lines[0] + PAD:
            left, from_right = lines[0] + PAD, False
        return cls(event, source, target, label, left, left + width, from_right)

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where its line starts and ends: x and y of both."""
        first, last = 0.0, {"dropped": 0.5, "in flight": 0.7}.get(self.event.fate, 1.0)
        if by_link(self.event):
            first = 0.5
        width, height = self.target - self.source, self.arrived - self.sent
        start = (self.source + first * width, self.sent)
        return start, (self.source + last * width, self.sent + last * height)


def by_link(event: Event) -> bool:
    """Whether the link has done this of itself: its arrow starts between the lifelines."""
    return event.cause == "link" and event.fate == "delivered"


def place(arrows: list[Arrow], beside: bool) -> int:
    """Give each arrow its heights, in whole pixels; return how far down the last one reaches.

    Args:
        arrows: in the order in which they were sent.
        beside: whether times stand at the arrow's own side, rather than all at the left.
    """
    events = [arrow.event for arrow in arrows]
    row = CLOSE_ROW if len(arrows) > MANY else LABEL_ROW
    delays = sorted(e.delivered - e.time for e in events if e.delivered is not None)
    usual = max(delays[len(delays) // 2], 1e-5) if delays else 1e-3
    moments = []
    for index, event in enumerate(events):
        moments.append((event.time, 0, index))
        arrival = event.delivered if event.delivered is not None else event.time
        moments.append((max(arrival, event.time), 1, index))
    y = 0
    before = events[0].time if events else 0.0
    taken: list[tuple[float, float, float]] = []  # from left to right, free below this height
    for time, is_arrival, index in sorted(moments):
        y += STEP + round(min((time - before) * USUAL_DELAY / usual, LONGEST))
        before = time
        arrow = arrows[index]
        if is_arrival:
            # Never level: an arrow shows which way time runs.
            y = arrow.arrived = max(y, arrow.sent + 2 * STEP)
            x, end = arrow.ends[1]
            taken.append((x - HEAD_HALF, x + HEAD_HALF, end + BELOW_A_HEAD))
        else:
            free = [
                math.ceil(low)
                for left, right, low in taken
                if left < arrow.right and arrow.left < right
            ]
            y = arrow.sent = max(y, FIRST, *free)
            taken.append((arrow.left, arrow.right, y + row))
            if not beside:
                taken.append((-math.inf, math.inf, y + TIME_ROW))
    return y
