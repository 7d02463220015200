"""The exercises of chapter 05: what is lost, how sure that is, and how delay varies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from helpers.checks.cases import Case, Exercise, Wrong
from helpers.checks.chapter_05_records import LONGEST_GAP, LOSS_REPORT
from helpers.checks.chapter_05_shared import (
    ADDS,
    REFUSAL_HINTS,
    TEN,
    form_of,
    is_number,
    near,
    refuses,
)
from helpers.checks.stage import Stage
from helpers.checks.values import short

# one_way_loss


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
ONE_WAY_LOSS = Exercise(
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

# loss_interval

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
LOSS_INTERVAL = Exercise(
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

# interarrival_jitter


def _jitters(*runs: tuple[list[tuple[float, float]], float]) -> Callable:
    """A case of some runs: the times of sending and arrival, and the jitter."""

    def run(function: Callable, stage: Stage) -> None:
        for timestamps, jitter in runs:
            mine = list(timestamps)
            got = stage.call(function, mine)
            told = f"interarrival_jitter({short(timestamps)})"
            if mine != timestamps:
                raise Wrong(f"{told}: the function has changed the list, which is its caller's.")
            if not near(got, jitter, 1e-8):
                raise Wrong(f"{told}: expected {jitter:.9g}, got {short(got)}.")

    return run


def _sent_at(gap: float, transits: list[float], clock: float = 0.0) -> list[tuple[float, float]]:
    """Times of packets sent every `gap` seconds, received after `transits` on another clock."""
    return [  # rounded, for reports that are easy to read
        (round(number * gap, 6), round(number * gap + transit + clock, 6))
        for number, transit in enumerate(transits)
    ]


TRANSITS = [0.020, 0.036, 0.036, 0.004, 0.020]  # |D|: 16, 0, 32 and 16 ms
JITTER = 0.003698974609375  # 1, then 0.9375, 2.878906… and 3.698974… ms
JITTER_HINTS = (
    "Follow the first two packets by hand: what is D, and what is J after them? (The last packet "
    "has no next one.)",
    "D takes two differences: of each packet its time under way, and of two packets those.",
    "Each step moves J by a sixteenth of the way from where it is to |D|.",
)
INTERARRIVAL_JITTER = Exercise(
    (
        Case(
            "one change of the delay",
            "Two packets, a second apart; the second is under way for 16 ms longer. Then 16 ms "
            "shorter.",
            _jitters(
                (_sent_at(1.0, [0.020, 0.036]), 0.001), (_sent_at(1.0, [0.036, 0.020]), 0.001)
            ),
            JITTER_HINTS,
        ),
        Case(
            "a delay that changes from packet to packet",
            "Five packets are under way for 20, 36, 36, 4 and 20 ms.",
            _jitters((_sent_at(0.020, TRANSITS), JITTER)),
            JITTER_HINTS,
        ),
        Case(
            "packets that are sent at irregular times",
            "All are under way for 50 ms; they are sent after pauses of 0.1, 3 and 0.02 s.",
            _jitters(([(0.0, 0.05), (0.1, 0.15), (3.1, 3.15), (3.12, 3.17)], 0.0)),
            (
                "Is it the link that varies here, or the sender?",
                "A pause of the sender is in the times of sending and in those of arrival alike.",
                "Subtract for each packet its own time of sending before you compare two packets.",
            ),
        ),
        Case(
            "clocks that differ",
            "The receiver's clock is 1,000 s ahead; then 500 s behind, so that packets arrive "
            "before they are sent.",
            _jitters(
                (_sent_at(0.020, TRANSITS, 1_000.0), JITTER),
                (_sent_at(0.020, TRANSITS, -500.0), JITTER),
            ),
            (
                "What is a difference of two times worth, if each is of another clock?",
                "The constant between the clocks is in each packet's difference, and equal in all.",
                "It drops out where two such differences are subtracted; the first packet only "
                "gives something to compare with.",
            ),
        ),
        Case(
            "packets that overtake each other",
            "The second packet arrives after the third.",
            _jitters(
                ([(0.0, 0.016), (0.02, 0.036), (0.04, 0.056), (0.03, 0.062)], 0.001),
                ([(0.0, 0.010), (0.004, 0.014), (0.002, 0.028), (0.006, 0.032)], 0.0009375),
            ),
            (
                "In which order does the description take the packets?",
                "Neighbours in the list arrived one after the other, whichever was sent first.",
                "Take the list as it is, without sorting it.",
            ),
        ),
        Case(
            "one packet, and none",
            "The list has one packet; then it is empty.",
            _jitters(([(1.0, 1.5)], 0.0), ([], 0.0)),
            (
                "What does your function return when there are no two packets to compare?",
                "An index, a `next` or a division may fail on a short list.",
                "J begins at 0, and without a second packet nothing moves it.",
            ),
        ),
    ),
    "What it survives now: irregular senders, clocks that differ, overtaken packets, and lists "
    "too short to tell.",
)

EXERCISES = {
    "one_way_loss": ONE_WAY_LOSS,
    "loss_interval": LOSS_INTERVAL,
    "loss_report": LOSS_REPORT,
    "longest_gap": LONGEST_GAP,
    "interarrival_jitter": INTERARRIVAL_JITTER,
}
