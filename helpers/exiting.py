"""`exit()` and `quit()` in code that runs beside a notebook's cells: they end that code alone.

In a notebook both tell the kernel to end, from whichever thread, and every variable would be lost.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_inside = threading.local()


class ExitCalled(SystemExit):
    """What `exit()` raises in a server's thread or an experiment, where it would end the kernel."""

    def __init__(self) -> None:
        super().__init__(
            "exit() or quit() was called. It has ended this function only: in a notebook it would "
            "end the kernel, and all variables would be lost. A function ends by `return`"
        )


@contextmanager
def exit_ends_this_only() -> Iterator[None]:
    """Let `exit()` and `quit()` in this block raise ExitCalled in the thread that calls them."""
    _watch(_shell())
    before = getattr(_inside, "depth", 0)
    _inside.depth = before + 1
    try:
        yield
    finally:
        _inside.depth = before


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def _watch(shell: Any) -> None:
    """Once for a shell: ask where its exit is called from."""
    if shell is None or not hasattr(shell, "ask_exit") or hasattr(shell.ask_exit, "asks_where"):
        return
    ask_exit = shell.ask_exit

    def unless_beside() -> None:
        if getattr(_inside, "depth", 0):
            raise ExitCalled
        ask_exit()

    unless_beside.asks_where = True
    shell.ask_exit = unless_beside
