"""One direction of a link: what it does to packets, and what has become of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from helpers.link.bottleneck import Bottleneck
from helpers.link.impairments import Impairment, Mtu, Rate
from helpers.link.settings import PLAIN, parse

NO_LIMIT = 65_536  # bytes; no datagram has more


@dataclass(frozen=True)
class Account:
    """What became of the packets of a direction, so that every one is accounted for.

    Attributes:
        sent: packets that reached the link.
        delivered: those that it handed on, copies not counted.
        dropped: those that it dropped, by cause: an impairment's name, "queue", or "error" where
            the system would not take one.
        in_flight: those that are still on their way.
        duplicates: copies that it has delivered as well.
        damaged: those of the delivered ones that had bits flipped, copies not counted.
        lost_before: packets that the kernel lost before the link saw them; None if unknown.
        lost_after: packets that the kernel lost after the link delivered them; None if unknown,
            as it is when the socket that they were for has been closed.
    """

    sent: int
    delivered: int
    dropped: dict[str, int]
    in_flight: int
    duplicates: int
    lost_before: int | None
    lost_after: int | None
    damaged: int = 0

    def __str__(self) -> str:
        parts = [f"{self.delivered:,} delivered"]
        parts += [f"{count:,} dropped ({cause})" for cause, count in sorted(self.dropped.items())]
        if self.in_flight:
            parts.append(f"{self.in_flight:,} in flight")
        line = f"{self.sent:,} sent = " + " + ".join(parts)
        if self.duplicates:
            line += f"; {self.duplicates:,} duplicates delivered as well"
        if self.damaged:
            line += f"; {self.damaged:,} of the delivered were damaged"
        if self.lost_before is None:
            return line + "; losses in kernel buffers can't be known on this system"
        kernel = self.lost_before + (self.lost_after or 0)
        return line + (f"; {kernel:,} lost in kernel buffers" if kernel else "")


class Direction:
    """What a link does to the packets of one direction. It can be changed while the link runs.

    Args:
        name: "up" (client to server) or "down".
        settings: as in `helpers.link.settings.parse`.
    """

    def __init__(self, name: Literal["up", "down"], settings: dict) -> None:
        self.name = name
        self.version = 0
        self.sent = 0
        self.delivered = 0
        self.duplicates = 0
        self.damaged = 0
        self.dropped: Counter[str] = Counter()
        self.settings: dict = {}
        self.set(**settings)

    def set(self, **settings: object) -> None:
        """Change these settings and keep the others, from the next packet on.

        Raises:
            TypeError: for a setting that a link does not know.
            ValueError: for a value out of range; the old settings stay.
        """
        merged, impairments = self.merge(settings)
        rate = next((each for each in impairments if isinstance(each, Rate)), None)
        old = self.settings
        same_queue = old and all(
            old.get(name, PLAIN[name]) == merged.get(name, PLAIN[name])
            for name in ("rate", "queue")
        )
        if not same_queue:
            self.bottleneck: Bottleneck | None = rate.bottleneck() if rate else None
        mtu = next((each for each in impairments if isinstance(each, Mtu)), None)
        self.mtu = mtu.size if mtu else NO_LIMIT
        self.settings = merged
        self.impairments = impairments
        self.version += 1

    def merge(self, settings: dict) -> tuple[dict, list[Impairment]]:
        """These settings with the others as they are, and what they stand for; changes nothing."""
        merged = {**self.settings, **settings}
        return merged, parse(**merged)

    def account(self, lost_before: int | None = None, lost_after: int | None = None) -> Account:
        """The account of this moment."""
        # The link goes on meanwhile: what has been sent is read last, so nothing is counted twice.
        dropped, delivered, duplicates = dict(self.dropped), self.delivered, self.duplicates
        damaged = self.damaged
        sent = self.sent
        return Account(
            sent,
            delivered,
            dropped,
            sent - delivered - sum(dropped.values()),
            duplicates,
            lost_before,
            lost_after,
            damaged,
        )
