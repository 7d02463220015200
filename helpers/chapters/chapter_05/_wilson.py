"""Wilson's interval: what is right, and what usual slips in its formula give."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from helpers.chapters.chapter_05._numbers import Slip
from helpers.chapters.chapter_05.beliefs import TEN
from helpers.checks.wrong import Hints

Ends = tuple[float, float]

AS_OTHERS = {  # z, and what it stands for
    1.0: "one standard deviation, 68 %, with z = 1",
    1.28: "80 %, with z = 1.28",
    1.645: "90 %, with z = 1.645",
    1.64: "90 %, with z = 1.64",
    2.0: "95.4 %, with z = 2",
    2.326: "98 %, with z = 2.326",
    2.576: "99 %, with z = 2.576",
    2.58: "99 %, with z = 2.58",
    1.96**2: "z² in place of z",
    1.96**0.5: "the root of z in place of z",
}


def right_ends(lost: int, sent: int) -> Ends:
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


def _then(first: str) -> Hints:
    """Hints that begin with what was recognised."""
    return (
        first,
        "Compute centre and half for 3 lost of 10 by hand, and compare each with yours.",
        "Which of the parts has n in it, and which n squared? Brackets decide what a division "
        "covers.",
    )


FORMULA_HINTS = _then(
    "Print centre and half inside your function: for 3 lost of 10 they are about 0.356 and 0.248. "
    "Which of the two is another with you?"
)

TEXTBOOK: Hints = (
    "That is the interval of many textbooks, s ± 1.96 √(s (1 - s) / n). Wilson's, in the "
    "description, has z² in it, four times.",
    "The textbook's takes the sample's own spread for the truth's. It has no width where nothing "
    "was lost, and it can reach below 0.",
    "Compare your formula with that of the description: what stands under the root beside the "
    "sample's own spread, and what is added to the share?",
)

FROM_0_TO_1: Hints = (
    "Your interval is all from 0 to 1, whatever was seen: a part of it is far too large before it "
    "is cut. Are brackets missing, so that something multiplies by n?",
    "In `a / b * n` and in `1 / 1 + c` only what follows the `/` at once is below the line.",
    "Compute centre and half for 3 lost of 10 by hand, and compare each with yours.",
)

SAME_WIDTH: Hints = (
    "Your interval is as wide for 10 packets as for 1,000. In which parts of your formula does the "
    "number of packets stand?",
    "More packets tell more: the interval of 1,000 is a tenth as wide as that of 10.",
    "Compare your formula with that of the description, and look for each n in it.",
)


def slips(lost: int, sent: int) -> Iterator[Slip]:
    """What usual mistakes give for these counts, whole and cut to 0 to 1."""
    for ends, told, hints, belief in _whole(lost, sent):
        yield Slip(ends, told, hints, belief)
        cut = max(0.0, ends[0]), min(1.0, ends[1])
        if cut not in ((0.0, 1.0), ends):  # many mistakes give that
            yield Slip(cut, told, hints, belief)


def _whole(lost: int, sent: int) -> Iterator[Slip]:
    share = lost / sent
    margin = 1.96 * sqrt(share * (1 - share) / sent)
    told = "That is the textbook's interval, s ± 1.96 √(s (1 - s) / n)."
    yield Slip((share - margin, share + margin), told, TEXTBOOK, TEN)
    low, high = right_ends(lost, sent)
    centre, half = (low + high) / 2, (high - low) / 2
    yield Slip(
        (centre, half),
        "Yours is centre and half: return centre - half and centre + half.",
        _then("You return centre and half: the ends are centre - half and centre + half."),
    )
    if low != high:
        yield Slip(
            (high, low),
            "The lower end comes first.",
            _then("The two ends are in the wrong order: the lower one comes first."),
        )
    yield Slip(
        (1 - high, 1 - low),
        "That is the interval of the share that arrived.",
        _then("That is the interval for what arrived: s is the share of the lost ones."),
    )
    for z, words in AS_OTHERS.items():
        yield Slip(
            _ends(lost, sent, z),
            f"That is the interval of {words}.",
            _then(f"Your interval is that of {words}. For 95 % z is 1.96."),
        )
    if lost == 0:
        yield Slip(
            (0.0, min(1.0, 3 / sent)),
            "That is the rule of three, 3 / n.",
            _then(
                "Your interval for none lost is 3 / n, a rule of thumb. The formula needs no "
                "special case for none."
            ),
        )
    yield Slip(
        _agresti_coull(lost, sent),
        "That is the interval of Agresti and Coull.",
        _then(
            "That is the interval of Agresti and Coull: it has Wilson's centre, and another "
            "half. The description's half has z² / (4 n²) under the root."
        ),
    )
    for ends, words in _misread(share, sent):
        yield Slip(ends, "Its parts look like those of the formula.", _then(words))
    yield Slip(
        (100 * low, 100 * high),
        "Yours is in percent: return shares from 0 to 1.",
        _then("Your ends are in percent, 100 times too large."),
    )


def _ends(lost: int, sent: int, z: float) -> Ends:
    share, z2 = lost / sent, z * z
    top, below = share + z2 / (2 * sent), 1 + z2 / sent
    half = z * sqrt(share * (1 - share) / sent + z2 / (4 * sent**2)) / below
    return top / below - half, top / below + half


def _agresti_coull(lost: int, sent: int) -> Ends:
    z2 = 1.96**2
    share = (lost + z2 / 2) / (sent + z2)
    half = 1.96 * sqrt(share * (1 - share) / (sent + z2))
    return share - half, share + half


def _misread(s: float, n: int) -> Iterator[tuple[Ends, str]]:
    """Intervals of a formula that was misread in one place, and words for it."""
    z, z2 = 1.96, 1.96**2
    spread, top, below = s * (1 - s) / n, s + z2 / (2 * n), 1 + z2 / n
    under = spread + z2 / (4 * n**2)
    centre, half = top / below, z * sqrt(under) / below
    times = "multiplies by n where it is to divide: in `a / b * n` only b is below the line. Which"
    times += " brackets are missing"
    product, square = (s + z2 / 2 * n) / below, z / below * sqrt(spread + z2 / 4 * n**2)
    both = "Your formula lacks brackets: "
    table = (
        (product, square, f"Your formula {times}?"),
        (product, half, f"Your centre {times}?"),
        (centre, square, f"Your half {times}?"),
        (top, half, "Your centre is not divided by (1 + z² / n)."),
        (centre, half * below, "Your half is not divided by (1 + z² / n)."),
        (top, half * below, "Neither your centre nor your half is divided by (1 + z² / n)."),
        (s + z2 / (2 * n) / below, half, f"{both}only z² / (2 n) of the centre is divided."),
        (centre, z + z2 / n * sqrt(under), f"{both}in your half only z is above the line, and 1 "
         "alone below it."),
        (s / below, half, "The centre lacks what is added to the share s."),
        (s, half, "Your interval lies round s: its centre is another, a bit nearer to one half."),
        ((s + z2 / n) / below, half, "In your centre z² is divided by n, and not by 2 n."),
        ((s + z / (2 * n)) / below, half, "In your centre z is not squared."),
        (centre, z * sqrt(spread) / below, "Under your root z² / (4 n²) is missing."),
        (centre, z * sqrt(spread + z2 / (4 * n)) / below, "Under your root n is not squared."),
        (centre, z * sqrt(spread + z2 / n**2) / below, "Under your root the 4 is missing."),
        (centre, z * sqrt(spread + z2 / (2 * n**2)) / below, "Under your root is a 2 for a 4."),
        (centre, z * sqrt(spread + z / (4 * n**2)) / below, "Under your root z is not squared."),
        (
            centre,
            z * sqrt(spread + z2 / (4 * n) ** 2) / below,
            "Under your root 4 n is squared as a whole: the n alone is.",
        ),
        (
            centre,
            z * sqrt(s * (1 - s) / (n + z2 / (4 * n**2))) / below,
            "Under your root all of n + z² / (4 n²) is below the line: it is a sum of two "
            "fractions.",
        ),
        (centre, z * sqrt(s * (1 - s) + z2 / (4 * n**2)) / below, "Under your root s (1 - s) is "
         "not divided by n."),
        (
            centre,
            z / below * (sqrt(spread) + z2 / (4 * n**2)),
            "Your root ends too soon: it covers s (1 - s) / n alone, and z² / (4 n²) is to be "
            "under it too.",
        ),
        (centre, half / z, "Before your root the factor z is missing."),
        (centre, half * z, "Before your root stands z², and z is due."),
        (centre, z * under / below, "Your half has no root: is it `** 0.5`, or `sqrt`?"),
        (centre, z * under / 2 / below, "Your half has no root: `x ** 1 / 2` is (x ** 1) / 2."),
        (centre, half / 2, "Your half is halved once more: it is added and subtracted whole."),
        (centre, 2 * half, "Your half is doubled: it is the distance from the centre to one end."),
    )  # fmt: skip
    for middle, width, words in table:
        yield (middle - width, middle + width), words
    for other, words in (
        (z, "Your formula has z where z² is due, in all places but the one before the root."),
        (2 * z, "Your formula has z times 2 where z² is due: `**` is the power."),
        (z2 * n, "In your 1 + z² / n something multiplies by n."),
    ):
        below = 1 + other / n
        middle = (s + other / (2 * n)) / below
        width = z * sqrt(spread + other / (4 * n**2)) / below
        yield (middle - width, middle + width), words
