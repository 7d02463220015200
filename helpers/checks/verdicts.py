"""A learner's judge asked about programs, side by side: its verdicts, and what is wrong with them.

A judge is a function that is given the address of a running program and says whether it is right.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpers.checks.attempt import until_now
from helpers.checks.peers import PEER, Script
from helpers.checks.prints import Beside
from helpers.checks.stage import YOU, Stage
from helpers.checks.waiting import join_in_time, place_of_first
from helpers.checks.wrong import Hints, Misconception
from helpers.learner_code import place_of
from helpers.servers.owner import ServerStopped
from helpers.servers.server_output import Log, join_household
from helpers.servers.servers import Server, run_server
from helpers.servers.settling import wait_until_settled
from helpers.trace.trace import Trace

ROUNDS = 5  # times the time of one verdict that all may take: a judge may have to be asked in turn
REFUSED_ROUNDS = 2  # the same where it is certain that the judge is wrong
SWITCH = 0.0002  # seconds for which one of many busy threads keeps all others waiting, at most
SETTLE = 0.2  # seconds at most for a program to take in what a judge has sent that is back already

# What can be wrong with a verdict.
LATE, RAISED, NO_BOOL, NOTHING_SENT, LEFT_OPEN, ACCUSED, MISSED = (
    "late", "raised", "no bool", "nothing sent", "left open", "accused", "missed",
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A program that a judge is asked about.

    Attributes:
        name: what a user would notice: "a lamp that obeys an order that was cut off"; of a right
            one what it is: "the course's own lamp".
        serve: its server function, as `run_server` takes it.
        is_right: which verdict it deserves.
        hints: for a judge with another verdict: three steps towards the test that is missing. None
            for those that hold for any right program.
        belief: behind such a verdict, where there is one.
    """

    name: str
    serve: Callable[[Any], None]
    is_right: bool
    hints: Hints | None = None
    belief: Misconception | None = None


@dataclass
class Verdict:
    """What came of asking a judge about one program.

    Attributes:
        answer: what it has returned.
        error: what it has raised.
        seconds: how long it took.
        late: where it was when time was up, as "in line 3: `…`"; else empty.
        sent: whether the program has received anything from it.
        unclosed: the sockets that it has opened and not closed, in a few words each.
        trace: what passed, as the program saw it.
        log: what it has printed.
    """

    answer: Any = None
    error: BaseException | None = None
    seconds: float = 0.0
    late: str = ""
    sent: bool = False
    unclosed: list[str] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)
    log: Log = field(default_factory=Log)


def fault(program: Program, verdict: Verdict) -> str:
    """What is wrong with a verdict, as one of this module's constants; empty if nothing is."""
    if verdict.late:
        return LATE
    if verdict.error is not None:
        return RAISED
    if type(verdict.answer).__name__ not in ("bool", "bool_"):  # numpy has one of its own
        return NO_BOOL
    if verdict.answer and not verdict.sent:
        return NOTHING_SENT
    if bool(verdict.answer) != program.is_right:
        return ACCUSED if program.is_right else MISSED
    return LEFT_OPEN if verdict.unclosed else ""


def ask_about(
    programs: Sequence[Program],
    judge: Callable[..., Any],
    stage: Stage,
    role: str,
    kind: str = "tcp",
    spared: int = 0,
) -> list[Verdict]:
    """Ask a judge about programs: about all at once, and where it errs once more, about that alone.

    A judge may keep a global or a fixed port, and a machine may stand still: so the second verdict
    counts. A right judge that has to be asked in turn has time for that; where it is certain that
    the judge is wrong, no more is asked than two verdicts take time for.

    Args:
        programs: each runs in a server of its own on 127.0.0.1, a new one for each question.
        judge: the learner's function.
        stage: of a case that has so many rounds; it owns the threads.
        role: what the programs are called in traces, such as "lamp".
        kind: "tcp" or "udp".
        spared: how many wrong programs a right judge may miss.

    Returns:
        The verdicts, in the order of the programs. All programs have been stopped.
    """
    limit, began = stage.attempt.seconds / ROUNDS, time.monotonic()

    def ask(some: Sequence[Program], seconds: float) -> list[Verdict]:
        return _asked([_Question(each, judge, stage, role, kind) for each in some], stage, seconds)

    verdicts = ask(programs, limit)
    certain: list[str] = []  # faults that were there again
    late_and_right = 0  # how many came in time when they were asked again
    for number, program in enumerate(programs):
        first = fault(program, verdicts[number])
        if not first or (len(programs) == 1 and first != LATE):
            continue
        refused = certain.count(MISSED) > spared or any(each != MISSED for each in certain)
        refused = refused or (first == LATE and not late_and_right)
        rounds = REFUSED_ROUNDS if refused else ROUNDS
        left = min(limit, began + (rounds - 0.1) * limit - time.monotonic())
        if left < limit / 4:
            continue
        [second] = ask([program], left)
        again = fault(program, second)
        certain += [again] if again else []
        late_and_right += first == LATE and not again
        if not (first == again == LATE):  # the first had more time
            verdicts[number] = second
    return verdicts


class _Question:
    """A judge called once, in a thread, with the address of one program."""

    def __init__(
        self, program: Program, judge: Callable[..., Any], stage: Stage, role: str, kind: str
    ) -> None:
        self.verdict = Verdict()
        self.is_answered = self.is_over = False
        self.household = Beside(stage.household)  # type: ignore[arg-type]
        self.verdict.log = self.household.log
        self._judge, self._stage = judge, stage
        self.server = _started(program, stage, self.verdict.trace, role, kind)
        self.script = Script(self._ask, ())
        join_household(self.script, self.household)

    def start(self) -> None:
        """Call the judge; where it is busy, whatever is begun after this takes long."""
        self._stage.scripts.append(self.script)
        self.script.start()

    def _ask(self) -> None:
        answer, error, began = None, None, time.perf_counter()
        try:
            answer = self._stage.call(self._judge, self.server._address)
        except ServerStopped:  # it was let go
            return
        except BaseException as caught:
            error = caught
        if not self.is_over:
            self.verdict.answer, self.verdict.error = answer, error
            self.verdict.seconds = time.perf_counter() - began
            self.is_answered = True


def _started(program: Program, stage: Stage, trace: Trace, role: str, kind: str) -> Server:
    """The program's server, whose sockets write to a trace of its own."""
    names: dict[Any, str] = {}

    def name_of(address: Any) -> str:
        key = address[:2] if isinstance(address, tuple) else address
        return names.setdefault(key, f"{YOU} {len(names) + 1}" if names else YOU)

    number = len(stage.peers) + 1
    server = run_server(program.serve, kind, name=f"{PEER}{role} {number}")
    owner = server._owner
    owner.trace, owner.server_name, owner.peer_name = trace, role, name_of
    stage.peers.append(server)  # who ends it, should this case not come so far
    return server


def _asked(questions: list[_Question], stage: Stage, seconds: float) -> list[Verdict]:
    """The verdicts that come within some seconds; clears away what the questions have begun."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(min(interval, SWITCH))
    try:
        return _in_time(questions, stage, seconds)
    finally:
        sys.setswitchinterval(interval)


def _in_time(questions: list[_Question], stage: Stage, seconds: float) -> list[Verdict]:
    for each in questions:
        each.start()
    join_in_time([each.script for each in questions], seconds, lambda: not stage.ended.is_set())
    if stage.ended.is_set():
        raise ServerStopped
    late = [each for each in questions if not each.is_answered]
    for each in late:
        each.is_over, each.verdict.seconds = True, seconds
        each.verdict.late = f"in {place_of(each.script)}"
    if late:  # to look whether it moves takes a while
        place, at_work = place_of_first([late[0].script])
        late[0].verdict.late = f"still {'at work' if at_work else 'waiting'} in {place}"
    for each in questions:
        _look(each, stage)
    for each in late:
        each.household.ended.set()
        # One after another: those that swallow what ends them are slow to end all at once.
        stage.attempt.let_go([each.script])
    for each in questions:
        _stop(each.server)
    return [each.verdict for each in questions]


def _look(question: _Question, stage: Stage) -> None:
    """Note what is to be seen while the program still runs."""
    verdict, server = question.verdict, question.server
    if not verdict.late:
        wait_until_settled(server._owner, server._threads, SETTLE)
    verdict.sent = _has_come(verdict.trace)
    verdict.unclosed = stage.attempt.unclosed_by(question.household)
    verdict.trace = until_now(verdict.trace)


def _has_come(trace: Trace) -> bool:
    return any(event.size and event.source.startswith(YOU) for event in trace.events)


def _stop(server: Server) -> None:
    """Stop a program; how a wrong one fails is no matter of the check's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server._end(0.1)
    server._take_crash()
