"""The exercise one_way_loss: from the share of answers to the loss each way."""

from __future__ import annotations

from collections.abc import Callable

from helpers.chapters.chapter_05._numbers import (
    REFUSAL_HINTS,
    form_of,
    near,
    refuses,
)
from helpers.chapters.chapter_05.beliefs import ADDS
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


def _each_way(*runs: tuple[int, int, float]) -> Callable:
    """A case of some runs: how many were answered, how many asked, and the loss each way."""

    def run(function: Callable, stage: Stage) -> None:
        for answered, asked, loss in runs:
            got = stage.call(function, answered, asked)
            if near(got, loss, 1e-6):
                continue
            told = f"one_way_loss({answered}, {asked}): expected {loss:g}, got {short(got)}."
            share = answered / asked
            if near(got, (1 - share) / 2, 1e-6):
                raise Wrong(told, ADDS)
            if near(got, 1 - share, 1e-6):
                raise Wrong(
                    told + " That is the share of questions without an answer.",
                    hints=(
                        "What does a question need for its answer to come: one way, or two?",
                        "What you return is the loss there and back, as a client sees it.",
                        "The share of answers is (1 - p) times (1 - p). Solve that for p.",
                    ),
                )
            if 0 < share < 1 and near(got, share**0.5, 1e-6):
                raise Wrong(f"{told} That is the share that survives one way.")
            if 0 < share < 1 and near(got, (1 - share) ** 0.5, 1e-6):
                raise Wrong(f"{told} That is the root of the share without an answer.")
            form, hints = form_of((got,), (loss,))
            raise Wrong(told + form, hints=hints)

    return run


SHARE_HINTS = (
    "Put your result back: with it as p, is (1 - p) * (1 - p) the share of answers?",
    "The function returns what is lost, not what survives, and as a share from 0 to 1.",
    "Begin with the share of answers, find what survives one way, then what does not.",
)

EXERCISE = Exercise(
    (
        Case(
            "echoes that lost some",
            "An echo answers 49 of 100 questions, another 64 of 100, a third 1 of 3.",
            _each_way((49, 100, 0.3), (64, 100, 0.2), (1, 3, 0.42264973), (9_801, 10_000, 0.01)),
            SHARE_HINTS,
        ),
        Case(
            "all answered, and none",
            "An echo answers all of 20 questions; another none of 20; a third its only one.",
            _each_way((20, 20, 0.0), (0, 20, 1.0), (1, 1, 0.0)),
            SHARE_HINTS,
        ),
        Case(
            "impossible counts",
            "More answers than questions, fewer than none, no question at all.",
            refuses("one_way_loss"),
            REFUSAL_HINTS,
        ),
    ),
    "What it survives now: echoes that answer some, all or none, and counts that can't be.",
)
