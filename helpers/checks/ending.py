"""The end of a case, as its threads hear of it."""

from __future__ import annotations

import contextlib
import threading


class Ending:
    """Like `threading.Event`, but safe where an exception is raised in a thread that waits.

    An Event's inner lock may stay locked for ever then, and whoever sets the event hangs. Here
    each wait has a lock of its own, which nobody else ever waits for.
    """

    def __init__(self) -> None:
        self._over = False
        self._waiters: list[threading.Lock] = []
        self._parts: list[Ending] = []

    def is_set(self) -> bool:
        """Whether the case is over."""
        return self._over

    def set(self) -> None:
        """The case is over: end every wait, now and from now on."""
        self._over = True
        for waiter in list(self._waiters):
            with contextlib.suppress(RuntimeError):  # released before
                waiter.release()
        for part in list(self._parts):
            part.set()

    def part(self) -> Ending:
        """The end of a part of the case: it may be set before, and is set with the case's own."""
        part = Ending()
        self._parts.append(part)
        if self._over:
            part.set()
        return part

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so many seconds; True if the case is over."""
        waiter = threading.Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        if not self._over:  # looked at after the waiter was added: `set` may come in between
            waiter.acquire(timeout=min(max(0.0, seconds), threading.TIMEOUT_MAX))
        with contextlib.suppress(ValueError):
            self._waiters.remove(waiter)
        return self._over
