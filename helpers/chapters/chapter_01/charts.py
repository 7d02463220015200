"""The charts of chapter 01."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.figures.explore import MovingChart
from helpers.figures.plots import Picture, chart, name_at
from helpers.look.palette import BLUE, DARK_ORANGE, GREEN, INK, SKY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from helpers.study.predict import Prediction


SLOWEST = 20  # round trips, each of which has a mark


def round_trip_times(microseconds: Sequence[float], prediction: Prediction) -> Picture:
    """How often each round-trip time came up, with the median and the 99th percentile.

    Triangles mark the slowest, whose bars are too low to be seen.

    Args:
        microseconds: the times.
        prediction: of the median.
    """
    import numpy as np
    from matplotlib.ticker import LogFormatter

    median, p99, worst = np.percentile(microseconds, [50, 99, 100])
    finding = (
        f"Half of the round trips took under {median:,.0f} µs, one in a hundred over {p99:,.0f} µs"
    )
    figure, axes = chart(finding, "round-trip time in µs (logarithmic)", "round trips")
    bins = np.geomspace(min(microseconds), worst * 1.0001, 60)
    counts, *_ = axes.hist(microseconds, bins, color=SKY, edgecolor=BLUE)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.set_minor_formatter(LogFormatter())
    top = 1.3 * counts.max()
    axes.set_ylim(0, top)
    marks = ((median, "median", "-", 0.95), (p99, "99th percentile", "--", 0.85))
    for value, name, style, height in marks:
        axes.axvline(value, ymax=height + 0.03, color=INK, linestyle=style)
        name_at(axes, f"{name}, {value:,.0f} µs", value, height * top)
    slowest = sorted(microseconds)[-SLOWEST:]
    axes.plot(slowest, [0.04 * top] * len(slowest), "v", color=DARK_ORANGE, markersize=6)
    axes.annotate(
        f"slowest, {worst:,.0f} µs",
        (worst, 0.06 * top),
        (worst, 0.16 * top),
        ha="right",
        arrowprops={"arrowstyle": "-", "color": INK},
        bbox={"facecolor": axes.get_facecolor(), "edgecolor": "none", "pad": 1},
    )
    said = prediction.draw(axes, on="x")
    if said:
        axes.legend(frameon=False, loc="center right", handles=axes.get_lines()[-1:])
    about = f"Histogram of {len(microseconds):,} round-trip times. {finding}; the slowest took"
    return Picture(figure, f"{about} {worst:,.0f} µs. {said}".rstrip())


def sockets_and_ports() -> MovingChart:
    """Which socket stands behind which port, on both sides of some conversations.

    `draw` is given the listeners' addresses, and a pair of addresses for each conversation: the
    client's and the connection's.
    """
    title = "Behind one port stand many sockets: one for each conversation, and the listener"
    _, axes = _sheet(title, (0, 10), (7.4, -0.9), 4.2)
    from matplotlib.patches import FancyBboxPatch

    for left, name in ((0.1, "process of the clients"), (7.3, "process of the server")):
        box = {"boxstyle": "round,pad=0,rounding_size=0.15", "facecolor": "none", "edgecolor": INK}
        axes.add_patch(FancyBboxPatch((left, -0.1), 2.6, 7.3, linewidth=1.2, **box))
        axes.text(left + 1.3, -0.45, name, ha="center", va="center", color=INK, fontsize=10)
    for x, name in ((3.5, "ports"), (6.5, "ports")):
        axes.text(x, -0.45, name, ha="center", va="center", color=INK, fontsize=10)

    def draw(axes: Axes, data: tuple[list[tuple], list[tuple]]) -> str:
        listeners, pairs = data
        rows = len(listeners) + len(pairs)
        step, y = min(0.95, 6.7 / rows), 0.45
        number = 0
        for place, listener in enumerate(listeners):
            colour, mark = (BLUE, DARK_ORANGE, GREEN)[place % 3], ("-", "--", "-.")[place % 3]
            mine = [pair for pair in pairs if pair[1] == listener]
            middle = y + step * len(mine) / 2
            _tag(axes, 6.5, middle, str(listener[1]), colour)
            _socket(axes, 8.6, y, "listener", colour, dashed=True)
            axes.plot([7.05, 7.5], [middle, y], mark, color=colour, linewidth=1.2)
            for client, _ in mine:
                y, number = y + step, number + 1
                _socket(axes, 1.4, y, f"client {number}", colour)
                _tag(axes, 3.5, y, str(client[1]), colour)
                _socket(axes, 8.6, y, f"connection {number}", colour)
                axes.plot([2.5, 2.95], [y, y], mark, color=colour, linewidth=1.2)
                axes.plot([4.05, 5.95], [y, middle], mark, color=colour, linewidth=1.8)
                axes.plot([7.05, 7.5], [middle, y], mark, color=colour, linewidth=1.2)
            y += step
        talks, ports = len(pairs), len(listeners)
        return (
            f"Two processes. On the clients' side {_many(talks, 'socket')} behind "
            f"{_many(len({client[1] for client, _ in pairs}), 'port')}. On the server's side "
            f"{_many(ports, 'listener')} and {_many(talks, 'connection')} behind "
            f"{_many(len({each[1] for each in listeners}), 'port')}. A line leads from each "
            "client's port to that of its listener."
        )

    return MovingChart(draw, axes)


def two_orders() -> MovingChart:
    """A number's bytes in network order and in little-endian, and what each order reads in them.

    `draw` is given both as bytes.
    """
    title = "The order in which bytes are read decides which number they make"
    _, axes = _sheet(title, (0, 10), (2.0, -0.9), 2.0)
    for y, name in ((0.3, "network order"), (1.4, "little-endian")):
        axes.text(0.05, y, name, va="center", color=INK, fontsize=11)
    columns = (
        (2.4, "bytes, as they travel"),
        (5.7, "read in that order"),
        (7.8, "in the other order"),
    )
    for x, name in columns:
        axes.text(x, -0.55, name, va="center", color=INK, fontsize=10)

    def draw(axes: Axes, data: tuple[bytes, bytes]) -> str:
        network, little = data
        for y, packed, colour in ((0.3, network, BLUE), (1.4, little, DARK_ORANGE)):
            for place, byte in enumerate(packed):
                _tag(axes, 2.75 + 0.75 * place, y, f"{byte:02x}", colour, wide=0.7)
        as_little = int.from_bytes(network, "little")
        as_network = int.from_bytes(little, "big")
        right = int.from_bytes(network, "big")
        for y, number in ((0.3, as_little), (1.4, as_network)):
            axes.text(5.7, y, f"{right:,}", va="center", color=INK, fontsize=12)
            axes.text(7.8, y, f"{number:,}", va="center", color=INK, fontsize=12)
        return (
            f"The number {right:,} as {len(network)} bytes. In network order: {network.hex(' ')}, "
            f"which a little-endian reader takes for {as_little:,}. In little-endian: "
            f"{little.hex(' ')}, which a reader in network order takes for {as_network:,}."
        )

    return MovingChart(draw, axes)


def _many(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _sheet(
    title: str, across: tuple[float, float], down: tuple[float, float], height: float
) -> tuple[Figure, Axes]:
    """A figure without scales, for a drawing."""
    figure, axes = chart(title, "", "", 7.6, height)
    axes.set(xlim=across, ylim=down, xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure, axes


def _tag(axes: Axes, x: float, y: float, text: str, colour: str, wide: float = 1.1) -> None:
    """A number in a frame: a port, or a byte."""
    from matplotlib.patches import Rectangle

    look = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.6}
    axes.add_patch(Rectangle((x - wide / 2, y - 0.3), wide, 0.6, zorder=3, **look))
    style = {"family": "DejaVu Sans Mono", "color": INK, "ha": "center", "va": "center"}
    axes.text(x, y, text, fontsize=10, zorder=4, **style)


def _socket(axes: Axes, x: float, y: float, name: str, colour: str, dashed: bool = False) -> None:
    """A socket, as a pill with its name; a listener's edge is dashed."""
    from matplotlib.patches import FancyBboxPatch

    look = {"edgecolor": colour, "linewidth": 1.6, "linestyle": "--" if dashed else "-"}
    shape = {"boxstyle": "round,pad=0,rounding_size=0.25", "facecolor": "#F4F7FA"}
    axes.add_patch(FancyBboxPatch((x - 1.1, y - 0.3), 2.2, 0.6, zorder=3, **look, **shape))
    axes.text(x, y, name, ha="center", va="center", color=INK, fontsize=9, zorder=4)
