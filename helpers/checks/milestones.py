"""What an assignment is to `assess`: milestones in order, whose cases give points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpers.checks.cases import Exercise


@dataclass(frozen=True)
class Milestone:
    """One thing that a program of an assignment must do.

    Attributes:
        name: in a word, such as "greeting".
        title: what the program does who has reached it: "The two sides agree on a version".
        function: which of the learner's functions or classes is tried; one that is not there earns
            nothing.
        other: the one that is tried where the first is not there: its cases look for both.
        exercise: its cases, as a check tries them.
        points: what all cases give together.
        picture: draws what was measured in this process, as HTML; empty where nothing was.
    """

    name: str
    title: str
    function: str
    exercise: Exercise
    points: int
    other: str = ""
    picture: Callable[[], str] | None = None

    def earned(self, passed: int) -> int:
        """What so many cases give: their share of all points, in whole ones."""
        return self.points * passed // len(self.exercise.cases)


@dataclass(frozen=True)
class Assignment:
    """An assignment: what a learner's program is called, and how it is tried.

    Attributes:
        name: such as "A1".
        title: as its notebook has it.
        asks: the names of the functions and classes that the specification asks for.
        milestones: in the order in which they are shown.
        seconds: that a whole assessment may take before it is ended as one that hangs.
        draft: whether it is only begun: it has few wrong programs to be tried with then.
        seeds: of the links whose luck its points depend on; they stand in what is handed in.
    """

    name: str
    title: str
    asks: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    seconds: float = 240.0
    draft: bool = False
    seeds: tuple[int, ...] = ()

    @property
    def points(self) -> int:
        """What all milestones give."""
        return sum(each.points for each in self.milestones)

    def among(self, *names: str) -> tuple[Milestone, ...]:
        """The milestones of these names, in order; all of them without a name.

        Raises:
            ValueError: for a name that none has.
        """
        known = [each.name for each in self.milestones]
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"{self.name} has no milestone {unknown[0]!r}: {', '.join(known)}")
        return tuple(each for each in self.milestones if not names or each.name in names)
