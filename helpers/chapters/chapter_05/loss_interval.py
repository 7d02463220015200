"""The exercise loss_interval: between which limits the true loss lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_05._numbers import (
    FINEST,
    NONE_HINTS,
    RAISES,
    ROUNDED,
    is_number,
    name_slip,
    near,
    refuses,
)
from helpers.chapters.chapter_05._wilson import (
    FORMULA_HINTS,
    FROM_0_TO_1,
    SAME_WIDTH,
    right_ends,
    slips,
)
from helpers.chapters.chapter_05.beliefs import TEN
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

CLOSE = 1e-4  # between z = 1.96 and the exact 1.959964 there is less


def _intervals(*runs: tuple[int, int]) -> Callable:
    """A case of some counts: lost, sent."""

    def run(function: Callable, stage: Stage) -> None:
        for lost, sent in runs:
            _interval(function, stage, lost, sent)

    return run


def _interval(function: Callable, stage: Stage, lost: int, sent: int) -> None:
    got = stage.call(function, lost, sent)
    expected = right_ends(lost, sent)
    wanted = f"about ({expected[0]:.4f}, {expected[1]:.4f})"
    told = f"loss_interval({lost}, {sent}): expected {wanted}, got {short(got)}."
    if not _is_pair(got):
        raise Wrong(told + " It is to be a tuple of two numbers.", hints=_of_type(got))
    if _rounded(got, expected):
        raise Wrong(told + " Yours is rounded: return it as it is.", hints=ROUNDED)
    if all(near(each, end, CLOSE) for each, end in zip(got, expected, strict=True)):
        return
    if got == (0, 1):
        raise Wrong(told, hints=FROM_0_TO_1)
    name_slip(told, got, slips(lost, sent), 2e-5)
    raise Wrong(told)


def _is_pair(got: Any) -> bool:
    return isinstance(got, tuple) and len(got) == 2 and all(is_number(each) for each in got)


def _of_type(got: Any) -> Hints:
    if got is None:
        return NONE_HINTS
    kind = f"of the type {type(got).__name__}"
    if isinstance(got, tuple):
        kind = "a tuple, but not of two real numbers"
    return (
        f"Your result is {kind}; the description asks for a tuple of two floats.",
        "The ends are two numbers, the lower one first, in one tuple.",
        "Two values with a comma between them are a tuple.",
    )


def _rounded(got: tuple[float, float], expected: tuple[float, float]) -> bool:
    """Whether the ends are the right ones cut to a few places. (0.0, 0.3) may be 3 / n."""
    inner = [pair for pair in zip(got, expected, strict=True) if 1e-9 < pair[1] < 1 - 1e-9]
    return any(
        all(near(mine, round(mine, places), 1e-12) for mine, _ in inner)
        and all(
            near(mine, round(right, places), 10**-places if places > 3 else 1e-9)
            for mine, right in zip(got, expected, strict=True)
        )
        for places in range(2, FINEST + 1)
    )


def _narrower(function: Callable, stage: Stage) -> None:
    widths = []
    for lost, sent in ((3, 10), (30, 100), (300, 1_000)):
        got = stage.call(function, lost, sent)
        if _is_pair(got):
            widths.append(got[1] - got[0])
    if (
        len(widths) == 3
        and widths != [1, 1, 1]
        and 0.01 * abs(widths[0]) > abs(widths[0] - widths[2])
    ):
        raise Wrong(
            "3 lost of 10, 30 of 100 and 300 of 1,000 are the same share, and your intervals are "
            f"{', '.join(f'{width:.4f}' for width in widths)} wide. More packets tell more.",
            TEN,
            SAME_WIDTH,
        )
    for lost, sent in ((3, 10), (30, 100), (300, 1_000)):
        _interval(function, stage, lost, sent)


def _within(function: Callable, stage: Stage) -> None:
    """None lost and all, of many numbers of packets: here floats miss 0 and 1 by a last digit."""
    for sent in range(1, 81):
        for lost in (0, sent):
            got = stage.call(function, lost, sent)
            if not _is_pair(got) or not all(map(near, got, right_ends(lost, sent), (CLOSE, CLOSE))):
                _interval(function, stage, lost, sent)
            elif min(got) < 0 or max(got) > 1:
                outside = min(got) if min(got) < 0 else max(got)
                raise Wrong(
                    f"loss_interval({lost}, {sent}) ends at {float(outside)!r}, and a probability "
                    "is never below 0 nor above 1.",
                    hints=(
                        "Your end lies outside 0 to 1 by a float's last digit: centre and half "
                        "are equal here on paper, and floats round each by itself.",
                        "A caller that takes a root of your lower end, say, fails where it is "
                        "below 0.",
                        "Where your interval would leave 0 to 1, let it end there: max and min "
                        "compare two numbers.",
                    ),
                )


REFUSED: Hints = (
    "Your function refuses counts that are possible, or takes a root of a number below 0: 0 lost "
    "and all lost can be measured.",
    "Is a `<` there where `<=` belongs? And is s the share, lost divided by sent?",
    "The description names the condition for ValueError: refuse only what breaks it.",
)
MAY_RAISE = RAISES | {"ValueError": REFUSED}
NO_SHARE = (
    "Your function raises ValueError for 3 lost of 10: does a test of your own refuse that, or is "
    "the number under your root below 0, as s is no share from 0 to 1?",
    *REFUSED[1:],
)

EXERCISE = Exercise(
    (
        Case(
            "the same share of ten, a hundred and a thousand",
            "3 of 10 packets are lost, then 30 of 100, then 300 of 1,000.",
            _narrower,
            FORMULA_HINTS,
            if_it_raises=MAY_RAISE | {"ValueError": NO_SHARE},
        ),
        Case(
            "none lost of a few",
            "None of 10 packets is lost, none of 1, none of 100.",
            _intervals((0, 10), (0, 1), (0, 100)),
            FORMULA_HINTS,
            if_it_raises=MAY_RAISE,
        ),
        Case(
            "all lost",
            "All of 10 packets are lost, and all of 3.",
            _intervals((10, 10), (3, 3)),
            FORMULA_HINTS,
            if_it_raises=MAY_RAISE,
        ),
        Case(
            "one lost of a few",
            "1 of 10 packets is lost, 1 of 5, and 9 of 10.",
            _intervals((1, 10), (1, 5), (9, 10)),
            FORMULA_HINTS,
            if_it_raises=MAY_RAISE,
        ),
        Case(
            "ends within 0 and 1",
            "None is lost, and all are, of each number of packets from 1 to 80.",
            _within,
            FORMULA_HINTS,
            if_it_raises=MAY_RAISE,
        ),
        Case(
            "impossible counts",
            "More lost than sent, fewer than none, nothing sent at all.",
            refuses("loss_interval", "lost", "sent"),
            FORMULA_HINTS,
            if_it_raises=RAISES,
        ),
    ),
    "What it survives now: few packets and many, none lost and all, and counts that can't be.",
)
