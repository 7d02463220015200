"""The word that an assignment is assessed with: a program is tried in a process of its own."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from helpers.checks.milestones import Assignment
from helpers.checks.others import Other, Others
from helpers.look.card import block, card, fold, listed, marked, paragraph, verdict
from helpers.look.tables import html_table
from helpers.study import progress
from helpers.study.beside import events_of
from helpers.study.finding import find_assignment, find_other_programs
from helpers.study.places import in_solutions
from helpers.study.showing import Running, show_after_cell
from helpers.study.taken import Taken, from_cells, from_file

ENDED = "Your program has ended the process in which it was tried (os._exit, or a crash)."

INTERRUPTED = "Interrupted: this was found so far."


@dataclass(frozen=True)
class Reached:
    """What came of one milestone.

    Attributes:
        name, title: the milestone's.
        points, of: what it gave, of how many.
        started: False where the function is not there, or is a stub.
        cases: each case's name and state: "passed", "failed" or "not tried".
        failure: the name of the case to mend first; empty where none has failed.
        belief: the misconception behind it, in the syllabus's words; empty where none was seen.
        hints: three steps towards an answer.
        text, html: that failure, told; or why cases were not tried.
        left: what the program has left behind, a sentence each.
        picture: what was measured, drawn; empty as a rule.
        repeated: how often it was tried again as the processor was taken away meanwhile.
        seconds: that it took.
    """

    name: str
    title: str
    points: int
    of: int
    started: bool
    cases: list[list[str]]
    failure: str
    belief: str
    hints: list[str]
    text: str
    html: str
    left: list[str]
    repeated: int
    seconds: float
    picture: str = ""

    @property
    def state(self) -> str:
        """How it looks: "right", "wrong", or "none" where all that was begun is right."""
        if self.started and self.points == self.of:
            return "right"
        return "wrong" if self.failure else "none"

    @property
    def remark(self) -> str:
        """What there is to say of its run; empty as a rule."""
        if not self.repeated:
            return ""
        often = "once more" if self.repeated == 1 else f"{self.repeated} times more"
        failed = ", and failed each time" if self.state == "wrong" else ""
        return f"This machine was busy, so it was tried {often}{failed}."


@dataclass
class Assessment:
    """What an assignment's program has reached; a notebook shows it as HTML, all else as text.

    Attributes:
        assignment: its name, such as "A1".
        taken: the program.
        reached: the milestones that were tried, in order.
        of: all points of the assignment.
        whole: whether all milestones were to be tried.
        problem: why the assessment ended early; empty where it did not.
        remark: a sentence about the progress file, where it could not be written.
    """

    assignment: str
    taken: Taken
    reached: list[Reached] = field(default_factory=list)
    of: int = 0
    whole: bool = True
    problem: str = ""
    remark: str = ""
    shown: bool = field(default=False, compare=False)

    @property
    def points(self) -> int:
        """What the milestones that were tried have given."""
        return sum(each.points for each in self.reached)

    @property
    def started(self) -> bool:
        """Whether the program has anything that could be tried."""
        begun = any(each.started for each in self.reached)
        return bool(self.taken.code) and (begun or bool(self.problem) or not self.reached)

    @property
    def headline(self) -> str:
        """The result in a line."""
        if not self.started:
            return f"{self.assignment}: not started"
        if self.whole:
            return f"{self.assignment}: {self.points} of {self.of} points"
        of = sum(each.of for each in self.reached)
        points = "point" if of == 1 else "points"
        return f"{self.assignment}: {self.points} of {of} {points}, of what was tried"

    def hint(self, milestone: str, number: int) -> str:
        """A hint for what failed in a milestone.

        Args:
            milestone: its name.
            number: 1, 2 or 3, each nearer to an answer.

        Raises:
            ValueError: where there is no such hint.
        """
        found = next((each for each in self.reached if each.name == milestone), None)
        if found is None or not 1 <= number <= len(found.hints):
            raise ValueError(f"there is no hint {number} for {milestone!r}")
        return found.hints[number - 1]

    @property
    def others(self) -> Others:
        """Another right program, with what it does better and what it costs.

        Raises:
            ValueError: before all points were reached.
        """
        if not self.whole or self.points < self.of:
            raise ValueError("another program can be read when yours has all points")
        module = find_other_programs(self.assignment)
        title, _, about = inspect.getdoc(module).partition("\n")
        code = inspect.getsource(module).partition('"""\n')[2].strip()
        return Others(self.assignment, [Other(title, " ".join(about.split()), code, "")])

    @property
    def _state(self) -> str:
        if self.problem:
            return "none" if self.problem == INTERRUPTED else "wrong"
        if not self.reached:
            return "none"
        return "right" if all(each.state == "right" for each in self.reached) else "none"

    def __repr__(self) -> str:
        self.shown = True
        lines = [f"{_SIGN[self._state]} {self.headline}"]
        for each in self.reached:
            lines.append(
                f"{_SIGN[each.state]} {each.name}: {each.points} of {each.of}. {each.title}"
            )
            lines += [f"    {each.remark}"] if each.remark else []
            if not each.started:
                lines.append("    not started")
            elif each.failure:
                lines.append(f"    What failed: {each.failure}")
                lines += [f"    {line}" for line in each.text.splitlines()]
                if each.hints:
                    lines.append(f'    Three hints: .hint("{each.name}", 1), then 2 and 3')
            elif each.text:
                lines += [f"    Not tried: {line}" for line in each.text.splitlines()]
            lines += [f"    Left behind: {sentence}" for sentence in each.left]
        return "\n".join([*lines, *filter(None, (self.problem, self._left_out, self.remark))])

    @property
    def _left_out(self) -> str:
        """What the program uses, and was not taken with it."""
        if not (names := self.taken.left_out):
            return ""
        return (
            f"Not taken with your program: {', '.join(f'`{name}`' for name in names)}. A name that "
            "a call has made, or a loop, is left out, as that may do more. Make it in a function."
        )

    def _repr_html_(self) -> str:
        self.shown = True
        parts = [verdict(self._state, self.headline)]
        if self.problem:
            parts.append(block(self.problem))
        opened = False
        for each in self.reached:
            title = f"{_SIGN[each.state]} {each.name}, {each.points} of {each.of}: {each.title}"
            body = self._body(each)
            parts.append(fold(title, body, is_open=bool(each.failure) and not opened))
            opened = opened or bool(each.failure)
        if self.taken.names:
            names = ", ".join(f"`{name}`" for name in self.taken.names)
            what = paragraph("Taken from your cells", names) + block(self.taken.code)
            parts.append(fold("The program that was tried", what))
        if self.taken.missing:
            missing = ", ".join(f"`{name}`" for name in self.taken.missing)
            parts.append(paragraph("Not there yet", missing))
        if self._left_out:
            parts.append(paragraph("", self._left_out))
        if self.whole and self.points == self.of and not in_solutions():
            parts.append(self.others.folds())
        if self.remark:
            parts.append(paragraph("", self.remark))
        return card("check", f"Assessment of {self.assignment}", *parts, state=self._state)

    def _body(self, each: Reached) -> str:
        parts = [part for part in (each.html, each.picture) if part]
        if each.remark:
            parts.append(paragraph("", each.remark))
        if not each.started:
            parts.append(paragraph("", "Not started."))
        rows = [(name, state) for name, state in each.cases]
        if rows:
            parts.append(html_table(("tried", "result"), [(marked(a), b) for a, b in rows]))
        if each.left:
            parts.append(paragraph("Left behind", "") + listed(map(marked, each.left)))
        return "".join(parts)


_SIGN = {"right": "✓", "wrong": "✗", "none": "–"}


def assess(
    name: str,
    file: str | Path | None = None,
    milestone: str | Iterable[str] | None = None,
) -> Assessment:
    """Try an assignment's program against its milestones, in a process of its own.

    Without a file the program is taken from the cells that were run in this kernel: the newest
    definition of each name that the specification asks for, and of all that they need. Where there
    is none yet the assessment says so. It can be
    interrupted at any moment; what was found so far is shown.

    Args:
        name: the assignment's, such as "A1".
        file: a file with the program.
        milestone: the name of one that is to be tried alone, or the names of several.

    Returns:
        The assessment, which a notebook shows. The best result of a whole one is kept in progress.

    Raises:
        ValueError: for a name that no assignment or milestone has, or a file that is not Python.
        OSError: where the file can't be read.
    """
    assignment = find_assignment(name)
    only = [milestone] if isinstance(milestone, str) else list(milestone or ())
    count = len(assignment.among(*only))
    try:
        taken = from_cells(assignment.asks) if file is None else from_file(file)
    except LookupError as nothing:
        found = Assessment(
            assignment.name, Taken("", ""), of=assignment.points, remark=str(nothing)
        )
        show_after_cell(found)
        return found
    found = Assessment(assignment.name, taken, of=assignment.points, whole=not only)
    running = Running(f'assess("{assignment.name}")', count, of="milestone")
    try:
        run(assignment, found, only, running)
    finally:
        running.end(found)
    if found.whole and found.started and not found.problem and not in_solutions():
        found.remark = progress.record_assignment(assignment.name, found.points, found.of)
    show_after_cell(found)
    return found


def run(
    assignment: Assignment,
    found: Assessment,
    only: list[str] | None = None,
    running: Running | None = None,
) -> None:
    """Try a program, and note in `found` what it has reached; an interrupt ends it early."""
    job = {
        "assignment": assignment.name,
        "code": found.taken.code,
        "file": found.taken.file,
        "only": only or [],
    }
    names = [each.name for each in assignment.among(*(only or []))]
    try:
        for event in events_of("assessor", job, assignment.seconds):
            if "reached" in event:
                found.reached.append(Reached(**event["reached"]))
            elif "problem" in event:
                found.problem = f"The program can't be run:\n{event['problem']}"
            elif running:
                told = f"{event['milestone']}: {event['case']}"
                running.tell(names.index(event["milestone"]), told)
    except KeyboardInterrupt:
        found.problem = INTERRUPTED
        return
    except TimeoutError:
        found.problem = f"Ended after {assignment.seconds:g} s: it did not come to an end."
        return
    if not found.problem and len(found.reached) < len(names):
        found.problem = f"{ENDED} That was in “{names[len(found.reached)]}”."
