"""From impairments to the fate of each packet, the same for the same seed on any machine.

A packet meets the impairments in the order of `PIPELINE`. Its fate is a function of the seed, the
direction, the flow, its number and the impairments in force: a counter-based generator (Philox:
Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011) gives every packet eight
fractions from 0 to below 1, and each kind of impairment looks only at fractions of its own. So
changing one changes no draw of another, and a packet that is lost at 0.1 is also lost at 0.2.
"""

from __future__ import annotations

import hashlib
import operator
import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from statistics import NormalDist
from typing import Literal

import numpy as np

from .impairments import (
    BurstLoss,
    Delay,
    Duplicate,
    Impairment,
    Jitter,
    Loss,
    Rate,
    Reorder,
    Script,
    in_order,
)
from .ranges import whole

# A packet's fractions, from one round of Philox; the last is spare. A pair has one for each copy.
FRACTIONS = 8
LOSS, BURST, TWICE, JITTER, REORDER = 0, 1, 2, slice(3, 5), slice(5, 7)

# Blocks grow, so that a short flow costs little. The largest is drawn in well under a millisecond,
# for which the other packets of a link wait.
SMALLEST, LARGEST = 64, 1024

# A normal distribution cut at three standard deviations, mapped to 0 to 1: its value at each of so
# many equal shares. Rounded, because the last digits of a logarithm differ between C libraries.
STEPS = 4096
_NORMAL = NormalDist(1 / 2, 1 / 6)
_SHARES = np.linspace(_NORMAL.cdf(0), _NORMAL.cdf(1), STEPS + 1).tolist()
BELL = np.array([round(_NORMAL.inv_cdf(share), 12) for share in _SHARES])

# What befalls one packet, as (cause, delays, keep_order): the impairment that drops it ("script",
# "loss", "burst loss", or "" if none does), the extra delay in seconds of each copy that is
# delivered (none, one or two), and whether it must not arrive before earlier packets of its flow.
# A plain tuple, because a million named ones keep the garbage collector busy.
Fate = tuple[str, tuple[float, ...], bool]


class Fates:
    """The fates of one flow in one direction, packet by packet.

    One thread at a time takes fates; any thread may change the impairments. A `Rate` has no part
    in them: it depends on time, so the link asks its `Bottleneck`.

    Args:
        impairments: at most one of each kind, in any order.
        seed: any whole number.
        direction: "up" (client to server) or "down".
        flow: 0 for the first client, and so on.
        first: the number of the first packet whose fate is asked for, counted from 0.

    Attributes:
        number: the number of the packet whose fate comes next.

    Raises:
        TypeError: for what is no impairment, or numbers that are not whole.
        ValueError: for two impairments of one kind, an unknown direction, a negative number.
    """

    def __init__(
        self,
        impairments: Iterable[Impairment],
        seed: int,
        direction: Literal["up", "down"],
        flow: int,
        first: int = 0,
    ) -> None:
        self._key = _key(seed, direction, flow)
        self.number = whole("first", first, 0)
        self._lock = threading.Lock()
        self._ready: list[Fate] = []  # the next packet's fate is the last
        self.change(impairments)

    def change(self, impairments: Iterable[Impairment]) -> None:
        """Put other impairments in force, from the next packet on.

        Raises:
            TypeError, ValueError: as for a new `Fates`; the old impairments stay in force.
        """
        ordered = in_order(impairments)
        with self._lock:
            self._impairments = ordered
            self._source = None
            self._bad = None
            self._size = SMALLEST
            self._ready.clear()

    def next(self) -> Fate:
        """The fate of the next packet: (cause, delays, keep_order), see `Fate`."""
        return self.take(1)[0]

    def take(self, count: int) -> list[Fate]:
        """The fates of the next `count` packets, in order."""
        taken: list[Fate] = []
        while (missing := count - len(taken)) > 0:
            if not self._ready:
                self._draw()
            some = self._ready[: -missing - 1 : -1]
            del self._ready[-missing:]
            self.number += len(some)
            taken += some
        return taken

    def _draw(self) -> None:
        with self._lock:
            if self._source is None:
                self._source = _source(self._key, self.number)
            drawn = _fractions(self._source, self._size)
            if self._bad is None:
                self._bad = self._bad_before(self.number)
            block = _Block(drawn, self.number, self._bad)
            for impairment in self._impairments:
                STAGES[type(impairment)](block, impairment)
            self._bad = block.bad
            self._size = min(4 * self._size, LARGEST)
            self._ready.extend(reversed(block.fates()))

    def _bad_before(self, end: int) -> bool:
        """Whether the chain of burst loss was in its bad state before packet `end`."""
        chain = next((one for one in self._impairments if isinstance(one, BurstLoss)), None)
        start, size = end, SMALLEST
        while chain and start > 0:
            start, size = max(0, start - size), 2 * size
            drawn = _fractions(_source(self._key, start), end - start)[:, BURST]
            # Both beginnings lead to the same end as soon as one packet has settled the state.
            ends = {bool(_chain(chain, drawn, start, bad)[-1]) for bad in (False, True)}
            if len(ends) == 1:
                return ends.pop()
        return False


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
        lost = _chain(chain, self.drawn[:, BURST], self.first, self.bad)
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

    def rate(self, rate: Rate) -> None:
        """Nothing: what a queue does depends on the time, and the link asks its `Bottleneck`."""

    def fates(self) -> list[Fate]:
        keep, twice = self.keep_order, np.flatnonzero(self.twice).tolist()
        if self.varied is None:
            fates = [("", (self.fixed,), keep)] * self.count
            pair = ("", (self.fixed, self.fixed), keep)
            for place in twice:
                fates[place] = pair
        else:
            first, second = (self.fixed + self.varied).tolist()
            fates = list(zip(repeat(""), zip(first), repeat(keep)))
            for place in twice:
                fates[place] = ("", (first[place], second[place]), keep)
        for lost, cause in reversed(self.lost):  # the first in the pipeline has the last word
            fate = (cause, (), keep)
            for place in np.flatnonzero(lost).tolist():
                fates[place] = fate
        return fates


STAGES = {
    Script: _Block.script,
    Loss: _Block.loss,
    BurstLoss: _Block.burst_loss,
    Duplicate: _Block.duplicate,
    Delay: _Block.delay,
    Jitter: _Block.jitter,
    Reorder: _Block.reorder,
    Rate: _Block.rate,
}


def _key(seed: int, direction: str, flow: int) -> int:
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise TypeError(f"seed is {seed!r}: use a whole number")
    if direction not in ("up", "down"):
        raise ValueError(f'direction is {direction!r}: use "up" or "down"')
    text = f"{operator.index(seed):x} {direction} {whole('flow', flow, 0)}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def _source(key: int, first: int) -> np.random.Philox:
    """The source of random words, from those of packet `first` on: four for each packet."""
    return np.random.Philox(key=key, counter=first)


def _fractions(source: np.random.Philox, packets: int) -> np.ndarray:
    """The next fractions from 0 to below 1, a row for each packet.

    Each is half a word over 2**32: exact on any machine and in any version of numpy.
    """
    halves = source.random_raw(packets * FRACTIONS // 2).astype("<u8", copy=False).view("<u4")
    return halves.reshape(packets, FRACTIONS) * 2.0**-32


def _chain(chain: BurstLoss, drawn: np.ndarray, first: int, bad: bool) -> np.ndarray:
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


def _scripted(script: Script, first: int, count: int) -> Iterator[tuple[int, str | float]]:
    """The scripted ones of `count` packets from number `first` on, as (place among them, fate)."""
    if isinstance(script.fates, Mapping):
        for packet, fate in script.fates.items():
            if first < packet <= first + count:
                yield packet - 1 - first, fate
    else:
        yield from enumerate(script.fates[first : first + count])
