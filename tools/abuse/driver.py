"""Runs a chapter's cells in one situation after the other, and counts what came of them."""

import errno
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from drive.kernel_probe import NO_OBJECTS
from drive.on_disk import CHAPTERS, ROOT

from abuse import verdict
from abuse.cells import AS_IT_IS, Cell, load_chapter
from abuse.session import HERE, REPLY_SECONDS, Session
from abuse.situations import LIFE, SITUATIONS, Situation, Step, plan

FOLDER = ROOT / "notebooks"
PORT = 12345


@dataclass
class Failure:
    """Something that must not happen, with all that is needed to look into it."""

    what: str
    step: int
    cell: int
    source: str
    trace: str = ""


@dataclass
class Result:
    """What came of a chapter in a situation."""

    chapter: str
    situation: str
    note: str = ""
    counts: Counter = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)  # seconds, number of the cell
    failures: list[Failure] = field(default_factory=list)

    @property
    def runs(self) -> int:
        """How many cells were run."""
        return self.counts.total()


class Walk:
    """One session's way through its plan."""

    def __init__(self, session: Session, cells: list[Cell], steps: list[Step], result: Result):
        self.session, self.cells, self.steps, self.result = session, cells, steps, result
        self.usual: dict[int, float] = {}  # seconds that a cell took when nobody interrupted it
        self.own: set[int] = set()  # exercises that hold code of the learner's own

    def go(self) -> None:
        """Run all steps, and look the kernel through after each life and at the end."""
        for number, step in enumerate(self.steps):
            self._take(number, step)
            if (number + 1) % LIFE == 0 or number + 1 == len(self.steps):
                self._look_through(number)

    def _take(self, number: int, step: Step) -> None:
        cell = self.cells[step.cell]
        source = cell.text(step.variant)
        after = None if step.interrupt is None else step.interrupt * self._usual(step.cell)
        if step.restart == "midst":
            left = self.session.restart_in_the_midst(source, after or 0.0)
            self.own.clear()
            self._note("restarted", number, step, [f"outlives the kernel: {each}" for each in left])
            return
        if step.restart:
            left = self.session.restart(now=number % 2 == 0)
            self.own.clear()
            self._note("", number, step, [f"outlives the kernel: {each}" for each in left])
        if cell.variants:
            (self.own.discard if step.variant in (AS_IT_IS, "solved") else self.own.add)(step.cell)
        run = self.session.run(source, after, step.times)
        outcome, wrong = verdict.judge(run, cell, bool(self.own))
        self._note(outcome, number, step, wrong, run.trace or run.text)
        if run.status in ("ok", "error"):
            if not run.interrupted:
                self.usual[step.cell] = run.seconds
            self.result.slowest = max(self.result.slowest, (run.seconds, cell.number))
        if run.status == "dead":
            self.session.restart(now=True)
        elif step.gesture is not None:
            self._use_controls(number, step)

    def _usual(self, cell: int) -> float:
        return self.usual.get(cell, 0.3)

    def _use_controls(self, number: int, step: Step) -> None:
        source = f"__import__('sys').modules['course_abuse'].gesture({step.gesture})"
        run = self.session.run(source)
        wrong = verdict.judge(run, Cell(0, source), bool(self.own))[1]
        self._note(
            "", number, step, [f"with its controls: {w}" for w in wrong], run.trace or run.text
        )

    def _look_through(self, number: int) -> None:
        try:
            left = self.session.left()
        except (TimeoutError, AssertionError) as error:
            left = [f"the kernel does not answer: {error}"]
        self.own.clear()
        if any(step.interrupt is not None for step in self._life(number)):
            # Python loses one where an interrupt comes between the system's accept and the object.
            left = [each for each in left if NO_OBJECTS not in each]
        self._note("", number, None, left)
        if left:
            self.session.restart(now=True)  # what follows is judged for itself

    def _life(self, number: int) -> list[Step]:
        """The steps since all names were forgotten last, up to this one."""
        return self.steps[number - number % LIFE : number + 1]

    def _note(
        self, outcome: str, number: int, step: Step | None, wrong: list[str], trace: str = ""
    ) -> None:
        if outcome:
            self.result.counts["failed" if wrong else outcome] += 1
        if step is None:
            source = "\n".join(str(each) for each in self._life(number))
            cell = 0
        else:
            source, cell = self.cells[step.cell].text(step.variant), self.cells[step.cell].number
            source = f"# {step}\n{source}"
        for what in wrong:
            self.result.failures.append(Failure(what, number, cell, source, trace))


def abuse(
    chapter: str,
    seed: int,
    runs: int,
    situations: tuple[Situation, ...] = SITUATIONS,
    done: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Treat a chapter in all situations, some runs in each; `done` hears of each as it ends."""
    results = []
    for number, situation in enumerate(situations):
        share = runs // len(situations) + (number < runs % len(situations))
        if share:
            results.append(treat(chapter, situation, seed, share))
            done(results[-1])
    return results


def treat(chapter: str, situation: Situation, seed: int, runs: int) -> Result:
    """Treat a chapter in one situation."""
    result = Result(chapter, situation.name)
    numbers = [chapter]
    if situation.beside == "itself":
        numbers.append(chapter)
    elif situation.beside:
        others = [path.name[:2] for path in CHAPTERS if not path.name.startswith(chapter)]
        numbers.append(others[seed % len(others)])
        result.note = f"with {numbers[1]}"
    limits, patches = possible(situation.limits)
    if patches:
        result.note = f"patched: {', '.join(patches)}"
    elif len(limits) < len(situation.limits):
        result.note = "NOT LIMITED: this machine can't"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="abuse-")))
        if "--full" in limits:
            limits = tuple(f"--full={folder}" if each == "--full" else each for each in limits)
        if situation.port_taken:
            hold(PORT, stack)
        walks = []
        for place, number in enumerate(numbers):
            cells = load_chapter(number)
            steps = plan(situation, cells, f"{seed} {number} {situation.name} {place}", runs)
            session = Session(FOLDER, folder / "progress.json", limits, patches, REPLY_SECONDS)
            walks.append(Walk(stack.enter_context(session), cells, steps, Result(number, "")))
        together([walk.go for walk in walks])
    for walk in walks:
        result.counts += walk.result.counts
        result.slowest = max(result.slowest, walk.result.slowest)
        result.failures += walk.result.failures
    return result


def hold(port: int, stack: ExitStack) -> None:
    """Listen on a port until the stack ends; where another program does already, that will do."""
    holder = stack.enter_context(socket.socket())
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
    try:
        holder.bind(("127.0.0.1", port))
        holder.listen()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise


def together(functions: list[Callable[[], None]]) -> None:
    """Call functions at the same time, and raise the first error of any."""
    errors: list[BaseException] = []

    def call(function: Callable[[], None]) -> None:
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call, args=(each,), daemon=True) for each in functions[1:]]
    for thread in threads:
        thread.start()
    call(functions[0])
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def possible(limits: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The limits that this machine can set, and what has to be patched in the kernel instead."""
    able, patches = [], []
    for limit in limits:
        with tempfile.TemporaryDirectory(prefix="abuse-") as folder:
            tried = f"--full={folder}" if limit == "--full" else limit
            command = [sys.executable, HERE / "launch.py", tried, "--", sys.executable, "-c", ""]
            if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                able.append(limit)
            elif limit in ("--no-ipv6", "--full"):
                patches.append(limit.removeprefix("--"))
    return tuple(able), tuple(patches)
