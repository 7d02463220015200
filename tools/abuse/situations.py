"""The situations that a chapter is tried in, and the plan of each: drawn from a seed alone."""

import random
from dataclasses import dataclass

from abuse.cells import AS_IT_IS, Cell

LIFE = 25  # runs, after which all names are forgotten, and the kernel is looked through

KINDS = (AS_IT_IS, "solved", "half written", "a part", "wrong", "wrong")  # of an exercise's text


@dataclass(frozen=True)
class Situation:
    """How a chapter is treated.

    Attributes:
        name: a few words, for the report.
        interrupts, restarts: the share of runs that are interrupted, or before which the kernel is
            restarted (half of these restarts come in the midst of a cell).
        beside: what runs in a second kernel at the same time: "", "itself" or "another" chapter.
        limits: options of `launch`.
        port_taken: whether another program listens on port 12345.
        answers: whether exercises hold wrong and half-written answers too.
    """

    name: str
    interrupts: float = 0.0
    restarts: float = 0.0
    beside: str = ""
    limits: tuple[str, ...] = ()
    port_taken: bool = False
    answers: bool = False


SITUATIONS = (
    Situation("any order"),
    Situation("interrupted", interrupts=0.7),
    Situation("restarted", restarts=0.1),
    Situation("two chapters at once", beside="another"),
    Situation("the same chapter twice at once", beside="itself"),
    Situation("port 12345 taken", port_taken=True),
    Situation("without IPv6", limits=("--no-ipv6",)),
    Situation("256 open files", limits=("--files=256",)),
    Situation("one core", limits=("--one-core",)),
    Situation("disk full", limits=("--full",)),
    Situation("exercises half done or wrong", answers=True),
)


@dataclass(frozen=True)
class Step:
    """One run of a cell.

    Attributes:
        cell: its place among the code cells, from 0.
        variant: which text of an exercise's cell.
        restart: "" for none, "before" it or in the "midst" of it.
        interrupt: when to interrupt it, as a share of the time that it took last; None for never.
        times: how often to interrupt, one right after the other, as the impatient do.
        gesture: the seed of what is done with the controls afterwards; None for nothing.
    """

    cell: int
    variant: str = AS_IT_IS
    restart: str = ""
    interrupt: float | None = None
    times: int = 1
    gesture: int | None = None


def plan(situation: Situation, cells: list[Cell], seed: str, runs: int) -> list[Step]:
    """The runs of a situation. The same arguments give the same plan.

    After a start the first cell comes first, mostly. Then it goes on to the next cell or, in four
    of ten runs, to the same again or to any other.
    """
    rng = random.Random(seed)
    steps: list[Step] = []
    place = -1  # no cell has run yet
    targets = [*range(len(cells))]
    if situation.answers:  # mostly exercises, whose checks follow
        targets += [place for place, cell in enumerate(cells) if cell.variants] * 5
    while len(steps) < runs:
        restart = rng.choice(("before", "midst")) if rng.random() < situation.restarts else ""
        if restart == "before" or len(steps) % LIFE == 0:
            place = -1
        place = _next(rng, place, len(cells), targets)
        interrupted = rng.random() < situation.interrupts
        share, often = rng.uniform(0, 1.2), rng.choice((1, 1, 1, 2, 3))
        steps.append(
            Step(
                place,
                _variant(rng, cells[place], situation),
                restart,
                share if interrupted or restart == "midst" else None,
                often if interrupted else 1,
                rng.randrange(10**6) if rng.random() < 0.15 else None,
            )
        )
        if restart == "midst":
            place = -1
    return steps


def _next(rng: random.Random, place: int, cells: int, targets: list[int]) -> int:
    draw, anywhere = rng.random(), rng.choice(targets)
    if place < 0:
        return 0 if draw < 0.9 else anywhere
    if draw < 0.6:
        return (place + 1) % cells
    return anywhere if draw < 0.85 else place


def _variant(rng: random.Random, cell: Cell, situation: Situation) -> str:
    solved, kind, name = rng.random() < 0.5, rng.choice(KINDS), rng.random()
    if not cell.variants:
        return AS_IT_IS
    if not situation.answers:
        return "solved" if solved else AS_IT_IS
    names = [each for each in cell.variants if each.startswith(kind)] or [AS_IT_IS]
    return names[int(name * len(names))]
