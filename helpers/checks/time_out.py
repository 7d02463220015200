"""Letting the timeouts that a learner's program has brought along run out at once."""

from __future__ import annotations

import contextlib
import heapq
import threading
import time
from collections.abc import Iterable
from typing import Any

from helpers.checks.escape import loops_of
from helpers.learner_code import frames_of_all_threads
from helpers.servers.early import A_LOOK, Early
from helpers.servers.server_output import household_of
from helpers.servers.servers import Server
from helpers.servers.settling import wait_until_settled

MOMENT = 0.3  # seconds in which a program that works begins to wait, or goes on after a wait
A_STEP = 1e-6  # seconds between two timers of a loop that run out, so that they keep their order


def time_out(stage: Any) -> int:
    """What `Stage.time_out` does.

    Args:
        stage: with its `early`, `servers`, `scripts`, `household` and `loops`.
    """
    earlies = [stage.early, *(server._owner.early for server in stage.servers)]
    deadline = time.monotonic() + MOMENT
    looks = 0
    while True:
        _settle(stage.servers)
        count = _end_early(earlies) + sum(_fire_timers(loop) for loop in _loops(stage))
        looks += 1
        # A thread in a selector seems to wait a line before it does: look twice.
        over = looks > 1 and not _may_begin(stage)
        if count or over or time.monotonic() > deadline:
            break
        stage.pause(A_LOOK)
    _settle(stage.servers)
    return count


def _settle(servers: Iterable[Server]) -> None:
    """Let servers come to where they wait; those that work on and on are left alone."""
    deadline = time.monotonic() + MOMENT
    for server in servers:
        left = max(0.0, deadline - time.monotonic())
        wait_until_settled(server._owner, server._threads, left)


def _may_begin(stage: Any) -> bool:
    """Whether code of the learner's may begin to wait of which nobody knows that it has settled."""
    if threading.current_thread() in stage.scripts:  # the case's thread may be in the function
        return True
    return not (stage.servers or stage.loops) or len(_threads(stage)) > 0


def _threads(stage: Any) -> list[threading.Thread]:
    """The case's thread and those that it has started, without the caller and the check's."""
    ours = (threading.current_thread(), *stage.scripts)
    everybody = threading.enumerate() if stage.household is not None else []
    return [
        each for each in everybody if household_of(each) is stage.household and each not in ours
    ]


def _loops(stage: Any) -> list[Any]:
    """The loops of asyncio that run the learner's code."""
    threads = [*_threads(stage), *(each for server in stage.servers for each in server._threads())]
    found = list(stage.loops)
    frames = frames_of_all_threads()
    for thread in threads:
        found += loops_of(frames.get(thread.ident))
    del frames
    return [loop for loop in dict.fromkeys(found) if loop.is_running()]


def _end_early(earlies: Iterable[Early]) -> int:
    """End the waits of this moment; how many have ended because of it, and not by themselves."""
    lines = [(early, line) for early in earlies if (line := early.end()) is not None]
    return sum(early.end_of(line, MOMENT) for early, line in lines)


def _fire_timers(loop: Any) -> int:
    """Let all timers of a loop that runs in another thread run out; how many they were.

    A loop that stands still, and one that is not of asyncio's own, has none.
    """
    fired: list[int] = []
    done, given_up = threading.Event(), threading.Event()

    def fire() -> None:
        if given_up.is_set():
            return
        timers = sorted(timer for timer in loop._scheduled if not timer.cancelled())
        now = loop.time()
        for number, timer in enumerate(reversed(timers)):
            timer._when = min(timer._when, now - number * A_STEP)
        heapq.heapify(loop._scheduled)
        fired.append(len(timers))
        # In its next round the loop runs them, and in the one after that what they have woken.
        loop.call_soon(loop.call_soon, loop.call_soon, done.set)

    if not hasattr(loop, "_scheduled"):
        return 0
    with contextlib.suppress(RuntimeError):  # the loop is closed
        # Some rounds later: by then it has taken in what had been sent to it.
        loop.call_soon_threadsafe(loop.call_soon, loop.call_soon, fire)
        done.wait(MOMENT)
    given_up.set()
    return sum(fired)
