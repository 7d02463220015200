"""What a check does where this process may open only few files: sockets are files."""

from __future__ import annotations

import gc

from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed, learners_traceback
from helpers.learner_code import has_learners_frame
from helpers.open_files import NO_ROOM, files_left, files_open, open_file_limits

_A_LEAK = 8  # files that the learner's code holds; a right answer holds a few


def no_room_for(case: Case) -> str:
    """Why a case can't be tried in this process, as a sentence or two; empty where it can."""
    if files_left() < case.files:
        gc.collect()  # what nobody uses any more may hold some
    return _told(case) if files_left() < case.files else ""


def no_room_in(error: BaseException) -> OSError | None:
    """The error of the system that says that no more files can be opened, in an error's chain."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in NO_ROOM:
            return seen
        seen = seen.__cause__
    return None


def out_of_files(case: Case, error: OSError, held: int) -> Outcome:
    """What a case comes to in which no more files could be opened: by who holds them.

    Args:
        case: there was room for it and a right answer when it began.
        error: the system's, wherever it was met.
        held: how many files the learner's code holds open.
    """
    if held < _A_LEAK:
        return Outcome(case, no_room=_told(case))
    limit = open_file_limits()[0]
    return failed(
        case,
        f"Your code held {held:,} files and sockets open when there was no room for another: this "
        f"account may open only {limit:,}. Close each of them as soon as it has done its work.",
        hints=CLOSE,
        details=learners_traceback(error) if has_learners_frame(error) else "",
    )


def _told(case: Case) -> str:
    return (
        f"Not tried here: this account may open only {open_file_limits()[0]:,} files. "
        f"{files_open():,} are open, and this case takes {case.files} more."
    )


CLOSE = (
    "Which line opens a file, a socket or a selector, and how often does it run?",
    "What is opened stays open until somebody closes it, also when nobody needs it any more.",
    "`with` closes what it opens at the end of its block, however the block is left.",
)
