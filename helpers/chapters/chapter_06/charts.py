"""The charts of chapter 06: what tries, timers and windows cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.chapters.chapter_06._wire import HEADER
from helpers.figures.explore import MovingChart
from helpers.figures.plots import Picture, chart, legend_in_a_row, marks, name_at, name_ends
from helpers.look.palette import BLUE, DARK_ORANGE, FAINT, GREEN, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from helpers.study.predict import Prediction
    from helpers.trace.trace import Trace

CLOCK = "seconds, on CoAP's clock"
LOOKS = {"stop-and-wait": ("s", RED), "Go-Back-N": ("^", DARK_ORANGE)}
LOOKS["Selective Repeat"] = ("o", BLUE)


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
    name_at(axes, "1/(1 − p), if no ACK were lost", 0.4, 1.67, 0, -14)
    for loss, counts in sent.items():
        width = 1.96 * np.std(counts) / len(counts) ** 0.5
        axes.errorbar(loss, np.mean(counts), width, fmt="D", color=RED, capsize=5)
    said = prediction.draw(axes, x=0.3)
    if said:
        axes.legend(frameon=False, loc="upper left")
    measured = ", ".join(f"{np.mean(counts):.2f} at {loss}" for loss, counts in sent.items())
    about = "Tries against loss, measured, with 95 % intervals, beside 1 over (1 - p) squared"
    return Picture(figure, f"{about}: {measured}. {said}".rstrip())


def cost_of_timers(costs: Mapping[int, tuple[float, float]]) -> Picture:
    """What timers cost in datagrams and in time.

    Args:
        costs: datagrams and milliseconds for a message, by the timer in milliseconds.
    """
    title = "Too short costs datagrams, too long costs time"
    figure, axes = chart(title, "milliseconds for a message", "datagrams for a message", height=3)
    times, datagrams = [t for _, t in costs.values()], [d for d, _ in costs.values()]
    axes.plot(times, datagrams, "o:", color=BLUE)
    for index, timer in enumerate(costs):
        place = (-4, -13) if index == len(costs) // 2 else (6, 9)
        name_at(axes, f"timer {timer} ms", times[index], datagrams[index], *place)
    axes.set(xlim=(0, max(times) * 1.25), ylim=(0, max(datagrams) * 1.15))
    said = ", ".join(f"timer {ms} ms: {d:.1f} and {t:.0f} ms" for ms, (d, t) in costs.items())
    return Picture(figure, f"Datagrams against time for a message: {said}")


def timer_that_follows(rows: Sequence[tuple[int, float, Sequence[float]]]) -> Picture:
    """A retransmission timer beside the round trips that it follows.

    Args:
        rows: for each message its number, the timer, and the time since each transmission, both in
            milliseconds.
    """
    title = "The timer stays above the round trips, and finds them again after a change"
    figure, axes = chart(title, "message", "milliseconds")
    numbers, timers = [row[0] for row in rows[1:]], [row[1] for row in rows[1:]]
    axes.step(numbers, timers, where="mid", color=GREEN, label="timer")
    used = [(number, since[0]) for number, _, since in rows if len(since) == 1]
    marks(axes, used, "o", BLUE, "samples", size=4)
    again = [(number, took) for number, _, since in rows if len(since) > 1 for took in since]
    marks(axes, again, "x", RED, "sent again: since each transmission")
    axes.set_ylim(0, 90)
    legend_in_a_row(axes)
    return Picture(
        figure,
        f"The timer and {len(used)} samples of round-trip times over {len(rows)} messages; "
        f"{len(rows) - len(used)} messages were sent again and gave no sample.",
    )


def goodput_chart(
    points: Sequence[tuple[float, int, float]],
    xlabel: str,
    goodput: Callable[[str, int, float], float],
    theory: Callable[[str, int, float], float],
) -> Picture:
    """Goodput of the three protocols: marks are measured, lines are the textbook's.

    Args:
        points: where to measure: x, the window in messages, and the loss.
        xlabel: what x is.
        goodput: measures a protocol, by its name, at a window and a loss: messages per slot.
        theory: what the textbook says of it.
    """
    import numpy as np

    reached = {
        name: [goodput(name, window, loss) for _, window, loss in _for(name, points)]
        for name in LOOKS
    }
    finding = _goodput_finding(points, reached)
    figure, axes = chart(finding, xlabel, "goodput, messages per slot", height=3.2)
    for name, (mark, colour) in LOOKS.items():
        at = np.array(_for(name, points))
        fine = np.linspace(0, len(at) - 1, 100)
        x, window, loss = (np.interp(fine, range(len(at)), column) for column in at.T)
        curve = [theory(name, *each) for each in zip(window, loss, strict=True)]
        axes.plot(x, curve, color=colour, label="_")
        axes.plot(at[:, 0], reached[name], mark, color=colour, label=name)
    axes.set_ylim(0, 1.08)
    name_ends(axes)
    told = (f"{name} {', '.join(f'{n:.2f}' for n in values)}" for name, values in reached.items())
    return Picture(
        figure,
        f"{finding}. Goodput, measured, beside the textbook's curves: {'; '.join(told)}.",
    )


def _for(name: str, points: Sequence[tuple[float, int, float]]) -> list[tuple[float, int, float]]:
    return [(x, 1 if name == "stop-and-wait" else window, loss) for x, window, loss in points]


def _goodput_finding(
    points: Sequence[tuple[float, int, float]], reached: Mapping[str, Sequence[float]]
) -> str:
    """What the last point says of Go-Back-N and Selective Repeat."""
    (_, window, loss), last = points[-1], {name: values[-1] for name, values in reached.items()}
    back, selective = last["Go-Back-N"], last["Selective Repeat"]
    return (
        f"At a loss of {loss:g} and a window of {window} Go-Back-N reaches {back:.2f}, "
        f"Selective Repeat {selective:.2f}"
    )


def climb() -> MovingChart:
    """The numbers that a sender sends over time, and which of them are lost.

    Its data: the protocol's name, the window, and what `transfer` returns: how many arrived in
    order, and the trace.
    """
    title = "Where the points stand still or fall back, time is lost"
    _, axes = chart(title, "milliseconds", "number", height=4)
    axes.set(xlim=(0, 125), ylim=(0, 135))

    def draw_climb(axes: Axes, data: tuple[str, int, tuple[int, Trace]]) -> str:
        protocol, window, (arrived, trace) = data
        seen: set[int] = set()
        sent: dict[str, list] = {"sent": [], "sent again": [], "lost on the way": []}
        for event in trace:
            if event.source != "server":
                number = HEADER.unpack(event.head)[1]
                kind = "sent again" if number in seen else "sent"
                kind = "lost on the way" if event.fate == "dropped" else kind
                sent[kind].append(((event.time - trace.events[0].time) * 1000, number))
                seen.add(number)
        counts = [f"{kind}: {len(points)}" for kind, points in sent.items()]
        looks = zip("oDX", (BLUE, DARK_ORANGE, RED), strict=True)
        for count, points, look in zip(counts, sent.values(), looks, strict=True):
            marks(axes, points, *look, count)
        axes.legend(frameon=False, loc="upper left")
        text = f"{arrived} arrived in order within 120 ms"
        axes.text(62, 121, text, fontsize=10)
        return f"{protocol} with a window of {window}: {text}; {', '.join(counts)}"

    return MovingChart(draw_climb, axes)


def intervals(runs: Mapping[str, Sequence[tuple[float, str]]], gives_up: float) -> Picture:
    """When each transmission of a message was sent, a row for each run.

    Args:
        runs: by name, the first of them one that gives up: for each transmission the seconds since
            the first, and its fate.
        gives_up: when the first run gives up, in seconds.
    """
    title = "CoAP asks at longer and longer intervals, and then gives up"
    figure, axes = chart(title, CLOCK, "", height=2.6)
    for fate, mark, colour in (("dropped", "X", RED), ("delivered", "o", BLUE)):
        points = [(t, name) for name, sent in runs.items() for t, each in sent if each == fate]
        marks(axes, points, mark, colour, fate, size=9)
    marks(axes, [(gives_up, next(iter(runs)))], "|", INK, "gives up", size=20)
    axes.set_ylim(-0.6, len(runs) - 0.4)
    legend_in_a_row(axes)
    told = [f"{name}: {', '.join(f'{t:.0f}' for t, _ in sent)} s" for name, sent in runs.items()]
    about = f"When each transmission was sent; the first are lost. {'; '.join(told)}."
    return Picture(figure, about)


def herd_chart(
    got: Mapping[str, tuple[set[int], Trace]], faster: float, device_of: Callable[[bytes], int]
) -> Picture:
    """The transmissions of many devices that begin at once, a block of rows for each rule.

    Args:
        got: by the rule's name, which devices were confirmed, and the trace.
        faster: how many times CoAP's clock is faster than the trace's.
        device_of: the device's number in a datagram, from 0.
    """
    first, second = (len(confirmed) for confirmed, _ in got.values())
    finding = f"Of 30 that send in step {first} are confirmed, at random intervals {second}"
    figure, axes = chart(finding, CLOCK, "", height=3.6)
    for block, (_, trace) in enumerate(got.values()):
        sent = [event for event in trace if event.source != "server"]
        for fate, mark, colour in (("delivered", "o", BLUE), ("dropped", "x", RED)):
            points = [
                ((e.time - sent[0].time) * faster, device_of(e.head) + 34 * block)
                for e in sent
                if e.fate == fate
            ]
            marks(axes, points, mark, colour, None if block else fate, size=3.5)
    axes.set_yticks([15, 49], list(got))
    axes.set_ylim(-2, 66)
    legend_in_a_row(axes)
    about = "Transmissions of 30 devices over time, delivered or dropped by a queue."
    return Picture(figure, f"{about} {finding}.")
