"""What a link can do to packets: one small class of settings for each impairment.

They compose in a list, a packet meets them in the order of `PIPELINE`, and `fates` draws its fate.
Every class raises ValueError for a number out of its range and TypeError for what is no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from helpers.link.bottleneck import Bottleneck
from helpers.link.ranges import check_one_of, number, whole

MOST_SECONDS = 60.0  # more is a time in milliseconds that was not converted
LONGEST = 10_000  # packets in a mean burst
FATES = ("deliver", "drop", "duplicate")

# What befalls one packet, as (cause, delays, keep_order): the impairment that drops it ("script",
# "loss", "burst loss", or "" if none does), the extra delay in seconds of each copy that is
# delivered (none, one or two), and whether it must not arrive before earlier packets of its flow.
# A plain tuple, because a million named ones keep the garbage collector busy.
Fate = tuple[str, tuple[float, ...], bool]
# The same as it is drawn: the cause, the delays of the packet and of its copy (None: there is
# none), and whether it keeps its place.
Drawn = tuple[str, float, float | None, bool]


@dataclass(frozen=True)
class Script:
    """Exact fates for the first packets of a flow, one by one; later packets are delivered.

    Args:
        fates: a list, whose first entry is for the first packet of each flow, or a dict by packet
            number, counted from 1. An entry is "drop", "duplicate" (delivered twice), a number (an
            extra delay in seconds, 0 to 60) or "deliver", which leaves it to other impairments.

    Raises:
        ValueError: for a fate that is unknown or out of range, or a packet number below 1.
        TypeError: for anything else that is not such a list or dict.
    """

    fates: Sequence[str | float] | Mapping[int, str | float]

    def __post_init__(self) -> None:
        if isinstance(self.fates, Mapping):
            kept = {
                whole("a packet number in the script", place, 1): _scripted(place, fate)
                for place, fate in self.fates.items()
            }
        elif isinstance(self.fates, Sequence) and not isinstance(self.fates, (str, bytes)):
            kept = tuple(_scripted(place, fate) for place, fate in enumerate(self.fates, 1))
        else:
            raise TypeError(
                f'script is {self.fates!r}: use a list such as ["deliver", "drop"] '
                'or a dict such as {2: "drop"}'
            )
        object.__setattr__(self, "fates", kept)


@dataclass(frozen=True)
class Loss:
    """Independent loss: each packet is lost with the same probability, whatever befell others.

    Of n packets n*p are lost on average, with a standard deviation of sqrt(n*p*(1-p)). The lengths
    of bursts of loss are geometric with mean 1/(1-p). RFC 7680 defines the metric.

    Args:
        probability: 0 to 1.
    """

    probability: float

    def __post_init__(self) -> None:
        _settle(self, "probability", "the probability of loss", 0, 1)


@dataclass(frozen=True)
class BurstLoss:
    """Loss in bursts: a chain of a good state that loses nothing and a bad one that loses all.

    The chain takes a step with each packet: from bad to good with probability r = 1/burst, from
    good to bad with p = r*mean/(1-mean). Lengths of bursts are geometric with mean `burst`, gaps
    between them geometric with mean 1/p. It begins in its steady state. Counts vary more than with
    independent loss: their standard deviation is about sqrt((1+c)/(1-c)) times as large, where
    c = 1-p-r is the correlation of neighbours.

    Source: Gilbert, "Capacity of a burst-noise channel", Bell System Technical Journal 39 (1960),
    with a bad state that loses all; Elliott, in volume 42 (1963), lets each state lose some.

    Args:
        mean: the share of packets that is lost in the long run, 0 to 0.99.
        burst: the mean number of packets lost in a row, up to 10,000 and at least 1/(1-mean),
            which is the mean burst of independent loss.
    """

    mean: float
    burst: float

    def __post_init__(self) -> None:
        _settle(self, "mean", "the mean of burst loss", 0, 0.99)
        _settle(self, "burst", "the mean burst length", 1, LONGEST)
        if self.burst * (1 - self.mean) < 1 - 1e-9:
            shortest = 1 / (1 - self.mean)
            raise ValueError(
                f"the mean burst length is {self.burst:g}: use at least {shortest:.4g} packets, "
                f"which independent loss of {self.mean:g} has already"
            )

    @property
    def steps(self) -> tuple[float, float]:
        """The probabilities of a step from good to bad and from bad to good."""
        leave = 1 / self.burst
        return leave * self.mean / (1 - self.mean), leave


@dataclass(frozen=True)
class Duplicate:
    """A packet is delivered twice with this probability, independently of others.

    The copies take their jitter and reordering separately, so either may arrive first. No packet
    is delivered more than twice. RFC 5560 defines the metric.

    Args:
        probability: 0 to 1.
    """

    probability: float

    def __post_init__(self) -> None:
        _settle(self, "probability", "the probability of duplication", 0, 1)


@dataclass(frozen=True)
class Delay:
    """Every packet takes longer by the same time, in this direction. RFC 7679 defines the metric.

    Args:
        seconds: 0 to 60.
    """

    seconds: float

    def __post_init__(self) -> None:
        _settle(self, "seconds", "delay", 0, MOST_SECONDS, " seconds")


@dataclass(frozen=True)
class Jitter:
    """Every packet takes longer by a random time: `seconds` on average, never over twice that.

    The extra delay is symmetrical about `seconds` and never negative, so `Delay(0.08)` with
    `Jitter(0.02)` is a delay of 100 ms plus or minus 20 ms. Shape "uniform": any value from 0 to
    2*seconds alike, standard deviation 0.577*seconds. Shape "normal": a normal distribution with
    mean `seconds` and standard deviation seconds/3, truncated to 0 to 2*seconds (a value beyond, 3
    in 1,000, is drawn anew and not moved to the edge), which leaves 0.329*seconds. RFC 3393.

    Args:
        seconds: the mean of the extra delay, 0 to 60.
        shape: "uniform" or "normal".
        reorder: whether a packet may overtake an earlier one of its flow. If not, it waits for
            that one, and the delays of neighbours are no longer independent.
    """

    seconds: float
    shape: Literal["uniform", "normal"] = "uniform"
    reorder: bool = True

    def __post_init__(self) -> None:
        _settle(self, "seconds", "jitter", 0, MOST_SECONDS, " seconds")
        check_one_of("the shape of jitter", self.shape, ("uniform", "normal"))
        check_one_of("the reorder of jitter", self.reorder, (True, False))


@dataclass(frozen=True)
class Reorder:
    """A packet is held back with this probability, so that those sent in the meantime overtake it.

    Packets are chosen independently. One that is held back arrives late by `seconds`; it is out of
    order only if a packet of its flow is sent within that time. RFC 4737 defines metrics.

    Args:
        probability: 0 to 1.
        seconds: how long a chosen packet is held back, 0 to 60.
    """

    probability: float
    seconds: float

    def __post_init__(self) -> None:
        _settle(self, "probability", "the probability of reordering", 0, 1)
        _settle(
            self, "seconds", "the time that reordering holds a packet", 0, MOST_SECONDS, " seconds"
        )


@dataclass(frozen=True)
class Corrupt:
    """A packet that is delivered has one to three of its bits flipped with this probability.

    Any bit may be hit, also in the first bytes. Copies that the link adds have the same damage; a
    packet without bytes has none. A receiver gets the damaged bytes as if they were what was sent:
    the link computes UDP's checksum anew, as a device does whose memory is at fault. `tc-netem(8)`
    knows this as "corrupt".

    Args:
        probability: 0 to 1.
    """

    probability: float

    def __post_init__(self) -> None:
        _settle(self, "probability", "the probability of damage", 0, 1)


@dataclass(frozen=True)
class Mtu:
    """A packet with more bytes of payload than this vanishes without a word.

    The headers of IP and UDP are not counted: on a path that carries packets of 1,280 bytes over
    IPv6 (40 bytes of header, and 8 of UDP's) the largest payload is 1,232 bytes.

    Args:
        size: bytes of payload, 1 to 65,535.
    """

    size: int

    def __post_init__(self) -> None:
        number("mtu", self.size, 1, 65_535, " bytes")
        object.__setattr__(self, "size", whole("mtu", self.size, 1))


@dataclass(frozen=True)
class Rate:
    """A bottleneck: so many bytes a second, and a queue before it that drops what finds no room.

    A packet of n bytes takes n/bytes_per_second to send, after those before it. The queue counts
    the bytes that are not sent yet, so in t seconds no more than bytes_per_second*t + queue bytes
    are let in, and nobody waits longer than queue/bytes_per_second. A packet that is larger than
    the queue never gets through. RFC 7567 (section 2) names this policy tail drop and its faults.

    Args:
        bytes_per_second: 1 to 1e12.
        queue: in bytes, 1 to 1e12.
    """

    bytes_per_second: float
    queue: float

    def __post_init__(self) -> None:
        _settle(self, "bytes_per_second", "rate", 1, 1e12, " bytes a second")
        _settle(self, "queue", "queue", 1, 1e12, " bytes")

    def bottleneck(self) -> Bottleneck:
        """The bottleneck of one direction, with an empty queue."""
        return Bottleneck(self.bytes_per_second, self.queue)


Impairment = Script | Loss | BurstLoss | Mtu | Duplicate | Corrupt | Delay | Jitter | Reorder | Rate
# The order in which a packet meets them.
PIPELINE = (Script, Loss, BurstLoss, Mtu, Duplicate, Corrupt, Delay, Jitter, Reorder, Rate)


def in_order(impairments: Iterable[Impairment]) -> list[Impairment]:
    """The impairments in the order of `PIPELINE`.

    Raises:
        TypeError: for what is not an impairment.
        ValueError: for two of one kind.
    """
    given = list(impairments)
    for impairment in given:
        if not isinstance(impairment, PIPELINE):
            known = ", ".join(kind.__name__ for kind in PIPELINE)
            raise TypeError(f"{impairment!r} is not an impairment: use {known}")
    kinds = [type(impairment) for impairment in given]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise ValueError(f"{kind.__name__} is given twice: use one of each kind")
    return sorted(given, key=lambda impairment: PIPELINE.index(type(impairment)))


def _settle(impairment: Impairment, name: str, what: str, *limits: float | str) -> None:
    object.__setattr__(impairment, name, number(what, getattr(impairment, name), *limits))


def _scripted(place: int, fate: str | float) -> str | float:
    if isinstance(fate, str):
        if fate not in FATES:
            raise ValueError(
                f"the fate of packet {place} in the script is {fate!r}: "
                'use "deliver", "drop", "duplicate" or a delay in seconds'
            )
        return fate
    what = f"the delay of packet {place} in the script"
    return number(what, fate, 0, MOST_SECONDS, " seconds")
