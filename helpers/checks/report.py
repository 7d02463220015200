"""What a check tells: as plain text and as HTML, with hints that are opened one by one."""

from __future__ import annotations

from helpers.checks import issue
from helpers.checks.found import Found
from helpers.checks.report_html import as_html
from helpers.checks.report_text import as_text


class Report(Found):
    """What a check found; a notebook shows it as HTML, everything else as plain text.

    Both begin with the verdict and the one failure to mend first; all else has a line each.
    """

    def as_issue(self) -> str:
        """What somebody needs to know to find out whether this check is wrong, as one text.

        It names no folder and no user of this machine. Nothing is sent: copy it into the project's
        form "A check is wrong".
        """
        return issue.as_issue(self)

    def __repr__(self) -> str:
        self.shown = True
        return as_text(self)

    def _repr_html_(self) -> str:
        self.shown = True
        return as_html(self)
