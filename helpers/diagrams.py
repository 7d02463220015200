"""A trace drawn as a sequence diagram: who sent what to whom, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.plots import BLUE, FAINT, GREEN, INK, ORANGE, RED, Picture, new_figure
from helpers.trace import Event, Trace, describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_EVENTS = 40
ROW = 0.42  # inches
STYLES = {  # colour, line style: kinds differ by their line and label, not by colour alone
    "connect": (INK, (0, (4, 3))),
    "data": (BLUE, "-"),
    "datagram": (BLUE, "-"),
    "end": (GREEN, (0, (1, 1.5))),
    "close": (ORANGE, (0, (1, 1.5))),
    "reset": (RED, "-"),
}


def sequence_diagram(trace: Trace, title: str, times: bool = True) -> Picture:
    """Draw a trace with a lifeline for each peer and an arrow for each event.

    Rows follow each other in the order of the events, at equal distances; the times at the
    left say how far apart they were. At most 40 events are drawn, with a note about the rest.

    Args:
        trace: what passed.
        title: the picture's finding, as a sentence.
        times: whether to write each event's time, in milliseconds from the first.

    Returns:
        A picture with alternative text made from the trace.
    """
    events = trace.events
    shown = events[:MOST_EVENTS]
    hidden = len(events) - len(shown) + trace.left_out
    peers = lifelines(shown)
    figure = new_figure(7.0, 1.0 + ROW * (max(len(shown), 1) + bool(hidden)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title(title, loc="left", fontsize=11, color=INK, wrap=True)
    bottom = len(shown) + bool(hidden) + 0.4
    axes.set_ylim(bottom, -1.1)
    axes.set_xlim(-0.42 if times else -0.25, max(len(peers) - 1, 1) + 0.25)
    for x, peer in enumerate(peers):
        axes.plot([x, x], [-0.35, bottom], color=FAINT, linewidth=1, zorder=1)
        axes.text(x, -0.75, peer, ha="center", va="center", fontsize=10, color=INK, bbox=BOX)
    for row, event in enumerate(shown):
        _draw(axes, event, row, peers)
        if times:
            since = (event.time - shown[0].time) * 1000
            axes.text(-0.1, row + 0.36, f"{since:.2f} ms", ha="right", fontsize=8, color="#555555")
    if hidden:
        text = f"… and {hidden:,} events more"
        axes.text(0.5, len(shown) + 0.2, text, ha="center", fontsize=9, color=INK)
    return Picture(figure, alternative_text(trace))


BOX = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": FAINT}


def lifelines(events: list[Event]) -> list[str]:
    """The peers of these events from left to right: in order of appearance, the server last."""
    peers = dict.fromkeys(name for event in events for name in (event.source, event.target))
    return sorted(peers, key=lambda name: name == "server")


def alternative_text(trace: Trace, most: int = 12) -> str:
    """The conversation in words: each of the first events, then how many more there were."""
    events = trace.events
    if not events:
        return "Sequence diagram without events: nothing passed."
    steps = [
        f"{number}. {event.source} to {event.target}: {describe(event)}"
        for number, event in enumerate(events[:most], 1)
    ]
    rest = len(events) + trace.left_out - len(steps)
    if rest > 0:
        steps.append(f"and {rest} more")
    peers = lifelines(events)
    between = f"{', '.join(peers[:-1])} and {peers[-1]}"
    return f"Sequence diagram between {between}. " + "; ".join(steps) + "."


def _draw(axes: Axes, event: Event, row: int, peers: list[str]) -> None:
    start, end = peers.index(event.source), peers.index(event.target)
    colour, line = STYLES[event.kind]
    axes.annotate(
        "",
        xy=(end, row + 0.5),
        xytext=(start, row + 0.32),
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "linestyle": line,
            "linewidth": 1.4,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=5,
    )
    if event.kind == "reset":
        axes.plot([end], [row + 0.5], marker="x", color=colour, markersize=9, zorder=3)
    axes.text(
        (start + end) / 2,
        row + 0.34,
        describe(event),
        parse_math=False,  # a payload's dollar signs are dollar signs
        ha="center",
        va="bottom",
        fontsize=9,
        color=INK,
        bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        zorder=4,
    )
