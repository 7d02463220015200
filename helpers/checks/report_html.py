"""A report as a card: the verdict, the failure to mend first, and all else folded below it."""

from __future__ import annotations

import html

from helpers.checks.findings import Outcome
from helpers.checks.found import Found, cases
from helpers.checks.issue import as_issue
from helpers.checks.report_text import (
    belief,
    closely,
    further,
    in_a_line,
    in_words,
    lead,
    printed_lines,
    untried,
)
from helpers.checks.steps import HERE, steps
from helpers.look.card import (
    block,
    card,
    fold,
    listed,
    marked,
    nested_folds,
    paragraph,
    verdict,
)
from helpers.trace.diagram import sequence_diagram

STEPS = ("First hint", "Second hint", "Third hint")
OPEN = 12  # events: a picture of more is folded
DOUBT = "I think this check is wrong"
SEND = (
    "Copy these lines into the project's form “A check is wrong”, and add what you expected. "
    "Nothing is sent from here. `print(report.as_issue())` shows the same."
)


def as_html(report: Found) -> str:
    """The whole report."""
    first = report.first
    parts = [verdict(report.state, report.headline)]
    if first:
        parts += _in_full(report, first)
    if report.passed and report.survives and not report.alone:
        parts.append(paragraph("", report.survives))
    rest = [
        fold(title, listed(_line(each, f"{in_a_line(report, each)} {why}") for each, why in some))
        for title, some in further(report)
    ]
    rest += _passed(report)
    if report.has_others:
        rest.append(_others(report))
    for why, names in untried(report.outcomes):
        why = why.removeprefix("Not tried here: ")
        rest.append(paragraph("Not tried", f"{'; '.join(names)}: {why}"))
    if report.left:
        rest.append("<p><strong>Left behind:</strong></p>")
        rest.append(listed(marked(sentence) for sentence in report.left))
    if first:
        rest.append(fold(DOUBT, paragraph("", SEND) + block(as_issue(report))))
    if report.remark:
        rest.append(f"<p>{html.escape(report.remark)}</p>")
    if rest:
        parts.append(f'<div class="course-rest">{"".join(rest)}</div>' if first else "".join(rest))
    return card("check", f"Check of {report.exercise}", *parts, state=report.state)


def running(exercise: str, number: int, count: int, case: str, of: str = "case") -> str:
    """A check that is on its way, as a card.

    Args:
        exercise: the function's name.
        number: of the case that runs, from 1.
        count: how many cases there are.
        case: its name.
        of: what is counted.
    """
    words = f"{exercise}: running, {of} {number} of {count}"
    parts = verdict("running", words), paragraph("", case)
    return card("check", f"Check of {exercise}", *parts, state="running")


def _in_full(report: Found, outcome: Outcome) -> list[str]:
    parts = told_of(outcome, lead(report))
    if not report.alone:
        parts.append(paragraph("To watch this case alone", f"`{closely(report, outcome)}`"))
    return parts


def told_of(outcome: Outcome, lead: str) -> list[str]:
    """All that is known of a failure, as HTML; a few words lead to it."""
    name = html.escape(outcome.case.name)
    parts = [
        f'<p class="course-lead">{lead}: <strong>{name}</strong></p>',
        paragraph("What happened", outcome.case.peer),
        paragraph("What came of it", outcome.problem),
    ]
    if outcome.misconception:
        parts.append(paragraph("Misconception", belief(outcome)))
    if outcome.details:
        parts.append(block(outcome.details))
    parts += [*_what_passed(outcome), _printed(outcome) + _log(outcome)]
    parts.append(nested_folds(STEPS, outcome.hints))
    return parts


def _what_passed(outcome: Outcome) -> list[str]:
    told = steps(outcome.trace)
    if not told or outcome.log:
        return []
    items = "".join(_step(number, text) for number, text in told)
    title, words = f"What passed: {outcome.case.name}", outcome.trace.words
    picture = sequence_diagram(outcome.trace, title, times=False, words=words)
    image = f"<div>{picture._repr_mimebundle_()['text/html']}</div>"
    count = len(outcome.trace.events)
    if count > OPEN:
        image = fold(f"The picture of all {count:,} steps", image)
    return [f'<p><strong>Step by step</strong></p><ol class="course-steps">{items}</ol>', image]


def _step(number: int, text: str) -> str:
    text = html.escape(text)
    if text == HERE:
        text = f"<strong>{text}</strong>"
    which = f' value="{number}"' if number else ' style="list-style: none"'
    return f"<li{which}>{text}</li>"


def _passed(report: Found) -> list[str]:
    passed = [each for each in report.outcomes if each.passed]
    if not passed:
        return []
    talked = sum(bool(printed_lines(each)) for each in passed)
    is_open = bool(talked) or any(each.log or (each.note and report.passed) for each in passed)
    title = f"{len(passed)} passed" if report.first else f"The {cases(len(passed))} that it passed"
    title += f", {in_words(talked)} of them with something printed" if talked else ""
    return [fold(title, listed(_line(each, each.note) for each in passed), is_open)]


def _line(outcome: Outcome, said: str) -> str:
    name = html.escape(outcome.case.name)
    line = name if outcome.passed else f"<strong>{name}</strong>"
    line += f": {marked(said.strip())}" if said.strip() else ""
    return line + _printed(outcome) + _log(outcome)


def _printed(outcome: Outcome) -> str:
    lines = printed_lines(outcome)
    return f"<p><strong>It printed:</strong></p>{block(chr(10).join(lines))}" if lines else ""


def _log(outcome: Outcome) -> str:
    """What happened in a case that was looked at closely, a line each."""
    if not outcome.log:
        return ""
    return fold("As it happened", block("\n".join(outcome.log)), is_open=True)


def _others(report: Found) -> str:
    others = report.others
    title = f"{in_words(len(others)).capitalize()} other right answers"
    if len(others) == 1:
        title = "Another right answer"
    if report.folds_others:
        return fold(title, others.folds())
    return paragraph("", "Others have solved it, too: `report.others`")
