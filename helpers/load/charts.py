"""Charts of what clients have met: how many were answered, and how long they waited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.figures.plots import Picture, chart, name_ends
from helpers.load.load import Load
from helpers.look.palette import BLUE, GREEN, INK, PURPLE, RED

if TYPE_CHECKING:  # imported where first used: a kernel that draws nothing starts sooner
    from matplotlib.axes import Axes

LOOKS = {  # of a design in each picture, so that chapters 08 and 09 can be compared
    "thread per client": (BLUE, "o-"),
    "pool of 32": (RED, "s--"),
    "selectors": (GREEN, "^-"),
    "asyncio": (PURPLE, "D:"),
}
MORE = (INK, "v-.")  # of a design for which no other is left
UNSERVED = 2200  # ms, where the crosses are: above every wait of `ask_once`

CROWD = "clients in the order of connecting: triangles are slow clients, dots quick ones"

Loads = Mapping[str, Sequence[Load]]
Crowd = tuple[str, int, Sequence[float | None]]


def looks_of(designs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The colour and the mark of each design: its own, or one that no other of them has.

    Args:
        designs: their names.
    """
    named = list(designs)
    free = iter([look for design, look in LOOKS.items() if design not in named])
    return {design: LOOKS.get(design) or next(free, MORE) for design in named}


def rates_chart(title: str, loads: Loads) -> Picture:
    """Draw the answers a second over the number of clients, a line for each design.

    Args:
        title: the finding.
        loads: for each design the loads with growing numbers of clients; five designs at most.
    """
    axes = _chart(title, "thousand answers a second", loads, lambda load: load.rate / 1000)
    axes.set_ylim(0, axes.get_ylim()[1])
    name_ends(axes)
    return _picture(title, axes, loads)


def percentiles_chart(title: str, loads: Loads) -> Picture:
    """Draw the 99th percentile of the waits over the number of clients; arguments as above."""
    label = "99th percentile in ms (logarithmic)"
    axes = _chart(title, label, loads, lambda load: load.p99 * 1000)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    name_ends(axes)
    return _picture(title, axes, loads)


def _chart(title: str, ylabel: str, loads: Loads, value: Callable[[Load], float]) -> Axes:
    xlabel = "clients (logarithmic); hollow: not all of them were served"
    _, axes = chart(title, xlabel, ylabel)
    looks = looks_of(loads)
    for design, row in loads.items():
        color, look = looks[design]
        numbers, values = [load.clients for load in row], [value(load) for load in row]
        axes.plot(numbers, values, look, color=color, label=design)
        size, order = (9, 4) if look[0] == "o" else (6, 5)  # a ring is seen round another mark
        for load in row:
            if load.served < load.clients:
                hollow = {"color": color, "mfc": "white", "markersize": size, "zorder": order}
                axes.plot(load.clients, value(load), look[0], **hollow)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return axes


def _picture(title: str, axes: Axes, loads: Loads) -> Picture:
    facts = "; ".join(
        f"{design}: {last.rate:,.0f} a second, 99th percentile {last.p99 * 1000:.1f} ms, "
        f"{last.served} of {last.clients} served"
        for design, (*_, last) in loads.items()
    )
    return Picture(axes.figure, f"{title}. A line for each design; with the most clients: {facts}.")


def crowd_axes() -> Axes:
    """Empty axes for `draw_crowd`, which fits them to a crowd and names it in the title."""
    _, axes = chart("Who waits how long?", CROWD, "wait in ms")
    return axes


def draw_crowd(axes: Axes, data: Crowd) -> str:
    """Draw what each client of a crowd has waited; return the picture's alternative text.

    Args:
        axes: as `crowd_axes` returns them.
        data: the design's name, how many clients were slow (the first ones), and the waits as
            `ask_once` returns them: seconds, or None for who had no answer.
    """
    design, slow, waits = data
    for here, mark, color in ((slice(slow), "^", RED), (slice(slow, None), "o", BLUE)):
        times = [1000 * wait if wait else float("nan") for wait in waits[here]]
        axes.plot(range(len(waits))[here], times, mark, color=color, markersize=4)
    lost = [number for number, wait in enumerate(waits) if wait is None]
    axes.plot(lost, [UNSERVED] * len(lost), "x", color=INK, markersize=4)
    answered = sorted(wait for wait in waits if wait)
    text = f"{design}: {len(answered)} of {len(waits)} served"
    if answered:
        median = answered[len(answered) // 2]
        text += f"; median {1000 * median:.0f} ms, longest {1000 * answered[-1]:.0f} ms"
    highest = max([1000 * wait for wait in answered] + [UNSERVED] * bool(lost), default=0)
    axes.set_xlim(-0.015 * len(waits) - 0.5, 1.015 * len(waits) - 0.5)
    axes.set_ylim(0, max(1000, 1.05 * highest))  # mostly the same, so that designs compare
    axes.set_xlabel(CROWD + (", crosses had no answer" if lost else ""), color=INK)
    axes.set_title(text[0].upper() + text[1:], loc="left", fontsize=11, color=INK, wrap=True)
    return f"Waits of a crowd of clients, {slow} of them slow. {text}."
