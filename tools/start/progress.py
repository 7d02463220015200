"""The line that moves while the course is set up."""

import contextlib
import sys
import threading
import time

TICK = 0.5  # seconds from dot to dot


class Progress:
    """One line: a word for each step, and a dot each half second, so that it is seen to move."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._ended = threading.Event()
        self._dots = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Progress":
        self._began = time.monotonic()
        say(self._title)
        self._dots.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._ended.set()
        self._dots.join()
        took = round(time.monotonic() - self._began)
        say("\n" if kind else f" done, in {took} s.\n")

    def step(self, words: str) -> None:
        """Say what comes now."""
        say(" " + words)

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            say(".")


def say(text: str) -> None:
    """Show this at once; where nobody can see it any more, go on."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(text)
        sys.stdout.flush()
