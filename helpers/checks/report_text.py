"""A report as plain text: the verdict, the failure to mend first, and a line for each other."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from helpers.checks.findings import Outcome
from helpers.checks.found import Found
from helpers.checks.steps import steps
from helpers.checks.values import cut
from helpers.look.card import SIGNS

WIDTH = 98  # of a line of names
A_LINE = 90  # characters of what is said of a case whose cause has been told
MOST_PRINTS = 20  # lines of a case that are shown
_NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def as_text(report: Found) -> str:
    """The whole report."""
    lines = [f"{SIGNS[report.state]} {report.headline}"]
    room = _Room(MOST_PRINTS)
    if first := report.first:
        told = _indented(in_full(report, first), 2)
        lines += ["", f"{lead(report)}: {first.case.name}", *told, ""]
    for title, outcomes in further(report):
        lines.append(f"{title}:")
        for each, remark in outcomes:
            told = f"{in_a_line(report, each)} {remark}".strip()
            lines.append(f"  FAILED: {each.case.name}: {told}".removesuffix(": "))
            lines += _indented(_printed(each, room), 6)
    if report.passed and report.survives and not report.alone:
        lines.append(report.survives)
    lines += _passed(report, room) + _untried(report)
    if report.has_others:
        lines.append("Others have solved it, too: report.others")
    if report.left:
        lines += ["Left behind:", *(f"  - {sentence}" for sentence in report.left)]
    if first:
        lines.append("Is this check wrong? print(report.as_issue()) is to be copied into an issue.")
    return "\n".join([*lines, report.remark]).rstrip()


def lead(report: Found) -> str:
    """What stands before the name of the case that comes first."""
    alone = sum(each.state == "failed" for each in report.outcomes) == 1
    return "What failed" if alone else "Mend this first"


def in_full(report: Found, outcome: Outcome) -> list[str]:
    """All that is known of a failure, and how to learn more of it."""
    lines = told_of(outcome)
    if outcome.hints:
        lines.append(
            f"Three hints, one after another: report = check({report.exercise}), "
            "then report.hint(1)."
        )
    if not report.alone:
        lines.append(f"To watch this case alone: {closely(report, outcome)}")
    return lines


def told_of(outcome: Outcome) -> list[str]:
    """All that is known of a failure."""
    lines = [f"What happened: {outcome.case.peer}", f"What came of it: {outcome.problem}"]
    if outcome.misconception:
        lines.append(f"Misconception: {belief(outcome)}")
    if outcome.details:
        lines += _indented(outcome.details.splitlines(), 4)
    if outcome.log:
        lines += ["As it happened:", *_indented(outcome.log, 2)]
    elif told := steps(outcome.trace):
        lines.append("Step by step:")
        lines += [f"  {number}. {text}" if number else f"  {text}" for number, text in told]
    return lines + _printed(outcome)


def closely(report: Found, outcome: Outcome) -> str:
    """The call that tries a case alone and shows all that happens in it."""
    return f'check({report.exercise}, case="{outcome.case.name}")'


def belief(outcome: Outcome) -> str:
    """The belief behind a failure, and why it is wrong."""
    return f"{outcome.misconception.name}. {outcome.misconception.why}"


def further(report: Found) -> list[tuple[str, list[tuple[Outcome, str]]]]:
    """The failed cases beside the first, those of its cause apart.

    Returns:
        One or two titles, each with its cases; beside each case a remark on its cause, or "".
    """
    if not report.groups:
        return []
    same, rest = report.groups[0][1:], report.groups[1:]
    found = []
    if same:
        title = f"And {in_words(len(same))} more for the same reason"
        found.append((title, [(each, "") for each in same]))
    if rest:
        count = sum(map(len, rest))
        title = f"{in_words(count).capitalize()} {'other' if count == 1 else 'others'} failed"
        found.append((title, [(each, _remark(group, each)) for group in rest for each in group]))
    return found


def in_a_line(report: Found, outcome: Outcome) -> str:
    """What came of a case that is not told in full: in a line, where another of its cause is.

    Empty where that one has said the same, word by word.
    """
    first = next(group[0] for group in report.groups if any(each is outcome for each in group))
    if first is outcome:
        return outcome.problem
    return "" if outcome.problem == first.problem else cut(outcome.problem, A_LINE)


def _remark(group: list[Outcome], outcome: Outcome) -> str:
    if outcome is not group[0]:
        return f"The same reason as for “{group[0].case.name}”."
    return f"Misconception: {belief(outcome)}" if outcome.misconception else ""


def in_words(number: int) -> str:
    """A count as a sentence has it."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def printed_lines(outcome: Outcome, most: int = MOST_PRINTS) -> list[str]:
    """What was printed in a case: the first lines, and where the rest is.

    Of a case that was looked at closely its log says it.
    """
    count = len(outcome.prints)
    if not count or outcome.log:
        return []
    if not most:
        return [f"{count:,} {'line' if count == 1 else 'lines'}: report.prints"]
    rest = [f"… and {count - most:,} lines more: report.prints"] if count > most else []
    return outcome.prints[:most] + rest


def untried(outcomes: Sequence[Outcome]) -> list[tuple[str, list[str]]]:
    """Why cases were not tried, each reason once, with their names."""
    found: dict[str, list[str]] = {}
    for each in outcomes:
        if each.state == "not tried":
            found.setdefault(each.no_room or each.problem, []).append(each.case.name)
    return list(found.items())


def _passed(report: Found, room: _Room) -> list[str]:
    passed = [each for each in report.outcomes if each.passed]
    if not passed:
        return []
    names = f"{len(passed)} passed: {'; '.join(map(_with_note, passed))}."
    lines = [] if report.passed else textwrap.wrap(names, WIDTH, subsequent_indent="  ")
    for each in passed:
        if report.passed and each.note:
            lines.append(f"  {each.case.name}: {each.note}")
        told = ["As it happened:", *_indented(each.log, 2)] if each.log else _printed(each, room)
        if told:
            lines += [f"  passed: {each.case.name}", *_indented(told, 6)]
    return lines


def _with_note(outcome: Outcome) -> str:
    return outcome.case.name + (f" ({outcome.note})" if outcome.note else "")


def _untried(report: Found) -> list[str]:
    lines = []
    for why, names in untried(report.outcomes):
        lines += [f"not tried: {'; '.join(names)}", f"  {why}"]
    return lines


class _Room:
    """How many lines that cases have printed are still shown, those of the first failure aside."""

    def __init__(self, lines: int) -> None:
        self.lines = lines


def _printed(outcome: Outcome, room: _Room | None = None) -> list[str]:
    lines = printed_lines(outcome, room.lines if room else MOST_PRINTS)
    if room:
        room.lines = max(0, room.lines - len(outcome.prints))
    return ["It printed:", *_indented(lines, 2)] if lines else []


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [textwrap.indent(line, " " * by) for line in lines]
