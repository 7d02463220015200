"""What a check's own thread does while a case runs: it waits, hears interrupts, and looks."""

from __future__ import annotations

import dis
import signal
import threading
import time
import types
from collections.abc import Callable
from typing import Any

from helpers.checks.escape import loops_of, waiting_coroutine
from helpers.learner_code import (
    frames_of_all_threads,
    is_learners,
    learners_frame,
    line_of_frame,
)

STEP = 0.05  # seconds after which the clock is looked at; what a step takes longer does not count
MOST_STEPS = 3  # times as long as a case may take if the machine is that slow
SLOW = 0.5  # seconds of a check after which it says which case runs
UNSEEN = "code that can't be seen from here"


class Watch:
    """Hears an interrupt while a check runs, and says which case runs when it takes long.

    An interrupt is kept until the case that runs can be ended, with all that it has begun: so
    nothing of a check is left behind, whenever it is interrupted. It is a context manager.

    Args:
        tell: called with a case's number, from 0, and its name, in the thread that runs the check.

    Attributes:
        interrupted: whether an interrupt came.
    """

    def __init__(self, tell: Callable[[int, str], None] | None = None) -> None:
        self.interrupted = False
        self._tell = tell
        self._began = time.monotonic()
        self._case = (0, "")
        self._told: int | None = None
        self._usual: Any = None

    def __enter__(self) -> Watch:
        usual = signal.getsignal(signal.SIGINT)
        # Only the main thread hears interrupts. Who ignores them goes on so.
        if threading.current_thread() is threading.main_thread() and callable(usual):
            signal.signal(signal.SIGINT, self._hear)
            self._usual = usual
        return self

    def __exit__(self, *_: object) -> None:
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def begin(self, number: int, name: str) -> None:
        """A case begins."""
        self._case = number, name
        self.step()

    def step(self) -> bool:
        """A moment of waiting has passed; False where there is no more reason to wait."""
        number, name = self._case
        slow = time.monotonic() - self._began > SLOW
        if self._tell and slow and self._told != number and not self.interrupted:
            self._told = number
            self._tell(number, name)
        return not self.interrupted

    def _hear(self, number: int, frame: types.FrameType | None) -> None:
        self.interrupted = True


def join_in_time(
    threads: threading.Thread | list[threading.Thread],
    seconds: float,
    go_on: Callable[[], bool] = lambda: True,
) -> None:
    """Wait for a thread's end, for so long as this machine does its work in time.

    Where this thread itself is woken late, the other one has been kept waiting as well.

    Args:
        threads: to wait for, one or all of several.
        seconds: at most.
        go_on: asked after each step; False ends the wait.
    """
    waited_for = threads if isinstance(threads, list) else [threads]
    left, last = seconds, time.monotonic()
    until = last + MOST_STEPS * seconds
    while left > 0 and last < until:
        alive = next((each for each in waited_for if each.is_alive()), waited_for[0])
        alive.join(min(STEP, left))
        if not any(each.is_alive() for each in waited_for) or not go_on():
            return
        now = time.monotonic()
        left -= min(now - last, 1.2 * STEP)
        last = now


def place_of_first(threads: list[threading.Thread]) -> tuple[str, bool]:
    """The learner's line that the first of these threads is in, and whether it is at work there."""
    frames = frames_of_all_threads()
    for thread in threads:
        innermost = frames.get(thread.ident) if thread.ident is not None else None
        frame = learners_frame(innermost)
        for loop in loops_of(innermost):
            frame = waiting_coroutine(loop) or frame
        if frame is not None:
            words = line_of_frame(frame)
            del frames, frame  # what they hold is the learner's, and may have to go meanwhile
            return words, _is_at_work(thread, innermost)
    return UNSEEN, False


def _is_at_work(thread: threading.Thread, innermost: types.FrameType | None) -> bool:
    """Whether a thread computes, or moves on while we look: it does not wait."""
    if innermost is None:
        return False
    step = innermost.f_lasti
    if is_learners(innermost.f_code.co_filename):
        # What waits is a call; between the steps of a tight loop nothing seems to move.
        operation = dis.opname[innermost.f_code.co_code[step]]
        if "CALL" not in operation:
            return True
    for _ in range(40):  # on a busy machine its turn may come late
        time.sleep(0.002)
        now = frames_of_all_threads().get(thread.ident)
        if now is not innermost or innermost.f_lasti != step:
            return True
    return False
