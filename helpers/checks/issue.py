"""A failed check as one text to copy: what somebody needs who asks whether the check is wrong."""

from __future__ import annotations

import contextlib
import functools
import inspect
import platform
import re
import sys
from pathlib import Path
from typing import Any

from helpers.checks.found import Found
from helpers.checks.report_text import in_full
from helpers.checks.values import short

ROOT = Path(__file__).resolve().parents[2]
UNSEEN = "(its source can't be read from here)"
FOR_LEARNERS = ("Three hints", "To watch this case")
MOST_LINES = 200  # of a function
# A traceback's files, by whole paths, and the folders that have people's names.
_FILE = re.compile(r'(File "|in file )(?:[^"\n]*[\\/])([^"\\/\n]+)')
_HOME = re.compile(r"(?:/home|/Users|[A-Za-z]:(?:\\\\?|/)Users)(?:\\\\?|/)[^\\/\s'\"]+")


def as_issue(report: Found) -> str:
    """A report's exercise, versions, cases, the first failure and the learner's function."""
    first = report.first
    lines = [
        f"Exercise: {report.exercise}",
        f"Versions: {versions()}",
        f"Verdict: {report.headline}",
    ]
    if first:
        told = [line for line in in_full(report, first) if not line.startswith(FOR_LEARNERS)]
        lines += [f"Case: {first.case.name}", *told]
        failed = [each for group in report.groups for each in group if each is not first]
        lines += [f"Failed too: {each.case.name}: {each.problem}" for each in failed]
    lines += ["Function:", _source(report.function)]
    return masked("\n".join(lines))


@functools.cache
def versions() -> str:
    """The course's version, Python's, the system's and ipykernel's."""
    kernel = getattr(sys.modules.get("ipykernel"), "__version__", None)
    python = f"Python {platform.python_version()} ({platform.python_implementation()})"
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    return f"course {course_version()}, {python}, {system}, ipykernel {kernel or 'not in use'}"


def course_version() -> str:
    """The course's version, as CITATION.cff has it; "unknown" where that file is not there."""
    try:
        text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    found = re.search(r"^version: (\S+)", text, re.MULTILINE)
    return found[1] if found else "unknown"


def masked(text: str) -> str:
    """A text without this machine's folders: a file keeps its name, a home becomes "~"."""
    text = _FILE.sub(r"\1\2", text)
    for folder, word in _folders():
        for written in {str(folder), folder.as_posix(), str(folder).replace("\\", "\\\\")}:
            text = re.sub(rf"(?<![\w.-]){re.escape(written)}(?![\w.-])", word, text)
    return _HOME.sub("~", text)


def _folders() -> list[tuple[Path, str]]:
    """Folders of this machine that a text may name, and what to say in their place."""
    found = [(ROOT, "(course)")]
    with contextlib.suppress(RuntimeError, OSError):  # an account without a home
        found.append((Path.home(), "~"))
    with contextlib.suppress(OSError):  # the folder that the kernel works in is gone
        found.append((Path.cwd(), "."))
    return [(folder, word) for folder, word in found if len(folder.parts) > 1]


def _source(function: Any) -> str:
    try:
        lines = inspect.getsource(inspect.unwrap(function)).rstrip().splitlines()
    except (OSError, TypeError, ValueError):
        return f"{UNSEEN} {short(function)}" if function is not None else UNSEEN
    rest = len(lines) - MOST_LINES
    return "\n".join(lines[:MOST_LINES] + ([f"… {rest:,} lines more"] if rest > 0 else []))
