"""The picture of goodput: the course's recorded runs, and those of a learner."""

from __future__ import annotations

from helpers.assignments.a2 import _speed_cases as speed

RECORDED = {1: 0.85, 2: 0.85, 3: 0.85}


def goodput() -> str:
    """What the learner's program has reached in this process, as HTML; empty where it has not run."""
    return ""
