"""Running a learner's function against an exercise's cases, safely and in bounded time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from helpers.checks.attempt import ENDING, Attempt
from helpers.checks.cases import Case, Exercise
from helpers.checks.closely import Closely
from helpers.checks.files import no_room_for
from helpers.checks.findings import Outcome, failed, not_tried
from helpers.checks.fresh_python import fresh_python
from helpers.checks.kinds import ASYNC_HINTS, names_of, refused_as_async
from helpers.checks.leftovers import put_back_pristine
from helpers.checks.report import Report
from helpers.checks.stubs import is_stub
from helpers.checks.waiting import Watch
from helpers.servers.server_output import LIMIT, route_output

CASE_SECONDS = 2.0  # for one case
ALL_SECONDS = 3.0  # for all cases of an exercise, the ends of those that hang included
SLOW_SECONDS = 12.0  # for as long as all have passed: then it is the machine that is slow
LATE = 1.0  # seconds after which a case that has failed may have done so for lack of time
_one_at_a_time = threading.Lock()


def run_cases(
    name: str,
    function: Callable[..., Any],
    exercise: Exercise,
    only: Case | None = None,
    tell: Callable[[int, str], None] | None = None,
) -> Report:
    """Try a function against each case in turn, each in a thread and on a stage of its own.

    A case that takes longer than two seconds is reported as hanging, with the learner's line, and
    ended. All cases together take at most three seconds, or longer on a slow machine, where no case
    has failed that far. What the function leaves behind is ended, closed or put back, and named in
    the report. Where the exercise says so, and time is left, a case that has failed after a long
    wait is tried once more, and passes if it does then. An interrupt ends the case that runs; the
    report then holds what was found so far.

    Args:
        name: the exercise's, which the report bears.
        function: the learner's.
        exercise: whose cases are tried.
        only: one of its cases, to be tried alone and shown closely.
        tell: called with the number of a case, from 0, and its name, as soon as the check takes
            longer than half a second.

    Raises:
        RuntimeError: where another check runs, so from within a learner's function.
    """
    if is_stub(function):
        return Report(name, [], started=False)
    cases = (only,) if only else exercise.cases
    alone = len(exercise.cases) if only else 0
    if not exercise.asks_async and (reason := refused_as_async(function)):
        outcomes = [failed(cases[0], reason, hints=ASYNC_HINTS)]
        outcomes += [not_tried(case, "A plain function is needed first.") for case in cases[1:]]
        return Report(name, outcomes, exercise.survives, alone=alone)
    if not _one_at_a_time.acquire(blocking=False):
        raise RuntimeError("a check is running: the function must not call check itself")
    try:
        with Watch(tell) as watch:
            run = _Run(function, exercise, watch, only is not None)
            outcomes, left = run.all(cases)
    finally:
        _one_at_a_time.release()
    report = Report(name, outcomes, exercise.survives, left=left, alone=alone)
    report.interrupted = watch.interrupted and any(not each.tried for each in outcomes)
    return report


class _Run:
    """All cases, one after another, within the time that there is for all."""

    def __init__(self, function: Callable, exercise: Exercise, watch: Watch, alone: bool) -> None:
        self._function, self._exercise = function, exercise
        self._watch, self._closely = watch, Closely() if alone else None
        self._kept: dict[str, Any] | None = None if alone else {}
        self._attempt: Attempt | None = None
        self._began = time.monotonic()
        self._outcomes: list[Outcome] = []
        self._left: list[str] = []

    def all(self, cases: tuple[Case, ...]) -> tuple[list[Outcome], list[str]]:
        """Try the cases; returns what came of them, and what was left behind."""
        late: list[int] = []  # numbers of cases
        route_output()
        self._left += put_back_pristine()
        with fresh_python(names_of(self._function), self._never_awaited):
            for number, case in enumerate(cases):
                start = time.monotonic()
                outcome = self._tried(number, case) or _no_time(case)
                self._outcomes.append(self._keep(outcome))
                failed_late = time.monotonic() - start > LATE and self._outcomes[-1].problem
                if self._exercise.again and failed_late and self._outcomes[-1].tried:
                    late.append(number)
            for number in late:
                self._again(number, cases[number])
        return self._outcomes, list(dict.fromkeys(self._left))

    def _again(self, number: int, case: Case) -> None:
        first = self._outcomes[number]
        second = None if self._watch.interrupted else self._tried(number, case)
        if second is None:
            return
        prints = first.prints + self._keep(second).prints
        if second.passed:  # else the first one, which had more time, says more
            self._outcomes[number] = second
        self._outcomes[number].prints = prints

    def _tried(self, number: int, case: Case) -> Outcome | None:
        """What comes of a case; None where no time is left for it."""
        if self._watch.interrupted:
            return not_tried(case, "The check was interrupted before this case.")
        allowed = ALL_SECONDS
        if not any(each.problem for each in self._outcomes):
            allowed = max(SLOW_SECONDS, ALL_SECONDS)
        allowed = self._exercise.seconds or allowed
        left = self._began + allowed - time.monotonic() - ENDING
        seconds = min(case.rounds * CASE_SECONDS, left)
        if case.rounds > 1 and self._kept:  # the first of them has done its work
            seconds = CASE_SECONDS
        if seconds < CASE_SECONDS / 4:
            return None
        if reason := no_room_for(case):
            return Outcome(case, no_room=reason)
        self._watch.begin(number, case.name)
        attempt = Attempt(
            case, self._function, self._exercise, self._watch, self._closely, self._kept
        )
        self._attempt = attempt
        try:
            return attempt.outcome(seconds)
        finally:
            self._left += attempt.left

    def _never_awaited(self, name: str) -> None:
        if self._attempt:
            self._attempt.never_awaited(name)

    def _keep(self, outcome: Outcome) -> Outcome:
        """Of what all cases print, so many lines are kept as of one."""
        room = max(0, LIMIT - sum(len(each.prints) for each in self._outcomes))
        if len(outcome.prints) > room + 1:  # whose log says itself what it did not keep
            more = len(outcome.prints) - room
            outcome.prints[room:] = [f"... and {more:,} lines more, which the check did not keep"]
        return outcome


def _no_time(case: Case) -> Outcome:
    return not_tried(case, "The cases before took all the time.")
