"""Waiting until a server has dealt with everything that has reached it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from helpers.learner_code import code_of_all_threads
from helpers.servers.owner import Owner
from helpers.servers.waiting import wait_ready

# A thread whose innermost Python frame is one of these waits for a selector, lock or queue.
# `selects.py` is what a check has in the place of `select.select` and `select.poll`.
WAITING_ROOMS = ("selectors.py", "selects.py", "threading.py", "futures/thread.py")
WAITING_CALLS = ("select", "poll", "wait", "join", "_wait_for_tstate_lock", "_worker")


def wait_until_settled(
    owner: Owner, threads: Callable[[], list[threading.Thread]], timeout: float
) -> bool:
    """Wait until every thread of a server waits for a peer, with nothing left to read.

    Args:
        owner: the server's sockets.
        threads: gives the server's threads of this moment.
        timeout: seconds to wait at the most.

    Returns:
        True when the server has settled, False when it was still at work at the end.
    """
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    seen_waiting = False
    nap = 0.00005  # a thread that is about to wait needs no more
    while True:
        state = _state(owner, [thread for thread in threads() if thread.is_alive()])
        if state == "settled" or (state == "waiting" and seen_waiting):
            return True
        if time.monotonic() >= deadline:
            return False
        # Of a thread in a selector, lock or queue we can't see what it waits for: look twice.
        seen_waiting = state == "waiting"
        pause.wait(0.005 if seen_waiting else nap)
        nap = min(2 * nap, 0.001)


def _state(owner: Owner, threads: list[threading.Thread]) -> str:
    """ "busy", "settled", or "waiting" where some thread waits for what we can't look into."""
    parked = {thread: owner.parked.get(thread.ident) for thread in threads}
    running = code_of_all_threads()
    waiting = False
    for thread, place in parked.items():
        if place is None and thread.ident in owner.early.waits:
            waiting = True  # in a selector of its own
        elif place is None:
            code = running.get(thread.ident)
            file = code.co_filename.replace("\\", "/") if code else ""
            if not (file.endswith(WAITING_ROOMS) and code.co_name in WAITING_CALLS):
                return "busy"
            waiting = True
        elif _is_ready(*place):
            return "busy"
    # Between the look at the places and the look at the sockets a thread may have moved on.
    if any(owner.parked.get(thread.ident) is not place for thread, place in parked.items()):
        return "busy"
    return "waiting" if waiting else "settled"


def _is_ready(number: int, event: str) -> bool:
    try:
        return bool(wait_ready([(number, event)], 0.0))
    except (OSError, ValueError):  # closed in the meantime
        return True
