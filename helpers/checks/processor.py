"""The processor time that a learner's code takes where it has only to wait."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable

# Of the time that a call takes: who waits for datagrams needs 0.02 of it, who spins 0.2 and more.
MUCH_WORK = 0.08
LOOK = 0.04  # seconds in which a server that rests is known
LONGEST_LOOK = 0.4  # seconds for one that does not
RESTS = 0.2  # part of a processor that is no matter
MUCH = 0.08  # seconds of a processor that nobody needs to wait


class Clock:
    """Measures what a call takes in this thread: seconds, and seconds of a processor."""

    def __init__(self) -> None:
        self._began, self._worked = time.perf_counter(), time.thread_time()

    @property
    def took(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self._began

    @property
    def spins(self) -> bool:
        """Whether this thread has worked for much of the time, where it had only to wait."""
        return time.thread_time() - self._worked > max(0.01, MUCH_WORK * self.took)


def spins(threads: Callable[[], Iterable[threading.Thread]]) -> bool:
    """Whether these threads keep a processor busy, at a time when there is nothing for them to do.

    A server that rests is known after a few hundredths of a second.
    """
    began, at_first = time.perf_counter(), processor_time(threads())
    while (waited := time.perf_counter() - began) < LONGEST_LOOK:
        time.sleep(LOOK / 4)
        used = processor_time(threads()) - at_first
        if used >= MUCH:
            return True
        if waited >= LOOK and used < RESTS * waited:
            return False
    return False


def processor_time(threads: Iterable[threading.Thread]) -> float:
    """The processor time of these threads so far, in seconds.

    Only Linux tells it of another thread in a way that is safe when that thread ends. Elsewhere it
    is that of the process without the calling thread.
    """
    if sys.platform != "linux":
        return time.process_time() - time.thread_time()
    used = 0.0
    for thread in threads:
        with contextlib.suppress(OSError):  # it has ended at this moment
            used += time.clock_gettime(_clock_of(thread.native_id)) if thread.native_id else 0.0
    return used


def _clock_of(native_id: int) -> int:
    """The number of a thread's processor clock, as Linux makes it (clock_getcpuclockid)."""
    return (~native_id << 3) | 6
