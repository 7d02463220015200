"""Work that an interrupt cannot cut in two: imports, and the start and the end of what runs."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let this block come to its end before an interrupt is heard; it must not take long.

    A server that was started or stopped by half would go on for ever. A package that was imported
    in part, as matplotlib and numpy are where an interrupt falls into their first import, fails at
    every later one, until the kernel is restarted.

    Raises:
        KeyboardInterrupt: at the end, where an interrupt came meanwhile (or what else the
            program's own handler of SIGINT raises).
    """
    usual = signal.getsignal(signal.SIGINT)
    # Only the main thread hears interrupts, and may say what they do. Who ignores them goes on so.
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    came: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        usual(signal.SIGINT, came[0])
