"""Exercises in which the learner writes the peer: a judge that tells right programs from wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpers.checks import verdicts
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.verdicts import Program, Verdict, ask_about, fault
from helpers.checks.wrong import Hints, Wrong

SPARED = 1  # wrong programs that a judge may miss
FILES_OF_EACH = 8  # files that a program, its server and a judge of it have open
_VERDICTS = "verdicts"  # the name under which a check's cases keep them

ACCUSED: Hints = (
    "This one is right, and your judge says False: which of your tests did it not pass?",
    "The steps show what came. A right program may answer in other words, in other pieces, or a "
    "little later than yours, and it may end a conversation by a FIN or by a reset.",
    "Compare what your test expects with the protocol, point by point; expect nothing that the "
    "protocol leaves open.",
)
BROKEN: Hints = (
    "A program that breaks off, stays silent or answers something else is a wrong one: its verdict "
    "is False, and not an error.",
    "What can a wrong program do to your judge? It closes or resets the connection, sends nothing "
    "until your timeout runs out, or answers what your code can't read.",
    "Put a `try` round the whole conversation, and let each error of the network, and each answer "
    "that can't be read, lead to the verdict False.",
)
TOO_LATE: Hints = (
    "A wrong program may stay silent for ever: your judge needs a limit to how long it waits.",
    "Each wait for the other side needs a timeout: some tenths of a second are enough on this "
    "machine. That nothing came by then is a finding too.",
    "Does each socket have a timeout? Then count the waits that can follow one another: together "
    "they must stay below 2 s.",
)
NO_BOOL: Hints = (
    "The verdict must be True or False: what does your function return, on each way out of it?",
    "A function that prints its verdict, or only collects faults, returns something else.",
    "Return the result of the comparison, and look that no way leads past a `return`.",
)
NOTHING_SENT: Hints = (
    "Your judge says True and has sent nothing: a program shows what it is only when it is asked.",
    "A connection alone proves that somebody listens, and no more.",
    "Send what a user would send, read what comes, and compare it with the protocol.",
)
LEFT_OPEN: Hints = (
    "Which line opens the socket, and which one closes it, on each way out of your judge?",
    "A judge is called many times. What it leaves open each time, the next programs will lack.",
    "`with` closes the socket at the end of its block, however the block is left.",
)
_OF_A_BROKEN_PEER = ("OSError", "EOFError", "ValueError", "LookupError", "AssertionError")
_HINTS = {verdicts.NO_BOOL: NO_BOOL, verdicts.NOTHING_SENT: NOTHING_SENT, verdicts.LATE: TOO_LATE}


@dataclass(frozen=True)
class Judging(Exercise):
    """An exercise whose function is a judge: it is given an address, and returns True or False.

    Attributes:
        programs: that it is asked about, the right ones first; each has a case.
        role: what they are called in traces and messages, such as "lamp".
        kind: "tcp" or "udp".
        spared: how many of the wrong ones it may miss.
    """

    programs: tuple[Program, ...] = ()
    role: str = "server"
    kind: str = "tcp"
    spared: int = SPARED

    def among(self, *names: str) -> Judging:
        """The same exercise with some of its programs only, of which none may be missed."""
        some = tuple(each for each in self.programs if each.name in names)
        return _with_cases(replace(self, programs=some, spared=0))


def judging(
    role: str,
    right: Sequence[Program],
    wrong: Sequence[Program],
    survives: str,
    kind: str = "tcp",
    spared: int = SPARED,
) -> Judging:
    """The exercise of a judge: it must accuse no right program, and find nearly every wrong one.

    All programs run side by side, each in a server of its own, and the judge is called in as many
    threads. Where it errs it is asked once more, about that program alone. It is refused where it
    errs again: by a verdict that is no bool or takes over two seconds, by an error of its own, by
    a socket that it has left open, or by True where it has sent nothing.

    Args:
        role: what the programs are called in traces and messages, such as "lamp".
        right: made by `right_one`; the first is asked about in every run of the tests.
        wrong: made by `wrong_one`.
        survives: what is said when the judge has passed.
        kind: "tcp" or "udp".
        spared: how many wrong programs it may miss.
    """
    programs = (*right, *wrong)
    bare = Judging((), survives, programs=programs, role=role, kind=kind, spared=spared)
    return _with_cases(bare)


def right_one(name: str, serve: Callable[[Any], None], hints: Hints | None = None) -> Program:
    """A right program, as `Program` says it."""
    return Program(name, serve, True, hints)


def wrong_one(name: str, serve: Callable[[Any], None], hints: Hints, belief: Any = None) -> Program:
    """A wrong program, as `Program` says it."""
    return Program(name, serve, False, hints, belief)


def _with_cases(exercise: Judging) -> Judging:
    cases = tuple(_case(exercise, each) for each in exercise.programs)
    return replace(exercise, cases=cases)


def _case(exercise: Judging, program: Program) -> Case:
    def run(judge: Callable[..., Any], stage: Stage) -> None:
        _try(exercise, program, judge, stage)

    what = "a right one" if program.is_right else "a wrong one"
    return Case(
        program.name,
        f"Your judge was asked about {program.name}: {what}.",
        run,
        ACCUSED if program.is_right else BROKEN,
        if_it_raises={} if program.is_right else dict.fromkeys(_OF_A_BROKEN_PEER, BROKEN),
        files=FILES_OF_EACH * len(exercise.programs),
        rounds=verdicts.ROUNDS,
    )


def _try(exercise: Judging, program: Program, judge: Callable[..., Any], stage: Stage) -> None:
    """What a case does: the first of a check lets all be asked; one that is alone only its own."""
    kept: dict[str, Any] | None = stage.attempt.kept
    found: dict[str, Verdict] = (kept or {}).get(_VERDICTS, {})
    if not found:
        asked = exercise.programs if kept is not None else (program,)
        came = ask_about(asked, judge, stage, exercise.role, exercise.kind, exercise.spared)
        found = {each.name: verdict for each, verdict in zip(asked, came, strict=True)}
        if kept is not None:  # only now: a case that could not ask leaves it to the next
            kept[_VERDICTS] = found
    verdict = found[program.name]
    stage.trace = verdict.trace
    stage.household.take_log(verdict.log)  # type: ignore[union-attr]
    missed = [each for each in exercise.programs if _is_missed(each, found)]
    if program in missed and len(missed) <= exercise.spared and kept is not None:
        wrong = sum(not each.is_right for each in exercise.programs)
        least = f"{wrong - exercise.spared} of {wrong} are enough"
        stage.attempt.note = f"True after {_time(verdict)}: your judge has missed it, but {least}"
        return
    _expect_right(exercise, program, verdict)
    stage.attempt.note = f"{verdict.answer} after {_time(verdict)}"


def _is_missed(program: Program, found: dict[str, Verdict]) -> bool:
    return program.name in found and fault(program, found[program.name]) == verdicts.MISSED


def _expect_right(exercise: Judging, program: Program, verdict: Verdict) -> None:
    """Raise what is wrong with a verdict."""
    wrong = fault(program, verdict)
    if wrong == verdicts.RAISED and verdict.error is not None:
        raise verdict.error
    if wrong == verdicts.MISSED:
        told = f"It says True, after {_time(verdict)}: it takes this {exercise.role} for right."
        raise Wrong(told, program.belief, program.hints)
    if wrong == verdicts.ACCUSED:
        told = f"It says False, after {_time(verdict)}, and this {exercise.role} is right."
        raise Wrong(told, program.belief, program.hints)
    if wrong == verdicts.LEFT_OPEN:
        told = f"Its verdict is right, but it has not closed {verdict.unclosed[0]}."
        raise Wrong(told, hints=LEFT_OPEN)
    if wrong:
        raise Wrong(_in_words(exercise, wrong, verdict), hints=_HINTS[wrong])


def _in_words(exercise: Judging, wrong: str, verdict: Verdict) -> str:
    if wrong == verdicts.LATE:
        return f"No verdict within {verdict.seconds:.1f} s: it was {verdict.late}."
    if wrong == verdicts.NOTHING_SENT:
        return (
            f"It says True, after {_time(verdict)}, and the {exercise.role} has received nothing."
        )
    return f"Expected True or False, got {short(verdict.answer)}."


def _time(verdict: Verdict) -> str:
    """How long a verdict took."""
    seconds = verdict.seconds
    return f"{seconds:.1f} s" if seconds >= 1 else f"{max(1, round(seconds * 1000))} ms"
