"""The exercise loss_interval: between which limits the true loss lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from helpers.chapters.chapter_05._numbers import (
    REFUSAL_HINTS,
    form_of,
    is_number,
    near,
    refuses,
)
from helpers.chapters.chapter_05.beliefs import TEN
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

CLOSE = 1e-4  # between z = 1.96 and the exact 1.959964 there is less


def _intervals(*runs: tuple[int, int]) -> Callable:
    """A case of some counts: lost, sent."""

    def run(function: Callable, stage: Stage) -> None:
        for lost, sent in runs:
            _interval(function, stage, lost, sent)

    return run


def _interval(function: Callable, stage: Stage, lost: int, sent: int) -> tuple[Any, Any]:
    got = stage.call(function, lost, sent)
    expected = _ends(lost, sent)
    wanted = f"about ({expected[0]:.4f}, {expected[1]:.4f})"
    told = f"loss_interval({lost}, {sent}): expected {wanted}, got {short(got)}."
    if not (isinstance(got, tuple) and len(got) == 2 and all(is_number(each) for each in got)):
        raise Wrong(
            told + " It is to be a tuple of two numbers.",
            hints=(
                "What type has your result?",
                "The ends are two numbers, the lower one first, in one tuple.",
                "Two values with a comma between them are a tuple.",
            ),
        )
    if all(near(each, end, CLOSE) for each, end in zip(got, expected, strict=True)):
        if min(got) < -1e-9 or max(got) > 1 + 1e-9:
            raise Wrong(f"{told} A probability is never below 0 nor above 1.")
        return got
    share = lost / sent
    margin = 1.96 * (share * (1 - share) / sent) ** 0.5
    textbook = share - margin, share + margin
    clipped = max(0.0, textbook[0]), min(1.0, textbook[1])
    for other in (textbook, clipped):
        if all(near(each, end, 1e-5) for each, end in zip(got, other, strict=True)):
            raise Wrong(f"{told} That is the textbook's interval, s ± 1.96 √(s (1 - s) / n).", TEN)
    if any(all(map(near, got, slip, (CLOSE, CLOSE))) for slip in _multiplied(*expected, sent)):
        raise Wrong(
            f"{told} Yours multiplies by n where it is to divide: in `a / b * n` only b is below "
            "the line."
        )
    form, hints = form_of(got, expected)
    raise Wrong(told + form, hints=hints)


def _multiplied(low: float, high: float, sent: int) -> Iterator[tuple[float, float]]:
    """What the interval becomes where a formula multiplies by n in place of dividing by it."""
    centre, half, z2 = (low + high) / 2, (high - low) / 2, 1.96**2
    scale = 1 / (1 + z2 / sent)
    wrong_centre = centre + scale * z2 / 2 * (sent - 1 / sent)
    wrong_half = (half**2 + (scale * z2 / 2) ** 2 * (sent**2 - 1 / sent**2)) ** 0.5
    for middle, width in ((wrong_centre, wrong_half), (wrong_centre, half), (centre, wrong_half)):
        ends = middle - width, middle + width
        clipped = max(0.0, ends[0]), min(1.0, ends[1])
        yield ends
        if clipped != (0.0, 1.0):  # many other slips give that
            yield clipped


def _ends(lost: int, sent: int) -> tuple[float, float]:
    """The interval by its definition: the losses that are no more than 1.96 standard deviations
    from what was seen. Halving finds each end, so no formula stands here."""

    def surprising(loss: float) -> bool:
        return abs(lost / sent - loss) > 1.96 * (loss * (1 - loss) / sent) ** 0.5

    def edge(inside: float, outside: float) -> float:
        if not surprising(outside):
            return outside
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if surprising(middle) else (middle, outside)
        return inside

    return edge(lost / sent, 0.0), edge(lost / sent, 1.0)


def _narrower(function: Callable, stage: Stage) -> None:
    widths = []
    for lost, sent in ((3, 10), (30, 100), (300, 1_000)):
        got = stage.call(function, lost, sent)
        if isinstance(got, tuple) and len(got) == 2 and all(is_number(each) for each in got):
            widths.append(got[1] - got[0])
    if len(widths) == 3 and abs(widths[0] - widths[2]) < 0.01 * widths[0]:
        raise Wrong(
            "3 lost of 10, 30 of 100 and 300 of 1,000 are the same share, and your intervals are "
            f"{', '.join(f'{width:.4f}' for width in widths)} wide. More packets tell more.",
            TEN,
        )
    for lost, sent in ((3, 10), (30, 100), (300, 1_000)):
        _interval(function, stage, lost, sent)


FORMULA_HINTS = (
    "Compute centre and half for one case by hand, and compare each with yours.",
    "Which of the parts has n in it, and which n squared? Brackets decide what a division covers.",
    "The whole centre is divided by (1 + z² / n), and the root is multiplied by z over the same.",
)

EXERCISE = Exercise(
    (
        Case(
            "the same share of ten, a hundred and a thousand",
            "3 of 10 packets are lost, then 30 of 100, then 300 of 1,000.",
            _narrower,
            FORMULA_HINTS,
        ),
        Case(
            "none lost of a few",
            "None of 10 packets is lost, none of 1, none of 100.",
            _intervals((0, 10), (0, 1), (0, 100)),
            FORMULA_HINTS,
        ),
        Case(
            "all lost",
            "All of 10 packets are lost, and all of 3.",
            _intervals((10, 10), (3, 3)),
            FORMULA_HINTS,
        ),
        Case(
            "one lost of a few",
            "1 of 10 packets is lost, 1 of 5, and 9 of 10.",
            _intervals((1, 10), (1, 5), (9, 10)),
            FORMULA_HINTS,
        ),
        Case(
            "impossible counts",
            "More lost than sent, fewer than none, nothing sent at all.",
            refuses("loss_interval"),
            REFUSAL_HINTS,
        ),
    ),
    "What it survives now: few packets and many, none lost and all, and counts that can't be.",
)
