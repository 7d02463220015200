"""An estimator of the learner's whose calls are noted, so that its slip can be found."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_06 import _rto_hints as hints
from helpers.chapters.chapter_06 import _rto_slips as slips
from helpers.chapters.chapter_06._rto_slips import Call
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

METHODS = ("sample", "timeout", "back_off")


class Watched:
    """An estimator of the learner's, and what it was asked so far.

    Args:
        make: the learner's class.
        bounds, named: to make it with.

    Raises:
        Wrong: where it can't be made like that, or has not the three methods.
    """

    def __init__(self, make: Callable, *bounds: float, **named: float) -> None:
        self.bounds = (*bounds, *named.values())
        self.calls: list[Call] = []
        self._make = make
        try:
            self._made = make(*bounds, **named)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # from within
            told = f"It can't be made as its description says: {error}."
            raise Wrong(told, hints=hints.ARGUMENTS) from None
        for name in METHODS:
            if not callable(getattr(self._made, name, None)):
                found = getattr(self._made, name, None)
                what = "is not there" if found is None else f"is {short(found)}"
                told = f"Expected three methods, {', '.join(METHODS)}; {name} {what}."
                raise Wrong(told, hints=hints.METHODS)

    def sample(self, rtt: float) -> None:
        """Let it take a round-trip time in seconds."""
        self._made.sample(rtt)
        self._note("sample", rtt)

    def back_off(self) -> None:
        """Let it back off."""
        self._made.back_off()
        self._note("back_off")

    def expect(self, expected: float, told: str, slip: Hints | None = None) -> None:
        """Raise Wrong unless timeout() gives this, with the hints of the slip that gives that."""
        got = self._made.timeout()
        self._note("timeout")
        number = isinstance(got, (int, float)) and not isinstance(got, bool) and abs(got) < 1e9
        if number and math.isclose(got, expected, rel_tol=1e-6, abs_tol=1e-9):
            return
        shown = f"{got:.6g}" if number else short(got)
        told = f"{told} Expected timeout() to be {expected:.6g}, got {shown}."
        if not number:
            raise Wrong(told, hints=hints.RESULT)
        if self._shares():
            raise Wrong(told, hints=hints.SHARED)
        slip = slips.slip(self.bounds, self.calls, got, self._probe) or slip
        raise Wrong(told, hints=slip)

    def _shares(self) -> bool:
        """Whether what one object of the class was told changes another."""
        with contextlib.suppress(Exception):
            one, other = (self._make(*slips.PROBE_BOUNDS) for _ in range(2))
            before = other.timeout()
            one.sample(7.0)
            if other.timeout() != before:
                return True
            third = self._make(*slips.PROBE_BOUNDS)
            other.sample(3.0)
            one.sample(11.0)
            third.sample(3.0)
            return bool(other.timeout() != third.timeout())
        return False

    def _probe(self) -> list[Any]:
        """What other objects of the class say to series of calls, as far as they get."""
        said: list[Any] = []
        with contextlib.suppress(Exception):
            for calls in slips.PROBES:
                made = self._make(*slips.PROBE_BOUNDS)
                for name, rtt in calls:
                    told = getattr(made, name)(*([rtt] if name == "sample" else []))
                    said += [told] if name == "timeout" else []
        return said

    def _note(self, name: str, rtt: float = 0.0) -> None:
        self.calls.append((name, rtt))
