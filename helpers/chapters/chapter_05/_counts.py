"""What usual mistakes make of each count of a loss report, and the hints for them."""

from __future__ import annotations

from itertools import pairwise

from helpers.chapters.chapter_05._records import (
    Mistake,
    Numbers,
    behind,
    descents,
    first_arrivals,
    inversions,
    jumps,
    never_came,
    overtakers,
    places,
)
from helpers.chapters.chapter_05.beliefs import RECEIVED_SENT, REORDERED
from helpers.checks.wrong import Hints

BY_FIELD: dict[str, Hints] = {
    "lost": (
        "Your `lost` differs: it counts the numbers of `sent` that are nowhere in `received`.",
        "Do the case by hand: write each number of `sent` in a row, and tick off what came.",
        "Lost are those without a tick, however often the others came, and in whatever order.",
    ),
    "duplicated": (
        "Your `duplicated` differs: it counts each arrival beyond the first of its number.",
        "Do the case by hand: go along `received`, and mark each number that you have met before.",
        "Keep what you have seen, and ask at each arrival whether it is in there already.",
    ),
    "reordered": (
        "Your `reordered` differs: it counts each first arrival that comes after one that was "
        "sent later.",
        "Compare with the latest that has come so far, not with the one that came before. And "
        "count only the first arrival of each number.",
        "Keep the furthest place reached so far, and never let it go back.",
    ),
    "stranger": (
        "A number arrived that was never sent in this run: what does your function do with it?",
        "What was not sent can be neither lost nor doubled, and overtakes nobody; and it has no "
        "place in `sent`.",
        "Leave such an arrival out before you count anything.",
    ),
}


def _then(first: str, of: str) -> Hints:
    """Hints that begin with what was recognised."""
    return first, *BY_FIELD[of][1:]


_COPIES = (
    "You subtract how many arrived, and a copy that came twice fills the place of one that is "
    "missing. How many different numbers arrived?",
    *RECEIVED_SENT.hints[1:],
)
_LATE = (
    "You count late ones as lost: look for a number that you count in the list of what was "
    "received. Is it there?",
    *REORDERED.hints[1:],
)
_PLACES = (
    "You compare the numbers themselves, and they start again from 0 here: which of the two was "
    "sent first? Their places in `sent` tell.",
    "Numbers leave gaps, begin anywhere and start again from 0: only the order of `sent` counts.",
    "Find for each number its place in `sent`, and compare places in place of numbers.",
)


def _range(numbers: Numbers) -> set[int]:
    return set(range(min(numbers), max(numbers) + 1))


LOST = (
    Mistake(lambda s, r: len(s) - len(r), _COPIES, "", RECEIVED_SENT),
    Mistake(lambda s, r: max(0, len(s) - len(r)), _COPIES, "", RECEIVED_SENT),
    Mistake(lambda s, r: abs(len(s) - len(r)), _COPIES, "", RECEIVED_SENT),
    Mistake(lambda s, r: never_came(s, r) + behind(places(s, r)), _LATE, "", REORDERED),
    Mistake(lambda s, r: sum(jumps(s, r)), _LATE, "", REORDERED),
    Mistake(
        lambda s, r: never_came(s, r) / len(s),
        _then("You return a share, and the description asks how many were lost: a count.", "lost"),
    ),
    Mistake(
        lambda s, r: len(_range(s) - set(r)),
        (
            "You count numbers as lost that were never sent: `sent` leaves gaps.",
            "Numbers leave gaps, begin anywhere and start again from 0: no `range` knows them.",
            "Go through the numbers that stand in `sent`, and ask of each whether it came.",
        ),
    ),
    Mistake(
        lambda s, r: len(s) - len(set(r)),
        (
            "You subtract how many different numbers arrived, and some of them were never sent.",
            *BY_FIELD["stranger"][1:],
        ),
    ),
    Mistake(lambda s, r: len(set(s) ^ set(r)), BY_FIELD["stranger"]),
    Mistake(
        lambda s, r: len(first_arrivals(s, r)),
        _then("You count those that came; lost are the others.", "lost"),
    ),
    *(
        Mistake(
            of,
            _then(
                "You count what is missing between two arrivals only: what is lost at the "
                "beginning and at the end?",
                "lost",
            ),
        )
        for of in (
            lambda s, r: sum(b - a - 1 for a, b in pairwise(sorted(set(r)))),
            lambda s, r: sum(jumps(s, r)[:-1]),
        )
    ),
    Mistake(
        lambda s, r: sum(jumps(s, r)[1:-1]),
        _then("You count what is missing between two arrivals only: what is lost at the beginning "
              "and at the end?", "lost"),
    ),
)  # fmt: skip

DUPLICATED = (
    Mistake(
        lambda s, r: len({n for n in r if n in s and r.count(n) > 1}),
        _then("You count the numbers that came more than once. A number that came three times "
              "counts two: each arrival beyond the first.", "duplicated"),
        "A number that came three times counts two.",
    ),
    Mistake(
        lambda s, r: sum(r.count(n) for n in s if r.count(n) > 1),
        _then("You count the first arrival as well: only those beyond the first are copies.",
              "duplicated"),
    ),
    *(
        Mistake(
            of,
            (
                "You count arrivals as copies whose numbers were never sent in this run.",
                *BY_FIELD["stranger"][1:],
            ),
        )
        for of in (
            lambda s, r: len(r) - len(set(s) & set(r)),
            lambda s, r: len(r) - len(set(r)),
            lambda s, r: len({n for n in r if r.count(n) > 1}),
        )
    ),
    Mistake(
        lambda s, r: sum(a == b for a, b in pairwise(r)),
        _then("You see a copy only where it comes right after the other: it may come much later.",
              "duplicated"),
    ),
    Mistake(
        lambda s, r: behind(places(s, r)),
        _then("Your `duplicated` counts what came late, which is `reordered`: are the two "
              "exchanged, where they are counted or where the Report is made?", "duplicated"),
    ),
    Mistake(
        lambda s, r: len(r) - len(s),
        _then("You subtract how many were sent: what is lost hides a copy then. Copies are seen "
              "in `received` alone.", "duplicated"),
    ),
)  # fmt: skip

_ONE_BEFORE = (
    "You compare only with the one before. One that was sent later may have come much earlier: "
    "compare with the furthest place so far.",
    *BY_FIELD["reordered"][1:],
)
_COPIED = (
    "You count copies as reordered: only the first arrival of a number counts.",
    *BY_FIELD["reordered"][1:],
)

REORDER = (
    *(
        Mistake(of, _ONE_BEFORE)
        for of in (
            lambda s, r: descents(places(s, r)),
            lambda s, r: descents([s.index(n) for n in r if n in s]),
            lambda s, r: descents(first_arrivals(s, r)),
            lambda s, r: descents([n for n in r if n in s]),
            lambda s, r: descents(list(dict.fromkeys(r))),
            lambda s, r: descents(r),
        )
    ),
    *(
        Mistake(of, _COPIED)
        for of in (
            lambda s, r: behind([s.index(n) for n in r if n in s]),
            lambda s, r: behind([n for n in r if n in s]),
            lambda s, r: behind(r),
        )
    ),
    *(
        Mistake(of, _PLACES)
        for of in (
            lambda s, r: behind(first_arrivals(s, r)),
            lambda s, r: behind(list(dict.fromkeys(r))),
        )
    ),
    Mistake(
        lambda s, r: sum(b != a + 1 for a, b in pairwise([-1, *places(s, r)])),
        _then(
            "You count a gap as reordering: what comes after a lost one is not late. Is the next "
            "place the only one that you expect?",
            "reordered",
        ),
    ),
    Mistake(
        lambda s, r: overtakers(places(s, r)),
        _then("You count those that overtake; reordered are the ones that were overtaken.",
              "reordered"),
    ),
    Mistake(
        lambda s, r: inversions(places(s, r)),
        _then("You count pairs: a late one counts once, however many have overtaken it.",
              "reordered"),
    ),
    *(
        Mistake(
            of,
            _then("You compare places in the two lists, so one lost or late number shifts all that "
                  "follow. Ask of each arrival: had one that was sent later come already?",
                  "reordered"),
        )
        for of in (
            lambda s, r: sum(a != b for a, b in zip(s, r, strict=False)),
            lambda s, r: sum(a != b for a, b in zip(s, dict.fromkeys(r), strict=False)),
            lambda s, r: sum(s.index(n) != i for i, n in enumerate(r) if n in s),
            lambda s, r: sum(a != b for a, b in zip(sorted(places(s, r)), places(s, r),
                                                   strict=True)),
        )
    ),
    Mistake(
        lambda s, r: 0 * len(s),
        _then("Your `reordered` stays 0: which line counts an arrival that comes late?",
              "reordered"),
    ),
)  # fmt: skip

MISTAKES = {"lost": LOST, "duplicated": DUPLICATED, "reordered": REORDER}
