"""The charts of chapter 06: what tries and timers cost, and what chance is good for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.chapters.chapter_06.staging import FASTER, device_of
from helpers.figures.explore import MovingChart
from helpers.figures.plots import Picture, chart, legend_in_a_row, marks, name_at, yours
from helpers.look.palette import BLUE, DARK_ORANGE, FAINT, GREEN, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from helpers.study.predict import Prediction
    from helpers.trace.trace import Trace

CLOCK = "seconds, as real devices would wait"
HIGHEST = 250  # ms that the timer's picture shows: one stall must not flatten the rest


def tries_by_loss(sent: Mapping[float, Sequence[int]], prediction: Prediction) -> Picture:
    """How many tries a message takes on average, with 95 % intervals, beside the theory.

    Args:
        sent: how many times each message was sent, by the loss each way.
        prediction: of the average at a loss of 0.3.
    """
    import numpy as np

    title = "Both must get through, so it takes 1/(1 − p)² tries"
    figure, axes = chart(title, "loss each way, p", "tries for a message")
    p = np.linspace(0, 0.52, 100)
    axes.plot(p, 1 / (1 - p) ** 2, color=BLUE)
    name_at(axes, "1/(1 − p)²", 0.44, 3.2, -8, 6, "right")
    axes.plot(p, 1 / (1 - p), ":", color=FAINT)
    name_at(axes, "1/(1 − p), if no ACK were lost", 0.52, 1.25, 0, 0, "right")
    for loss, counts in sent.items():
        width = 1.96 * np.std(counts) / len(counts) ** 0.5
        label = None if len(axes.containers) else "measured, with 95 % intervals"
        mean = np.mean(counts)
        axes.errorbar(loss, mean, width, fmt="o", color=BLUE, capsize=5, label=label)
    said = prediction.draw(axes, x=0.3)
    axes.legend(frameon=False, loc="upper left")
    measured = ", ".join(f"{np.mean(counts):.2f} at {loss}" for loss, counts in sent.items())
    about = "Tries against loss, measured, with 95 % intervals, beside 1 over (1 - p) squared"
    return Picture(figure, f"{about}: {measured}. {said}".rstrip())


def cost_of_timers(costs: Mapping[int, tuple[float, float]]) -> MovingChart:
    """What timers cost in datagrams and in time, and one more that moves.

    Its data: a timer in milliseconds, and the datagrams and milliseconds that a message costs.

    Args:
        costs: datagrams and milliseconds for a message, by the timers in milliseconds that stay.
    """
    title = "Too short costs transmissions, too long costs time"
    _, axes = chart(title, "milliseconds for a message", "transmissions for a message")
    times, datagrams = [t for _, t in costs.values()], [d for d, _ in costs.values()]
    axes.plot(times, datagrams, "o:", color=BLUE)
    for index, timer in enumerate(costs):
        place = {1: (-8, 0, "right"), 2: (-8, -8, "right")}.get(index, (8, 9, "left"))
        name = f"timer {timer} ms" if index == 0 else f"{timer} ms"
        name_at(axes, name, times[index], datagrams[index], *place)
    axes.set(xlim=(0, max(40, *times) * 1.2), ylim=(0, max(6, *datagrams) * 1.15))
    stay = "; ".join(f"timer {ms} ms: {d:.1f} and {t:.0f} ms" for ms, (d, t) in costs.items())

    def draw_timer(axes: Axes, data: tuple[float, tuple[float, float]]) -> str:
        timer, (sent, took) = data
        text = f"timer {timer:g} ms: {sent:.1f} transmissions, {took:.0f} ms"
        yours(axes, took, sent, f"your {text}")
        axes.legend(frameon=False, loc="upper right")
        return f"Transmissions against time for a message. Yours, a {text}. Others: {stay}."

    return MovingChart(draw_timer, axes)


def timer_that_follows(rows: Sequence[tuple[int, float, Sequence[float]]]) -> Picture:
    """A retransmission timer beside the round trips that it follows.

    Args:
        rows: for each message its number, the timer, and the time since each transmission, both in
            milliseconds.
    """
    used = [(number, since[0]) for number, _, since in rows if len(since) == 1]
    repeated = len(rows) - len(used)
    finding = "The timer follows the round trips, but late; "
    finding += f"{repeated} of {len(rows)} messages went again"
    figure, axes = chart(finding, "message", "milliseconds")
    numbers, timers = [row[0] for row in rows[1:]], [row[1] for row in rows[1:]]
    axes.step(numbers, timers, where="mid", color=GREEN, label="timer")
    marks(axes, used, "o", BLUE, "round trips R", size=4)
    again = [(number, took) for number, _, since in rows if len(since) > 1 for took in since]
    for number, _, since in rows:
        if len(since) > 1:
            axes.vlines(number, min(since), max(since), color=DARK_ORANGE, linewidth=0.8)
    marks(axes, again, "D", DARK_ORANGE, "sent again: R is not known", size=4)
    axes.axvspan(24.5, 49.5, color=FAINT, alpha=0.15, linewidth=0)
    highest = max([*timers, *(took for *_, since in rows for took in since)])
    axes.set_ylim(0, min(max(90, 1.1 * highest), HIGHEST))
    name_at(axes, "slow path", 24.5, 0.94 * axes.get_ylim()[1], 4)
    legend_in_a_row(axes)
    return Picture(
        figure,
        f"The timer and {len(used)} samples of round-trip times over {len(rows)} messages; "
        f"{repeated} messages were sent again and gave no sample.",
    )


def herd_chart(devices: int = 30) -> MovingChart:
    """When devices send that all begin at once, a row for each.

    Its data: by how much the first wait may be longer than the shortest, as a factor, which
    devices were confirmed, and the trace.

    Args:
        devices: how many there are.
    """
    title = "Equal waits collide again and again, random ones spread out"
    _, axes = chart(title, CLOCK, "device", height=3.2)
    axes.set(xlim=(-2, 52), ylim=(-1, devices * 1.25), yticks=range(0, devices + 1, 5))

    def draw_herd(axes: Axes, data: tuple[float, set[int], Trace]) -> str:
        factor, confirmed, trace = data
        sent = [event for event in trace if event.source != "server"]
        for fate, mark, colour in (("delivered", "o", BLUE), ("dropped", "x", RED)):
            points = [
                ((event.time - sent[0].time) * FASTER, device_of(event.head))
                for event in sent
                if event.fate == fate
            ]
            marks(axes, points, mark, colour, fate, size=3.5)
        # A machine that pauses sends later: what it sent must not lie beyond the edge.
        latest = max(((event.time - sent[0].time) * FASTER for event in sent), default=0)
        if (edge := max(52, latest + 2)) != axes.get_xlim()[1]:
            axes.set_xlim(-2, edge)
        axes.legend(frameon=False, loc="upper left", ncols=2)
        text = f"factor {factor:g}: {len(confirmed)} of {devices} are confirmed"
        axes.text(0.98, 0.92, text, color=INK, ha="right", transform=axes.transAxes)
        return f"Transmissions of {devices} devices over time, delivered or dropped; {text}."

    return MovingChart(draw_herd, axes)
