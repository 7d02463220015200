"""Waiting until one of several sockets is ready."""

from __future__ import annotations

import select
import time
from collections.abc import Iterable

READ, WRITE = "read", "write"
Place = tuple[int, str]  # a file number, and what to wait for: READ or WRITE
# As Python has them: while a check runs, a learner's code gets others in their place.
_select, _poll = select.select, getattr(select, "poll", None)


def wait_ready(places: Iterable[Place], deadline: float | None) -> set[int]:
    """Wait until one of the places is ready; returns the file numbers of those that are.

    With `poll` where there is one, as `select` fails for file numbers of 1,024 and more.

    Args:
        places: what to wait for.
        deadline: on the monotonic clock; None to wait for ever.

    Returns:
        The numbers that are ready, or can never be; an empty set when the time is up.

    Raises:
        OSError, ValueError: where there is no `poll`, for a number that is closed.
    """
    seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
    if _poll is None:
        readers = [number for number, event in places if event == READ]
        writers = [number for number, event in places if event == WRITE]
        return {number for found in _select(readers, writers, writers, seconds) for number in found}
    events: dict[int, int] = {}
    for number, event in places:
        wanted = select.POLLIN if event == READ else select.POLLOUT
        events[number] = events.get(number, 0) | wanted
    poller = _poll()
    for number, wanted in events.items():
        poller.register(number, wanted)
    return {number for number, _ in poller.poll(None if seconds is None else seconds * 1000)}
