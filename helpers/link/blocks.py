"""Fates drawn in blocks, with numpy: the one module of this wing that needs it.

It is loaded with the first `Fates`, so with the first link: to load numpy takes longer than all the
rest of the course together, and a chapter without a link does not need it.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from statistics import NormalDist

import numpy as np

from helpers.link.impairments import (
    BurstLoss,
    Corrupt,
    Delay,
    Drawn,
    Duplicate,
    Impairment,
    Jitter,
    Loss,
    Mtu,
    Rate,
    Reorder,
    Script,
)
from helpers.link.ranges import whole

# A packet's fractions, from one round of Philox. A pair has one for each copy.
FRACTIONS = 8
LOSS, BURST, TWICE, JITTER, REORDER, CORRUPT = 0, 1, 2, slice(3, 5), slice(5, 7), 7
DRAWING = (Loss, BurstLoss, Duplicate, Jitter, Reorder, Corrupt)  # the others look at no fraction

# A normal distribution cut at three standard deviations, mapped to 0 to 1: its value at each of so
# many equal shares. Rounded, because the last digits of a logarithm differ between C libraries.
STEPS = 4096
_NORMAL = NormalDist(1 / 2, 1 / 6)
_SHARES = np.linspace(_NORMAL.cdf(0), _NORMAL.cdf(1), STEPS + 1).tolist()
BELL = np.array([round(_NORMAL.inv_cdf(share), 12) for share in _SHARES])


def key(seed: int, direction: str, flow: int) -> int:
    """The key of a flow's generator.

    Raises:
        TypeError: for a seed or a flow that is no whole number.
        ValueError: for an unknown direction or a negative flow.
    """
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise TypeError(f"seed is {seed!r}: use a whole number")
    if direction not in ("up", "down"):
        raise ValueError(f'direction is {direction!r}: use "up" or "down"')
    text = f"{operator.index(seed):x} {direction} {whole('flow', flow, 0)}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def source(key: int, first: int) -> np.random.Philox:
    """The source of random words, from those of packet `first` on: four for each packet."""
    return np.random.Philox(key=key, counter=first)


def fractions(source: np.random.Philox, packets: int) -> np.ndarray:
    """The next fractions from 0 to below 1, a row for each packet.

    Each is half a word over 2**32: exact on any machine and in any version of numpy.
    """
    halves = source.random_raw(packets * FRACTIONS // 2).astype("<u8", copy=False).view("<u4")
    # Each kind of fraction side by side in memory: an impairment looks at one kind of all packets.
    return np.multiply(halves.reshape(packets, FRACTIONS).T, 2.0**-32, order="C").T


def no_fractions(packets: int) -> np.ndarray:
    """What stands for them where no impairment looks at any."""
    return np.broadcast_to(0.0, (packets, FRACTIONS))


def states(chain: BurstLoss, drawn: np.ndarray, first: int, bad: bool) -> np.ndarray:
    """The states of the Gilbert chain, True for bad, for packets from `first` on after `bad`.

    A fraction below the step to bad means bad from either state, one above 1 minus the step to good
    means good from either, and one between leaves the state as it is. So the state depends on the
    last packet that settled it, wherever the chain began.
    """
    to_bad, to_good = chain.steps
    low = drawn < to_bad
    settled = low | (drawn >= 1 - to_good)
    if first == 0:  # the steady state
        low[0], settled[0] = drawn[0] < chain.mean, True
    last = np.maximum.accumulate(np.where(settled, np.arange(len(drawn)), -1))
    return np.where(last < 0, bad, low[last])


def befall(
    drawn: np.ndarray, first: int, impairments: Iterable[Impairment], bad: bool
) -> tuple[Iterator[Drawn], bool]:
    """What befalls packets from number `first` on, and whether burst loss is then in its bad state.

    Args:
        drawn: the packets' fractions, a row for each.
        first: the number of the first, counted from 0.
        impairments: what they meet, in order.
        bad: whether burst loss was in its bad state before them.
    """
    block = _Block(drawn, first, bad)
    for impairment in impairments:
        _STAGES[type(impairment)](block, impairment)
    return block.fates(), block.bad


def damage(corrupt: Corrupt, drawn: np.ndarray, first: int) -> dict[int, int]:
    """A number for each packet that is damaged, by the packet's; the same at any probability."""
    chosen = np.flatnonzero(drawn[:, CORRUPT] < corrupt.probability)
    words = (drawn[chosen, CORRUPT] * 2.0**32).astype(np.int64).tolist()
    places = chosen.tolist()
    return {first + at: word ^ (first + at) << 32 for at, word in zip(places, words, strict=True)}


class _Block:
    """Packets on their way through the pipeline, each stage for all of them at once."""

    def __init__(self, drawn: np.ndarray, first: int, bad: bool) -> None:
        self.drawn, self.first, self.count, self.bad = drawn, first, len(drawn), bad
        self.lost: list[tuple[np.ndarray, str]] = []
        self.twice = np.zeros(self.count, bool)
        self.fixed = 0.0  # the delay that all packets share
        self.varied: np.ndarray | None = None  # the rest, a row for each copy
        self.keep_order = False

    def wait(self, seconds: np.ndarray) -> None:
        self.varied = seconds if self.varied is None else self.varied + seconds

    def script(self, script: Script) -> None:
        lost = np.zeros(self.count, bool)
        waits = np.zeros(self.count)
        for place, fate in _scripted(script, self.first, self.count):
            if fate == "drop":
                lost[place] = True
            elif fate == "duplicate":
                self.twice[place] = True
            elif fate != "deliver":
                waits[place] = fate
        self.lost.append((lost, "script"))
        if waits.any():
            self.wait(np.array([waits, waits]))

    def loss(self, loss: Loss) -> None:
        self.lost.append((self.drawn[:, LOSS] < loss.probability, "loss"))

    def burst_loss(self, chain: BurstLoss) -> None:
        lost = states(chain, self.drawn[:, BURST], self.first, self.bad)
        self.bad = bool(lost[-1])
        self.lost.append((lost, "burst loss"))

    def duplicate(self, duplicate: Duplicate) -> None:
        self.twice |= self.drawn[:, TWICE] < duplicate.probability

    def delay(self, delay: Delay) -> None:
        self.fixed = delay.seconds

    def jitter(self, jitter: Jitter) -> None:
        drawn = self.drawn[:, JITTER].T
        if jitter.shape == "normal":
            steps = drawn * STEPS
            below = steps.astype(np.int64)
            drawn = BELL[below] + (steps - below) * (BELL[below + 1] - BELL[below])
        self.wait(2 * jitter.seconds * drawn)
        self.keep_order = not jitter.reorder

    def reorder(self, reorder: Reorder) -> None:
        drawn = self.drawn[:, REORDER].T
        self.wait((drawn < reorder.probability) * reorder.seconds)

    def left_to_the_link(self, _: Impairment) -> None:
        """Nothing: the time, a packet's size or its bytes decide, and the link has these."""

    def fates(self) -> Iterator[Drawn]:
        twice = np.flatnonzero(self.twice).tolist()
        if self.varied is None:
            first = [self.fixed] * self.count
            second = [self.fixed] * len(twice)
        else:
            first = (self.fixed + self.varied[0]).tolist()
            second = (self.fixed + self.varied[1, twice]).tolist()
        again: list[float | None] = [None] * self.count
        for place, delay in zip(twice, second, strict=True):
            again[place] = delay
        causes = [""] * self.count
        for lost, cause in reversed(self.lost):  # the first in the pipeline has the last word
            for place in np.flatnonzero(lost).tolist():
                causes[place] = cause
        # Columns, whose rows are made when they are taken: so many rows at once crowd the
        # processor's cache.
        return zip(causes, first, again, repeat(self.keep_order))


_STAGES = {
    Script: _Block.script,
    Loss: _Block.loss,
    BurstLoss: _Block.burst_loss,
    Duplicate: _Block.duplicate,
    Delay: _Block.delay,
    Jitter: _Block.jitter,
    Reorder: _Block.reorder,
    Rate: _Block.left_to_the_link,
    Mtu: _Block.left_to_the_link,
    Corrupt: _Block.left_to_the_link,
}


def _scripted(script: Script, first: int, count: int) -> Iterator[tuple[int, str | float]]:
    """The scripted ones of `count` packets from number `first` on, as (place among them, fate)."""
    if isinstance(script.fates, Mapping):
        for packet, fate in script.fates.items():
            if first < packet <= first + count:
                yield packet - 1 - first, fate
    else:
        yield from enumerate(script.fates[first : first + count])
