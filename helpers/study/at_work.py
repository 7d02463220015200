"""Where the learner is, and how long somebody has worked, noted as cells end and answers come.

Only cells that a person runs count: a front end names the cell that it sends, other programs don't.
Of the time between two signs of life a pause counts for little, so that a night is no work. All of
it stays in the learner's own file (`progress`), and only `progress()` shows it, to the learner.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import datetime
from typing import Any

from helpers.study import progress
from helpers.study.places import notebook
from helpers.study.renumbered import WORK, Data

PAUSE = 300.0  # seconds: a longer time without a sign of life counts as this much
TOGETHER = 0.5  # seconds: of cells that were asked for sooner after another, Run All sent them

_watched: set[int] = set()  # shells, by identity
_NAME = re.compile(r"(\d\d|A\d)_")


def watch() -> None:
    """Note from now on what somebody does in this notebook; in no chapter, do nothing.

    The cell that calls it does not count as where the learner is: it is the first of a chapter, and
    is run after each restart. Nor do those that came with it.
    """
    global _asked
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if chapter_here() and hasattr(shell, "events") and id(shell) not in _watched:
        _watched.add(id(shell))
        shell.events.register("pre_run_cell", _begins)
        shell.events.register("post_run_cell", _has_ended)
        _clock.sign()
        _asked = _sent()


def answered() -> None:
    """A question was answered just now, or a prediction kept, which no cell tells."""
    if _watched:
        _clock.sign()
        _keep()


def work() -> dict[str, dict[str, int | str]]:
    """For each chapter and assignment that somebody has worked in how many "seconds", when "last",
    and the id of the "cell" where that was, if it is known."""
    return progress.section(WORK)


def keep_work(name: str, seconds: int, cell: str = "") -> None:
    """Add some seconds of work in a chapter that go on until now, in this cell."""

    def change(data: Data) -> None:
        entry = data.setdefault(WORK, {}).setdefault(name, {"seconds": 0})
        entry["seconds"] += seconds
        entry["last"] = _now()
        if cell:
            entry["cell"] = cell

    progress.change_quietly(change)


def chapter_here() -> str:
    """The number of the chapter whose notebook runs, or an assignment's name; else ""."""
    here = notebook()
    found = _NAME.match(here.name) if here else None
    return found[1] if found else ""


class Clock:
    """Adds up the time between signs of life, pauses shortened.

    Attributes:
        seconds: that were added up and are not kept yet.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self.seconds = 0.0

    def sign(self) -> None:
        """Somebody does something now."""
        now = time.monotonic()
        if self._last is not None:
            self.seconds += min(now - self._last, PAUSE)
        self._last = now

    def taken(self) -> int:
        """The whole seconds that were added up; what is left of them counts for the next time."""
        whole = int(self.seconds)
        self.seconds -= whole
        return whole


_clock = Clock()
_asked: datetime | None = None  # when the last cell was asked for
_cell = ""  # the one that runs, where it says where the learner is


def _now() -> str:
    return datetime.now().isoformat(timespec="minutes")


def _begins(info: Any) -> None:
    global _asked, _cell
    cell = getattr(info, "cell_id", None)
    if not cell:
        return
    _clock.sign()
    now = _sent()
    alone = _asked is None or abs((now - _asked).total_seconds()) >= TOGETHER
    _asked, _cell = now, cell if alone else ""


def _has_ended(result: Any) -> None:
    global _cell
    if getattr(result.info, "cell_id", None):
        _clock.sign()
    if _cell:
        _keep(_cell)
        _cell = ""


def _keep(cell: str = "") -> None:
    keep_work(chapter_here(), _clock.taken(), cell)


def _sent() -> datetime:
    """When the front end sent the cell that runs; the time now where that can't be known."""
    now = datetime.now().astimezone()
    try:
        sent = sys.modules["IPython"].get_ipython().get_parent()["header"]["date"]
    except (AttributeError, KeyError, TypeError):
        return now
    return sent if isinstance(sent, datetime) and sent.tzinfo else now
