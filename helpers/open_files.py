"""How many files a process may have open, and how to have room for more for a while."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NO_LIMIT = 1_000_000  # what a hard limit of "unlimited" counts as; the system has others
NO_ROOM = (errno.EMFILE, errno.ENFILE)  # of an OSError: this process, or the system, has no more
ON_WINDOWS = 512  # no such limit, but `select` watches no more (FD_SETSIZE in selectmodule.c)


def open_file_limits() -> tuple[int, int]:
    """Return the soft and the hard limit of this process's open files (sockets are files too).

    Windows has none; there it is how many sockets Python's `select` watches, twice.
    """
    try:
        import resource
    except ImportError:
        return ON_WINDOWS, ON_WINDOWS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinity = resource.RLIM_INFINITY
    return NO_LIMIT if soft == infinity else soft, NO_LIMIT if hard == infinity else hard


def files_open() -> int:
    """Return how many files this process has open now; a kernel has about 65 before any of ours.

    Windows does not tell, and limits none: there it is 0.
    """
    folder = next((each for each in ("/proc/self/fd", "/dev/fd") if os.path.isdir(each)), "")
    if folder:
        with suppress(OSError):  # it takes one more to look
            return len(os.listdir(folder)) - 1
        return open_file_limits()[0]
    return 0


def files_left() -> int:
    """Return how many more files this process may open; on Windows what `select` can watch."""
    return max(0, open_file_limits()[0] - files_open())


@contextmanager
def room_for(files: int) -> Iterator[None]:
    """Raise the soft limit, where it is lower, and put it back at the end of the block.

    Args:
        files: how many this process must be able to have open, all together.

    Raises:
        ValueError: for more than the hard limit, or than the system allows (macOS has a limit
            of its own below an unlimited hard one); or for more than 512 on Windows.
    """
    soft, _ = open_file_limits()
    if files <= soft:
        yield
        return
    try:
        import resource
    except ImportError:
        raise ValueError(f"`select` can't watch {files} sockets on Windows") from None
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
