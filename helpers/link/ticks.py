"""How soon a wait ends: Windows ends one at its clock's next tick, and these are 15.6 ms apart."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys


@functools.cache
def make_fine() -> None:
    """On Windows let the waits of this process end within a millisecond, until it ends.

    A link's delay and a timer of some milliseconds would last up to 16 otherwise. Other systems
    have no such ticks. Source: Microsoft's page of timeBeginPeriod.
    """
    if sys.platform == "win32":
        with contextlib.suppress(OSError, AttributeError):  # without it the course is coarser
            ctypes.WinDLL("winmm").timeBeginPeriod(1)
