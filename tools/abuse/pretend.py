"""Another platform, as Python sees it: a coarse clock, and a limit of datagrams.

    python pretend.py [--all]

checks the course's own answers, and with `--all` every right one that the tests know, as on Windows
before Python 3.13 (a monotonic clock with steps of 15 ms), on macOS (datagrams of 9,216 bytes) and
with 256 open files, all at once. Standard library only, and in force before anything of the course
is imported: a check puts back what has changed in `socket` and `time` since then.
"""

import errno
import importlib
import queue
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

STEP = 1 / 64  # seconds, between two values of Windows' GetTickCount64
LARGEST = 9_216  # bytes, macOS' net.inet.udp.maxdgram


def coarse_clock(step: float = STEP) -> None:
    """Let `time.monotonic` stand still between two steps."""
    exact, nanoseconds = time.monotonic, time.monotonic_ns
    info = time.get_clock_info

    def monotonic() -> float:
        return exact() // step * step

    def monotonic_ns() -> int:
        return int(nanoseconds() // (step * 1e9) * step * 1e9)

    def get_clock_info(name: str) -> Any:
        found = info(name)
        return (
            found
            if name != "monotonic"
            else SimpleNamespace(**{**_fields(found), "resolution": step})
        )

    time.monotonic, time.monotonic_ns, time.get_clock_info = monotonic, monotonic_ns, get_clock_info
    threading._time = queue.time = monotonic


def _fields(info: Any) -> dict[str, Any]:
    names = ("implementation", "monotonic", "adjustable", "resolution")
    return {name: getattr(info, name) for name in names}


def small_datagrams(largest: int = LARGEST) -> None:
    """Refuse larger ones, as macOS does unless a socket's send buffer was made larger."""

    def limited(name: str) -> None:
        real = getattr(socket.socket, name)

        def send(sock: socket.socket, data: Any, *rest: Any) -> Any:
            if sock.type == socket.SOCK_DGRAM and memoryview(data).nbytes > largest:
                raise OSError(errno.EMSGSIZE, "Message too long")
            return real(sock, data, *rest)

        setattr(socket.socket, name, send)

    for name in ("send", "sendto", "sendall"):
        limited(name)


def few_files(number: int = 256) -> None:
    """Let this process open no more."""
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


def answers(root: Path, everything: bool) -> Iterator[tuple[str, Callable]]:
    """The course's own answers, and with `everything` the other right ones that the tests have."""
    for path in sorted(root.glob("helpers/chapters/chapter_*/solutions.py")):
        solutions = importlib.import_module(f"helpers.chapters.{path.parent.name}.solutions")
        names = {each.stem for each in path.parent.glob("[a-zA-Z]*.py")}
        yield from ((name, getattr(solutions, name)) for name in names & vars(solutions).keys())
        if everything:
            yield from importlib.import_module(f"chapters.{path.parent.name}.right").RIGHT


def main(arguments: list[str]) -> int:
    """Check answers on such a platform; return how many do not pass."""
    coarse_clock()
    small_datagrams()
    few_files()
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root), str(root / "tests")]
    from helpers.checks.runner import run_cases
    from helpers.study.finding import find_exercise

    failed = 0
    for name, answer in answers(root, "--all" in arguments):
        report = run_cases(name, answer, find_exercise(name))
        failed += not report.passed
        print(f"{getattr(answer, 'label', '')} {report.headline if report.passed else report}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
