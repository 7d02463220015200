"""The charts of chapter 04."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.chapters.chapter_04._frames import ethernet, radio
from helpers.figures.explore import MovingChart
from helpers.figures.plots import Picture, chart, name_at
from helpers.look.palette import BLUE, GREEN, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from helpers.study.predict import Prediction

FRAME_ARRIVES = 0.99  # with this probability
LARGEST_ETHERNET, LARGEST_RADIO = 65_507, 1_232  # bytes of a datagram's payload


def one_lost_frame() -> Picture:
    """Which share of datagrams arrives, by their size, where one lost piece loses them."""
    import numpy as np

    small, large = FRAME_ARRIVES ** radio(12), FRAME_ARRIVES ** radio(LARGEST_RADIO)
    finding = (
        f"One lost piece loses all: by radio {small:.0%} arrive with 12 bytes, "
        f"{large:.0%} with {LARGEST_RADIO:,}"
    )
    figure, axes = chart(
        finding, "size of the datagram in bytes (logarithmic)", "share that arrives (from 60%)"
    )
    curves = (
        (ethernet, LARGEST_ETHERNET, BLUE, "-", "Ethernet, IPv4", 5000, (8, 8, "left")),
        (radio, LARGEST_RADIO, GREEN, "--", "small radio, IPv6", 200, (-10, -8, "right")),
    )
    for frames, largest, colour, style, name, at, place in curves:
        sizes = np.unique(np.geomspace(8, largest, 400).astype(int))
        shares = [FRAME_ARRIVES ** frames(size) for size in sizes]
        axes.plot(sizes, shares, style, color=colour, drawstyle="steps-post")
        name_at(axes, name, at, FRAME_ARRIVES ** frames(at), *place)
        full = max(size for size in range(1, 2000) if frames(size) == 1)
        axes.plot(full, FRAME_ARRIVES, "o", color=colour)
        name_at(axes, f"{full:,} bytes in one piece", full, FRAME_ARRIVES, 0, 12, "center")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylim(0.6, 1.03)
    axes.yaxis.set_major_formatter("{x:.0%}")
    most = FRAME_ARRIVES ** ethernet(LARGEST_ETHERNET)
    return Picture(
        figure,
        f"Two falling step curves. {finding}; one piece on Ethernet carries up to 1,472 "
        "bytes, one of the radio up to 32, and "
        f"{most:.0%} of datagrams of {LARGEST_ETHERNET:,} bytes arrive.",
    )


def burst_into_a_buffer(prediction: Prediction) -> MovingChart:
    """Which datagrams of a burst an unread socket has kept.

    Its data: how many were sent, the buffer that was asked for, the one that was granted, both in
    bytes, and the numbers that were kept.

    Args:
        prediction: of how many are kept.
    """
    import numpy as np

    title = "What the buffer has no room for is lost"
    _, axes = chart(title, "datagram's number", "", height=2.4)
    axes.set(xlim=(0, 1000), ylim=(0, 2.2), yticks=[])
    apart = 170  # on the axis, which the names of two short parts need

    def draw_burst(axes: Axes, data: tuple[int, int, int, list[int]]) -> str:
        datagrams, asked, granted, kept = data
        numbers, lost = np.arange(datagrams), datagrams - len(kept)
        arrived = np.isin(numbers, kept)
        axes.fill_between(numbers, arrived, step="post", color=BLUE)
        lost_ones = {"facecolor": "white", "edgecolor": RED, "hatch": "///"}
        axes.fill_between(numbers, ~arrived, step="post", **lost_ones)
        buffer = f"buffer: {asked:,} bytes asked for, {granted:,} granted"
        axes.text(5, 1.85, buffer, fontsize=10)
        axes.text(5, 1.2, f"{len(kept)} kept", fontsize=10, va="center")
        if lost:
            end = max(datagrams, apart)
            axes.text(end, 1.2, f"{lost} lost", fontsize=10, va="center", ha="right")
        said = prediction.draw(axes, on="x")
        if said:
            axes.legend(frameon=False, loc=(0.7, 0.66))
        text = f"{len(kept)} kept, {lost} lost; {buffer}"
        return f"Of a burst of {datagrams} datagrams into an unread socket {text}. {said}".rstrip()

    return MovingChart(draw_burst, axes)


def pings() -> MovingChart:
    """The round-trip time of each ping, and which stayed without an answer.

    Its data: the loss each way, how many pings were sent, and the milliseconds of each that was
    answered, by its number.
    """
    import numpy as np

    _, axes = chart("A dot is an answer, a cross a silence", "ping", "round-trip time in ms")
    axes.set_xlim(0, 41)

    def draw_pings(axes: Axes, data: tuple[float, int, Mapping[int, float]]) -> str:
        loss, count, times = data
        silent = [number for number in range(1, count + 1) if number not in times]
        top = max(50, *times.values(), 0)  # higher on a busy machine
        axes.set_ylim(-0.13 * top, 1.36 * top)
        axes.plot(times.keys(), times.values(), "o", color=BLUE)
        axes.plot(silent, [-0.07 * top] * len(silent), "x", color=RED)
        text = f"{len(times)} of {count} answered, {len(silent)} not: {len(silent) / count:.0%}"
        median = f"; median {np.median(list(times.values())):.0f} ms" if times else ""
        axes.text(0.5, 1.23 * top, text + median, fontsize=10)
        return f"Round-trip times of pings at a loss of {loss:.2f} each way: {text}{median}."

    return MovingChart(draw_pings, axes)
