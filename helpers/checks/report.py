"""What a check tells: as plain text and as HTML, with hints that are opened one by one."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass, field

from helpers.checks.findings import Outcome
from helpers.trace.diagram import sequence_diagram
from helpers.trace.diagram_layout import MOST_EVENTS

MARKS = {"passed": "✓", "failed": "✗", "not tried": "–"}
# Beside the words, and dark and light enough for both of Jupyter's themes.
COLOURS = {"passed": "#009E73", "failed": "#D55E00", "not tried": "#8A8A8A"}
MOST_PRINTS = 20  # lines that were printed in a case and are shown
STEPS = ("First hint", "Second hint", "Third hint")


@dataclass
class Report:
    """What a check found; a notebook shows it as HTML, everything else as plain text.

    Attributes:
        exercise: the function's name.
        outcomes: one for each case.
        survives: what is said when all have passed.
        started: False for a stub as the chapter gives it.
        left: what the function left behind, a sentence each.
        remark: a sentence about the progress file, where it could not be written.
        interrupted: whether the reader has interrupted it before all cases were tried.
        alone: how many cases the exercise has, where only one of them was tried; else 0.
        shown: whether anybody has been shown it so far.

    A report is true where the function has passed: `if check(ask):`.
    """

    exercise: str
    outcomes: list[Outcome]
    survives: str = ""
    started: bool = True
    left: list[str] = field(default_factory=list)
    remark: str = ""
    interrupted: bool = False
    alone: int = 0
    shown: bool = field(default=False, repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.passed

    @property
    def prints(self) -> dict[str, list[str]]:
        """All lines that the function has printed, by the name of the case."""
        return {each.case.name: each.prints for each in self.outcomes if each.prints}

    @property
    def passed(self) -> bool:
        """Whether the function survived all cases, those left aside that have no room here."""
        tried = [outcome for outcome in self.outcomes if not outcome.no_room]
        return self.started and all(each.passed for each in tried) and bool(tried or not self._away)

    @property
    def headline(self) -> str:
        """The result in a line."""
        if not self.started:
            return f"{self.exercise}: not started"
        count = len(self.outcomes)
        failed = sum(outcome.state == "failed" for outcome in self.outcomes)
        untried = sum(not outcome.tried for outcome in self.outcomes)
        rest = f", {untried} not tried" if untried else ""
        rest += f", {self._away} not tried here" if self._away else ""
        if self.interrupted:
            passed = sum(outcome.passed for outcome in self.outcomes)
            return f"{self.exercise}: interrupted, {passed} passed, {failed} failed{rest}"
        if self.alone:
            state = self.outcomes[0].state
            return (
                f"{self.exercise}: this case {state}; check({self.exercise}) tries all {self.alone}"
            )
        if self._away == count > 0:
            return f"{self.exercise}: not tried here, none of its {_cases(count)}"
        if self.passed:
            count -= self._away
            return f"{self.exercise}: passed ({_cases(count)}{rest}), you may go on"
        return f"{self.exercise}: {failed} of {_cases(count)} failed{rest}"

    @property
    def _away(self) -> int:
        """How many cases have no room on this machine."""
        return sum(bool(outcome.no_room) for outcome in self.outcomes)

    def hint(self, number: int) -> str:
        """A hint for the first case that failed.

        Args:
            number: 1, 2 or 3, each nearer to an answer.

        Raises:
            ValueError: for another number, or where nothing has failed.
        """
        first = self._first
        if first is None or not first.hints:
            what = "nothing has failed" if first is None else "the error says it all"
            raise ValueError(f"{what}, so there is no hint")
        if number not in range(1, len(first.hints) + 1):
            raise ValueError(f"there are {len(first.hints)} hints: ask for 1 to {len(first.hints)}")
        return first.hints[number - 1]

    @property
    def _first(self) -> Outcome | None:
        return next((each for each in self.outcomes if each.state == "failed"), None)

    def __repr__(self) -> str:
        self.shown = True
        lines = [self.headline]
        room = MOST_PRINTS  # for what the cases print beside the first that failed
        for outcome in self.outcomes:
            state = "FAILED" if outcome.state == "failed" else outcome.state
            lines.append(f"  {state}: {outcome.case.name}")
            if not outcome.passed:
                text = self._in_full(outcome) if outcome is self._first else self._brief(outcome)
                lines += [textwrap.indent(line, "      ") for line in text]
            if outcome.log:
                lines.append(textwrap.indent(in_order(outcome), "      "))
                continue
            most = MOST_PRINTS if outcome is self._first else room
            lines += [f"      {line}" for line in printed(outcome, most)]
            if outcome is not self._first:
                room = max(0, room - len(outcome.prints))
        if self.passed and self.survives and not self.alone:
            lines.append(self.survives)
        if self.left:
            lines.append("Left behind:")
            lines += [f"  - {sentence}" for sentence in self.left]
        return "\n".join([*lines, self.remark]).rstrip()

    def _in_full(self, outcome: Outcome) -> list[str]:
        lines = [f"What happened: {outcome.case.peer}", f"What came of it: {outcome.problem}"]
        if outcome.misconception:
            belief = outcome.misconception
            lines.append(f"Misconception: {belief.name}. {belief.why}")
        if outcome.details:
            lines.append(textwrap.indent(outcome.details, "    "))
        if outcome.trace and not outcome.log:
            lines.append("What passed:")
            rows = outcome.trace.table().splitlines()
            lines += [f"    {row}" for row in rows[:MOST_EVENTS]]
            if len(rows) > MOST_EVENTS:
                lines.append(f"    … and {len(rows) - MOST_EVENTS:,} events more")
        if outcome.hints:
            lines.append(
                f"Three hints, one after another: report = check({self.exercise}), "
                "then report.hint(1)."
            )
        return lines

    def _brief(self, outcome: Outcome) -> list[str]:
        if outcome.no_room:
            return [outcome.no_room]
        if not outcome.tried and self._is_first_of(outcome):
            return [outcome.problem]
        lines = [outcome.problem] if outcome.tried else []
        belief = outcome.misconception
        if belief and self._is_first_of(outcome):
            lines.append(f"Misconception: {belief.name}. {belief.why}")
        elif belief:
            lines.append(f"The same misconception: {belief.name}.")
        return lines

    def _is_first_of(self, outcome: Outcome) -> bool:
        """Whether nothing before it came from the same misconception, or was not tried either."""
        kind = outcome.tried, outcome.misconception
        same = (each for each in self.outcomes if (each.tried, each.misconception) == kind)
        return next(same) is outcome

    def _repr_html_(self) -> str:
        self.shown = True
        headline = html.escape(self.headline)
        state = "passed" if self.passed else "failed" if self.started else "not tried"
        parts = [f"<p style='margin:0 0 0.4em'><strong>{headline}</strong></p>"]
        if self.outcomes:
            items = "".join(self._item(outcome) for outcome in self.outcomes)
            parts.append(f"<ul style='list-style:none; margin:0; padding:0'>{items}</ul>")
        if self.passed and self.survives:
            parts.append(f"<p style='margin:0.4em 0'>{_as_html(self.survives)}</p>")
        if self.left:
            items = "".join(f"<li>{_as_html(sentence)}</li>" for sentence in self.left)
            parts.append("<p style='margin:0.6em 0 0'><strong>Left behind</strong></p>")
            parts.append(f"<ul style='margin:0'>{items}</ul>")
        if self.remark:
            parts.append(f"<p>{html.escape(self.remark)}</p>")
        return (
            f'<section aria-label="Check of {html.escape(self.exercise)}" '
            f"style='border-left:4px solid {COLOURS[state]}; padding-left:0.8em; max-width:60em'>"
            f"{''.join(parts)}</section>"
        )

    def _item(self, outcome: Outcome) -> str:
        state = outcome.state
        mark = f'<span aria-hidden="true">{MARKS[state]}</span>'
        line = f"{mark} <strong>{state}:</strong> {html.escape(outcome.case.name)}"
        body = ""
        if outcome is self._first:
            body = _body_in_full(outcome)
        elif not outcome.passed:
            body = "".join(_paragraph(*_split(text)) for text in self._brief(outcome))
        body += _printed_as_html(outcome)
        return f"<li style='margin:0.2em 0'>{line}{body}</li>"


def _body_in_full(outcome: Outcome) -> str:
    parts = [
        _paragraph("What happened", outcome.case.peer),
        _paragraph("What came of it", outcome.problem),
    ]
    if outcome.misconception:
        belief = outcome.misconception
        parts.append(_paragraph("Misconception", f"{belief.name}. {belief.why}"))
    if outcome.details:
        style = "margin:0.4em 0 0.4em 1.5em; white-space:pre-wrap"
        parts.append(f"<pre style='{style}'>{html.escape(outcome.details)}</pre>")
    if outcome.trace:
        picture = sequence_diagram(outcome.trace, _title(outcome), times=False)
        image = picture._repr_mimebundle_()["text/html"]
        parts.append(f"<div style='margin:0.4em 0 0.4em 1.5em'>{image}</div>")
    parts.append(_nested_hints(outcome.hints))
    return "".join(parts)


def printed(outcome: Outcome, most: int = MOST_PRINTS) -> list[str]:
    """What was printed in a case: the first lines, and where the rest is."""
    count = len(outcome.prints)
    lines = "1 line" if count == 1 else f"{count:,} lines"
    if not count:
        return []
    if not most:
        return [f"It printed {lines}: report.prints"]
    shown = [f"  {line}" for line in outcome.prints[:most]]
    if count > most:
        shown.append(f"  … and {count - most:,} lines more: report.prints")
    return ["It printed:", *shown]


def in_order(outcome: Outcome) -> str:
    """What happened in a case that was looked at closely, a line each."""
    return "\n".join(["As it happened:", *(f"  {line}" for line in outcome.log)])


def _printed_as_html(outcome: Outcome) -> str:
    """What was printed, or all that happened, folded: the first lines, and where the rest is."""
    style = "margin:0.3em 0 0.3em 1.5em"
    parts = ""
    for text in ("\n".join(printed(outcome)), in_order(outcome) if outcome.log else ""):
        title, _, rest = text.partition("\n")
        if rest:
            body = f"<pre style='white-space:pre-wrap'>{html.escape(rest)}</pre>"
            title = html.escape(title.rstrip(":"))
            opened = " open" if outcome.log or not outcome.passed else ""
            parts += f"<details{opened} style='{style}'><summary>{title}</summary>{body}</details>"
    return parts


def _cases(count: int) -> str:
    return f"{count} {'case' if count == 1 else 'cases'}"


def _title(outcome: Outcome) -> str:
    return f"What passed: {outcome.case.name}"


def _split(text: str) -> tuple[str, str]:
    """A label before a colon, where a text begins with one of ours."""
    for label in ("Misconception", "The same misconception"):
        if text.startswith(f"{label}: "):
            return label, text.removeprefix(f"{label}: ")
    return "", text


def _paragraph(label: str, text: str) -> str:
    label = f"<strong>{label}:</strong> " if label else ""
    return f"<p style='margin:0.3em 0 0.3em 1.5em'>{label}{_as_html(text)}</p>"


def _as_html(text: str) -> str:
    """Text with what stands between backquotes as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _nested_hints(hints: tuple[str, ...]) -> str:
    """The hints as folds, each inside the one before it: no script, and they work when saved."""
    inner = ""
    for title, hint in reversed(list(zip(STEPS, hints, strict=False))):
        style = "margin:0.3em 0 0.3em 1.5em"
        text = f"<p style='margin:0.3em 0 0.3em 1.5em'>{_as_html(hint)}</p>"
        inner = f"<details style='{style}'><summary>{title}</summary>{text}{inner}</details>"
    return inner
