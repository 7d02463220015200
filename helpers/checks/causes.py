"""Which failure is to be mended first, and which others come from the same cause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence

from helpers.checks.findings import Outcome

# How the problem of a case begins in which nothing is wrong but a socket left open.
NOT_CLOSED = "All that came back is right, but it has not closed"

# Errors that say the program itself is not right, whatever a peer does. Until they are mended no
# other failure says much.
_OF_THE_PROGRAM = {
    "AttributeError",
    "ImportError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "SyntaxError",
    "TypeError",
    "UnboundLocalError",
}
_VALUE = re.compile(r"""b?(['"]).*?\1|\d[\d.,]*\d|\d""", re.DOTALL)
_EXPECTED = re.compile(r"Expected .*?, got .*?\.(?=\s|$)", re.DOTALL | re.IGNORECASE)
_LINE = re.compile(r"line \d+( of \w+)?: `[^`]*`")


def first_to_mend(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The failure that comes first: the first case's, or an error of the program itself where as
    many cases have it.

    Cases stand in the order in which an exercise is understood, so what the first one says is
    mostly what the others follow from. An error in one case alone is one of the edge. A socket that
    is left open where all else is right gives way to a misconception.
    """
    wrong = [each for each in outcomes if each.state == "failed"]
    if not wrong:
        return None
    count = Counter(cause(each) for each in wrong)
    own = (each for each in wrong if error_of(each) in _OF_THE_PROGRAM)
    first = wrong[0]
    if first.problem.startswith(NOT_CLOSED):
        first = next((each for each in wrong if each.misconception), first)
    error = next(own, first)
    return error if count[cause(error)] >= count[cause(first)] else first


def by_cause(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """The failed cases in groups of the same cause, the one to mend first at the beginning."""
    groups: dict[Hashable, list[Outcome]] = {}
    first = first_to_mend(outcomes)
    for outcome in filter(None, [first, *outcomes]):
        if outcome.state == "failed":
            group = groups.setdefault(cause(outcome), [])
            if not any(outcome is each for each in group):
                group.append(outcome)
    return list(groups.values())


def cause(outcome: Outcome) -> Hashable:
    """What two failures of the same cause share.

    That is the belief; else the hints, where they are not the case's own; else the error and the
    learner's line; else the line that it hangs in; else what was said, values aside: "expected 5,
    got 4" alone is no cause.
    """
    if outcome.misconception:
        return "belief", outcome.misconception.name
    if outcome.hints and outcome.hints != outcome.case.hints:
        return "hints", outcome.hints
    if outcome.details:
        lines = [line.strip() for line in outcome.details.splitlines()]
        places = [line for line in lines if line.startswith(("File ", "In your notebook"))]
        return "error", error_of(outcome), *places[-1:]
    if hangs_in := _LINE.search(outcome.problem):
        return "hangs", hangs_in[0]
    said = _EXPECTED.sub("", _VALUE.sub("0", outcome.problem)).strip()
    return "problem", said or outcome.problem


def error_of(outcome: Outcome) -> str:
    """The class of the learner's error, by its name; empty where none was raised."""
    last = outcome.details.rpartition("\n")[2]
    return last.partition(":")[0].strip() if outcome.details else ""
