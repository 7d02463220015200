"""What usual mistakes make of the interarrival jitter, and the hints for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import mean, median, pstdev, stdev

from helpers.checks.wrong import Hints

Times = list[tuple[float, float]]  # (sent, received), in seconds


def then(first: str) -> Hints:
    """Hints that begin with what was recognised."""
    return (
        first,
        "D takes two differences: of each packet its time under way, and of two packets those.",
        "Each step moves J by a sixteenth of the way from where it is to |D|.",
    )


def _transits(times: Times) -> list[float]:
    return [received - sent for sent, received in times]


def _d(times: Times) -> list[float]:
    """D of each pair of neighbours."""
    return _changes(_transits(times))


def _changes(values: Sequence[float]) -> list[float]:
    return [later - sooner for sooner, later in pairwise(values)]


def _smoothed(steps: Sequence[float], gain: float = 1 / 16, start: float = 0.0) -> float:
    jitter = start
    for step in steps:
        jitter += (abs(step) - jitter) * gain
    return jitter


def _with_sign(times: Times) -> float:
    jitter = 0.0
    for step in _d(times):
        jitter += (step - jitter) / 16
    return jitter


def _later_sign(times: Times) -> float:
    jitter = 0.0
    for step in _d(times):
        jitter += abs(step - jitter) / 16
    return jitter


def _added(times: Times) -> float:
    jitter = 0.0
    for step in _d(times):
        jitter += (abs(step) + jitter) / 16
    return jitter


def _half_divided(times: Times) -> float:
    jitter = 0.0
    for step in _d(times):
        jitter += abs(step) - jitter / 16
    return jitter


def _changed_places(times: Times) -> float:
    jitter = 0.0
    for step in _d(times):
        jitter += (jitter - abs(step)) / 16
    return jitter


def _weights_swapped(times: Times) -> float:
    return _smoothed(_d(times), gain=15 / 16)


def _from_first_difference(times: Times) -> float:
    steps = _d(times)
    return _smoothed(steps[1:], start=abs(steps[0])) if steps else 0.0


def _against_the_first(times: Times) -> float:
    transits = _transits(times)
    return _smoothed([each - transits[0] for each in transits[1:]])


def _of_positive(times: Times) -> float:
    return _smoothed(_changes([each for each in _transits(times) if each >= 0]))


def _where_nonzero(times: Times) -> float:
    jitter, before = 0.0, None
    for transit in _transits(times):
        if before:
            jitter += (abs(transit - before) - jitter) / 16
        before = transit
    return jitter


def _gains() -> Iterator[tuple[Callable[[Times], float], str, Hints]]:
    for below in (8, 4, 2, 10, 15, 17, 32, 1):
        yield (
            lambda times, below=below: _smoothed(_d(times), 1 / below),
            f"That is what steps of 1/{below} give.",
            then(f"Your J moves by 1/{below} of the way: the description divides by 16."),
        )


def _two(values: Sequence[float], of: Callable[[Sequence[float]], float]) -> float:
    return of(values) if len(values) > 1 else 0.0


_SENDING = then(
    "The times of sending do not enter your D, so a sender's pauses count as jitter: which line "
    "uses `sent`?"
)
_NO_FORMULA = "the formula of the description moves J by a sixteenth at each packet."

MISTAKES: tuple[tuple[Callable[[Times], float], str, Hints], ...] = (
    (
        lambda t: mean([abs(each) for each in _d(t)] or [0.0]),
        "That is the mean of |D|.",
        then(f"This is the mean of the differences |D|; {_NO_FORMULA}"),
    ),
    (
        lambda t: _two(_transits(t), stdev),
        "That is the standard deviation of the delays.",
        then(f"This is the standard deviation of the delays; {_NO_FORMULA}"),
    ),
    (
        lambda t: _two(_transits(t), pstdev),
        "That is the standard deviation of the delays.",
        then(f"This is the standard deviation of the delays; {_NO_FORMULA}"),
    ),
    (
        lambda t: _two(_d(t), stdev),
        "That is the standard deviation of D.",
        then(f"This is the standard deviation of D; {_NO_FORMULA}"),
    ),
    (
        lambda t: max(_transits(t), default=0.0) - min(_transits(t), default=0.0),
        "That is the largest delay minus the smallest.",
        then(f"This is the range of the delays, the largest minus the smallest; {_NO_FORMULA}"),
    ),
    (
        lambda t: mean(_transits(t) or [0.0]),
        "That is the mean delay.",
        then("This is the mean of the delays, and jitter is about how they change."),
    ),
    (
        lambda t: median([abs(each) for each in _d(t)] or [0.0]),
        "That is the median of |D|.",
        then(f"This is the median of the differences |D|; {_NO_FORMULA}"),
    ),
    (
        lambda t: max((abs(each) for each in _d(t)), default=0.0),
        "That is the largest |D|.",
        then(f"This is the largest of the differences |D|; {_NO_FORMULA}"),
    ),
    (
        lambda t: sum(abs(each) for each in _d(t)),
        "That is the sum of all |D|.",
        then(f"This is the sum of the differences |D|; {_NO_FORMULA}"),
    ),
    *_gains(),
    (
        lambda t: 1000 * _smoothed(_d(t)),
        "Yours is in milliseconds.",
        then("Your result is in milliseconds, 1000 times too large: seconds are asked for."),
    ),
    (
        lambda t: sum(abs(each) for each in _d(t)) / 16,
        "",
        then("Your J only grows: |D| / 16 is added, and the old J is not subtracted."),
    ),
    (
        _added,
        "",
        then("Your step adds J where the description subtracts it: (|D| - J) / 16."),
    ),
    (
        _half_divided,
        "",
        then("Only J is divided by 16 in your step: brackets make the division cover |D| - J."),
    ),
    (
        _changed_places,
        "",
        then("Your step goes the other way: J is subtracted from |D|, and not |D| from J."),
    ),
    (
        _weights_swapped,
        "",
        then("Your two weights are exchanged: 15/16 of the old J stay, and 1/16 of |D| is added."),
    ),
    (
        _with_sign,
        "",
        then("Your differences have a sign, so that longer and shorter delays cancel: the "
             "description takes |D|, the absolute value."),
    ),
    (
        _later_sign,
        "",
        then("You take the absolute value of |D| - J as a whole: the bars stand round D alone, "
             "so that J can sink, too."),
    ),
    (
        lambda t: _smoothed(_transits(t)),
        "",
        then("Your D is each packet's own time under way: it lacks the packet before, and the "
             "difference of the clocks stays in."),
    ),
    (
        lambda t: _smoothed([t[0][1] - t[0][0] if t else 0.0, *_d(t)]),
        "",
        then("Your first packet is compared with 0: there is no packet before the first, and J "
             "begins with the second."),
    ),
    (
        lambda t: _smoothed(_changes([received for _, received in t])),
        "",
        _SENDING,
    ),
    (
        lambda t: _smoothed(_changes(_changes([received for _, received in t]))),
        "",
        _SENDING,
    ),
    (
        lambda t: _smoothed(_changes([sent for sent, _ in t])),
        "",
        then("Your D comes from the times of sending alone: what a packet's way took is "
             "received - sent."),
    ),
    (
        _from_first_difference,
        "",
        then("Your J begins at the first difference; it begins at 0, so that the first |D| counts "
             "a sixteenth."),
    ),
    (
        lambda t: _smoothed(_d(t)[1:]),
        "",
        then("Your first two packets do not count: is the first difference left out?"),
    ),
    (
        lambda t: _smoothed(_d(t)[:-1]),
        "",
        then("Your last packet does not count: does the loop end one too soon?"),
    ),
    (
        _against_the_first,
        "",
        then("You compare each packet with the first one of all: D is taken to the packet right "
             "before."),
    ),
    (
        lambda t: _smoothed(_d(sorted(t))),
        "",
        then("You sort the packets by the time of sending: they are taken in the order of "
             "arrival, as the list has them."),
    ),
    (
        _of_positive,
        "",
        then("You leave out packets with a negative delay: the clocks differ, so it may have any "
             "sign."),
    ),
    (
        _where_nonzero,
        "",
        then("You take a delay of 0 for no packet at all: `if before` is false for 0.0 as well as "
             "for None."),
    ),
)  # fmt: skip
