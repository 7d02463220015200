"""The charts of chapter 09, beside those of the wing `load`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.figures.explore import MovingChart
from helpers.figures.plots import Picture, chart, listed, name_at, name_ends
from helpers.load.charts import looks_of
from helpers.look.palette import BLUE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RECORDED = Path(__file__).with_name("designs.json")
A_WAIT = 0.1  # seconds that the chapter's handler waits before each answer
MOST_TICKS = 400  # rounds that are drawn: more can't be told apart

Rounds = tuple[Sequence[float], float, float, float]


def asked_in_turn() -> MovingChart:
    """Rounds of a loop that asks, the moment when something was sent, and when it was noticed.

    Its data: the seconds at which each round began, the second at which the message was sent, the
    one at which it was noticed, and the share of the time for which the thread was at work.
    """
    title = "Who asks often works in vain; who asks rarely is late"
    _, axes = chart(title, "time in ms", "", height=2.6)
    axes.set_xlim(-5, 335)
    axes.set_ylim(-0.6, 2.7)
    axes.set_yticks([0, 1], ["the loop asks", "the lamp's message"])
    axes.grid(visible=False)

    def draw(axes: Axes, data: Rounds) -> str:
        rounds, sent, noticed, busy = data
        step = max(1, len(rounds) // MOST_TICKS)
        axes.plot([1000 * at for at in rounds[::step]], [0] * len(rounds[::step]), "|", color=BLUE)
        axes.plot([1000 * sent, 1000 * noticed], [1, 1], "-", color=RED)
        axes.plot(1000 * sent, 1, "o", color=RED)
        axes.plot(1000 * noticed, 1, "s", color=RED, mfc="white")
        name_at(axes, "sent ", 1000 * sent, 1, -5, 0, "right")
        name_at(axes, "noticed", 1000 * noticed, 1, 6)
        late = 1000 * (noticed - sent)
        many = f"{len(rounds):,} rounds" if len(rounds) > 1 else "1 round"
        told = f"{many}; {late:.1f} ms late; the thread was busy for {busy:.0%} of the time"
        axes.text(0, 2.1, told, fontsize=10)
        return f"A line of time, with a tick for each round of the loop. {told}."

    return MovingChart(draw, axes)


def waits_in_one_loop() -> MovingChart:
    """How long each client waited for its answer; its data are these seconds."""
    title = "The waits add up where a handler blocks, and not where it pauses"
    _, axes = chart(title, "wait in ms", "client", height=2.8)
    axes.grid(visible=False)

    def draw(axes: Axes, waits: Sequence[float]) -> str:
        ordered = sorted(waits)
        numbers = range(1, len(ordered) + 1)
        axes.set_xlim(0, 1000 * A_WAIT * (len(ordered) + 1))  # the same for both handlers
        axes.set_ylim(len(ordered) + 0.7, 0.3)
        axes.set_yticks(numbers)
        axes.barh(numbers, [1000 * wait for wait in ordered], color=BLUE, height=0.6)
        for number, wait in zip(numbers, ordered, strict=True):
            name_at(axes, f"{1000 * wait:.0f}", 1000 * wait, number, 4)
        many = "1 client waits" if len(ordered) == 1 else f"{len(ordered)} clients wait"
        first, last = 1000 * ordered[0], 1000 * ordered[-1]
        return f"Bars: {many}, from {first:.0f} to {last:.0f} ms."

    return MovingChart(draw, axes)


def waiting_in_the_server(
    without: Sequence[float], drained: Sequence[float], piece: float = 0.05
) -> Picture:
    """How much waits in a server while it writes to a client that never reads.

    Args:
        without: megabytes that wait after each write, where nothing waits for `drain`.
        drained: the same with `drain`, until it gives up.
        piece: megabytes of each write.
    """
    finding = (
        f"Without drain up to {max(without):.0f} MB wait in the server, with it {max(drained):.1f}"
    )
    xlabel, ylabel = "written so far, in MB", "waiting in the server, in MB"
    figure, axes = chart(finding, xlabel, ylabel, height=2.8)
    written = [piece * (n + 1) for n in range(len(without))]
    axes.plot(written, without, "-", color=RED)
    middle = len(without) // 2
    name_at(axes, "write alone", written[middle], without[middle], -10, 8, "right")
    axes.plot(written[: len(drained)], drained, "o", color=BLUE, markersize=3)
    name_at(axes, "write and drain,\nwhich gives up\nafter 0.3 s", written[0], 0, 0, 32)
    about = f"Two curves: {finding}; the second ends after {piece * len(drained):.1f} MB."
    return Picture(figure, about)


def recorded_designs() -> Picture:
    """What an answer costs three echo servers, as `tools/measure_designs.py` has measured it."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    finding = "Recorded: for one client a thread costs least, for 1,000 clients selectors do"
    xlabel = "clients (logarithmic)"
    ylabel = "server's processor time\nfor an answer, in µs (logarithmic)"
    figure, axes = chart(finding, xlabel, ylabel)
    looks = looks_of(recorded)
    for design, row in recorded.items():
        color, look = looks[design]
        numbers = [each["clients"] for each in row]
        axes.plot(numbers, [each["microseconds"] for each in row], look, color=color, label=design)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_yscale("log")
    axes.set_ylim(3, 100)
    axes.yaxis.set_major_formatter("{x:g}")
    name_ends(axes)
    costs = {
        design: f"{row[0]['microseconds']:.0f} µs with 1 client, {row[-1]['microseconds']:.0f} "
        f"with {row[-1]['clients']:,}, of which {row[-1]['served']:,} were served"
        for design, row in recorded.items()
    }
    return Picture(figure, f"{finding}. A line for each design. {listed(costs)}.")
