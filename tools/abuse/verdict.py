"""Whether a run went as it should: what a learner may meet, and what they never should."""

import re
from pathlib import Path

from abuse.cells import Cell
from abuse.session import Run

ROOT = Path(__file__).resolve().parents[2]
HELPERS = str(ROOT / "helpers")
TAKEN = re.compile(r"address (already )?in use|Errno (98|48)\b|WinError 10048", re.IGNORECASE)
# Python drops an interrupt that comes while it clears away an object, and IPython one that comes in
# a hook after the cell. The learner presses again.
SWALLOWED = re.compile(r"(Exception ignored in|Error in callback).*?KeyboardInterrupt", re.DOTALL)
INTERRUPTS = {"KeyboardInterrupt", "CancelledError"}  # what a cell that awaits gets is the second
# What no learner can act on, wherever it stands. A clean run's outputs hold none of it.
INSIDES = {
    "Exception ignored in": "an exception that Python has ignored",
    "Exception in thread": "an exception in a thread of its own",
    "Error in callback": "an error in a hook of the notebook",
    "was never awaited": "a coroutine that was never awaited",
    "never retrieved": "an exception of a task that nobody has fetched",
    "does not end: it is still in": "a thread that does not end",
    "Restart the kernel if the notebook": "a thread that does not end",
    "The check itself met": "an error in the check itself",
    "This failed.": "an error in a control",
}


def judge(run: Run, cell: Cell, own_code: bool = False) -> tuple[str, list[str]]:
    """Return what came of a run, in a word or two, and all that is wrong with it.

    Args:
        run: the run.
        cell: which cell it was.
        own_code: whether exercises hold wrong or half-written code, so that errors of the
            learner's own are to be expected.
    """
    if run.status == "dead":
        return "failed", ["the kernel died"]
    if run.status == "hang":
        return "failed", [f"no reply within {run.seconds:.0f} s"]
    if run.status == "lost":
        return "reply lost", []  # by ipykernel; the cell shows [*], and the next one runs
    text = SWALLOWED.sub("", run.text) if run.interrupted else run.text
    wrong = [what for words, what in INSIDES.items() if words in text and words not in cell.clean]
    if "This run failed" in run.text and not own_code:
        wrong.append("an error in an experiment with sliders")
    if TAKEN.search(run.text) and not TAKEN.search(cell.clean):
        wrong.append("address in use")
    if not run.trace:
        # Where an interrupt falls into the showing of an error, IPython prints what it has.
        cut = run.interrupted and "KeyboardInterrupt" in run.text
        if _shows_helpers(run.text) and not _shows_helpers(cell.clean) and not cut:
            wrong.append("shows a place in helpers")
        return ("failed" if wrong else "ran"), wrong
    outcome, problem = _of_an_error(run, cell, own_code)
    wrong += [problem] if problem else []
    return ("failed" if wrong else outcome), wrong


def _of_an_error(run: Run, cell: Cell, own_code: bool) -> tuple[str, str]:
    error = run.error
    # A kernel that is busy tells nothing, and where an interrupt falls into the showing of an
    # error, it tells of another one.
    if not error or (run.name and run.name not in error["names"]):
        if run.name == "NameError" and not _shows_helpers(run.trace):
            return "names missing", ""
        if run.interrupted and run.name in INTERRUPTS:
            return "interrupted", ""
        return "failed", f"{run.name or 'an error'}, not looked into"
    names = error["names"]
    if run.status == "error" and ({"*", names[0]} & cell.errors if names else False):
        return "ran", ""
    if run.interrupted and INTERRUPTS & set(names):
        return "interrupted", ""
    if error["missing"]:
        return "names missing", ""
    in_helpers = error["file"].startswith(HELPERS)
    if in_helpers and not error["on_purpose"]:
        file = Path(error["file"]).name
        return "failed", f"{names[0]} out of the insides of helpers, {file} line {error['line']}"
    if names[:1] == ["FileNotFoundError"] and in_helpers:
        return "names missing", ""  # a script that the cell above writes
    if own_code:
        return "own error", ""
    return "failed", f"{names[0] if names else 'an error'}, which a clean run has not"


def _shows_helpers(text: str) -> bool:
    return f"{HELPERS}/" in text or "/helpers/" in text
