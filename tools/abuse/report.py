"""The driver's report: a line for each situation, and a paragraph for each failure."""

import re

from abuse.driver import Failure, Result

OUTCOMES = ("ran", "names missing", "interrupted", "reply lost", "restarted", "own error", "failed")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
LONGEST = 4000  # characters of a traceback


def line(result: Result) -> str:
    """A chapter in a situation, in a line."""
    counts = ", ".join(f"{result.counts[each]} {each}" for each in OUTCOMES if result.counts[each])
    seconds, cell = result.slowest
    name = f"{result.situation} ({result.note})" if result.note else result.situation
    problems = f", {len(result.failures)} FAILURES" if result.failures else ""
    return (
        f"{result.chapter}  {name:42} {result.runs:5} runs: {counts}; "
        f"slowest: cell {cell}, {seconds:.1f} s{problems}"
    )


def failure_text(result: Result, failure: Failure) -> str:
    """A failure, with the cell and its traceback."""
    where = f"cell {failure.cell}" if failure.cell else "the runs"
    trace = COLOURS.sub("", failure.trace)
    trace = trace if len(trace) <= LONGEST else f"{trace[:500]}\n...\n{trace[-LONGEST + 500 :]}"
    head = f"FAILED {result.chapter}, {result.situation}, run {failure.step}, {where}"
    return f"\n{head}: {failure.what}\n{_indented(failure.source)}\n{_indented(trace, '  | ')}\n"


def _indented(text: str, by: str = "    ") -> str:
    return "\n".join(f"{by}{each}" for each in text.strip().splitlines())
