"""The check of `RtoEstimator`: timeouts that RFC 6298 gives for some series of round trips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from helpers.chapters.chapter_06 import _rto_hints as hints
from helpers.chapters.chapter_06._rto_watched import Watched
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.wrong import Wrong

Step = tuple[float | str, float]  # (a sample or "back_off", the timeout after it)


def _follow(made: Watched, steps: Sequence[Step]) -> None:
    """Take steps, and expect the timeout of each."""
    done, told = [], f"{_made(made.bounds)}. "
    for step, expected in steps:
        if step == "back_off":
            made.back_off()
            done.append("back_off()")
        else:
            made.sample(step)
            done.append(f"sample({step:g})")
        shown = ", ".join(done if len(done) < 7 else [done[0], "…", *done[-4:]])
        made.expect(expected, f"{told}After {shown}:")


def _made(bounds: Sequence[float]) -> str:
    """How an estimator was made, as one writes it."""
    return f"RtoEstimator({', '.join(map(str, bounds))})"


def start(make: Callable, stage: Stage) -> None:
    """No sample yet, within bounds of every kind."""
    make = partial(Watched, make)
    for bounds, expected in (
        ((), 1.0), ((0.1,), 1.0), ((0.1, 10.0), 1.0), ((2.5, 60.0), 2.5), ((0.1, 0.4), 0.4),
    ):  # fmt: skip
        make(*bounds).expect(expected, f"{_made(bounds)}, no sample yet:")
    named = make(minimum=0.2, maximum=0.8)
    named.expect(0.8, "RtoEstimator(minimum=0.2, maximum=0.8), no sample yet:")


def first(make: Callable, stage: Stage) -> None:
    """One sample, for some round trips."""
    make = partial(Watched, make)
    for rtt, expected in ((0.5, 1.5), (2.0, 6.0), (0.4, 1.2), (3, 9.0)):
        _follow(make(), [(rtt, expected)])
    _follow(make(0.001, 60.0), [(0.1, 0.3)])


GROWING = [
    (0.1, 0.3),
    (0.2, 0.3625),
    (0.1, 0.3109375),
    (0.4, 0.5861328125),
    (0.15, 0.4796630859375),
]
JUMPING = [(1.0, 3.0), (1.0, 2.5), (3.0, 4.375), (0.5, 4.25), (0.5, 4.05078125)]


def several(make: Callable, stage: Stage) -> None:
    """Several samples, one after another."""
    make = partial(Watched, make)
    _follow(make(0.001, 60.0), GROWING)
    _follow(make(), JUMPING)


def constant(make: Callable, stage: Stage) -> None:
    """The same round trip a hundred times, until only the granularity is left; and 0 s."""
    make = partial(Watched, make)
    made = make(0.0001, 60.0)
    for _ in range(100):
        made.sample(0.25)
    made.expect(0.251, "RtoEstimator(0.0001, 60.0), after sample(0.25) a hundred times:")
    steps = [(0.0, 0.001), (0.5, 0.5625)]
    _follow(make(0.0001, 60.0), steps)


def bounds(make: Callable, stage: Stage) -> None:
    """Round trips far below the minimum and far above the maximum."""
    make = partial(Watched, make)
    _follow(make(), [(0.01, 1.0), (0.01, 1.0)])
    _follow(make(), [(30.0, 60.0), (1.0, 60.0), (1.0, 60.0), (1.0, 60.0), (1.0, 60.0)])
    _follow(make(0.2, 2.0), [(1.0, 2.0), (0.1, 2.0), (0.1, 2.0)])
    steps = [(1.0, 2.0), *[(0.1, 2.0)] * 6]
    made = make(0.2, 2.0)
    _follow(made, steps)
    for _ in range(60):
        made.sample(0.01)
    made.expect(0.2, "RtoEstimator(0.2, 2.0), sample(0.01) sixty times after that:")


def backs_off(make: Callable, stage: Stage) -> None:
    """Backing off before any sample and after one, up to the maximum."""
    make = partial(Watched, make)
    doubled = [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    _follow(make(), [("back_off", seconds) for seconds in doubled])
    _follow(make(2.5, 60.0), [("back_off", 5.0)])
    _follow(make(), [(0.5, 1.5), ("back_off", 3.0), ("back_off", 6.0)])
    _follow(make(), [(0.05, 1.0), ("back_off", 2.0), ("back_off", 4.0)])
    made = make()
    made.back_off()
    for times in ("once", "twice", "three times"):
        made.expect(2.0, f"After back_off(), timeout() called {times}:")


def returns(make: Callable, stage: Stage) -> None:
    """A sample after backing off, and what it leaves."""
    make = partial(Watched, make)
    steps = [(0.5, 1.5), ("back_off", 3.0), ("back_off", 6.0), (0.5, 1.25), ("back_off", 2.5)]
    _follow(make(), [*steps, (0.5, 1.0625)])
    _follow(make(), [("back_off", 2.0), ("back_off", 4.0), (0.5, 1.5)])
    _follow(make(1.0, 4.0), [(2.0, 4.0), *[("back_off", 4.0)] * 5, (0.2, 4.0)])


def negative(make: Callable, stage: Stage) -> None:
    """A negative round trip, before and after a good one."""
    make = partial(Watched, make)
    made = make()
    for rtt, expected in ((-0.1, 1.0), (0.5, 1.5), (-0.001, 1.5)):
        if rtt >= 0:
            made.sample(rtt)
            continue
        try:
            made.sample(rtt)
        except ValueError:
            made.expect(expected, f"After sample({rtt:g}) was refused:", hints.CHANGED)
            continue
        raise Wrong(f"sample({rtt:g}) was taken. Expected ValueError.", hints=hints.NEGATIVE)


def two(make: Callable, stage: Stage) -> None:
    """Two estimators, for two peers."""
    make = partial(Watched, make)
    near, far = make(), make(1.0, 60.0)
    far.sample(4.0)
    near.expect(1.0, "One estimator had sample(4), the other none. The other:", hints.SHARED)
    near.sample(0.5)
    near.back_off()
    far.expect(
        12.0, "One had sample(4), the other sample(0.5) and back_off(). The one:", hints.SHARED
    )
    near.expect(
        3.0, "One had sample(4), the other sample(0.5) and back_off(). The other:", hints.SHARED
    )


EXERCISE = Exercise(
    cases=(
        Case(
            "before the first sample",
            "Nothing was measured so far.",
            start,
            (
                "What should timeout() return when nothing is known?",
                "It is 1 second (RFC 6298, section 2.1), unless that is out of bounds.",
                "Below the minimum it is the minimum, above the maximum the maximum.",
            ),
        ),
        Case(
            "the first sample",
            "One round trip was measured.",
            first,
            (
                "What are SRTT and RTTVAR after the first sample?",
                "Section 2.2 of RFC 6298: one of them is the sample, the other half of it.",
                "The timeout is SRTT and four times RTTVAR.",
            ),
        ),
        Case(
            "several samples",
            "Round trips of different lengths were measured, one after another.",
            several,
            (
                "Which of the two values do you compute first, and from which old values?",
                "RTTVAR takes a quarter of the new difference, SRTT an eighth of the new sample; "
                "the difference has no sign.",
                "Section 2.3 of RFC 6298 computes RTTVAR first, as it needs the old SRTT. Work "
                "out two steps by hand.",
            ),
        ),
        Case(
            "the same round trip again and again",
            "A hundred round trips took exactly the same time, and another one took none.",
            constant,
            (
                "What becomes of RTTVAR when nothing varies?",
                "A timeout of exactly one round trip would end too early half of the time.",
                "What is added to SRTT is never less than the clock's granularity, 0.001 s.",
            ),
            if_it_raises={"ValueError": hints.ZERO},
        ),
        Case(
            "bounds",
            "Some round trips are so short or so long that the timeout meets its bounds.",
            bounds,
            (
                "Where in your code are the bounds applied, and to which value?",
                "They bound what timeout() returns, and leave SRTT and RTTVAR as they are.",
                "Compute the timeout from both values each time, and bound that.",
            ),
        ),
        Case(
            "backing off",
            "No ACK comes, several times in a row.",
            backs_off,
            (
                "What is timeout() before back_off() and after it?",
                "It is what timeout() returned that is doubled, so the minimum is applied before; "
                "and the result stays as it is however often it is asked for.",
                "Keep how far it has backed off apart from SRTT and RTTVAR, and apply the "
                "maximum last.",
            ),
        ),
        Case(
            "a sample after backing off",
            "At last an ACK of a message that was sent only once comes.",
            returns,
            (
                "What ends the backing off?",
                "The next sample does, and the timeout is again what SRTT and RTTVAR give.",
                "Backing off changes neither of the two: follow them through the steps of the "
                "message by hand.",
            ),
        ),
        Case(
            "a negative round trip",
            "A clock that was set back has measured less than nothing.",
            negative,
            (
                "Can a round trip take less than no time?",
                "The contract asks for ValueError; and 0 is allowed.",
                "Refuse it before anything is changed.",
            ),
            if_it_raises=dict.fromkeys(
                ("AssertionError", "RuntimeError", "ArithmeticError"), hints.OTHER_ERROR
            ),
        ),
        Case(
            "two estimators at once",
            "Two peers have an estimator each, and different round trips.",
            two,
            (
                "Where do your values live: in the class, in the module, or in the object?",
                "Each estimator has values of its own.",
                "What belongs to one object is set on self, in __init__.",
            ),
        ),
    ),
    survives="Your estimator survives jumps, bounds, backing off, equal and negative samples.",
)
