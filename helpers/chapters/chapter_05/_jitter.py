"""The usual mistakes about the interarrival jitter, and the hints for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import mean, median, pstdev, stdev

from helpers.chapters.chapter_05._variations import (
    Times,
    added,
    against_the_first,
    changed_places,
    changes,
    d,
    from_first_difference,
    half_divided,
    later_sign,
    of_positive,
    smoothed,
    summed_differences,
    transits,
    two,
    weights_swapped,
    where_nonzero,
    with_sign,
    without_the_old,
)
from helpers.checks.wrong import Hints


def then(first: str) -> Hints:
    """Hints that begin with what was recognised."""
    return (
        first,
        "D takes two differences: of each packet its time under way, and of two packets those.",
        "Each step moves J by a sixteenth of the way from where it is to |D|.",
    )


def _share(below: float) -> str:
    return f"1/{below}" if below > 1 else f"{1 / below:g} times all"


def _gains() -> Iterator[tuple[Callable[[Times], float], str, Hints]]:
    for below in (1 / 16, 8, 4, 2, 10, 15, 17, 32, 1):
        yield (
            lambda times, below=below: smoothed(d(times), 1 / below),
            f"That is what steps of {1 / below:g} give.",
            then(f"Your J moves by {_share(below)} of the way: the description divides by 16."),
        )


_SENDING = then(
    "The times of sending do not enter your D, so a sender's pauses count as jitter: which line "
    "uses `sent`?"
)
_OWN_WAY = then(
    "Your D is each packet's own time under way: it lacks the packet before, and the difference of "
    "the clocks stays in."
)
_NO_FORMULA = "the formula of the description moves J by a sixteenth at each packet."

MISTAKES: tuple[tuple[Callable[[Times], float], str, Hints], ...] = (
    (
        lambda t: mean([abs(each) for each in d(t)] or [0.0]),
        "That is the mean of |D|.",
        then(f"This is the mean of the differences |D|; {_NO_FORMULA}"),
    ),
    (
        lambda t: two(transits(t), stdev),
        "That is the standard deviation of the delays.",
        then(f"This is the standard deviation of the delays; {_NO_FORMULA}"),
    ),
    (
        lambda t: two(transits(t), pstdev),
        "That is the standard deviation of the delays.",
        then(f"This is the standard deviation of the delays; {_NO_FORMULA}"),
    ),
    (
        lambda t: 0.0,
        "",
        then(
            "Your J stays 0: does `//` cut each step to a whole number, or does a line begin J "
            "anew at each packet?"
        ),
    ),
    (
        lambda t: smoothed(d(t)[:1]),
        "",
        then("Your J is that after the second packet: is the `return` inside the loop?"),
    ),
    (
        without_the_old,
        "",
        then("Your step takes the place of J, and the description adds it to J."),
    ),
    (
        lambda t: abs(with_sign(t)),
        "",
        then(
            "You take the absolute value of J at the end, where it is too late: |D| is that of "
            "each difference, before it enters J."
        ),
    ),
    (
        summed_differences,
        "",
        then(
            "You add the two differences of your D: it is that of arrival minus that of sending."
        ),
    ),
    (
        lambda t: mean([abs(each - mean(transits(t))) for each in transits(t)] or [0.0]),
        "That is the mean deviation of the delays.",
        then(f"This is the mean deviation of the delays from their mean; {_NO_FORMULA}"),
    ),
    (
        lambda t: two(d(t), stdev),
        "That is the standard deviation of D.",
        then(f"This is the standard deviation of D; {_NO_FORMULA}"),
    ),
    (
        lambda t: max(transits(t), default=0.0) - min(transits(t), default=0.0),
        "That is the largest delay minus the smallest.",
        then(f"This is the range of the delays, the largest minus the smallest; {_NO_FORMULA}"),
    ),
    (
        lambda t: mean(transits(t) or [0.0]),
        "That is the mean delay.",
        then("This is the mean of the delays, and jitter is about how they change."),
    ),
    (
        lambda t: median([abs(each) for each in d(t)] or [0.0]),
        "That is the median of |D|.",
        then(f"This is the median of the differences |D|; {_NO_FORMULA}"),
    ),
    (
        lambda t: max((abs(each) for each in d(t)), default=0.0),
        "That is the largest |D|.",
        then(f"This is the largest of the differences |D|; {_NO_FORMULA}"),
    ),
    (
        lambda t: sum(abs(each) for each in d(t)),
        "That is the sum of all |D|.",
        then(f"This is the sum of the differences |D|; {_NO_FORMULA}"),
    ),
    *_gains(),
    (
        lambda t: 1000 * smoothed(d(t)),
        "Yours is in milliseconds.",
        then("Your result is in milliseconds, 1000 times too large: seconds are asked for."),
    ),
    (
        lambda t: sum(abs(each) for each in d(t)) / 16,
        "",
        then("Your J only grows: |D| / 16 is added, and the old J is not subtracted."),
    ),
    (
        added,
        "",
        then("Your step adds J where the description subtracts it: (|D| - J) / 16."),
    ),
    (
        half_divided,
        "",
        then("Only J is divided by 16 in your step: brackets make the division cover |D| - J."),
    ),
    (
        changed_places,
        "",
        then("Your step goes the other way: J is subtracted from |D|, and not |D| from J."),
    ),
    (
        weights_swapped,
        "",
        then("Your two weights are exchanged: 15/16 of the old J stay, and 1/16 of |D| is added."),
    ),
    (
        with_sign,
        "",
        then("Your differences have a sign, so that longer and shorter delays cancel: the "
             "description takes |D|, the absolute value."),
    ),
    (
        later_sign,
        "",
        then("You take the absolute value of |D| - J as a whole: the bars stand round D alone, "
             "so that J can sink, too."),
    ),
    (
        lambda t: smoothed(transits(t)),
        "",
        _OWN_WAY,
    ),
    (
        lambda t: smoothed(transits(t)[:-1]),
        "",
        _OWN_WAY,
    ),
    (
        lambda t: smoothed(transits(t)[1:]),
        "",
        _OWN_WAY,
    ),
    (
        lambda t: smoothed([t[0][1] - t[0][0] if t else 0.0, *d(t)]),
        "",
        then("Your first packet is compared with 0: there is no packet before the first, and J "
             "begins with the second."),
    ),
    (
        lambda t: smoothed(changes([received for _, received in t])),
        "",
        _SENDING,
    ),
    (
        lambda t: smoothed(changes(changes([received for _, received in t]))),
        "",
        _SENDING,
    ),
    (
        lambda t: smoothed(changes([sent for sent, _ in t])),
        "",
        then("Your D comes from the times of sending alone: what a packet's way took is "
             "received - sent."),
    ),
    (
        from_first_difference,
        "",
        then("Your J begins at the first difference; it begins at 0, so that the first |D| counts "
             "a sixteenth."),
    ),
    (
        lambda t: smoothed(changes([*transits(t)[-1:], *transits(t)])),
        "",
        then("Your first packet is compared with the last one of the list: for i = 0 the element "
             "`[i - 1]` is the last. J begins with the second packet."),
    ),
    (
        lambda t: smoothed(d(t)[1:]),
        "",
        then("Your first two packets do not count: is the first difference left out?"),
    ),
    (
        lambda t: smoothed(d(t)[:-1]),
        "",
        then("Your last packet does not count: does the loop end one too soon?"),
    ),
    (
        against_the_first,
        "",
        then("You compare each packet with the first one of all: D is taken to the packet right "
             "before."),
    ),
    (
        lambda t: smoothed(d(sorted(t))),
        "",
        then("You sort the packets by the time of sending: they are taken in the order of "
             "arrival, as the list has them."),
    ),
    (
        of_positive,
        "",
        then("You leave out packets with a negative delay: the clocks differ, so it may have any "
             "sign."),
    ),
    (
        where_nonzero,
        "",
        then("You take a delay of 0 for no packet at all: `if before` is false for 0.0 as well as "
             "for None."),
    ),
)  # fmt: skip
