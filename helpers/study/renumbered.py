"""What chapters, predictions and questions are called now that were called otherwise before.

A version that gives chapters new numbers, or an entry a new name, adds one step at the end of
STEPS; nothing else has to change. Each step is a table from old to new: a chapter's number, such as
{"07": "08"}, stands for all that is kept under it, and a whole name, such as
{"07 thousand": "09 thousand"}, for itself alone, before any number. What no step names stays.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import add
from typing import Any

Data = dict[str, Any]  # a section's name to its entries, and "version" to the format's number

SECTIONS = ("exercises", "predictions", "quizzes")
FIRSTS = "firsts"  # a section that is there with the first prediction
SEEN = "seen"  # one that is there with the first question
ASSIGNMENTS = "assignments"  # one that is there with the first assessment
WORK = "work"  # one that is there when somebody has worked in a chapter
LATER = (FIRSTS, SEEN, ASSIGNMENTS, WORK)  # older versions keep them as they are
STEPS: tuple[dict[str, str], ...] = (
    # The chapters on reliable delivery and on many clients were cut in two.
    {
        "07": "08",
        "07 five": "09 five",
        "07 without drain": "09 without drain",
        "07 a slow reader": "09 a slow reader",
        "06 goes back": "07 goes back",
    },
)


def newest() -> int:
    """The number of the format that is written now: 1, and one more for each step."""
    return 1 + len(STEPS)


def under_new_names(data: Data) -> Data:
    """Bring what was kept by an older version under the names of this one.

    Args:
        data: all sections; without a version it is of format 1, as the first files were.
    """
    moved = data
    for step in STEPS[data.get("version", 1) - 1 :]:
        sections = [*SECTIONS, *(each for each in LATER if each in moved)]
        before, moved = moved, moved | {section: {} for section in sections}
        for section in sections:
            for name, entry in before[section].items():
                # Two may come under one name: they are as two copies of one entry.
                one = {each: {} for each in SECTIONS} | {section: {_renamed(name, step): entry}}
                moved = merged(moved, one)
    return moved | {"version": newest()}


def merged(first: Data, then: Data, attempts: Callable[[int, int], int] = add) -> Data:
    """What two files hold, as one.

    An exercise that was passed in either is passed. Of predictions the first is kept, as a later
    one may know the result; of answers the last. A first prediction keeps what was measured.

    Args:
        first: the earlier of the two.
        then: the later.
        attempts: what makes one number of two; `max` where both may have counted the same ones. Of
            seconds of work it does, too.
    """
    both = then | first
    both["predictions"] = then["predictions"] | first["predictions"]
    if FIRSTS in both:
        later = then.get(FIRSTS, {})
        earlier = {
            name: {**later.get(name, {}), **entry} for name, entry in first.get(FIRSTS, {}).items()
        }
        both[FIRSTS] = later | earlier
    if SEEN in both:
        earlier, later = first.get(SEEN, {}), then.get(SEEN, {})
        both[SEEN] = earlier | {
            name: {**earlier.get(name, {}), **entry} for name, entry in later.items()
        }
    if ASSIGNMENTS in both:
        here, there = (each.get(ASSIGNMENTS, {}) for each in (then, first))
        both[ASSIGNMENTS] = {
            name: max(
                (each[name] for each in (here, there) if name in each), key=lambda e: e["points"]
            )
            for name in here | there
        }
    if WORK in both:
        earlier, later = first.get(WORK, {}), then.get(WORK, {})
        both[WORK] = {name: _worked(earlier, later, name, attempts) for name in earlier | later}
    both["quizzes"] = first["quizzes"] | then["quizzes"]
    both["exercises"] = first["exercises"] | {
        name: {
            **entry,
            "attempts": attempts(entry["attempts"], other["attempts"]),
            "passed": entry["passed"] or other["passed"],
        }
        if (other := first["exercises"].get(name))
        else entry
        for name, entry in then["exercises"].items()
    }
    return both


def _worked(first: Data, then: Data, name: str, add_up: Callable[[int, int], int]) -> Data:
    """The work of one chapter in two files: where the learner was last, and all the time."""
    entries = [each[name] for each in (first, then) if name in each]
    last = max(entries, key=lambda entry: entry["last"])
    seconds = [entry["seconds"] for entry in entries]
    return last | {"seconds": add_up(*seconds) if len(seconds) == 2 else seconds[0]}


def _renamed(name: str, step: dict[str, str]) -> str:
    number, space, rest = name.partition(" ")
    return step.get(name) or step.get(number, number) + space + rest
