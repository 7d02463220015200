"""The queue of a `Rate`, as it fills and drains: what becomes of a packet depends on the time."""

from __future__ import annotations

import math


class Bottleneck:
    """A queue before a limited rate. It has no clock: moments are handed in.

    Args:
        bytes_per_second: the rate at which it drains.
        queue: how many bytes it has room for.
    """

    def __init__(self, bytes_per_second: float, queue: float) -> None:
        self.backlog = 0.0  # bytes let in and not sent yet, at the last moment asked about
        self._now = -math.inf
        self._speed = bytes_per_second
        # Sizes are whole, so half a byte decides nothing but the rounding of moments.
        self._room = queue + 0.5

    def admit(self, now: float, size: int) -> float | None:
        """Seconds from `now` until a packet of `size` bytes is sent, or None: it is dropped.

        Args:
            now: seconds on any clock; a moment before the last one counts as the last one.
            size: bytes, 0 or more.
        """
        backlog = self.backlog
        if now > self._now:
            backlog -= (now - self._now) * self._speed
            if backlog < 0.0:
                backlog = 0.0
            self._now = now
        filled = backlog + size
        if filled > self._room:
            self.backlog = backlog
            return None
        self.backlog = filled
        return filled / self._speed
