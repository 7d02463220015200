"""The failures of servers, kept until somebody has been shown them."""

from __future__ import annotations

import threading
from typing import Any

from helpers.learner_code import learners_part

_unreported: list[Crashes] = []
_lock = threading.Lock()  # of its own: who holds the registry's may wait for a server's end


class ServerCrashed(RuntimeError):
    """A server's function failed; the error that it failed with is the `__cause__`."""


class Crashes:
    """The failures of one server: the first since the last report, and how many came after it.

    Args:
        name: the server's.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._error: BaseException | None = None
        self._more = 0

    def note(self, error: BaseException) -> None:
        """Keep an error of the server's function, as the learner's part of its traceback."""
        error.__traceback__ = learners_part(error.__traceback__)
        with _lock:
            if self._error is None:
                self._error = error
                _unreported.append(self)
            else:
                self._more += 1

    def add_note(self, text: str) -> None:
        """Add a line to the error that is kept, if there is one."""
        if self._error is not None:
            self._error.add_note(text)

    def take(self) -> ServerCrashed | None:
        """The failure that was not reported yet; from now on it has been."""
        with _lock:
            error, self._error = self._error, None
            if error is None:
                return None
            _unreported.remove(self)
            more = f" (and {self._more} times more)" if self._more else ""
            self._more = 0
        crash = ServerCrashed(
            f"the server {self.name!r} failed with {type(error).__name__}: {error}{more}; "
            "mend its function and run the cell that starts it again"
        )
        crash.__cause__ = error
        return crash


def unreported_crashes() -> list[str]:
    """The names of the servers whose failure no one has been shown yet."""
    return [crashes.name for crashes in _unreported]


def show_crashes(shell: Any) -> None:
    """Show each failure that was not reported yet, in IPython's way.

    Args:
        shell: IPython's.
    """
    for crashes in list(_unreported):
        crash = crashes.take()
        if crash is not None:
            shell.showtraceback((type(crash), crash, crash.__traceback__))
