"""The mapping that `tally_server` counts in: slow, and a sure place for an update to be lost.

Who reads a value is held until somebody else has read the same one, or until the server rests. So
two threads without a lock both read before either writes, in every run and not by luck. Where a
lock keeps the others away they come to rest at it, and the reader goes on after a moment.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from helpers.chapters.chapter_08._standing import stack
from helpers.checks.watched import Watched
from helpers.learner_code import is_learners
from helpers.servers.settling import wait_until_settled

HELD = 3  # reads of each kind that are held
LONGEST = 0.25  # seconds for which one is held
NAP = 0.004  # seconds between two looks
SLOW = 0.0005  # seconds that any other reading or writing takes
LINGERS = 10  # lines of the learner's, after a count, before which a thread rests
GAPS = 4  # such lines between a read and its write, with no lock in hand
REST = 0.015  # seconds: others count on meanwhile
LOOKS = 5  # in a row at which all others are seen to rest
LOCK, RLOCK = type(threading.Lock()), type(threading.RLock())
MAKES_A_LOCK = {"Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition"}


class SlowTotals(MutableMapping[str, int]):
    """A mapping from names to counts in which a lost update shows.

    Attributes:
        server: the learner's at work; without one nothing is held.
        together: for each read that met another's: the locks that its thread held then.
        makes_locks: whether a lock was made by the code that reads.
        locked_writes: how many writes were made with a lock in hand.
    """

    def __init__(self) -> None:
        self.server: Watched | None = None
        self.together: list[list[object]] = []
        self.makes_locks = False
        self.locked_writes = 0
        self._values: dict[str, int] = {}
        self._lock = threading.Lock()
        self._reads: list[tuple[int, str]] = []  # by whom, of what
        self._writes: list[tuple[int, str]] = []
        self._read: dict[int, int] = {}  # what each thread has read last
        self._is_done: dict[int, bool] = {}  # whether it has written more than that since
        self._held = {False: 0, True: 0}
        self._lingered = self._gaps = 0

    def __getitem__(self, name: str) -> int:
        thread = threading.get_ident()
        if self._is_done.get(thread):
            # It reads again what it has counted: without a lock, another may have counted on.
            self._hold(self._writes, name, after=True)
            value = self._values.get(name)
        else:
            value = self._values.get(name)
            self._hold(self._reads, name, after=False)
        self._read[thread] = value or 0
        self._is_done[thread] = False
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: int) -> None:
        thread = threading.get_ident()
        time.sleep(SLOW)
        with self._lock:
            self.locked_writes += bool(locks_in_hand()[0])
            self._values[name] = value
            self._is_done[thread] = isinstance(value, int) and value > self._read.get(thread, 0)
            self._writes.append((thread, name))

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)

    @contextlib.contextmanager
    def threads_that_linger(self) -> Iterator[None]:
        """Let some of the threads that start meanwhile rest where others may come between.

        A thread that has counted rests: so an answer that is taken from what all share, and not
        from what its thread has counted, is another's in every run, and not by luck. One that has
        read, and holds no lock until it writes, rests there: so the update is lost in every run.
        """

        def at_each_line(frame: types.FrameType, event: str, _: object) -> Callable:
            is_done = self._is_done.get(threading.get_ident()) if event == "line" else None
            if is_done and self._held[False] >= HELD and self._lingered < LINGERS:
                self._lingered += 1
                time.sleep(REST)
            elif is_done is False and self._gaps < GAPS and not locks_in_hand()[0]:
                self._gaps += 1
                time.sleep(REST)
            return at_each_line

        def at_each_call(frame: types.FrameType, event: str, _: object) -> Callable | None:
            return at_each_line if is_learners(frame.f_code.co_filename) else None

        before = threading.gettrace()
        threading.settrace(at_each_call)
        try:
            yield
        finally:
            threading.settrace(before)

    def _hold(self, others: list[tuple[int, str]], name: str, after: bool) -> None:
        """Wait until another thread has done the same, or all others rest."""
        me, began, rested, before = threading.get_ident(), time.monotonic(), 0, None
        with self._lock:
            if not after:
                self._reads.append((me, name))
            seen = len(others) if after else 0
            self._held[after] += 1
            is_held = self.server is not None and self._held[after] <= HELD
        while is_held and time.monotonic() - began < LONGEST:
            with self._lock:
                since = others[seen:] if after else self._since_my_read(me, name)
                if any(who != me and what == name for who, what in since):
                    break
            time.sleep(NAP)  # a wait for a lock or a condition would look like rest
            places = where_others_are(self.server)
            rested = rested + 1 if places is not None and places == before else 0
            before = places
            if rested >= LOOKS:
                break
        else:
            time.sleep(SLOW)
        if is_held and not after:
            locks, makes = locks_in_hand()
            self.together.append(locks)
            self.makes_locks = self.makes_locks or makes

    def _since_my_read(self, me: int, name: str) -> list[tuple[int, str]]:
        return self._reads[self._reads.index((me, name)) :]


def where_others_are(server: Watched) -> list[tuple] | None:
    """Where every other thread of a server stands; None where one of them has something to read.

    Where that stays the same for some looks, they rest: each waits for a peer, a lock or a queue.
    """
    owner, places, parked = server.server._owner, [], []
    for thread in server.server._threads():
        if thread.ident == threading.get_ident():
            continue
        if owner.parked.get(thread.ident) is not None:
            parked.append(thread)
            places.append((thread.ident,))
        elif frames := stack(thread):
            places.append((thread.ident, id(frames[0]), frames[0].f_lasti))
    return places if wait_until_settled(owner, lambda: parked, 0.0) else None


def locks_in_hand() -> tuple[list[object], bool]:
    """The locks that this thread's own code knows and that are taken, and whether it makes locks.

    A lock that two threads can't both know is none that keeps them apart.
    """
    found: list[object] = []
    makes = False
    frame = sys._getframe(1)
    while frame is not None:
        if is_learners(frame.f_code.co_filename):
            names = set(frame.f_code.co_names)
            makes = makes or bool(names & MAKES_A_LOCK)
            known = [frame.f_globals[name] for name in names if name in frame.f_globals]
            for value in (*frame.f_locals.values(), *known):
                found += [lock for lock in _locks_of(value) if _is_taken(lock)]
        frame = frame.f_back
    return found, makes


def _locks_of(value: Any) -> list[object]:
    """The locks that a value is, or has."""
    if _is_lock(value):
        return [value]
    if isinstance(value, dict):
        inside = list(value.values())
    elif isinstance(value, list | tuple | set):
        inside = list(value)
    elif isinstance(value, type | SlowTotals) or callable(value):
        return []
    else:
        inside = list(getattr(value, "__dict__", {}).values())
    return [each for each in inside if _is_lock(each)]


def _is_lock(value: object) -> bool:
    return isinstance(value, LOCK | RLOCK | threading.Condition | threading.Semaphore)


def _is_taken(lock: Any) -> bool:
    if isinstance(lock, threading.Semaphore):
        return lock._value <= 0
    if isinstance(lock, threading.Condition):
        return _is_taken(lock._lock)
    return lock._is_owned() if isinstance(lock, RLOCK) else lock.locked()
