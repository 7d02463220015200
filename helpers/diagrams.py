"""A trace drawn as a sequence diagram: who sent what to whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.plots import BLUE, FAINT, GREEN, INK, ORANGE, RED, Picture, new_figure
from helpers.trace import Event, Trace, describe, ending

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_EVENTS = 40
# Distances in inches, down the picture.
LABEL_ROW = 0.36  # between two labels that could touch
STEP = 0.07  # between any two moments
LONGEST = 0.7  # for any pause
USUAL_DELAY = 0.45  # what a delay of the usual length takes
STYLES = {  # colour, line style: kinds differ by their line and label, not by colour alone
    "connect": (INK, (0, (4, 3))),
    "data": (BLUE, "-"),
    "datagram": (BLUE, "-"),
    "end": (GREEN, (0, (1, 1.5))),
    "close": (ORANGE, (0, (1, 1.5))),
    "reset": (RED, "-"),
}
BOX = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": FAINT}


def sequence_diagram(trace: Trace, title: str, times: bool = True) -> Picture:
    """Draw a trace with a lifeline for each peer and an arrow for each event.

    An arrow starts when its packet was sent and ends when it was delivered; one that was lost
    ends in a cross, with the cause. Time runs down, evenly as far as the labels leave room, and
    long pauses are cut short: the times at the sides tell. At most 40 events are drawn, with a
    note about the rest.

    Args:
        trace: what passed.
        title: the picture's finding, as a sentence.
        times: whether to write when each event was sent, in milliseconds from the first.

    Returns:
        A picture with alternative text made from the trace.
    """
    events = sorted(trace.events, key=lambda event: event.time)
    shown = events[:MOST_EVENTS]
    hidden = len(events) - len(shown) + trace.left_out
    peers = lifelines(shown)
    places, bottom = _places(shown, peers)
    bottom += 0.3 * bool(hidden) + 0.15
    figure = new_figure(7.0, bottom + 1.0)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title(title, loc="left", fontsize=11, color=INK, wrap=True, parse_math=False)
    last = max(len(peers) - 1, 1)
    axes.set_ylim(bottom, -0.45)
    axes.set_xlim(-0.17 * last if times else -0.1 * last, last * (1.17 if times else 1.1))
    for x, peer in enumerate(peers):
        axes.plot([x, x], [-0.12, bottom], color=FAINT, linewidth=1, zorder=1)
        axes.text(x, -0.3, peer, ha="center", va="center", fontsize=10, color=INK, bbox=BOX)
    for event, place in zip(shown, places, strict=True):
        _draw(axes, event, place, last)
        if times:
            since = f"{(event.time - shown[0].time) * 1000:.2f} ms"
            right = place.source == last and len(peers) == 2
            x, side = (last * 1.03, "left") if right else (-0.03 * last, "right")
            axes.text(x, place.sent, since, ha=side, va="center", fontsize=8, color="#555555")
    if hidden:
        text = f"… and {hidden:,} events more"
        axes.text(last / 2, bottom - 0.1, text, ha="center", fontsize=9, color=INK)
    return Picture(figure, alternative_text(trace))


def lifelines(events: list[Event]) -> list[str]:
    """The peers of these events from left to right: in order of appearance, the server last."""
    peers = dict.fromkeys(name for event in events for name in (event.source, event.target))
    return sorted(peers, key=lambda name: name == "server")


def alternative_text(trace: Trace, most: int = 12) -> str:
    """The conversation in words: how much went each way and was lost, then the first events."""
    events = sorted(trace.events, key=lambda event: event.time)
    if not events:
        return "Sequence diagram without events: nothing passed."
    peers = lifelines(events)
    parts = [f"Sequence diagram between {', '.join(peers[:-1])} and {peers[-1]}."]
    parts += _summary([event for event in events if event.kind == "datagram"])
    steps = [
        f"{number}. {event.source} to {event.target}: {describe(event)}{ending(event)}"
        for number, event in enumerate(events[:most], 1)
    ]
    rest = len(events) - len(steps) + trace.left_out
    if rest > 0:
        steps.append(f"and {rest} more")
    return " ".join(parts) + " " + "; ".join(steps) + "."


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


@dataclass
class _Place:
    """Where an event is drawn: lifelines, and inches from the top."""

    source: int
    target: int
    sent: float = 0.0
    arrived: float = 0.0


def _places(events: list[Event], peers: list[str]) -> tuple[list[_Place], float]:
    """Where each event is drawn, and how far down the last one reaches."""
    places = [_Place(peers.index(event.source), peers.index(event.target)) for event in events]
    delays = sorted(e.delivered - e.time for e in events if e.delivered is not None)
    usual = max(delays[len(delays) // 2], 1e-5) if delays else 1e-3
    moments = []
    for index, event in enumerate(events):
        moments.append((event.time, 0, index))
        arrival = event.delivered if event.delivered is not None else event.time
        moments.append((max(arrival, event.time), 1, index))
    y = 0.0
    before = events[0].time if events else 0.0
    label_at: dict[int, float] = {}  # where the last label of a lifeline stands
    for time, is_arrival, index in sorted(moments):
        y += STEP + min((time - before) * USUAL_DELAY / usual, LONGEST)
        before = time
        place = places[index]
        if is_arrival:
            # Never level: an arrow shows which way time runs.
            y = place.arrived = max(y, place.sent + 2 * STEP)
            # A label that follows at this lifeline stands below the arrow's head.
            side = place.target if len(peers) == 2 else 0
            label_at[side] = max(label_at.get(side, -1.0), y - LABEL_ROW + 0.24)
        else:
            # With two lifelines a label stands near its own one; with more they may meet.
            side = place.source if len(peers) == 2 else 0
            y = place.sent = max(y, label_at.get(side, -1.0) + LABEL_ROW, 0.15)
            label_at[side] = y
    return places, y


def _draw(axes: Axes, event: Event, place: _Place, last: int) -> None:
    colour, line = STYLES[event.kind]
    start, end = (place.source, place.sent), (place.target, place.arrived)
    if event.fate == "dropped":
        end = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    elif event.fate == "in flight":
        end = (start[0] + 0.7 * (end[0] - start[0]), start[1] + 0.7 * (end[1] - start[1]))
    if event.fate == "duplicate":
        line = (0, (5, 2))
    arrow = {
        "arrowstyle": "-" if event.fate == "dropped" else "-|>",
        "color": colour,
        "linestyle": line,
        "linewidth": 1.4,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    axes.annotate("", xy=end, xytext=start, arrowprops=arrow, zorder=5)
    if event.fate == "dropped":
        axes.plot(*end, marker="X", color=RED, markersize=9, zorder=6)
    elif event.kind == "reset":
        axes.plot(*end, marker="x", color=colour, markersize=9, zorder=6)
    number = f"{event.number}: " if event.number else ""
    fate = f", lost: {event.cause}" if event.fate == "dropped" else ending(event)
    text = number + describe(event) + fate
    rightward = place.target > place.source
    axes.text(
        place.source + 0.02 * last * (1 if rightward else -1),
        place.sent - 0.03,
        text,
        ha="left" if rightward else "right",
        va="bottom",
        fontsize=9,
        color=INK,
        bbox={"boxstyle": "round,pad=0.08", "facecolor": "white", "edgecolor": "none"},
        zorder=7,  # where an arrow crosses a label, the label is read
        parse_math=False,
    )
