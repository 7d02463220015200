"""`select`, `poll` and selectors as a learner's code has them in a check: they may end early."""

from __future__ import annotations

import contextlib
import select
import selectors
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from helpers.learner_code import is_learners
from helpers.servers.early import Early
from helpers.servers.server_output import household_of_this_thread
from helpers.servers.waiting import READ, WRITE, Place, wait_ready

_HELPERS = str(Path(__file__).resolve().parents[1])
_CLASSES = ("SelectSelector", "_PollLikeSelector", "EpollSelector", "KqueueSelector")
# The classes that have a `select` of their own, by what a report calls them.
SELECTORS = {
    f"selectors.{name}": kind
    for name in _CLASSES
    if "select" in vars(kind := getattr(selectors, name, object))
}


def stand_ins(is_ours: Callable[[], bool]) -> Iterator[tuple[str, str, Any]]:
    """What to put in the places of Python's own: (the module or class, a name in it, the value).

    Each does what Python's own does. Only where a learner's line has called it, with a timeout
    that is not over yet, the wait listens to the `early` of its thread's household as well.

    Args:
        is_ours: tells whether the calling thread belongs to the check.
    """

    def early() -> Early | None:
        return _early_of_learners_call() if is_ours() else None

    yield "select", "select", _stand_in_for_select(select.select, early)
    if hasattr(select, "poll"):
        yield "select", "poll", _stand_in_for_poll(select.poll, early)
    for label, kind in SELECTORS.items():
        yield label, "select", _stand_in_for_selector(vars(kind)["select"], early)


def _early_of_learners_call() -> Early | None:
    """What may end a wait, where the nearest code that is not Python's own is the learner's.

    A loop of asyncio is not asked: its timers are, by themselves.
    """
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if is_learners(file):
            return getattr(household_of_this_thread(), "early", None)
        if file != __file__ and file.startswith(_HELPERS):
            return None
        if frame.f_code.co_name == "_run_once" and file.endswith("base_events.py"):
            return None
        frame = frame.f_back
    return None


def _runs(timeout: Any) -> bool:
    """Whether a timeout is one that may run out early: a number above zero."""
    return isinstance(timeout, (int, float)) and timeout > 0


def _stand_in_for_select(real: Callable, early: Callable[[], Early | None]) -> Callable:
    def select(rlist: Any, wlist: Any, xlist: Any, timeout: Any = None, /) -> Any:
        ending = early() if _runs(timeout) else None
        if ending is None:
            return real(rlist, wlist, xlist, timeout)
        rlist = list(rlist)
        with ending.waiting() as line:
            if line is None or line.number >= 1024:  # more than `select` takes
                return real(rlist, wlist, xlist, timeout)
            readable, writable, failed = real([*rlist, line.number], wlist, xlist, timeout)
            if line.number in readable:
                readable.remove(line.number)
                if not (readable or writable or failed):
                    line.ended.append(threading.get_ident())
            return readable, writable, failed

    return select


def _stand_in_for_poll(real: Callable, early: Callable[[], Early | None]) -> Callable:
    class poll:
        """A `select.poll` object, whose waits may end early."""

        def __init__(self) -> None:
            self._poll = real()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._poll, name)

        def poll(self, timeout: Any = None, /) -> list[tuple[int, int]]:
            ending = early() if _runs(timeout) else None
            if ending is None:
                return self._poll.poll(timeout)
            with ending.waiting() as line:
                if line is None:
                    return self._poll.poll(timeout)
                self._poll.register(number := line.number, 1)  # POLLIN
                try:
                    found = self._poll.poll(timeout)
                finally:
                    self._poll.unregister(number)
                ready = [each for each in found if each[0] != number]
                if found and not ready:
                    line.ended.append(threading.get_ident())
                return ready

    return poll


def _stand_in_for_selector(real: Callable, early: Callable[[], Early | None]) -> Callable:
    def select(self: Any, timeout: Any = None) -> list:
        ending = early() if _runs(timeout) else None
        if ending is None:
            return real(self, timeout)
        ready = real(self, 0)
        if not ready:
            deadline = time.monotonic() + timeout
            with ending.waiting() as line:
                (wait_ready if line is None else line.wait)(list(_places(self)), deadline)
            ready = real(self, 0)
        return ready

    return select


def _places(selector: Any) -> Iterator[Place]:
    """What to wait for on behalf of a selector: its own number, where it has one."""
    with contextlib.suppress(AttributeError):
        yield selector.fileno(), READ
        return
    for key in list(selector.get_map().values()):
        if key.events & selectors.EVENT_READ:
            yield key.fd, READ
        if key.events & selectors.EVENT_WRITE:
            yield key.fd, WRITE
