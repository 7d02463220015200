"""The charts of chapter 05."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.figures.explore import MovingChart
from helpers.figures.plots import Picture, chart, marks, name_at, yours
from helpers.look.palette import BLUE, FAINT, GREEN, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from helpers.study.predict import Prediction

Bar = Callable[[float, float], tuple[float, float]]


def both_ways(measured: Sequence[tuple[float, int, int]], prediction: Prediction) -> MovingChart:
    """The share of questions that were answered, by the loss each way, and one more measurement.

    Its data: the loss, how many questions were sent, and how many were answered.

    Args:
        measured: the same for each loss that stays in the picture.
        prediction: of the share at a loss of 0.3, in percent.
    """
    import numpy as np

    title, xlabel = "Both ways must go well: (1 − p)², not 1 − p", "loss each way, p"
    _, axes = chart(title, xlabel, "share of questions answered")
    p = np.linspace(0, 1, 101)
    axes.plot(p, 1 - p, color=FAINT, linestyle=":")
    name_at(axes, "1 − p, if the answers were safe", 0.5, 0.5, 8, 4)
    axes.plot(p, (1 - p) ** 2, color=BLUE)
    name_at(axes, "(1 − p)²", 0.6, 0.16, 8, 8)
    for loss, packets, answered in measured:
        axes.plot(loss, answered / packets, "o", color=INK)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.12, 1.08), yticks=np.linspace(0, 1, 6))

    def draw_share(axes: Axes, data: tuple[float, int, int]) -> str:
        loss, packets, answered = data
        share = answered / packets
        yours(axes, loss, share)
        text = f"{answered} of {packets} answered: {share:.2f}"
        axes.text(1.0, 0.9, text, fontsize=10, color=INK, ha="right", va="center")
        said = prediction.draw(axes, 0.3, scale=0.01)
        if said:
            axes.legend(frameon=False, loc=(0.62, 0.62))
        theory = f"the theory, (1 - p) squared, says {(1 - loss) ** 2:.2f}"
        told = f"At a loss of {loss:.2f} each way {text}; {theory}. {said}"
        return told.rstrip()

    return MovingChart(draw_share, axes)


def growing_sample(lost: Mapping[int, int], bar: Bar, true_loss: float = 0.1) -> Picture:
    """The loss that was seen after more and more packets, each with the losses that fit it.

    Args:
        lost: how many were lost, by the number of packets that were sent.
        bar: gives the smallest and the largest loss that fit a share of so many packets.
        true_loss: the link's own.
    """
    sent = list(lost)
    ends = {each: bar(count / each, each) for each, count in lost.items()}
    title = "Four times the packets, about half the bar"
    figure, axes = chart(title, "packets sent", "losses that fit", height=3.0)
    axes.axhline(true_loss, color=BLUE, linestyle="--")
    for each, (low, high) in ends.items():
        seen = lost[each] / each
        axes.errorbar(each, seen, [[seen - low], [high - seen]], fmt="o", color=INK, capsize=6)
        name_at(axes, f"{high:.2f}", each, high, 0, 9, "center")
    name_at(axes, f"the true loss, {true_loss}", sent[0], true_loss, 12, 9)
    names = [f"{each}\n{count} lost" for each, count in lost.items()]
    axes.set(xscale="log", xticks=sent, xticklabels=names, ylim=(-0.03, 0.33))
    axes.set_xlim(sent[0] / 1.4, sent[-1] * 1.8)
    axes.minorticks_off()
    said = "; ".join(
        f"after {each} packets {lost[each] / each:.3f}, and from {low:.3f} to {high:.3f} fits"
        for each, (low, high) in ends.items()
    )
    return Picture(figure, f"The loss seen {said}.")


NAMES = ("independent", "in bursts")
BETWEEN = 17  # from one record to the one below it, in degrees


def records(minutes: Sequence[int], celsius: Sequence[float]) -> MovingChart:
    """A sensor's record over two links; its data: which minutes came, by the link's name.

    Args:
        minutes: of all readings.
        celsius: what was read.
    """
    import numpy as np

    _, axes = chart(
        "In bursts, the same loss leaves longer gaps", "minute", "temperature in °C", height=4.6
    )
    last = minutes[-1] + 1
    axes.set(xlim=(-22, last), ylim=(9.5 - BETWEEN, 26), xticks=range(0, last, 50))
    ticks = {degrees - row * BETWEEN: degrees for row in range(len(NAMES)) for degrees in (15, 20)}
    axes.set_yticks(list(ticks), [str(degrees) for degrees in ticks.values()])
    for row in range(len(NAMES)):
        name_at(axes, "lost:", 0, 11 - row * BETWEEN, -2, 0, "right")
        axes.plot(minutes, celsius - row * BETWEEN, color=FAINT, linewidth=0.8)

    def draw_records(axes: Axes, records: Mapping[str, Sequence[int]]) -> str:
        said = []
        for row, (name, here) in enumerate(records.items()):
            height = -row * BETWEEN
            lost = np.setdiff1d(minutes, here)
            came = celsius[np.array(here, int) - 1]
            axes.plot(here, came + height, ".", color=BLUE, markersize=4)
            axes.plot(lost, np.full(len(lost), height + 11), "|", color=RED, markersize=9)
            longest = max(np.diff([0, *here, last])) - 1
            said.append(f"{name}: {len(lost)} of {len(minutes)} lost, longest gap {longest}")
            axes.text(-20, height + 23.6, said[-1], fontsize=10)
        return f"A sensor's record over two links; {'; '.join(said)}."

    return MovingChart(draw_records, axes)


def through_a_queue(prediction: Prediction, readings: int = 100) -> MovingChart:
    """The delay of each reading through a bottleneck.

    Its data: the numbers that came, each with its delay in milliseconds, in the order in which
    they came; and what a full queue makes of the delay.

    Args:
        prediction: of the delay of reading 50.
        readings: how many were sent.
    """
    title = "Readings sent too fast wait in the queue, and then get lost"
    _, axes = chart(title, "reading", "delay in ms")
    axes.set(xlim=(0, readings + 1), ylim=(-12, 120), yticks=range(0, 121, 20))

    def draw_delays(axes: Axes, data: tuple[list[tuple[int, float]], float]) -> str:
        rows, most = data
        said = []
        looks = (("o", BLUE), ("^", GREEN), ("x", RED))
        for (name, points), look in zip(_sorted_out(rows, readings).items(), looks, strict=True):
            said.append(f"{len(points)} {name}")
            marks(axes, points, *look, said[-1])
        axes.axhline(most, color=INK, linestyle="--", linewidth=1)
        full = f"delay + a full queue: {most:.0f} ms"
        axes.text(1, most + 3, full, fontsize=10, color=INK)
        guess = prediction.draw(axes, 50)
        axes.legend(frameon=False, ncols=4, loc="upper center", columnspacing=1.2, handlelength=1)
        told = (
            f"Delays of {readings} readings: {', '.join(said)}; a full queue means {most:.0f} ms."
        )
        return f"{told} {guess}".rstrip()

    return MovingChart(draw_delays, axes)


def _sorted_out(
    rows: list[tuple[int, float]], readings: int
) -> dict[str, list[tuple[float, float]]]:
    """Points by what became of their reading; those that were lost stand below zero."""
    points: dict[str, list] = {"in order": [], "overtaken": []}
    seen: set[int] = set()
    for number, delay in rows:
        kind = "overtaken" if number < max(seen, default=0) else "in order"
        points[kind].append((number, delay))
        seen.add(number)
    points["lost"] = [(number, -6) for number in range(1, readings + 1) if number not in seen]
    return points
