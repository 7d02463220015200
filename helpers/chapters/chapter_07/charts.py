"""The charts of chapter 07: what windows, losses and queues make of a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING, Any

from helpers.chapters.chapter_06._wire import HEADER
from helpers.chapters.chapter_07.staging import Point, lost_share, recorded
from helpers.figures.explore import MovingChart
from helpers.figures.plots import (
    Picture,
    chart,
    marks,
    name_at,
    new_figure,
)
from helpers.look.palette import BLUE, DARK_ORANGE, FAINT, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from helpers.chapters.chapter_07.staging import Flow
    from helpers.trace.trace import Trace

LOOKS = {"Go-Back-N": ("^", DARK_ORANGE), "Selective Repeat": ("o", BLUE)}
# Where a rule's name stands beside its last mark but one, in points: by loss (2), by window (1).
NAMED = {
    ("Go-Back-N", 2): (6, 12, "left"),
    ("Selective Repeat", 2): (-8, -4, "right"),
    ("Go-Back-N", 1): (8, -11, "left"),
    ("Selective Repeat", 1): (8, -6, "left"),
}
STUDENT = 2.2  # how many standard errors a 95 % interval of twelve values has on each side
SENDERS = {"first": ("o", BLUE), "second": ("^", DARK_ORANGE)}


class Measured(Picture):
    """A picture with the numbers that it shows.

    Attributes:
        values: of each kind by its name, as a list or by what they belong to.
    """

    def __init__(self, figure: Figure, alt: str, values: Mapping[str, Any]) -> None:
        super().__init__(figure, alt)
        self.values = values


def climb() -> MovingChart:
    """The numbers that a sender sends over time, and which of them are lost.

    Its data: the rule's name, the window, and what `staging.transfer` returns.
    """
    title = "The flatter the points, the slower the picture arrives"
    _, axes = chart(title, "milliseconds", "number of the packet", height=2.6)
    axes.set(xlim=(0, 125), ylim=(0, 135), yticks=range(0, 121, 20))
    axes.plot([0, 120], [1, 121], color=FAINT, linewidth=0.8)
    name_at(axes, "a packet in each slot", 88, 89, 8, -8)

    def draw_climb(axes: Axes, data: tuple[str, int, tuple[Flow, Trace]]) -> str:
        rule, window, (flow, trace) = data
        seen: set[int] = set()
        sent: dict[str, list] = {"sent": [], "sent again": [], "lost on the way": []}
        for event in trace:
            if event.source != "server":
                number = HEADER.unpack(event.head[: HEADER.size])[1]
                kind = "sent again" if number in seen else "sent"
                kind = "lost on the way" if event.fate == "dropped" else kind
                sent[kind].append(((event.time - trace.events[0].time) * 1000, number))
                seen.add(number)
        counts = [f"{kind}: {len(points)}" for kind, points in sent.items()]
        looks = zip("oDX", (BLUE, DARK_ORANGE, RED), strict=True)
        for count, points, look in zip(counts, sent.values(), looks, strict=True):
            marks(axes, points, *look, count)
        axes.legend(frameon=False, loc="upper left")
        text = f"{flow.arrived} arrived in order within 120 ms"
        axes.text(62, 124, text, fontsize=10)
        return f"{rule} with a window of {window}: {text}; {', '.join(counts)}"

    return MovingChart(draw_climb, axes)


def wrapped() -> MovingChart:
    """Which message stands at each place of the receiver's list, where numbers begin again.

    Its data: how many numbers there are, the window, and the messages that the receiver has kept.
    """
    _, axes = chart(
        "What the receiver has, in its order", "place in the list", "message", height=2.6
    )
    axes.set(xlim=(0, 21), ylim=(0, 21), xticks=range(0, 21, 5))

    def draw_wrapped(axes: Axes, data: tuple[int, int, Sequence[int]]) -> str:
        numbers, window, kept = data
        points = list(enumerate(kept, 1))
        good = [(place, message) for place, message in points if place == message]
        bad = [(place, message) for place, message in points if place != message]
        axes.plot([1, 16], [1, 16], ":", color=FAINT)
        marks(axes, good, "o", BLUE, f"in its place: {len(good)}")
        marks(axes, bad, "X", RED, f"wrong: {len(bad)}", 8)
        axes.legend(frameon=False, loc="upper left")
        told = f"{numbers} numbers, window {window}"
        axes.text(21, 1, told, ha="right", fontsize=10)
        return f"{told}: {len(good)} messages in their places, {len(bad)} wrong"

    return MovingChart(draw_wrapped, axes)


def goodput_chart(
    live: Mapping[Point, float], theory: Callable[[str, int, float], tuple[float, float]]
) -> Measured:
    """Goodput over twelve seeds with 95 % intervals: by loss beside the theory, and by window.

    Args:
        live: what one run reached, in packets a slot, by rule, window and loss. Points with the
            widest window stand on the left, those with the loss that most of them have on the
            right.
        theory: the bounds of it; the upper one of Go-Back-N is its line. The limit of every rule,
            1 - p, is drawn too: a window that is wide enough gives Selective Repeat no more.

    Returns:
        The picture; its values are the means, by rule, window and loss.
    """
    others = recorded()
    values = {each: [value, *others.get(each, [])] for each, value in live.items()}
    widest = max(window for _, window, _ in live)
    losses = [loss for _, window, loss in live if window < widest]
    middle = max(losses, key=losses.count, default=0)
    figure = new_figure(7, 2.9)
    left, right = figure.subplots(1, 2, sharey=True)
    for rule in LOOKS:
        by_loss = sorted(e for e in live if e[0] == rule and e[1] == widest)
        by_window = sorted(e for e in live if e[0] == rule and e[2] == middle)
        _goodput(left, by_loss, 2, values, theory)
        _goodput(right, by_window, 1, values, theory)
    most = max(loss for _, window, loss in live if window == widest)
    left.plot([0, most], [1, 1 - most], ":", color=INK)
    name_at(left, "limit of every rule: 1 − p", most, 1 - 0.4 * most, 0, 10, "right")
    right.plot([1, widest], [1 - middle, 1 - middle], ":", color=INK)
    name_at(right, f"limit: {1 - middle:g}", 1, 1 - middle, 0, 9)
    left.set(xlabel=f"loss p, with a window of {widest}", ylim=(0, 1.08))
    left.set_ylabel("goodput, packets a slot", color=INK)
    right.set_xlabel(f"window, with a loss of {middle:g}")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#E5E5E5", linewidth=0.8)
    means = {each: fmean(some) for each, some in values.items()}
    back, selective = (means.get((rule, widest, middle), 0) for rule in LOOKS)
    finding = f"A window of {widest} brings Selective Repeat to {selective:.2f}"
    finding += f", and Go-Back-N to {back:.2f}, at a loss of {middle:g}"
    left.set_title("Losses cost Go-Back-N more", loc="left", fontsize=10.5, color=INK)
    right.set_title("Above 8 only Selective Repeat gains", loc="left", fontsize=10.5, color=INK)
    told = "; ".join(f"{r}, window {w}, loss {p:g}: {m:.2f}" for (r, w, p), m in means.items())
    about = "Goodput over twelve seeds, eleven of them recorded, beside the theory"
    return Measured(figure, f"{finding}. {about}: {told}.", means)


def _goodput(
    axes: Axes,
    points: Sequence[Point],
    which: int,
    values: Mapping[Point, Sequence[float]],
    theory: Callable[[str, int, float], tuple[float, float]],
) -> None:
    """Draw one rule: its name, its means with their intervals, and by loss Go-Back-N's theory."""
    import numpy as np

    if not points:
        return
    rule, x = points[0][0], [each[which] for each in points]
    mark, colour = LOOKS[rule]
    some = [values[each] for each in points]
    widths = [STUDENT * stdev(v) / len(v) ** 0.5 if len(v) > 2 else 0 for v in some]
    means = list(map(fmean, some))
    if which == 1:
        axes.plot(x, means, ":", color=colour)
    elif rule == "Go-Back-N":
        losses = np.linspace(min(x), max(x), 100)
        line = [theory(rule, points[0][1], loss)[1] for loss in losses]
        axes.plot(losses, line, color=colour)
    axes.errorbar(x, means, widths, fmt=mark, color=colour, capsize=3)
    right, up, ha = NAMED[rule, which]
    name_at(axes, rule, x[-2:][0], means[-2:][0], right, up, ha)


def queue_chart(
    rows: Mapping[int, tuple[Sequence[Flow], Trace]],
    holds: float,
    queue: float,
    prediction: Any = None,
) -> Measured:
    """The round trip and what a queue drops, against the window.

    Args:
        rows: the sender, alone in a list, and the link's trace, by the window.
        holds: how many packets the path holds without a queue.
        queue: how many the queue has room for.
        prediction: of the round trip in milliseconds at the window `holds + queue`.
    """
    windows = list(rows)
    trips = [1000 * median([rtt for _, rtt in flow.rtts]) for (flow, *_), _ in rows.values()]
    drops = [100 * lost_share(trace) for _, trace in rows.values()]
    figure = new_figure(7, 3.0)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    title = "A larger window first fills the path, then the queue, and then it loses"
    above.set_title(title, loc="left", fontsize=11, color=INK)
    for axes, values, mark, colour, label in (
        (above, trips, "o-", BLUE, "round trip, ms"),
        (below, drops, "X-", RED, "dropped, %"),
    ):
        axes.plot(windows, values, mark, color=colour)
        axes.set_ylabel(label, color=INK)
        axes.set_ylim(0, max(*values, 1) * 1.3)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#E5E5E5", linewidth=0.8)
        for edge in (holds, holds + queue):
            axes.axvline(edge, linestyle=":", color=FAINT)
    below.set_xlabel("window, packets", color=INK)
    name_at(below, "the path is full", holds, max(*drops, 1) * 1.1, 4)
    name_at(below, "the queue is full", holds + queue, max(*drops, 1) * 1.1, 4)
    said = prediction.draw(above, x=holds + queue) if prediction is not None else ""
    if said:
        above.legend(frameon=False, loc="lower right")
    each = zip(windows, trips, drops, strict=True)
    told = "; ".join(f"window {w}: {t:.0f} ms, {d:.0f} % dropped" for w, t, d in each)
    values = {
        "trips": dict(zip(rows, trips, strict=True)),
        "drops": dict(zip(rows, drops, strict=True)),
    }
    return Measured(figure, f"{title}. {told}. {said}".rstrip(), values)


def shares_chart(runs: Mapping[str, tuple[Sequence[Flow], Trace]]) -> Picture:
    """What each of two senders gets through over time, a column for each kind of window.

    Args:
        runs: the senders and the link's trace, by the kind's name.
    """
    import numpy as np

    figure = new_figure(7, 2.4)
    columns = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    said, losses = {}, []
    for axes, (kind, (_, trace)) in zip(columns, runs.items(), strict=True):
        up = [event for event in trace if event.source != "server"]
        start, last = (up[0].time, up[-1].time - up[0].time) if up else (0, 0)
        names = list(dict.fromkeys(event.source for event in up))
        edges, ends = np.arange(0, last + 0.1, 0.2), []
        for name, (who, (mark, colour)) in zip(names, SENDERS.items(), strict=False):
            came = np.array(
                [e.time - start for e in up if e.source == name and e.fate != "dropped"]
            )
            counts = np.histogram(came, edges)[0] / 0.2
            axes.plot(edges[:-1] + 0.1, counts, f"{mark}-", color=colour, label=who)
            ends.append(f"{(came > last - 1).sum():.0f}")
        losses.append(f"{lost_share(trace):.0%}")
        said[kind] = f"{losses[-1]} dropped, {' and '.join(ends)} in the last second"
        title = f"{kind}: {losses[-1]} dropped"
        axes.set_title(title, loc="left", fontsize=10.5, color=INK)
        axes.set_xlabel("seconds", color=INK)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#E5E5E5", linewidth=0.8)
        axes.set_ylim(0, 1150)
    columns[0].set_ylabel("packets a second", color=INK)
    columns[0].legend(frameon=False, loc="upper right")
    title = f"{losses[0]} dropped with {next(iter(runs))}, and {losses[-1]} with {list(runs)[-1]}"
    told = "; ".join(f"{name}: {what}" for name, what in said.items())
    return Picture(figure, f"{title}. {told}.")


def sawtooth() -> MovingChart:
    """The size of a congestion window over time, and the losses that it answers.

    Its data: how many packets the queue has room for, the sender, and the link's trace.
    """
    title = "The window feels its way up, and gives way at each loss"
    _, axes = chart(title, "milliseconds", "window, packets", height=2.4)
    axes.set(xlim=(0, 820), ylim=(0, 90))

    def draw_sawtooth(axes: Axes, data: tuple[int, Flow, Trace]) -> str:
        queue, flow, trace = data
        rtts = [1000 * rtt for _, rtt in flow.rtts] or [0]
        text = f"{flow.arrived} arrived; round trip {median(rtts):.0f} ms"
        times, sizes = [1000 * t for t, _ in flow.sizes], [s for _, s in flow.sizes]
        axes.plot(times, sizes, color=BLUE, drawstyle="steps-post", label=f"the window; {text}")
        start = trace.events[0].time if len(trace) else 0
        lost = [(1000 * (e.time - start), 3) for e in trace if e.fate == "dropped"]
        marks(axes, lost, "x", RED, f"dropped by the queue: {len(lost)}")
        axes.axhline(10 + queue, linestyle=":", color=FAINT)
        axes.text(815, 15 + queue, "path and queue are full", ha="right", fontsize=9)
        axes.legend(frameon=False, loc="upper right")
        return f"A queue for {queue} packets: {text}; {len(lost)} dropped"

    return MovingChart(draw_sawtooth, axes)
