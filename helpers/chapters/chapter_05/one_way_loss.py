"""The exercise one_way_loss: from the share of answers to the loss each way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from helpers.chapters.chapter_05._numbers import (
    PERCENT,
    RAISES,
    ROUNDED,
    Slip,
    expect_number,
    is_rounded,
    name_slip,
    near,
    refuses,
)
from helpers.chapters.chapter_05.beliefs import ADDS
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

CLOSE = 1e-8  # a search by halving may end here, a rounded result does not


def _each_way(*runs: tuple[int, int, float]) -> Callable:
    """A case of some runs: how many were answered, how many asked, and the loss each way."""

    def run(function: Callable, stage: Stage) -> None:
        for answered, asked, loss in runs:
            got = stage.call(function, answered, asked)
            if near(got, loss, CLOSE):
                continue
            told = f"one_way_loss({answered}, {asked}): expected {loss:g}, got {short(got)}."
            expect_number(told, got, "a float")
            if 0 < loss < 1:
                name_slip(told, got, _slips(answered, asked))
                if near(got, 100 * loss, 1e-4):
                    raise Wrong(f"{told} Yours is in percent.", hints=PERCENT)
            if is_rounded(got, loss):
                raise Wrong(f"{told} Yours is rounded: return it as it is.", hints=ROUNDED)
            raise Wrong(told)

    return run


def _then(first: str) -> Hints:
    """Hints that begin with what was recognised."""
    return (
        first,
        "Put your result back: with it as p, is (1 - p) * (1 - p) the share of answers?",
        "Begin with the share of answers, find what survives one way, then what does not.",
    )


def _slips(answered: int, asked: int) -> Iterator[Slip]:
    """What usual mistakes give for these counts."""
    share = answered / asked
    yield Slip((1 - share) / 2, "That is half of what is missing.", ADDS.hints, ADDS)
    yield Slip(
        1 - share,
        "That is the share of questions without an answer.",
        _then(
            "What you return is the loss of the whole round trip, there and back, as a client sees "
            "it. How large is it one way?"
        ),
    )
    yield Slip(
        share,
        "That is the share of answers.",
        _then(
            "You return the share of answers itself: it survived both ways, and nothing is lost"
            " in it yet."
        ),
    )
    yield Slip(
        share**0.5,
        "That is the share that survives one way.",
        _then("What you return is the share that survives one way. What is lost of it?"),
    )
    yield Slip(
        (1 - share) ** 0.5,
        "That is the root of the share without an answer.",
        _then(
            "You take the root of the losses. What is a product of two equal factors is the share "
            "of answers: what survived both ways."
        ),
    )
    square = _then(
        "You square the share of answers. It is a square already, (1 - p) times (1 - p): it needs "
        "the root."
    )
    for value in (1 - share**2, share**2, (1 - share) ** 2):
        yield Slip(value, "There is a square in it, where a root is due.", square)
    yield Slip(
        1 - share / 2,
        "That is 1 minus half the share of answers.",
        _then("Your root is a half: `x ** 1 / 2` is (x ** 1) / 2. Which brackets make it a root?"),
    )
    yield Slip(
        1 - answered / asked**0.5,
        "There the root covers the questions only.",
        _then(
            "Your root covers only `asked`: `**` comes before `/`. Which brackets let it cover "
            "the whole share?"
        ),
    )
    yield Slip(
        1 - answered**0.5 / asked,
        "There the root covers the answers only.",
        _then(
            "Your root covers only `answered`: divide first, and take the root of the whole share."
        ),
    )
    if answered:
        yield Slip(
            1 - (asked / answered) ** 0.5,
            "That comes from questions divided by answers.",
            _then("You divide questions by answers: a share of answers is never above 1."),
        )
    yield Slip(
        share**0.5 - 1,
        "That is the loss below zero.",
        _then("You have subtracted the other way round: your loss is negative, below 0."),
    )
    yield Slip(
        1.0,
        "That says that all is lost.",
        _then(
            "Your share of answers is 0 here: does `//` cut it to a whole number, or is another "
            "count divided?"
        ),
    )


SHARE_HINTS = _then(
    "Which share of the questions was answered, and which share of packets survives one way then? "
    "Print both inside your function."
)

REFUSED: Hints = (
    "Your function refuses counts that are possible: 0 answers and as many answers as questions "
    "can be measured.",
    "Is a `<` there where `<=` belongs, or is a root taken of a number below 0?",
    "The description names the condition for ValueError: refuse only what breaks it.",
)

EXERCISE = Exercise(
    (
        Case(
            "echoes that lost some",
            "An echo answers 49 of 100 questions, another 64 of 100, a third 1 of 3.",
            _each_way((49, 100, 0.3), (64, 100, 0.2), (1, 3, 1 - 3**-0.5), (9_801, 10_000, 0.01)),
            SHARE_HINTS,
            if_it_raises=RAISES | {"ValueError": REFUSED},
        ),
        Case(
            "all answered, and none",
            "An echo answers all of 20 questions; another none of 20; a third its only one.",
            _each_way((20, 20, 0.0), (0, 20, 1.0), (1, 1, 0.0)),
            (
                "Where all are answered nothing was lost, and where none is the loss is 1: which "
                "of the two does your function get wrong?",
                "A share of 0 or of 1 is a number like others: no special case is needed.",
                "Go through your formula with a share of 1, and then with a share of 0.",
            ),
            if_it_raises=RAISES | {"ValueError": REFUSED},
        ),
        Case(
            "impossible counts",
            "More answers than questions, fewer than none, no question at all.",
            refuses("one_way_loss", "answered", "asked"),
            SHARE_HINTS,
            if_it_raises=RAISES,
        ),
    ),
    "What it survives now: echoes that answer some, all or none, and counts that can't be.",
)
