"""The process in which an assignment's program is tried: it reads one job, and tells what it finds.

Its standard input is one JSON object: {"assignment": "A1", "code": text, "file": name, "only":
[names of milestones]}. It writes a line of JSON for each thing that happens: {"case": name,
"milestone": name} when a case begins, {"reached": {...}} when a milestone has been tried, with the
fields of `Reached`, and {"problem": text} where the program can't be loaded. Limits of time and
memory are against accidents, not against malice: the program runs with its user's rights.
"""

from __future__ import annotations

import functools
import linecache
import os
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable
from typing import Any

from helpers.checks.milestones import Milestone
from helpers.checks.report import Report
from helpers.checks.report_html import told_of as html_of
from helpers.checks.report_text import told_of as text_of
from helpers.checks.runner import run_cases
from helpers.checks.stubs import is_stub
from helpers.learner_code import learners_part
from helpers.look.card import paragraph
from helpers.study.beside import take_job, tell
from helpers.study.finding import find_assignment

BEAT = 0.02  # seconds
STARVED = 0.12  # seconds without the processor, at once, after which a failure proves nothing
SHARE = 0.1  # of the time, if it was taken in small pieces
REPEATS = 2  # of a milestone whose run had no processor


def main() -> None:
    """Do one job; the process ends with it, whatever the program has left running."""
    job, out = take_job()
    _work(job, functools.partial(tell, out))
    os._exit(0)


def _work(job: dict[str, Any], tell: Callable[..., None]) -> None:
    assignment = find_assignment(job["assignment"])
    try:
        names = load(job["code"], job["file"])
    except BaseException as error:
        tell(problem=_told(error))
        return
    for milestone in assignment.among(*job.get("only", ())):
        tell(milestone=milestone.name, case=milestone.title)
        tell(reached=tried(milestone, names, tell))


def load(code: str, file: str) -> dict[str, Any]:
    """The names of a program, run as a module; its lines can be shown in reports."""
    name = f"<{file}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    module = types.ModuleType("program")
    module.__file__ = name  # inspect looks there for the source of a class
    sys.modules["program"] = module  # and dataclasses here
    exec(compile(code, name, "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


def tried(
    milestone: Milestone, names: dict[str, Any], say: Callable[..., None] | None = None
) -> dict[str, Any]:
    """What comes of a milestone: the fields of `Reached`.

    Where not all has passed and the processor was taken away meanwhile, it is tried again: points
    never depend on how fast the machine is.
    """
    function, repeated = _function(milestone, names), 0
    if function is None:
        return _result(milestone, None, 0.0, 0)
    began = time.monotonic()
    while True:
        with Pulse() as pulse:
            report = run_cases(
                milestone.function,
                function,
                milestone.exercise,
                tell=lambda _, case: say and say(milestone=milestone.name, case=case),
            )
        has_failed = any(each.state == "failed" for each in report.outcomes)
        if not has_failed or not pulse.starved or repeated == REPEATS:
            return _result(milestone, report, time.monotonic() - began, repeated)
        repeated += 1


def _function(milestone: Milestone, names: dict[str, Any]) -> Any:
    """What a milestone tries: the first of its functions that is there and has a body."""
    there = [names[each] for each in (milestone.function, milestone.other) if each in names]
    return next((each for each in there if not is_stub(each)), there[0] if there else None)


class Pulse:
    """Measures how long this process went without the processor, while it is a context manager."""

    def __init__(self) -> None:
        self.gap = self.lost = 0.0
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    @property
    def starved(self) -> bool:
        """Whether so much was missing that a failure proves nothing."""
        took = time.monotonic() - self._began
        return self.gap > STARVED or self.lost > SHARE * took

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        before = time.monotonic()
        while not self._over.wait(BEAT):
            now = time.monotonic()
            late = now - before - BEAT
            self.gap = max(self.gap, late)
            self.lost += late if late > BEAT / 4 else 0.0
            before = now


def _result(
    milestone: Milestone, report: Report | None, seconds: float, repeated: int
) -> dict[str, Any]:
    started = report is not None and report.started
    outcomes = report.outcomes if started else []
    points = milestone.earned(sum(each.passed for each in outcomes))
    first = report.first if started else None
    away = [each for each in outcomes if each.state == "not tried"]
    untried = dict.fromkeys(each.no_room or each.problem for each in away)
    return {
        "name": milestone.name,
        "title": milestone.title,
        "points": points,
        "of": milestone.points,
        "started": started,
        "cases": [[each.case.name, each.state] for each in outcomes],
        "failure": first.case.name if first else "",
        "belief": first.misconception.name if first and first.misconception else "",
        "hints": list(first.hints) if first else [],
        "text": "\n".join(text_of(first) if first else untried),
        "html": "".join(html_of(first, "What failed") if first else map(_not_tried, untried)),
        "left": list(report.left) if started else [],
        "picture": milestone.picture() if started and milestone.picture else "",
        "repeated": repeated,
        "seconds": round(seconds, 2),
    }


def _not_tried(reason: str) -> str:
    return paragraph("Not tried", reason)


def _told(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return "".join(traceback.format_exception_only(error)).strip()
    error.__traceback__ = learners_part(error.__traceback__)
    return "".join(traceback.format_exception(error, chain=False)).strip()
