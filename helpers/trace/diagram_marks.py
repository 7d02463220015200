"""The marks of a sequence diagram: where a program closed its socket, which does not cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.look.palette import INK
from helpers.look.svg import escaped
from helpers.trace.trace import Close, Event

PAD = 9  # from a lifeline to words
TIME_SIZE = 10.7  # of type
MARK_HALF = 4  # of a mark
SAID = ("connect", "data")  # what comes before a close in any case


@dataclass
class Mark:
    """A program's own close: at the lifeline of who closes, below all that it has sent.

    Attributes:
        close: what it shows.
        time: where it stands among the events, in seconds.
        x: how far from the left its lifeline stands.
        side: at which side its word stands: 0 is left, 1 is right.
        y: how far down it stands.
    """

    close: Close
    time: float
    x: int
    side: int
    y: int = 0


def marks_of(
    closes: list[Close], shown: list[Event], peers: list[str], lines: list[int], is_cut: bool
) -> list[Mark]:
    """The closes that are drawn, in order.

    A link notes bytes when it reads them, which may be after the program that sent them has closed
    its socket. But what closes sends nothing after, so a close stands below all of that.

    Args:
        closes: all that are known.
        shown: the events that are drawn.
        peers: the names of the lifelines, from left to right.
        lines: how far from the left each of them stands.
        is_cut: whether there are events later than those that are drawn.
    """
    marks = []
    for close in closes:
        if close.who not in peers or close.peer not in peers:
            continue
        before = [
            event.time
            for event in shown
            if (event.source, event.target) == (close.who, close.peer) and event.kind in SAID
        ]
        time = max([close.time, *before])
        if is_cut and time > shown[-1].time:
            continue
        place = peers.index(close.who)
        marks.append(Mark(close, time, lines[place], int(place > 0)))
    return sorted(marks, key=lambda mark: mark.time)


def drawn(mark: Mark, names: Mapping[str, str], lines: list[int]) -> str:
    """A square on the lifeline of who closes, with the word beside it."""
    x = mark.x + PAD if mark.side else mark.x - PAD
    more = f' class="at{"" if mark.side else " l"}"'
    if mark.x not in (lines[0], lines[-1]):  # arrows may cross its word
        more = f' class="note" font-size="{TIME_SIZE}"'
    size = 2 * MARK_HALF
    word = f'<text x="{x}" y="{mark.y + 4}"{more}>closed</text>'
    square = f"M{mark.x - MARK_HALF} {mark.y - MARK_HALF}h{size}v{size}h-{size}Z"
    return (
        f'<g class="close"><title>{escaped(closing(mark.close.who, names))}</title>'
        f'<path fill="{INK}" d="{square}"/>{word}</g>'
    )


def closing(who: str, names: Mapping[str, str]) -> str:
    """It in words, with the name that the drawing gives."""
    return f"{names[who][:1].upper()}{names[who][1:]} closes its socket"
