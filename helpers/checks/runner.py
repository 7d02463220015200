"""Running a learner's function against cases, safely and in bounded time."""

from __future__ import annotations

import ast
import html
import inspect
import textwrap
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from helpers.ending import raise_in
from helpers.learner_code import has_learners_frame, learners_part, place_of
from helpers.server_output import Log, join_household, route_output
from helpers.servers import Server, ServerCrashed, run_server, stop_all

CASE_SECONDS = 2.0  # for one case
ALL_SECONDS = 5.0  # for all cases of an exercise
MOST_PRINTS = 20  # lines of the function's prints that are shown


PEER = "check: "  # what the names of the checks' servers begin with


def serving(serve: Callable, kind: str = "tcp") -> Server:
    """Run a case's own server, which the runner stops where the learner's function hangs."""
    return run_server(serve, kind, name=PEER + serve.__name__)


class Wrong(Exception):
    """What a case raises when the function did not do what was asked.

    Args:
        message: what the peer did, what was expected and what came.
        misconception: the belief that leads to this, with a sentence why it is wrong.
    """

    def __init__(self, message: str, misconception: str = "") -> None:
        super().__init__(message)
        self.misconception = misconception


@dataclass(frozen=True)
class Case:
    """One thing that an exercise's function must survive.

    Attributes:
        name: what it survives, as the report says it: "a welcome in three pieces".
        run: tries the function; raises Wrong, or lets the function's own error pass.
        if_it_hangs: the sentence for a function that does not come back.
        if_it_raises: misconceptions by the name of the error that they lead to.
    """

    name: str
    run: Callable[[Callable], None]
    if_it_hangs: str = ""
    if_it_raises: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """What came of one case: `problem` is empty where it passed."""

    case: Case
    problem: str = ""
    misconception: str = ""
    details: str = ""

    @property
    def passed(self) -> bool:
        """Whether the function survived the case."""
        return not self.problem


@dataclass
class Report:
    """What a check found; a notebook shows it as HTML, everything else as plain text."""

    exercise: str
    outcomes: list[Outcome]
    started: bool = True
    remark: str = ""

    @property
    def passed(self) -> bool:
        """Whether the function survived all cases."""
        return self.started and all(outcome.passed for outcome in self.outcomes)

    @property
    def headline(self) -> str:
        """The result in a line."""
        if not self.started:
            return f"{self.exercise}: not started"
        count, failed = len(self.outcomes), sum(not each.passed for each in self.outcomes)
        cases = "case" if count == 1 else "cases"
        if failed:
            return f"{self.exercise}: {failed} of {count} {cases} failed"
        return f"{self.exercise}: passed ({count} {cases}), you may go on"

    def __repr__(self) -> str:
        lines = [self.headline]
        for outcome in self.outcomes:
            lines.append(f"  {'passed' if outcome.passed else 'FAILED'}: {outcome.case.name}")
            for text in (outcome.problem, outcome.misconception, outcome.details):
                lines += textwrap.indent(text, "      ").splitlines()
        return "\n".join([*lines, self.remark]).rstrip()

    def _repr_html_(self) -> str:
        items = []
        for outcome in self.outcomes:
            mark = "✓ passed" if outcome.passed else "✗ failed"
            parts = [f"<b>{mark}:</b> {html.escape(outcome.case.name)}"]
            parts += [
                f"<br>{html.escape(text)}"
                for text in (outcome.problem, outcome.misconception)
                if text
            ]
            if outcome.details:
                parts.append(f"<pre>{html.escape(outcome.details)}</pre>")
            items.append(f"<li>{''.join(parts)}</li>")
        body = f"<ul>{''.join(items)}</ul>" if items else ""
        remark = f"<p>{html.escape(self.remark)}</p>" if self.remark else ""
        return f"<div><b>{html.escape(self.headline)}</b>{body}{remark}</div>"


def run_cases(name: str, function: Callable, cases: list[Case]) -> Report:
    """Try a function against each case in turn, each in a thread of its own.

    A case that takes longer than two seconds is reported as hanging, with the learner's line;
    its thread is left behind. All cases together take at most five seconds.
    """
    if is_stub(function):
        return Report(name, [], started=False)
    deadline = time.monotonic() + ALL_SECONDS
    prints = Prints()
    outcomes = []
    for case in cases:
        left = deadline - time.monotonic()
        if left <= 0.1:
            outcomes.append(Outcome(case, "not tried: the cases before it took all the time"))
            continue
        outcomes.append(_run_case(case, function, min(CASE_SECONDS, left), prints))
    prints.show()
    return Report(name, outcomes)


class Prints:
    """What a learner's function prints in all its cases, shown in the end and not at length."""

    def __init__(self) -> None:
        self._log = Log()

    def keep_output(self, text: str) -> None:
        """Take what a thread of a case has printed."""
        self._log.write(text)

    def take_in(self, thread: threading.Thread) -> None:
        """Treat a thread that a case starts in the same way."""
        join_household(thread, self)

    def show(self) -> None:
        """Print the first lines, and how many more there were."""
        lines = self._log.unseen()
        for line in lines[:MOST_PRINTS]:
            print(line)
        rest = len(lines) - MOST_PRINTS
        if rest > 0:
            print(f"... and {'at least ' if self._log.left_out else ''}{rest:,} lines more")


def is_stub(function: Callable) -> bool:
    """Whether a function's body is still the chapter's: nothing but NotImplementedError."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return False
    body = getattr(tree.body[0], "body", [])
    return bool(body) and all(_does_nothing(statement) for statement in body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def _run_case(case: Case, function: Callable, seconds: float, prints: Prints) -> Outcome:
    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            case.run(function)
        except BaseException as error:  # also the learner's sys.exit
            caught.append(error)

    thread = threading.Thread(target=attempt, name=f"check: {case.name}", daemon=True)
    route_output()
    join_household(thread, prints)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        problem = f"it does not come back: after {seconds:.0f} s it is still in {place_of(thread)}"
        # Its peers go, which wakes a blocking call; a loop of its own is interrupted.
        stop_all(PEER)
        thread.join(0.2)
        if thread.is_alive():
            raise_in([thread])
            thread.join(0.5)
            stop_all(PEER)  # the exception may have hit while it stopped one itself
        return Outcome(case, problem, case.if_it_hangs)
    if not caught:
        return Outcome(case)
    error = caught[0]
    if isinstance(error, ServerCrashed):
        error = error.__cause__
    if isinstance(error, Wrong):
        return Outcome(case, str(error), error.misconception)
    if isinstance(error, NotImplementedError):
        return Outcome(case, "it still raises NotImplementedError: some of it is not written yet")
    if not has_learners_frame(error):
        return Outcome(case, f"it can't be called as its description says: {error}")
    lines = traceback.format_exception(
        type(error), error, learners_part(error.__traceback__), chain=False
    )
    misconception = next(
        (
            case.if_it_raises[kind.__name__]
            for kind in type(error).__mro__
            if kind.__name__ in case.if_it_raises
        ),
        "",
    )
    try:
        problem = f"it raised {type(error).__name__}: {error}"
    except Exception:  # an error of the learner's own, whose __str__ fails
        problem = f"it raised {type(error).__name__}, which can't be shown as text"
    if isinstance(error, NameError):
        problem += ". After a restart of the kernel, run the cells above again."
    return Outcome(case, problem, misconception, "".join(lines).rstrip())
