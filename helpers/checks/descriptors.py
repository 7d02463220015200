"""What this process has open at this moment: files, sockets, pipes and selectors."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable

from helpers.open_files import open_file_limits

_LINKS = "/proc/self/fd"  # Linux: what each file's number leads to


def descriptors() -> set[tuple[str, int, int]]:
    """Open files, sockets and pipes: what each is, and its number; empty where nobody can tell."""
    found = set()
    for number in _numbers():
        with contextlib.suppress(OSError):
            status = os.fstat(number)
            name = os.readlink(f"{_LINKS}/{number}") if os.path.isdir(_LINKS) else ""
            what = _kind(status.st_mode, name)
            if what:
                found.add((what, number, status.st_ino))
    return found


def no_sockets() -> list[int]:
    """The numbers of what is open and no socket; empty where nobody can tell."""
    found = []
    for number in _numbers():
        with contextlib.suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                found.append(number)
    return found


def _numbers() -> Iterable[int]:
    """The numbers that open files may have."""
    folder = next((each for each in (_LINKS, "/dev/fd") if os.path.isdir(each)), None)
    if folder is None:
        return ()
    try:
        return [int(each) for each in os.listdir(folder)]
    except OSError:  # there is no room for one more, which it takes to look
        return range(open_file_limits()[0])


def _kind(mode: int, name: str) -> str:
    if stat.S_ISSOCK(mode):
        return "A socket"
    if stat.S_ISFIFO(mode):
        return "A pipe"
    if "eventpoll" in name:
        return "A selector"
    if stat.S_ISREG(mode) and ".sqlite" not in name:  # IPython's own history
        return f"The file {os.path.basename(name)}" if name else "A file"
    return ""
