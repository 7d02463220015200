"""What a check found: which failure comes first, its hints, and what else there is to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.checks.causes import by_cause, first_to_mend
from helpers.checks.findings import Outcome
from helpers.checks.others import Others


@dataclass(repr=False)
class Found:
    """What a check found.

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
        function: the learner's, for the text that can be copied.
        find_others: finds the other right answers, which are loaded after a pass only.
        folds_others: whether the HTML holds them, folded.

    It is true where the function has passed: `if check(ask):`.
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
    function: Any = None
    find_others: Callable[[], Others] | None = None
    folds_others: bool = True

    @property
    def prints(self) -> dict[str, list[str]]:
        """All lines that the function has printed, by the name of the case."""
        return {each.case.name: each.prints for each in self.outcomes if each.prints}

    @property
    def passed(self) -> bool:
        """Whether the function survived all cases, those left aside that have no room here."""
        tried = [outcome for outcome in self.outcomes if not outcome.no_room]
        all_right = all(each.passed for each in tried) and bool(tried or not self._away)
        return self.started and not self.interrupted and all_right

    def __bool__(self) -> bool:
        return self.passed

    @property
    def state(self) -> str:
        """How its verdict looks: "right", "wrong", or "none" where there is none."""
        if self.passed and not self._away == len(self.outcomes) > 0:
            return "right"
        return "wrong" if self.first else "none"

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
            return f"{self.exercise}: not tried here, none of its {cases(count)}"
        if self.passed:
            count -= self._away
            return f"{self.exercise}: passed ({cases(count)}{rest}), you may go on"
        return f"{self.exercise}: {failed} of {cases(count)} failed{rest}"

    @property
    def first(self) -> Outcome | None:
        """The failure to mend first; None where nothing has failed."""
        return first_to_mend(self.outcomes)

    @property
    def groups(self) -> list[list[Outcome]]:
        """The failed cases by their cause; the first of the first group is `first`."""
        return by_cause(self.outcomes)

    @property
    def _away(self) -> int:
        """How many cases have no room on this machine."""
        return sum(bool(outcome.no_room) for outcome in self.outcomes)

    def hint(self, number: int) -> str:
        """A hint for the failure that the report opens with.

        Args:
            number: 1, 2 or 3, each nearer to an answer.

        Raises:
            ValueError: for another number, or where nothing has failed.
        """
        first = self.first
        if first is None or not first.hints:
            what = "nothing has failed" if first is None else "the error says it all"
            raise ValueError(f"{what}, so there is no hint")
        if number not in range(1, len(first.hints) + 1):
            raise ValueError(f"there are {len(first.hints)} hints: ask for 1 to {len(first.hints)}")
        return first.hints[number - 1]

    @property
    def others(self) -> Others:
        """Other right answers of this exercise, each with what it does better and what it costs.

        Raises:
            ValueError: before the exercise has been passed, or where there are none.
        """
        if not self.passed or self.alone:
            raise ValueError("other answers can be read when this one has passed")
        found = self.find_others() if self.find_others else None
        if not found:
            raise ValueError(f"there are no other answers for {self.exercise}")
        return found

    @property
    def has_others(self) -> bool:
        """Whether there are other right answers to read now."""
        return bool(self.passed and not self.alone and self.find_others and self.find_others())


def cases(count: int) -> str:
    """So many cases, in words: "1 case", "2 cases"."""
    return f"{count} {'case' if count == 1 else 'cases'}"
