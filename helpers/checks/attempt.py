"""One case of an exercise, tried once: safely, in bounded time, and with nothing left behind."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from helpers.checks.cases import Case, Exercise
from helpers.checks.causes import NOT_CLOSED
from helpers.checks.closely import Closely
from helpers.checks.escape import end_learners_threads
from helpers.checks.files import no_room_in, out_of_files
from helpers.checks.findings import Outcome, explain, failed, not_tried
from helpers.checks.kinds import hints_on_coroutine, names_of
from helpers.checks.leftovers import Guard
from helpers.checks.prints import Beside, Household
from helpers.checks.slips import not_awaited
from helpers.checks.stage import PEER, Stage
from helpers.checks.waiting import UNSEEN, Watch, join_in_time, place_of_first
from helpers.checks.wrong import Wrong
from helpers.servers.crashes import ServerCrashed
from helpers.servers.ending import shut_down
from helpers.servers.server_output import household_of_this_thread, join_household
from helpers.servers.servers import Server
from helpers.servers.settling import wait_until_settled
from helpers.trace.trace import Trace

ENDING = 0.7  # seconds that the end of a case that hangs may take
GRACE = 0.5  # seconds for threads of the learner's that are about to end by themselves


class Attempt:
    """One case, tried once. Everything that runs the learner's code does so in its threads.

    Attributes:
        left: what the function has left behind, a sentence each.
        kept: what the cases of one check keep for each other; None where this one is alone.
        seconds: how long it may take.
        note: what the case says about how it passed.
    """

    def __init__(
        self,
        case: Case,
        function: Callable,
        exercise: Exercise,
        watch: Watch,
        closely: Closely | None = None,
        kept: dict[str, Any] | None = None,
    ) -> None:
        self.case, self.function, self.exercise = case, function, exercise
        self.left: list[str] = []
        self.kept, self.seconds, self.note = kept, 0.0, ""
        self._watch, self._closely = watch, closely
        self._found: Outcome | None = None
        self._dropped = ""  # the name of a coroutine that nobody has awaited
        self._household = Household(closely.printed if closely else None)
        self._guard = Guard(names_of(function), self._household.ended, self._is_ours)

    def outcome(self, seconds: float) -> Outcome:
        """Try the case for so many seconds, and clear everything away."""
        watching = self._closely.watching(self._is_ours) if self._closely else nullcontext()
        self.seconds = seconds
        with watching:
            outcome = self._guarded(seconds)
        outcome.prints, outcome.note = self._household.lines, self.note
        if self._dropped and outcome.problem and outcome.hints == self.case.hints:
            slip = not_awaited(self._dropped)
            outcome.problem += f" {slip.told}"
            asks_async = self.exercise.asks_async
            outcome.hints = slip.hints if asks_async else hints_on_coroutine(self._dropped)
        return outcome

    def never_awaited(self, name: str) -> None:
        """A coroutine was dropped and nobody has awaited it, so none of its lines has run."""
        self._dropped = self._dropped or name
        self._household.keep_output(f"The coroutine `{name}` was never awaited.\n")

    def unclosed_by(self, household: Beside) -> list[str]:
        """The sockets that a part of the case has opened and not closed, in a few words each."""
        return [str(each) for each in self._guard.sockets.unclosed_by(household)]

    def let_go(self, threads: list[threading.Thread]) -> None:
        """End threads of the case that are late, while the case goes on."""
        end_learners_threads(
            lambda: [each for each in threads if each.is_alive()], self._guard.wake_sockets, 0.3
        )

    def _guarded(self, seconds: float) -> Outcome:
        self._guard.begin()
        try:
            stage = Stage(self._household)
            stage.set_clock, stage.attempt = self._guard.set_clock, self
            stage.trace.words = self.case.words
            stage.asks_async = self.exercise.asks_async
            stage.still_open = lambda: [str(each) for each in self._guard.sockets.unclosed()]
            try:
                outcome = self._on(stage, seconds)
            finally:
                with warnings.catch_warnings():
                    # What a thread leaves open that ends by an error of ours is told by `look`.
                    warnings.simplefilter("ignore", ResourceWarning)
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
        join_in_time(self._thread, seconds, self._watch.step)
        if self._thread.is_alive() and self._watch.interrupted:
            outcome = self._interrupted()
        elif self._thread.is_alive():
            outcome = self._hanging(stage, seconds)
        else:
            outcome = self._found or failed(self.case, "The function has ended its own thread.")
            self._wait_for_children()
        if outcome.problem:
            outcome.trace = until_now(stage.trace)
        if self._closely:
            if not self._thread.is_alive():
                for peer in stage.peers:  # what it has sent may not be written down yet
                    wait_until_settled(peer._owner, peer._threads, 0.1)
            outcome.log = self._closely.log(stage.trace)
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
                if self.exercise.closes:
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

    def _interrupted(self) -> Outcome:
        place, at_work = place_of_first([self._thread, *self._household.children()])
        doing = "at work" if at_work else "waiting"
        where = f" The function was still {doing} in {place}." if place != UNSEEN else ""
        return not_tried(self.case, f"The check was interrupted in this case.{where}")

    def _hanging(self, stage: Stage, seconds: float) -> Outcome:
        """Say where it hangs: read before anything is done to end it."""
        threads = [self._thread, *self._household.children(), *stage.scripts]
        threads += [each for server in stage.servers for each in server._threads()]
        place, at_work = place_of_first(threads)
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

        children = [(each, place_of_first([each])[0]) for each in self._household.children()]
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
            place, _ = place_of_first([thread])
            self.left.append(
                f"A thread can't be ended: it is in {place}. Restart the kernel if the notebook "
                "becomes slow."
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
        if getattr(household, "whole", household) is self._household:
            return True
        return isinstance(household, Server) and household.name.startswith(PEER)


def until_now(trace: Trace) -> Trace:
    """What has passed until now: what the end of the case adds is not part of it."""
    kept = Trace()
    kept._rows = list(trace._rows)
    kept.left_out, kept.began = trace.left_out, trace.began
    kept.words = trace.words
    kept._start = trace._start
    kept.closes = list(trace.closes)
    return kept


def _expect_all_closed(stage: Stage) -> None:
    unclosed = stage.opened()
    if unclosed:
        raise Wrong(
            f"{NOT_CLOSED} {unclosed[0]}. Close it, best by "
            "`with`, also where an error ends the function: a program that leaves its sockets "
            "open runs out of them one day.",
            hints=(
                "Which line opens the socket, and which one closes it?",
                "Follow each way out of the function: a return or an error may leave it before the "
                "line that closes is reached.",
                "`with` closes the socket at the end of its block, however the block is left.",
            ),
        )
