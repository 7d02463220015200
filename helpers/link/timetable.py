"""The packets on their way, sorted by the moment at which each is due.

A sorted list, not a heap: packets come in batches, which are in order by themselves as long as they
all take as long, so a batch costs a comparison with the last packet and not one search for each.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter

from helpers.link.flow import Way

# When it is due, its way, its bytes, and its row in the trace.
Packet = tuple[float, Way, bytes, list]

_moment = itemgetter(0)


def put(packets: list[Packet], more: list[Packet], sort: bool = False) -> None:
    """Put more packets on the timetable; of those due at one moment, the first there goes first.

    Other threads see it without these packets or with all of them.

    Args:
        packets: the timetable.
        more: packets in order.
        sort: whether they are to be put in order first.
    """
    if sort:
        more.sort(key=_moment)
    if packets and more and more[0][0] < packets[-1][0]:
        place = bisect_right(packets, more[0][0], key=_moment)
        packets[place:] = sorted(packets[place:] + more, key=_moment)
    else:
        packets += more


def take_due(packets: list[Packet], now: float, most: int) -> list[Packet]:
    """Take away those that are due at this moment or earlier, but not more than so many."""
    end = min(most, len(packets))
    if end and packets[end - 1][0] > now:
        end = bisect_right(packets, now, 0, end, key=_moment)
    due = packets[:end]
    del packets[:end]
    return due
