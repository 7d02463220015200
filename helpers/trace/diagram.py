"""A trace drawn as a sequence diagram: who sent what to whom, and what became of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from helpers.figures.plots import Picture, new_figure, text_width
from helpers.look.palette import BLUE, FAINT, GREEN, INK, RED
from helpers.trace.trace import Event, Trace, describe, ending

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_EVENTS = 40
MOST_LIFELINES = 8
# Distances in inches; those of time run down the picture.
LABEL_ROW = 0.36  # between two labels that could touch
CLOSE_ROW = 0.28  # the same where there are many events
MANY = 20  # events
BELOW_A_HEAD = 0.24  # from an arrow's head to the arrow below a label that follows
STEP = 0.07  # between any two moments
LONGEST = 0.7  # for any pause
USUAL_DELAY = 0.45  # what a delay of the usual length takes
PAD = 0.09  # from a lifeline to a label
EDGE = 0.12  # of the picture
STYLES = {  # colour, line style: kinds differ by their line and label, not by colour alone
    "connect": (INK, (0, (4, 3))),
    "data": (BLUE, "-"),
    "datagram": (BLUE, "-"),
    "end": (GREEN, (0, (1, 1.5))),
    "close": (INK, (0, (6, 2, 1, 2))),
    "reset": (RED, "-"),
}
DUPLICATE = (0, (5, 2))
BLANK = {"boxstyle": "round,pad=0.08", "facecolor": "white", "edgecolor": "none"}
BOX = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": FAINT}


def sequence_diagram(
    trace: Trace,
    title: str,
    times: bool = True,
    words: Callable[[bytes], str] | None = None,
) -> Picture:
    """Draw a trace with a lifeline for each peer and an arrow for each event.

    An arrow starts when its packet was sent and ends when it was delivered; one that was lost
    ends in a cross, with the cause. What a link has done of itself, such as closing a connection,
    starts between the lifelines. Time runs down, evenly as far as the labels leave room, and
    long pauses are cut short: the times at the sides tell. At most 40 events between 8 peers are
    drawn, with a note about the rest.

    Args:
        trace: what passed.
        title: the picture's finding, as a sentence.
        times: whether to write when each event was sent, in milliseconds from the first.
        words: says what a payload means, for protocols with numbers of their own: called with
            its first bytes, as many as the trace keeps. It replaces size, text and packet number.

    Returns:
        A picture with alternative text made from the trace.
    """
    events = sorted(trace.events, key=lambda event: event.time)
    shown, peers = _shown(events)
    hidden = len(events) - len(shown) + trace.left_out
    width = 7.0 + 0.5 * max(0, len(peers) - 4)
    lines = _lifelines_at(peers, width, times)
    arrows = [_Arrow.of(event, peers, lines, words) for event in shown]
    below = _place(arrows, beside=len(peers) == 2)
    heading = textwrap.wrap(title, round(11 * width))
    top = EDGE + 0.19 * len(heading) + 0.6  # where time begins
    bottom = top + below + 0.15 + 0.3 * bool(hidden)
    figure = new_figure(width, bottom + EDGE)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(bottom + EDGE - top, -top)  # inches, from where time begins
    plain = {"color": INK, "parse_math": False}
    axes.text(EDGE, EDGE - top, "\n".join(heading), va="top", fontsize=11, linespacing=1.3, **plain)
    room = min((b - a for a, b in pairwise(lines)), default=width) - 0.25
    for x, peer in zip(lines, peers, strict=True):
        axes.plot([x, x], [-0.12, bottom - top], color=FAINT, linewidth=1, zorder=1)
        name = _fitting(peer, room)
        axes.text(x, -0.3, name, ha="center", va="center", fontsize=10, bbox=BOX, **plain)
    for arrow in arrows:
        _draw(axes, arrow)
        if times:
            since = f"{(arrow.event.time - shown[0].time) * 1000:.2f} ms"
            right = len(peers) == 2 and arrow.source == lines[-1]
            x, side = (lines[-1] + PAD, "left") if right else (lines[0] - PAD, "right")
            axes.text(x, arrow.sent, since, ha=side, va="center", fontsize=8, color="#555555")
    if hidden:
        note = f"… and {hidden:,} more event{'s' if hidden > 1 else ''}, not drawn"
        axes.text(
            width / 2, bottom - top - 0.08, note, ha="center", fontsize=9, bbox=BLANK, **plain
        )
    return Picture(figure, alternative_text(trace, words=words))


def lifelines(events: list[Event]) -> list[str]:
    """The peers of these events from left to right: in order of appearance, the server last."""
    peers = dict.fromkeys(name for event in events for name in (event.source, event.target))
    return sorted(peers, key=lambda name: name == "server")


def alternative_text(
    trace: Trace, most: int = 12, words: Callable[[bytes], str] | None = None
) -> str:
    """The conversation in words: how much went each way and was lost, then the first events."""
    events = sorted(trace.events, key=lambda event: event.time)
    if not events:
        return "Sequence diagram without events: nothing passed."
    peers = lifelines(events)
    parts = [f"Sequence diagram between {', '.join(peers[:-1])} and {peers[-1]}."]
    parts += _summary([event for event in events if event.kind == "datagram"])
    steps = [
        f"{number}. {event.source} to {event.target}: {_meaning(event, words)}{ending(event)}"
        for number, event in enumerate(events[:most], 1)
    ]
    rest = len(events) - len(steps) + trace.left_out
    if rest > 0:
        steps.append(f"and {rest} more")
    return " ".join(parts) + " " + "; ".join(steps) + "."


def _meaning(event: Event, words: Callable[[bytes], str] | None) -> str:
    """What happened, in the protocol's words where they are given and a payload is there."""
    if words and event.kind in ("data", "datagram"):
        return words(event.head)
    return describe(event)


def _summary(packets: list[Event]) -> list[str]:
    """A sentence for each pair of peers: "7 packets from client 1 to server, number 3 lost"."""
    ways: dict[tuple[str, str], list[Event]] = {}
    for packet in packets:
        if packet.fate != "duplicate":
            ways.setdefault((packet.source, packet.target), []).append(packet)
    sentences = []
    for (source, target), sent in ways.items():
        lost = [str(packet.number) for packet in sent if packet.fate == "dropped"]
        word = "packet" if len(sent) == 1 else "packets"
        text = f"{len(sent)} {word} from {source} to {target}"
        if lost and len(lost) <= 8:
            text += f", number {', '.join(lost)} lost"
        elif lost:
            text += f", {len(lost)} of them lost"
        sentences.append(text + ".")
    return sentences


def _shown(events: list[Event]) -> tuple[list[Event], list[str]]:
    """The events that are drawn, and their peers: the first of both."""
    peers = lifelines(events)
    if len(peers) > MOST_LIFELINES:
        kept = {*peers[: MOST_LIFELINES - 1], peers[-1]}
        events = [event for event in events if {event.source, event.target} <= kept]
    shown = events[:MOST_EVENTS]
    return shown, lifelines(shown)


def _lifelines_at(peers: list[str], width: float, times: bool) -> list[float]:
    """Where each lifeline stands, in inches from the left."""
    left = 0.95 if times else 0.6
    right = width - (0.95 if times and len(peers) == 2 else 0.6)
    if len(peers) == 1:
        return [left]
    return [left + (right - left) * index / (len(peers) - 1) for index in range(len(peers))]


def _fitting(name: str, room: float) -> str:
    """The name, cut in the middle to fit: its end tells it apart from others."""
    shown, kept = name, len(name)
    while text_width(shown, 10) > room and kept > 4:
        kept -= 1
        shown = f"{name[: kept // 3]}…{name[-(kept - kept // 3) :]}"
    return shown


@dataclass
class _Arrow:
    """Where an event is drawn, in inches: from the left, and from where time begins."""

    event: Event
    source: float
    target: float
    label: str
    left: float  # of the label
    right: float
    sent: float = 0.0
    arrived: float = 0.0

    @classmethod
    def of(
        cls,
        event: Event,
        peers: list[str],
        lines: list[float],
        words: Callable[[bytes], str] | None,
    ) -> _Arrow:
        """An arrow between its lifelines, with its label as near to its start as there is room."""
        source, target = (lines[peers.index(name)] for name in (event.source, event.target))
        start = (source + target) / 2 if _by_link(event) else source
        number = f"{event.number}: " if event.number and not words else ""
        label = f"{number}{_meaning(event, words)}{ending(event)}"
        width = text_width(label, 9)
        left = start + PAD if target >= source else start - PAD - width
        if len(lines) > 1:
            left = min(left, lines[-1] - PAD - width)
        left = max(left, lines[0] + PAD)
        return cls(event, source, target, label, left, left + width)

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where its line starts and ends: x and y of both."""
        first, last = 0.0, {"dropped": 0.5, "in flight": 0.7}.get(self.event.fate, 1.0)
        if _by_link(self.event):
            first = 0.5
        width, height = self.target - self.source, self.arrived - self.sent
        start = (self.source + first * width, self.sent)
        return start, (self.source + last * width, self.sent + last * height)


def _by_link(event: Event) -> bool:
    return event.cause == "link" and event.fate == "delivered"


def _place(arrows: list[_Arrow], beside: bool) -> float:
    """Give each arrow its heights; return how far down the last one reaches.

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
    y = 0.0
    before = events[0].time if events else 0.0
    taken: list[tuple[float, float, float]] = []  # from left to right, free below this height
    for time, is_arrival, index in sorted(moments):
        y += STEP + min((time - before) * USUAL_DELAY / usual, LONGEST)
        before = time
        arrow = arrows[index]
        if is_arrival:
            # Never level: an arrow shows which way time runs.
            y = arrow.arrived = max(y, arrow.sent + 2 * STEP)
            x, end = arrow.ends[1]
            taken.append((x - 0.2, x + 0.2, end + BELOW_A_HEAD))
        else:
            free = [low for left, right, low in taken if left < arrow.right and arrow.left < right]
            y = arrow.sent = max(y, 0.15, *free)
            taken.append((arrow.left, arrow.right, y + row))
            if not beside:
                taken.append((-inf, inf, y + 0.26))
    return y


def _draw(axes: Axes, arrow: _Arrow) -> None:
    event = arrow.event
    colour, line = STYLES[event.kind]
    start, end = arrow.ends
    properties = {
        "arrowstyle": "-" if event.fate == "dropped" else "-|>",
        "color": colour,
        "linestyle": DUPLICATE if event.fate == "duplicate" else line,
        "linewidth": 1.4,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    axes.annotate("", xy=end, xytext=start, arrowprops=properties, zorder=5)
    if event.fate == "dropped":
        axes.plot(*end, marker="X", color=RED, markersize=9, zorder=8)
    elif event.kind == "reset":
        axes.plot(*end, marker="x", color=colour, markersize=9, zorder=6)
    if _by_link(event):  # where the link has cut
        axes.plot(*start, marker="|", color=colour, markersize=12, markeredgewidth=2, zorder=6)
    axes.text(
        arrow.left,
        arrow.sent - 0.03,
        arrow.label,
        va="bottom",
        fontsize=9,
        color=INK,
        bbox=BLANK,
        zorder=7,  # where an arrow crosses a label, the label is read
        parse_math=False,
    )
