"""The processor time that a learner's code takes where it has only to wait."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

# Of the time that a call takes: who waits for datagrams needs 0.02 of it, who spins 0.2 and more.
MUCH_WORK = 0.08
LOOK = 0.04  # seconds in which a server that rests is known
LONGEST_LOOK = 0.4  # seconds for one that does not
MOST = 1.2  # seconds for one that other programs keep from a processor
RESTED = 2  # looks in a row, as one may meet a thread that has just been kept from its work
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


class FreeTime:
    """Measures the seconds in which some threads could have worked.

    Where other programs keep them, or the thread that looks, from a processor, that is none. The
    latter may hold the interpreter's lock meanwhile, and so keep the others from it.

    Args:
        threads: gives those of this moment.
    """

    def __init__(self, threads: Callable[[], Iterable[threading.Thread]]) -> None:
        self._threads, self._looks = threads, threading.current_thread()
        self._at_first, self._began = self._queued(), time.perf_counter()

    @property
    def seconds(self) -> float:
        """Such seconds since it was made; all of them where the system does not tell."""
        took = (
            time.perf_counter() - self._began
        )  # before the look, which may be kept waiting itself
        queued = {who: now - self._at_first.get(who, 0.0) for who, now in self._queued().items()}
        mine = queued.pop(self._looks.native_id, 0.0)
        return max(0.0, took - mine - max(queued.values(), default=0.0))

    def _queued(self) -> dict[int | None, float]:
        """The seconds for which each thread has been kept from a processor, by its native id."""
        found = {}
        for each in (self._looks, *self._threads()):
            # How long it has worked and has been kept waiting, in nanoseconds, and how often.
            if len(told := _told_of(each, "schedstat").split()) > 1:
                found[each.native_id] = int(told[1]) / 1e9
        return found


def spins(threads: Callable[[], Iterable[threading.Thread]]) -> bool:
    """Whether these threads keep a processor busy, at a time when there is nothing for them to do.

    A server that rests is known after a few hundredths of a second in which it could have worked.
    """
    began, at_first, free = time.perf_counter(), processor_time(threads()), FreeTime(threads)
    rested = 0  # looks in a row
    while (could := free.seconds) < LONGEST_LOOK and time.perf_counter() - began < MOST:
        time.sleep(LOOK / 4)
        used = processor_time(threads()) - at_first
        if used >= MUCH:
            return True
        rests = could >= LOOK and used < RESTS * could and not _are_runnable(threads())
        rested = rested + 1 if rests else 0
        if rested >= RESTED:
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


def _are_runnable(threads: Iterable[threading.Thread]) -> bool:
    """Whether one of these threads works, or would if it had a processor; no where none tells."""
    states = (_told_of(each, "stat").rpartition(")")[2] for each in threads)
    return any(state.split()[:1] == ["R"] for state in states)


def _told_of(thread: threading.Thread, file: str) -> str:
    """What Linux tells of a thread; nothing where it does not run, or elsewhere."""
    path = Path(f"/proc/self/task/{thread.native_id}/{file}")
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
