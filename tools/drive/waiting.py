"""Waiting for a condition with a deadline, so that no test sleeps for a fixed time."""

import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> bool:
    """Return True as soon as the condition holds, or False where it still does not after `seconds`.

    The condition is asked about 50 times a second and must not block.
    """
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return bool(condition())
        pause.wait(0.02)
    return True
