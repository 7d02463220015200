"""How a check shows itself in a notebook: which case runs, and each report that nobody displayed.

A report shows itself as a cell's last value. Where `check` stands elsewhere, as in `if check(ask):`
or before another line, the report appears when the cell has ended. While a check takes long, a line
says which case runs; the report takes its place, so that nothing else is kept in the notebook.
"""

from __future__ import annotations

import sys
import uuid
from typing import Any

from helpers.checks.report import Report
from helpers.checks.report_html import running

_unseen: list[Report] = []  # of the cell that runs
_watched: set[int] = set()  # shells, by identity


class Running:
    """The line that says which case runs, where a front end shows it.

    Args:
        exercise: its name.
        cases: how many there are.
        of: what is counted, where it is not cases: "milestone".
    """

    def __init__(self, exercise: str, cases: int, of: str = "case") -> None:
        self._exercise, self._cases, self._of = exercise, cases, of
        self._id = ""

    def tell(self, number: int, case: str) -> None:
        """A case runs; the check takes long."""
        if not _somebody_looks():
            return
        words = f"{self._exercise}: {self._of} {number + 1} of {self._cases} runs: {case} …"
        card = running(self._exercise, number + 1, self._cases, case, self._of)
        shown = f'<div role="status">{card}</div>'
        self._publish({"text/html": shown, "text/plain": words})

    def end(self, report: Report | None) -> None:
        """Put the report in the place of that line, or nothing; does nothing without a line."""
        if not self._id:
            return
        if report is None:
            self._publish({"text/html": "", "text/plain": ""})
            return
        self._publish(_bundle(report))
        # It stands there now: as the cell's last value it would come a second time.
        report.__dict__["_ipython_display_"] = lambda: report.__dict__.pop("_ipython_display_")

    def _publish(self, bundle: dict[str, str]) -> None:
        from IPython.display import publish_display_data

        update, self._id = bool(self._id), self._id or f"check-{uuid.uuid4().hex}"
        publish_display_data(bundle, transient={"display_id": self._id}, update=update)


def show_after_cell(report: Report) -> None:
    """Let a report appear when the cell has ended, if nobody has displayed it by then."""
    shell = _shell()
    if shell is None or not hasattr(shell, "events"):
        return
    if id(shell) not in _watched:
        _watched.add(id(shell))
        shell.events.register("post_run_cell", _show_unseen)
    _unseen.append(report)


def _show_unseen(result: Any = None) -> None:
    reports, _unseen[:] = list(_unseen), []
    quiet = getattr(_shell().displayhook, "quiet", lambda: False)()
    for report in reports:
        report.__dict__.pop("_ipython_display_", None)
        if not report.shown and not (quiet and report is reports[-1]):
            from IPython.display import publish_display_data

            publish_display_data(_bundle(report))


def _bundle(report: Report) -> dict[str, str]:
    return {"text/html": report._repr_html_(), "text/plain": repr(report)}


def _somebody_looks() -> bool:
    """Whether a person's front end runs this cell: it names the cell, and other programs don't."""
    try:
        parent = _shell().get_parent()
        return bool(parent["metadata"].get("cellId"))
    except (AttributeError, KeyError, TypeError):
        return False


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
