"""A case that is tried twice: with short waits, and with long ones where something is missing."""

from __future__ import annotations

from collections.abc import Callable

from helpers.checks.stage import Stage
from helpers.checks.wrong import Wrong

LONGER = 6  # how many times longer all waits of a second try are


class Missing(Wrong):
    """Something did not come that a machine with other work might bring too late."""


def twice(
    attempt: Callable[[Callable, Stage, float], None], longer: float = LONGER
) -> Callable[[Callable, Stage], None]:
    """A case that tries with short waits and, where something is missing, again with long ones.

    So a right answer takes little time, and does not fail where the machine is slow.

    Args:
        attempt: takes the learner's function, the stage, and by how much to lengthen all waits.
        longer: by how much the second time.
    """

    def run(function: Callable, stage: Stage) -> None:
        try:
            attempt(function, stage, 1)
        except Missing:
            stage.again()
            attempt(function, stage, longer)

    return run
