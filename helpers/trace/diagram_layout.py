"""Where everything in a sequence diagram stands: peers beside each other, time running down.

All distances are pixels of the screen, all heights are counted from where time begins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpers.look.svg import text_width
from helpers.trace.diagram_marks import MARK_HALF, PAD, Mark
from helpers.trace.trace import Event, describe, ending

MOST_EVENTS = 40
MOST_LIFELINES = 8
LABEL_ROW = 35  # between two labels that could touch
CLOSE_ROW = 27  # the same where there are many events
MANY = 20  # events
BELOW_A_HEAD = 23  # from an arrow's head to the arrow below a label that follows
STEP = 7  # between any two moments
LONGEST = 100  # for any pause; a longer one is cut
MOST_PAUSES = 60  # what three quarters of the pauses take at the most
CUT = 50  # what is left of a pause that was cut
A_BREAK = 0.01  # seconds: what is cut of shorter pauses is not worth a sign
USUAL_DELAY = 43  # what a delay of the usual length takes
TALLEST = 560  # of a drawing to scale
ARRIVES, CLOSES = 1, 2  # what a moment is, where it is not that something is sent
FAR, FAR_NEARER = 50, 1.6  # so that a label that has moved is not read as another arrow's
FIRST = 15  # the earliest arrow: its label needs room above it
TIME_ROW = 14  # between two times at one side
HEAD_HALF = 20  # what an arrow's end takes to its left and to its right
LABEL_SIZE, NAME_SIZE = 12, 13.3  # of type
NARROWEST, WIDEST, MARGIN = 480, 672, 91


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


def width_for(peers: list[str], longest: float, to_scale: bool = False) -> int:
    """How wide a drawing is: as its labels need, or as a page has room for.

    Args:
        peers: its lifelines.
        longest: how wide the longest label is.
        to_scale: whether its arrows may be steep, so that labels need all the room.
    """
    widest = WIDEST + 48 * max(0, len(peers) - 4)
    if len(peers) != 2 or to_scale:
        return widest
    return max(NARROWEST, min(widest, math.ceil(1.5 * longest) + 2 * MARGIN))


def lifelines_at(peers: list[str], width: int, times: bool) -> list[int]:
    """How far from the left each lifeline stands; times need room beside them."""
    margin = MARGIN if times else 58
    left, right = margin, width - margin
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


def whole_label(event: Event, words: Callable[[bytes], str] | None) -> str:
    """An event's label, before it is cut to fit."""
    number = f"{event.number}: " if event.number and not words else ""
    return f"{number}{meaning(event, words)}{ending(event)}"


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
        moved: how far along the arrow and down its label was moved, off the lines of others.
        is_crossed: whether a line crosses its label all the same.
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
    moved: tuple[float, float] = (0, 0)
    is_crossed: bool = False

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
        label = fitting(whole_label(event, words), room, LABEL_SIZE)
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
    def came(self) -> bool:
        """Whether it is known when it came."""
        return self.event.fate != "dropped" and self.event.delivered is not None

    def box(self, moved: tuple[float, float] | None = None) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its label, or of one that is moved in another way."""
        along, below = self.moved if moved is None else moved
        way = 1 if self.target > self.source else -1
        (x, y), (to_x, to_y) = self.ends
        slope = (to_y - y) / abs(to_x - x) if to_x != x else 0.0
        low = self.sent - 6 + along * slope + below
        return self.left + way * along, low - 10, self.right + way * along, low + 3

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


@dataclass(frozen=True)
class Pause:
    """A pause that is cut short: how far down its sign stands, and its length in seconds."""

    y: float
    seconds: float


def place(
    arrows: list[Arrow],
    columns: Sequence[tuple[int, int]],
    marks: Sequence[Mark] = (),
    to_scale: bool = False,
) -> tuple[int, list[Pause]]:
    """Give each arrow its heights, in whole pixels, and each mark its own.

    Args:
        arrows: in the order in which they were sent.
        columns: for each arrow the side at which stands when it was sent, and when it came.
        marks: in the order of time.
        to_scale: whether equal times are equally long, wherever labels leave room. Then no pause
            is cut, and what was lost falls as fast as what came.

    Returns:
        How far down the last one reaches, and the pauses that were cut short.
    """
    row = CLOSE_ROW if len(arrows) > MANY else LABEL_ROW
    usual, after = _usual_delay(arrows), 0.0
    if to_scale:
        after = _median_delay(arrows)
        usual = USUAL_DELAY / _pixels_a_second(arrows, row)
    y, pauses = 0, []
    before = arrows[0].event.time if arrows else 0.0
    taken: list[tuple[float, float, float]] = []  # from left to right, free below this height
    times_from = [0, 0]  # at each side: where the next time may stand
    closes = [(mark.time, CLOSES, index) for index, mark in enumerate(marks)]
    for time, which, index in sorted(_moments(arrows, after) + closes):
        last, pause = y, time - before
        step = pause * USUAL_DELAY / usual
        is_cut = step > LONGEST and not to_scale
        y += (0 if to_scale else STEP) + round(CUT if is_cut else step)
        before = time
        if which == CLOSES:
            mark = marks[index]
            y = mark.y = max(y + MARK_HALF, FIRST, times_from[mark.side])
            times_from[mark.side] = y + TIME_ROW
            y += MARK_HALF
            if is_cut and pause >= A_BREAK:
                pauses.append(Pause((last + mark.y) / 2, pause))
            continue
        arrow, side = arrows[index], columns[index][which]
        if which == ARRIVES:
            # Never level: an arrow shows which way time runs.
            y = arrow.arrived = max(y, arrow.sent + 2 * STEP, times_from[side])
            x, end = arrow.ends[1]
            taken.append((x - HEAD_HALF, x + HEAD_HALF, end + BELOW_A_HEAD))
            if arrow.came:
                times_from[side] = y + TIME_ROW
        else:
            free = [
                math.ceil(low)
                for left, right, low in taken
                if left < arrow.right and arrow.left < right
            ]
            y = arrow.sent = max(y, FIRST, times_from[side], *free)
            taken.append((arrow.left, arrow.right, y + row))
            times_from[side] = y + TIME_ROW
        if is_cut and pause >= A_BREAK:
            pauses.append(Pause((last + y) / 2, pause))
    return y, pauses


def _usual_delay(arrows: list[Arrow]) -> float:
    """What the drawing's scale is made from, in seconds: the median of the delays.

    It is more where most pauses are so much longer than the delays that all would be cut.
    """
    times = [time for time, *_ in _moments(arrows)]
    pauses = sorted(after - before for before, after in pairwise(times)) or [0.0]
    most = pauses[len(pauses) * 3 // 4]
    return max(_median_delay(arrows), 1e-5, most * USUAL_DELAY / MOST_PAUSES)


def _median_delay(arrows: list[Arrow]) -> float:
    delays = sorted(arrow.event.delivered - arrow.event.time for arrow in arrows if arrow.came)
    return delays[len(delays) // 2] if delays else 1e-3


def _pixels_a_second(arrows: list[Arrow], row: int) -> float:
    """How long a second is in a drawing to scale, so that labels are off each other and off the
    line of the arrow before, if the drawing does not become too tall for that."""
    delay = _median_delay(arrows)
    times = [time for time, *_ in _moments(arrows, delay)]
    most = TALLEST / max(times[-1] - times[0], 1e-5) if times else 1.0
    needed = [USUAL_DELAY / max(delay, 1e-5)]
    for before, arrow in pairwise(arrows):
        pause = max(arrow.event.time - before.event.time, 1e-5)
        width = abs(before.target - before.source) or 1
        free = pause - delay * (arrow.right - arrow.left + 2 * PAD) / width
        needed += [row / pause, HEAD_HALF / free if free > 0 else 0.0]
    return min(most, max(needed))


def _moments(arrows: list[Arrow], after: float = 0.0) -> list[tuple[float, int, int]]:
    """When each arrow starts and ends: the time, 0 or `ARRIVES`, and which it is, in order.

    What did not arrive ends this much after its start.
    """
    moments = []
    for index, arrow in enumerate(arrows):
        event = arrow.event
        arrival = event.delivered if event.delivered is not None else event.time + after
        moments += [(event.time, 0, index), (max(arrival, event.time), ARRIVES, index)]
    return sorted(moments)


def clear_the_lines(arrows: list[Arrow], lines: list[int]) -> None:
    """Move labels along their own arrows, off the lines of others, where there is room.

    Args:
        arrows: with their heights.
        lines: how far from the left each lifeline stands.
    """
    lowest = max((max(arrow.sent, arrow.arrived) for arrow in arrows), default=0)
    for arrow in arrows:
        others = [each for each in arrows if each is not arrow]
        crossed = _troubles(arrow, (0, 0), others, lowest)
        for place in _places(arrow) if crossed else ():
            if not _troubles(arrow, place, others, lowest) and _is_its_own(arrow, place, others):
                crossed, arrow.moved = 0, place
                break
        left, _, right, _ = arrow.box()
        arrow.is_crossed = crossed > 0 or any(left < x < right for x in lines)


def _places(arrow: Arrow) -> Iterator[tuple[float, float]]:
    """Where its label may move: how far along its arrow, and how much lower; best first."""
    (x, y), (to_x, to_y) = arrow.ends
    width, length = arrow.right - arrow.left + 2 * PAD, abs(to_x - x)
    if width >= length:
        return
    slope = (to_y - y) / length
    for below in (0, slope * width + 19):  # above its line, or below it
        for share in (0, 0.15, 0.3, 0.45, 0.6):
            yield share * (length - width), below


def _is_its_own(arrow: Arrow, moved: tuple[float, float], others: list[Arrow]) -> bool:
    """Whether a label at this place is near its own line, and far nearer than to any other."""
    left, top, right, bottom = arrow.box(moved)
    x, y = (left + right) / 2, (top + bottom) / 2

    def away(other: Arrow) -> float:
        (a, b), (to_a, to_b) = other.ends
        if not min(a, to_a) <= x <= max(a, to_a) or a == to_a:
            return math.inf
        return abs(b + (x - a) * (to_b - b) / (to_a - a) - y)

    return FAR_NEARER * away(arrow) < min([FAR, *map(away, others)])


def _troubles(arrow: Arrow, moved: tuple[float, float], others: list[Arrow], lowest: float) -> int:
    """How many lines cross a label at this place; very many where it meets words."""
    left, top, right, bottom = arrow.box(moved)
    if bottom > max(lowest, arrow.sent):
        return 1000
    crossed = 0
    for other in others:
        a, b, c, d = other.box()
        if any(moved) and left < c + PAD and a < right + PAD and top < d + 2 and b < bottom + 2:
            return 1000
        (x, y), (to_x, to_y) = other.ends
        is_near = left < to_x + HEAD_HALF and to_x - HEAD_HALF < right
        if any(moved) and is_near and top - 4 < to_y < bottom + 4:
            return 1000
        low, high = max(left, min(x, to_x)), min(right, max(x, to_x))
        if low < high:
            slope = (to_y - y) / (to_x - x)
            heights = [y + (place - x) * slope for place in (low, high)]
            crossed += max(heights) > top and min(heights) < bottom
    return crossed
