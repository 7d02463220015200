"""From impairments to the fate of each packet, the same for the same seed on any machine.

A packet meets the impairments in the order of `PIPELINE`. Its fate is a function of the seed, the
direction, the flow, its number and the impairments in force: a counter-based generator (Philox:
Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011) gives every packet eight
fractions from 0 to below 1, and each kind of impairment looks only at fractions of its own. So
changing one changes no draw of another, and a packet that is lost at 0.1 is also lost at 0.2.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from types import ModuleType
from typing import Literal

from helpers.link.impairments import (
    BurstLoss,
    Corrupt,
    Drawn,
    Fate,
    Impairment,
    in_order,
)
from helpers.link.ranges import whole
from helpers.uninterrupted import uninterrupted

# Blocks grow, so that a short flow costs little. The largest is drawn in well under a millisecond,
# for which the other packets of a link wait.
SMALLEST, LARGEST = 64, 1024


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
        damage: for packets that `Corrupt` chose, by number, what `damaged` makes of their bytes.

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
        self._blocks = _load_blocks()
        self._key = self._blocks.key(seed, direction, flow)
        self.number = whole("first", first, 0)
        self._lock = threading.Lock()
        self._ready: Iterator[Drawn] = iter(())  # the rest of the block
        self.damage: dict[int, int] = {}
        self.change(impairments)

    def change(self, impairments: Iterable[Impairment]) -> None:
        """Put other impairments in force, from the next packet on.

        Raises:
            TypeError, ValueError: as for a new `Fates`; the old impairments stay in force.
        """
        ordered = in_order(impairments)
        with self._lock:
            self._impairments = ordered
            self._draws = any(isinstance(each, self._blocks.DRAWING) for each in ordered)
            self._source = None
            self._bad = None
            self._size = SMALLEST
            self._ready = iter(())
            self.damage.clear()

    def next(self) -> Fate:
        """The fate of the next packet: (cause, delays, keep_order), see `Fate`."""
        cause, delay, again, keep_order = self.take(1)[0]
        delays = () if cause else (delay,) if again is None else (delay, again)
        return cause, delays, keep_order

    def take(self, count: int) -> list[Drawn]:
        """The fates of the next `count` packets, in order, as they are drawn."""
        taken: list[Drawn] = []
        while (missing := count - len(taken)) > 0:
            some = list(islice(self._ready, missing))
            if not some:
                self._draw()
            self.number += len(some)
            taken += some
        return taken

    def _draw(self) -> None:
        with self._lock:
            if not self._draws:
                drawn = self._blocks.no_fractions(self._size)
            else:
                if self._source is None:
                    self._source = self._blocks.source(self._key, self.number)
                drawn = self._blocks.fractions(self._source, self._size)
            if self._bad is None:
                self._bad = self._bad_before(self.number)
            fates, self._bad = self._blocks.befall(drawn, self.number, self._impairments, self._bad)
            for each in self._impairments:
                if isinstance(each, Corrupt):
                    self.damage |= self._blocks.damage(each, drawn, self.number)
            self._size = min(4 * self._size, LARGEST)
            self._ready = fates

    def _bad_before(self, end: int) -> bool:
        """Whether the chain of burst loss was in its bad state before packet `end`."""
        chain = next((one for one in self._impairments if isinstance(one, BurstLoss)), None)
        blocks, start, size = self._blocks, end, SMALLEST
        while chain and start > 0:
            start, size = max(0, start - size), 2 * size
            drawn = blocks.fractions(blocks.source(self._key, start), end - start)[:, blocks.BURST]
            # Both beginnings lead to the same end as soon as one packet has settled the state.
            ends = {bool(blocks.states(chain, drawn, start, bad)[-1]) for bad in (False, True)}
            if len(ends) == 1:
                return ends.pop()
        return False


def damaged(data: bytes, damage: int) -> bytes:
    """A packet's bytes with one to three of their bits flipped, as its `damage` says."""
    bits = 8 * len(data)
    flipped: set[int] = set()
    mixed = damage
    while len(flipped) < min(1 + damage % 3, bits):
        # A step of SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
        # generators", 2014.
        mixed = (mixed + 0x9E3779B97F4A7C15) % 2**64
        word = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        word = (word ^ word >> 27) * 0x94D049BB133111EB % 2**64
        flipped.add((word ^ word >> 31) % bits)
    changed = bytearray(data)
    for bit in flipped:
        changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)


@functools.cache
def _load_blocks() -> ModuleType:
    """The module that draws, and numpy with it, loaded when the first fates are made.

    An interrupt waits for its end: numpy imported in part would fail at every later import.
    """
    with uninterrupted():
        from helpers.link import blocks
    return blocks
