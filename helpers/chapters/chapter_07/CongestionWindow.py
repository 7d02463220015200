"""The exercise `CongestionWindow`: how it grows, and what makes it smaller (RFC 5681)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_07 import _congestion_hints as hints
from helpers.chapters.chapter_07._congestion_models import Right, same, slip_of
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

METHODS = ("acked", "lost", "timed_out")
ACK, LOST, SILENCE = METHODS


def _made(make: Callable) -> Any:
    made = make()
    for name in METHODS:
        if not callable(getattr(made, name, None)):
            told = f"Expected the methods {', '.join(METHODS)}, and {name} is not there."
            raise Wrong(told, hints=hints.METHODS)
    return made


def _numbers(made: Any, told: str) -> tuple[float, float]:
    found = []
    for name in ("size", "threshold"):
        value = getattr(made, name, None)
        if callable(value) or value is None:
            what = "is not there" if value is None else "is a method"
            raise Wrong(f"{told} Expected a number, and {name} {what}.", hints=hints.METHODS)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            what = f"{name} is {short(value)}"
            raise Wrong(f"{told} Expected a number, and {what}.", hints=hints.NUMBERS)
        found.append(float(value))
    return found[0], found[1]


def _follow(make: Callable, *parts: tuple[str, int]) -> None:
    """Make these calls, each so many times, and compare both numbers after each call."""
    made, right = _made(make), Right()
    calls = ["", *(name for name, times in parts for _ in range(times))]
    said = ["Before any call:"]
    for index, (name, times) in enumerate(parts):
        before = [_said(*each) for each in parts[:index]]
        said += [f"After {', '.join([*before, _said(name, n + 1)])}:" for n in range(times)]
    wrong, seen = "", []
    for name, told in zip(calls, said, strict=True):
        if name:
            getattr(made, name)()
        expected, got = right.after([name] if name else []), _numbers(made, told)
        seen.append(got)
        if not wrong and not same(expected, got):
            wrong = f"{told} Expected size {expected[0]:.6g} and threshold {expected[1]:.6g}"
            wrong += f", got size {got[0]:.6g} and threshold {got[1]:.6g}."
    if wrong and _shares(make):
        raise Wrong(wrong, hints=hints.SHARED)
    if wrong:
        raise Wrong(wrong, *slip_of(calls, seen))


def _said(name: str, times: int) -> str:
    return f"{name}()" if times == 1 else f"{name}() × {times}"


def _shares(make: Callable) -> bool:
    """Whether what one object was told changes another, or one that is made later."""
    one, other = make(), make()
    before = other.size
    one.acked()
    one.acked()
    return bool(other.size != before or make().size != before)


def start(make: Callable, stage: Stage) -> None:
    """Nothing was sent so far."""
    _follow(make)


def slow_start(make: Callable, stage: Stage) -> None:
    """ACKs below the threshold."""
    _follow(make, (ACK, 62))


def avoidance(make: Callable, stage: Stage) -> None:
    """ACKs up to the threshold and beyond it."""
    _follow(make, (ACK, 63 + 130))


def halves(make: Callable, stage: Stage) -> None:
    """Losses at some sizes, with ACKs after them."""
    _follow(make, (ACK, 19), (LOST, 1), (ACK, 25), (LOST, 1), (ACK, 3))
    _follow(make, (ACK, 80), (LOST, 2), (ACK, 40))


def least(make: Callable, stage: Stage) -> None:
    """Losses where the window is small."""
    _follow(make, (ACK, 2), (LOST, 1), (ACK, 2))
    _follow(make, (LOST, 2), (ACK, 5))
    _follow(make, (ACK, 1), (SILENCE, 2), (ACK, 5))


def silence(make: Callable, stage: Stage) -> None:
    """The timer ends, and ACKs come again."""
    _follow(make, (ACK, 19), (SILENCE, 1), (ACK, 30))
    _follow(make, (ACK, 12), (LOST, 1), (SILENCE, 1), (ACK, 6), (SILENCE, 2), (ACK, 4))


def two(make: Callable, stage: Stage) -> None:
    """Two windows at once."""
    near, far = _made(make), _made(make)
    near.acked()
    far.timed_out()
    told = "One window had acked(), the other timed_out()."
    for made, calls, which in ((near, [ACK], "one"), (far, [SILENCE], "other")):
        expected, got = Right().after(calls), _numbers(made, told)
        if expected != got:
            said = f"{told} Expected size and threshold of the {which} to be {short(expected)}"
            raise Wrong(f"{said}, got {short(got)}.", hints=hints.SHARED)


EXERCISE = Exercise(
    cases=(
        Case(
            "the beginning",
            "Nothing was sent so far.",
            start,
            (
                "What are size and threshold before the first packet has left?",
                "The description gives both numbers; the size is the smallest that can send.",
                "Set both on self in __init__.",
            ),
        ),
        Case(
            "slow start",
            "62 packets are confirmed, one after another, and nothing is lost.",
            slow_start,
            (
                "What does one ACK add while the size is below the threshold?",
                "1 for each ACK, so a window of n becomes 2n in a round trip.",
                "Compare the size with the threshold, and add to the size.",
            ),
        ),
        Case(
            "from the threshold on",
            "193 packets are confirmed: the size reaches the threshold at the 63rd.",
            avoidance,
            (
                "What does an ACK add when the size has reached the threshold?",
                "1/size, with the size as it was before, so that a round trip adds about 1.",
                "Follow the 63rd and the 64th ACK by hand.",
            ),
        ),
        Case(
            "losses",
            "A packet is missing while later ones are confirmed, at a size of 20, and later again.",
            halves,
            (
                "What are both numbers after a loss at a size of 20?",
                "Both are 10; the next ACK adds a tenth, as the size is not below the threshold.",
                "Compute the half first, and then set both.",
            ),
        ),
        Case(
            "losses of a small window",
            "Packets are lost while the size is 3, 2 and 1.",
            least,
            (
                "What is half of 3, and what is the least that the description allows?",
                "The least is 2, for the threshold, and after lost() for the size too.",
                "Take the larger of two numbers.",
            ),
        ),
        Case(
            "silence",
            "The timer ends at a size of 20, and then ACKs come again.",
            silence,
            (
                "What are both numbers after the timer has ended at a size of 20?",
                "The threshold is 10, the size is 1: slow start again, up to half of what it was.",
                "Compute the threshold before the size becomes 1.",
            ),
        ),
        Case(
            "two windows at once",
            "Two senders have a window each.",
            two,
            hints.SHARED,
        ),
    ),
    survives="Your window grows and gives way as RFC 5681 has it, in each case from one packet on.",
)
