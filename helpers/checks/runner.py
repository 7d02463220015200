"""Running a learner's function against an exercise's cases, safely and in bounded time."""

from __future__ import annotations

import contextlib
import dis
import linecache
import threading
import time
import types
from collections.abc import Callable, MutableMapping
from typing import Any

from helpers.checks.cases import Case, Exercise
from helpers.checks.escape import end_learners_threads, loops_of, waiting_coroutine
from helpers.checks.files import no_room_for, no_room_in, out_of_files
from helpers.checks.findings import Outcome, explain, failed
from helpers.checks.fresh_python import fresh_python
from helpers.checks.leftovers import Guard, put_back_pristine
from helpers.checks.prints import Household, Prints
from helpers.checks.report import Report
from helpers.checks.stage import PEER, Stage
from helpers.checks.stubs import is_stub
from helpers.checks.wrong import Wrong
from helpers.learner_code import frames_of_all_threads, is_learners
from helpers.servers.crashes import ServerCrashed
from helpers.servers.ending import shut_down
from helpers.servers.server_output import household_of_this_thread, join_household, route_output
from helpers.servers.servers import Server
from helpers.servers.settling import wait_until_settled
from helpers.trace.trace import Trace

CASE_SECONDS = 2.0  # for one case
ALL_SECONDS = 5.0  # for all cases of an exercise, the ends of those that hang included
SLOW_SECONDS = 12.0  # for as long as all have passed: then it is the machine that is slow
ENDING = 0.7  # seconds that the end of a case that hangs may take
LATE = 1.0  # seconds after which a case that has failed may have done so for lack of time
STEP = 0.05  # seconds after which the clock is looked at; what a step takes longer does not count
MOST_STEPS = 3  # times as long as a case may take if the machine is that slow
GRACE = 0.5  # seconds for threads of the learner's that are about to end by themselves
UNSEEN = "code that can't be seen from here"
_one_at_a_time = threading.Lock()


def run_cases(name: str, function: Callable[..., Any], exercise: Exercise) -> Report:
    """Try a function against each case in turn, each in a thread and on a stage of its own.

    A case that takes longer than two seconds is reported as hanging, with the learner's line, and
    ended. All cases together take at most five seconds, or longer on a slow machine, where no case
    has failed that far. What the function leaves behind is ended, closed or put back, and named in
    the report. Where the exercise says so, and time is left, a case that has failed after a long
    wait is tried once more, and passes if it does then.

    Raises:
        RuntimeError: where another check runs, so from within a learner's function.
    """
    if is_stub(function):
        return Report(name, [], started=False)
    if not _one_at_a_time.acquire(blocking=False):
        raise RuntimeError("a check is running: the function must not call check itself")
    began = time.monotonic()
    prints, outcomes = Prints(), []
    late: list[int] = []  # numbers of cases
    fresh = contextlib.ExitStack()

    def try_case(case: Case) -> tuple[Outcome, list[str]] | None:
        allowed = ALL_SECONDS
        if not any(each.problem for each in outcomes):
            allowed = max(SLOW_SECONDS, ALL_SECONDS)
        seconds = min(CASE_SECONDS, began + allowed - time.monotonic() - ENDING)
        if seconds < CASE_SECONDS / 4:
            return None
        if reason := no_room_for(case):
            return Outcome(case, no_room=reason), []
        attempt = _Attempt(case, function, exercise.closes, prints)
        return attempt.outcome(seconds), attempt.left

    try:
        route_output()
        left = put_back_pristine()
        fresh.enter_context(fresh_python(_names_of(function)))
        for number, case in enumerate(exercise.cases):
            start = time.monotonic()
            outcome, its_left = try_case(case) or (_not_tried(case), [])
            outcomes.append(outcome)
            left += its_left
            if exercise.again and outcome.problem and time.monotonic() - start > LATE:
                late.append(number)
        for number in late:
            outcome, its_left = try_case(exercise.cases[number]) or (outcomes[number], [])
            left += its_left
            if outcome.passed:  # else the first one, which had more time, says more
                outcomes[number] = outcome
    finally:
        fresh.close()
        _one_at_a_time.release()
    prints.show()
    return Report(name, outcomes, exercise.survives, left=list(dict.fromkeys(left)))


def _not_tried(case: Case) -> Outcome:
    outcome = failed(case, "The cases before took all the time.")
    outcome.tried, outcome.hints = False, ()
    return outcome


class _Attempt:
    """One case, tried once. Everything that runs the learner's code does so in its threads."""

    def __init__(self, case: Case, function: Callable, closes: bool, prints: Prints) -> None:
        self.case, self.function, self.closes = case, function, closes
        self.left: list[str] = []
        self._found: Outcome | None = None
        self._household = Household(prints)
        self._guard = Guard(_names_of(function), self._household.ended, self._is_ours)

    def outcome(self, seconds: float) -> Outcome:
        """Try the case for so many seconds, and clear everything away."""
        self._guard.begin()
        try:
            stage = Stage(self._household)
            stage.set_clock = self._guard.set_clock
            stage.still_open = lambda: [str(each) for each in self._guard.sockets.unclosed()]
            try:
                outcome = self._on(stage, seconds)
            finally:
                self._end(stage)
        finally:
            self._guard.put_back()
            self.left += self._guard.look()
        if self._guard.replaced and outcome.problem:
            name = self._guard.replaced[0]
            outcome.problem = f"Your code has replaced {name}. {outcome.problem}"
        return outcome

    def _on(self, stage: Stage, seconds: float) -> Outcome:
        self._thread = threading.Thread(
            target=self._try, args=(stage,), name=f"{PEER}{self.case.name}", daemon=True
        )
        join_household(self._thread, self._household)
        self._thread.start()
        _join(self._thread, seconds)
        if self._thread.is_alive():
            outcome = self._hanging(stage, seconds)
        else:
            outcome = self._found or failed(self.case, "The function has ended its own thread.")
            self._wait_for_children()
        if outcome.problem:
            outcome.trace = _copy(stage.trace)
        return outcome

    def _try(self, stage: Stage) -> None:
        """What the case's thread does. Also what an error means is found here: the learner's own
        `__str__` may hang as well."""
        try:
            try:
                self.case.run(self.function, stage)
                for server in stage.servers:
                    server.settle(GRACE)
                for _, error in stage.crashes():
                    raise error
                if self.closes:
                    _expect_all_closed(stage)
            except BaseException as error:
                self._found = self._explained(stage, error)
            else:
                self._found = Outcome(self.case)
        except BaseException as error:  # raised in this thread to end it, in the midst of words
            self._found = failed(self.case, f"It raised {type(error).__name__}.")

    def _explained(self, stage: Stage, error: BaseException) -> Outcome:
        if (no_more := no_room_in(error)) is not None:
            return out_of_files(self.case, no_more, self._guard.held())
        if isinstance(error, ServerCrashed) and error.__cause__ is not None:
            return explain(self.case, error.__cause__)
        if isinstance(error, (Wrong, OSError)):
            # What the peer met may come from an error of the learner's server or a script.
            for server in stage.servers:
                wait_until_settled(server._owner, server._threads, 0.1)
            for learners, crash in stage.crashes():
                if (no_more := no_room_in(crash)) is not None:
                    return out_of_files(self.case, no_more, self._guard.held())
                if learners:
                    return explain(self.case, crash, str(error))
                if not isinstance(error, Wrong):
                    return explain(self.case, crash)
        return explain(self.case, error)

    def _hanging(self, stage: Stage, seconds: float) -> Outcome:
        """Say where it hangs: read before anything is done to end it."""
        threads = [self._thread, *self._household.children(), *stage.scripts]
        threads += [each for server in stage.servers for each in server._threads()]
        place, at_work = _place(threads)
        doing = "still at work in" if at_work else "still waiting in"
        peer = stage.situation()
        problem = f"It does not come back: {doing} {place}, after {round(seconds, 1):g} s"
        problem += f"; {peer}." if peer else "."
        return failed(self.case, problem, self.case.if_it_hangs)

    def _wait_for_children(self) -> None:
        deadline = time.monotonic() + GRACE
        while alive := self._household.children():
            if deadline < time.monotonic():
                break
            alive[0].join(max(0.0, deadline - time.monotonic()))

    def _end(self, stage: Stage) -> None:
        def alive() -> list[threading.Thread]:
            servers = (*stage.servers, *stage.peers)
            threads = [self._thread, *self._household.children(), *stage.scripts]
            threads += [each for server in servers for each in server._threads()]
            return [each for each in threads if each.is_alive()]

        children = [(each, _place([each])[0]) for each in self._household.children()]
        hangs = self._thread.is_alive()
        stage.stop()
        if not hangs and not children:
            stage.end_threads()
        if alive():
            for server in (*stage.servers, *stage.peers):
                server._owner.wake()
                shut_down(server._owner.open_sockets())  # for who waits in a selector
            end_learners_threads(alive, self._guard.wake_sockets, ENDING - 0.3)
        if not hangs:
            self._tell_of(children)
        stuck = [each for each in alive() if each not in [child for child, _ in children]]
        for thread in stuck:
            self.left.append(
                f"A thread can't be ended: it is in {_place([thread])[0]}. Restart the kernel if "
                "the notebook becomes slow."
            )
        self._guard.put_back()
        stage.close()

    def _tell_of(self, children: list[tuple[threading.Thread, str]]) -> None:
        for thread, place in children:
            end = "The check can't end it." if thread.is_alive() else "The check has ended it."
            where = f" in {place}" if place != UNSEEN else ""
            self.left.append(
                f"A thread that the function started still ran{where} when the function had come "
                f"back. {end} A function joins its threads; a pool does so where it is opened by "
                "`with`."
            )

    def _is_ours(self) -> bool:
        household = household_of_this_thread()
        if household is self._household:
            return True
        return isinstance(household, Server) and household.name.startswith(PEER)


def _join(thread: threading.Thread, seconds: float) -> None:
    """Wait for a thread's end, for so long as this machine does its work in time.

    Where this thread itself is woken late, the other one has been kept waiting as well.
    """
    left, last = seconds, time.monotonic()
    until = last + MOST_STEPS * seconds
    while left > 0 and last < until:
        thread.join(min(STEP, left))
        if not thread.is_alive():
            return
        now = time.monotonic()
        left -= min(now - last, 1.2 * STEP)
        last = now


def _names_of(function: Any) -> MutableMapping[str, Any]:
    """The names of the learner's module, as the function sees them."""
    names = getattr(function, "__globals__", None)
    if names is None:  # a class: the names are those of its methods
        own = getattr(function, "__dict__", {}).values()
        methods = (getattr(each, "__globals__", None) for each in own)
        names = next((each for each in methods if each is not None), {})
    return names


def _copy(trace: Trace) -> Trace:
    """What has passed until now: what the end of the case adds is not part of it."""
    kept = Trace()
    kept._rows = list(trace._rows)
    kept.left_out, kept.began = trace.left_out, trace.began
    kept._start = trace._start
    return kept


def _expect_all_closed(stage: Stage) -> None:
    unclosed = stage.opened()
    if unclosed:
        raise Wrong(
            f"All that came back is right, but it has not closed {unclosed[0]}. Close it, best by "
            "`with`, also where an error ends the function: a program that leaves its sockets "
            "open runs out of them one day.",
            hints=(
                "Which line opens the socket, and which one closes it?",
                "Follow each way out of the function: a return or an error may leave it before the "
                "line that closes is reached.",
                "`with` closes the socket at the end of its block, however the block is left.",
            ),
        )


def _place(threads: list[threading.Thread]) -> tuple[str, bool]:
    """The learner's line that the first of these threads is in, and whether it is at work there."""
    frames = frames_of_all_threads()
    for thread in threads:
        innermost = frames.get(thread.ident) if thread.ident is not None else None
        frame = innermost
        while frame and not is_learners(frame.f_code.co_filename):
            frame = frame.f_back
        for loop in loops_of(innermost):
            frame = waiting_coroutine(loop) or frame
        if frame is not None:
            line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            return f"line {frame.f_lineno}: `{line}`", _is_at_work(thread, innermost)
    return UNSEEN, False


def _is_at_work(thread: threading.Thread, innermost: types.FrameType | None) -> bool:
    """Whether a thread computes, or moves on while we look: it does not wait."""
    if innermost is None:
        return False
    step = innermost.f_lasti
    if is_learners(innermost.f_code.co_filename):
        # What waits is a call; between the steps of a tight loop nothing seems to move.
        operation = dis.opname[innermost.f_code.co_code[step]]
        if "CALL" not in operation:
            return True
    for _ in range(40):  # on a busy machine its turn may come late
        time.sleep(0.002)
        now = frames_of_all_threads().get(thread.ident)
        if now is not innermost or innermost.f_lasti != step:
            return True
    return False
