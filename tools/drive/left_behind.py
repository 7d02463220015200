"""What a test, or an answer, has left behind in this process: threads and open descriptors."""

import gc
import os
import threading
from collections.abc import Callable

from drive.waiting import wait_until


def open_descriptors() -> dict[int, str]:
    """Return this process's open descriptors and what each refers to; {} without /proc."""
    found = {}
    for number in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []:
        try:
            found[int(number)] = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # the descriptor of the listing itself
            continue
    return found


def watch() -> Callable[[], list[str]]:
    """Note what there is now; the function returned tells which threads and descriptors are new.

    What is on its way out gets some time to go.
    """
    threads, descriptors = set(threading.enumerate()), set(open_descriptors().items())

    def new() -> list[str]:
        more = [thread.name for thread in threading.enumerate() if thread not in threads]
        return more + [what for _, what in open_descriptors().items() - descriptors]

    def left() -> list[str]:
        if new():  # only then: collecting after each of hundreds of tests would take longer
            gc.collect()
        return [] if wait_until(lambda: not new()) else new()

    return left
