"""A trace drawn as a sequence diagram: who sent what to whom, and what became of it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping
from itertools import pairwise

from helpers.look.palette import BLUE, FAINT, GREEN, INK, RED
from helpers.look.picture import Drawing
from helpers.look.svg import FONTS, duration, escaped, milliseconds, short, text_width
from helpers.trace.diagram_layout import (
    LABEL_SIZE,
    NAME_SIZE,
    Arrow,
    Pause,
    by_link,
    clear_the_lines,
    drawn_of,
    fitting,
    lifelines,
    lifelines_at,
    meaning,
    place,
    whole_label,
    width_for,
)
from helpers.trace.diagram_marks import PAD, TIME_SIZE, closing, drawn, marks_of
from helpers.trace.roles import Roles, names_of
from helpers.trace.trace import Event, Trace, ending

EDGE = 12  # pixels of the screen, as all that follow
TITLE_SIZE, TITLE_ROW = 14.7, 19
NAMES_ABOVE = 29  # from the middle of the peers' names to where time begins
HEAD_LENGTH, HEAD_HALF_WIDTH, CROSS = 9, 3, 4.5
STYLES = {  # colour, dashes: kinds differ by their line and label, not by colour alone
    "connect": (INK, "7 5"),
    "data": (BLUE, ""),
    "datagram": (BLUE, ""),
    "end": (GREEN, "2 3"),
    "close": (INK, "11 4 2 4"),
    "reset": (RED, ""),
}
DUPLICATE = "9 4"
ZIGZAG = "l6 4.5-12 9 6 4.5"  # of a lifeline, where a pause is cut short
DAMAGE = "l4-6l4 12l4-12l4 12"
NARROW = 0.85  # of the room for words is what they take in a narrow font
TIME_COLOUR = "#555"
MIDDLE = ' text-anchor="middle"'


def sequence_diagram(
    trace: Trace,
    title: str,
    times: bool = True,
    words: Callable[[bytes], str] | None = None,
    roles: Roles | None = None,
    to_scale: bool = False,
) -> Drawing:
    """Draw a trace with a lifeline for each peer and an arrow for each event.

    An arrow starts when its packet was sent and ends when it was delivered; one that was lost
    ends in a cross, with the cause. What a link has done of itself, such as closing a connection,
    starts between the lifelines. A small square marks where a program closed its socket, as far as
    the trace was told: what crosses then looks as any end. Time runs down, evenly as far as the
    labels leave room; where a long pause is cut short, the lifelines are broken and its length
    stands beside them. At most 40 events between 8 peers are drawn, with a note about the rest.

    Args:
        trace: what passed.
        title: the picture's finding, as a sentence.
        times: whether to write when each event was sent and when it came, from the first.
            Both stand beside their ends of the arrow where there are two peers; with more, what
            was sent stands at the left and what came at the right.
        words: says what a payload means, for protocols with numbers of their own: called with
            its first bytes, as many as the trace keeps. It replaces size, text and packet number.
        roles: what the peers are called, as ("sensor", "collector"); see `roles.names_of`.
        to_scale: whether equal times are equally long, and no pause is cut: for a few events.

    Returns:
        A drawing with alternative text made from the trace. In its SVG each event is a group of
        class "packet" that says in words and in `data-` attributes what it was and became.

    Raises:
        TypeError: where roles are neither a pair nor a mapping.
    """
    events = sorted(trace.events, key=lambda event: event.time)
    shown, peers = drawn_of(events)
    names = names_of(lifelines(events), roles)
    hidden = len(events) - len(shown) + trace.left_out
    longest = max((text_width(whole_label(e, words), LABEL_SIZE) for e in shown), default=0)
    width = width_for(peers, longest, to_scale)
    lines = lifelines_at(peers, width, times)
    room = (lines[-1] if len(lines) > 1 else width) - 2 * PAD - lines[0] if lines else 0
    arrows = [Arrow.of(event, peers, lines, room, words) for event in shown]
    sides = [_sides(arrow, lines) for arrow in arrows]
    marks = marks_of(trace.closes, shown, peers, lines, hidden > 0)
    below, pauses = place(arrows, sides, marks, to_scale)
    clear_the_lines(arrows, lines)
    heading = textwrap.wrap(title, width // 9)
    top = EDGE + TITLE_ROW * len(heading) + 58  # where time begins
    bottom = top + below + 14 + 29 * bool(hidden)
    height = bottom + EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONTS}" font-size="{LABEL_SIZE}" '
        f'fill="{INK}" style="background:#fff" xml:space="preserve">'
        f"<style>{''.join(_rules(shown))}</style>"
    ]
    for number, line in enumerate(heading):
        y = EDGE + 13 + TITLE_ROW * number
        parts.append(_text(line, EDGE, y, f' font-size="{TITLE_SIZE}"'))
    parts.append(f'<g transform="translate(0 {top})">')
    parts += _peers([names[peer] for peer in peers], lines, bottom - top, pauses)
    told = []
    for arrow, side in zip(arrows, sides, strict=True):
        at = _times(arrow, shown[0].time, side, lines) if times else ""
        packet = _packet(arrow, _in_words(arrow.event, words, names), at)
        told.append((arrow.event.time, packet))
    told += [(mark.time, drawn(mark, names, lines)) for mark in marks]
    parts += [drawing for _, drawing in sorted(told, key=lambda each: each[0])]
    if hidden:
        note = f"… and {hidden:,} more event{'s' if hidden > 1 else ''}, not drawn"
        parts.append(_text(note, width / 2, bottom - top - 8, f' class="note"{MIDDLE}'))
    parts.append("</g></svg>")
    alt = alternative_text(trace, words=words, roles=roles)
    return Drawing("".join(parts), alt, width, height)


def alternative_text(
    trace: Trace,
    most: int = 12,
    words: Callable[[bytes], str] | None = None,
    roles: Roles | None = None,
) -> str:
    """The conversation in words: how much went each way and was lost, then the first events."""
    events = sorted(trace.events, key=lambda event: event.time)
    if not events:
        return "Sequence diagram without events: nothing passed."
    peers = lifelines(events)
    names = names_of(peers, roles)
    *first, last = (names[peer] for peer in peers)
    parts = [f"Sequence diagram between {', '.join(first)} and {last}."]
    parts += _summary([event for event in events if event.kind == "datagram"], names)
    steps = [
        f"{number}. {_in_words(event, words, names)}"
        for number, event in enumerate(events[:most], 1)
    ]
    rest = len(events) - len(steps) + trace.left_out
    if rest > 0:
        steps.append(f"and {rest} more")
    told = " ".join(parts) + " " + "; ".join(steps) + "."
    known = [close for close in trace.closes if close.who in names]
    return told + "".join(f" {closing(close.who, names)}." for close in known[:most])


def _in_words(event: Event, words: Callable[[bytes], str] | None, names: Mapping[str, str]) -> str:
    source = "link" if by_link(event) else names[event.source]
    ways = f"{source} to {names[event.target]}"
    return f"{ways}: {meaning(event, words)}{ending(event)}"


def _summary(packets: list[Event], names: Mapping[str, str]) -> list[str]:
    """A sentence for each pair of peers: "7 packets from client 1 to server, number 3 lost"."""
    ways: dict[tuple[str, str], list[Event]] = {}
    for packet in packets:
        if packet.fate != "duplicate":
            ways.setdefault((packet.source, packet.target), []).append(packet)
    sentences = []
    for (source, target), sent in ways.items():
        lost = [str(packet.number) for packet in sent if packet.fate == "dropped"]
        word = "packet" if len(sent) == 1 else "packets"
        text = f"{len(sent)} {word} from {names[source]} to {names[target]}"
        if lost and len(lost) <= 8:
            text += f", number {', '.join(lost)} lost"
        elif lost:
            text += f", {len(lost)} of them lost"
        sentences.append(text + ".")
    return sentences


def _text(text: str, x: float, y: float, more: str = "") -> str:
    return f'<text x="{short(x)}" y="{short(y)}"{more}>{escaped(text)}</text>'


def _rules(events: list[Event]) -> list[str]:
    """The drawing's own style: for packets only, and for the kinds that there are."""
    colours = {(kind := _drawn_kind(event)): STYLES[kind][0] for event in events}
    of_kinds = [
        f".packet[data-kind={kind}] path{{fill:{colour};stroke:{colour}}}"
        for kind, colour in colours.items()
    ]
    return [
        ".packet path{stroke-width:1.8}",
        *of_kinds,
        f".packet path.lost{{stroke:{RED};stroke-width:3.2;fill:none}}",
        # A line that crosses a label would spoil it, so a white bar lies below the label, as long
        # as its words are in a narrow font, and words have white edges where they are longer.
        ".packet path.below{stroke:#fff;stroke-width:15}",
        ".packet text,.note{paint-order:stroke;stroke:#fff;stroke-width:6}",
        f"text.at,.pause{{stroke:none;font-size:{TIME_SIZE}px;fill:{TIME_COLOUR}}}",
        ".pause{font-style:italic}.l{text-anchor:end}",
    ]


def _peers(peers: list[str], lines: list[int], bottom: int, pauses: list[Pause]) -> list[str]:
    """The lifelines, with a break at each pause that is cut short, and a name above each."""
    room = min((b - a for a, b in pairwise(lines)), default=lines[0] * 2 if lines else 0) - 24
    breaks = "".join(f"V{short(pause.y - 9)}{ZIGZAG}" for pause in pauses)
    downs = "".join(f"M{short(x)}-12{breaks}V{short(bottom)}" for x in lines)
    parts = [f'<path fill="none" stroke="{FAINT}" d="{downs}"/>']
    for x, peer in zip(lines, peers, strict=True):
        name = fitting(peer, room, NAME_SIZE)
        wide = text_width(name, NAME_SIZE) + 14
        parts.append(
            f'<rect x="{short(x - wide / 2)}" y="{-NAMES_ABOVE - 13}" width="{short(wide)}" '
            f'height="26" rx="6" fill="#fff" stroke="{FAINT}"/>'
        )
        more = f'{MIDDLE} font-size="{NAME_SIZE}"'
        parts.append(_text(name, x, -NAMES_ABOVE + 4.6, more))
    for pause in pauses:
        said = duration(pause.seconds)
        if text_width(f"{said} pass", TIME_SIZE) < lines[0] - PAD - 4:
            said += " pass"
        parts.append(_text(said, lines[0] - PAD, pause.y + 4, ' class="pause l"'))
    return parts


def _sides(arrow: Arrow, lines: list[int]) -> tuple[int, int]:
    """At which side stands when it was sent and when it came: 0 is left, 1 is right."""
    if len(lines) == 2:
        return int(arrow.source == lines[1]), int(arrow.target == lines[1])
    return 0, int(len(lines) > 1)


def _times(arrow: Arrow, first: float, sides: tuple[int, int], lines: list[int]) -> str:
    """When it was sent and when it came, beside its ends."""
    event, told = arrow.event, []
    moments = [] if by_link(event) else [(event.time, arrow.sent, sides[0])]
    if arrow.came and (sides[0] != sides[1]):
        moments.append((event.delivered, arrow.arrived, sides[1]))
    for moment, y, side in moments:
        x, more = (lines[-1] + PAD, "") if side else (lines[0] - PAD, " l")
        told.append(_text(milliseconds(moment - first), x, y + 4, f' class="at{more}"'))
    return "".join(told)


def _packet(arrow: Arrow, said: str, times: str) -> str:
    """An event as a group of its own: what it was, its label, its arrow and its times.

    Groups stand in the order in which they were sent, so each covers those before it: an arrow
    runs down from its label, so it can cross later labels and no earlier one.
    """
    event = arrow.event
    number = f"Packet {event.number}, " if event.number else ""
    left, _, right, bottom = arrow.box()
    x, anchor = (right, ' class="l"') if arrow.from_right else (left, "")
    x, base, bar = round(x), round(bottom - 3), ""
    if arrow.is_crossed:
        wide = round(NARROW * (right - left)) * (-1 if arrow.from_right else 1)
        bar = f'<path class="below" d="M{short(x)} {short(base - 4)}h{wide}"/>'
    return "".join(
        [
            f'<g class="packet" data-number="{event.number}" data-kind="{_drawn_kind(event)}" '
            f'data-fate="{event.fate}" data-size="{event.size}" data-bytes="{event.head.hex()}">',
            f"<title>{escaped(number + said)}</title>",
            bar,
            _text(arrow.label, x, base, anchor),
            _line(arrow),
            times,
            "</g>",
        ]
    )


def _line(arrow: Arrow) -> str:
    """The arrow itself, with its head, and the crosses and the cut that say what happened to it."""
    event = arrow.event
    dashes = DUPLICATE if event.fate == "duplicate" else STYLES[_drawn_kind(event)][1]
    (x, y), (to_x, to_y) = arrow.ends
    lost, damage = event.fate == "dropped", ""
    length = math.hypot(to_x - x, to_y - y)
    along, down = (to_x - x) / length, (to_y - y) / length
    # Its line ends inside its head: it would show beyond the tip.
    reach = length if lost else length - HEAD_LENGTH / 2
    line = f"M{short(x)} {short(y)}L{round(x + along * reach)} {round(y + down * reach)}"
    head = ""
    if not lost:
        back = _pair(
            -along * HEAD_LENGTH - down * HEAD_HALF_WIDTH,
            along * HEAD_HALF_WIDTH - down * HEAD_LENGTH,
        )
        across = _pair(2 * down * HEAD_HALF_WIDTH, -2 * along * HEAD_HALF_WIDTH)
        head = f"M{short(to_x)} {short(to_y)}l{back}l{across}Z"
    if event.kind == "reset":
        head += _cross(to_x, to_y, 5.5)
    if event.cause == "corrupt" and not lost:  # a jagged stroke across the line
        middle_x, middle_y = (x + to_x) / 2 - 9, (y + to_y) / 2
        damage = f'<path class="lost" d="M{short(middle_x)} {short(middle_y)}{DAMAGE}"/>'
    if by_link(event):  # where the link has cut
        head += f"M{short(x)} {short(y - 8)}v16"
    if not dashes:
        line, head = line + head, ""
    drawn = f'<path d="{line}"' + (f' stroke-dasharray="{dashes}"/>' if dashes else "/>")
    drawn += f'<path d="{head}"/>' if head else ""  # without dashes
    drawn += damage
    return drawn + (f'<path class="lost" d="{_cross(to_x, to_y, 4.5)}"/>' if lost else "")


def _drawn_kind(event: Event) -> str:
    """Its kind, where a link that closes a connection ends it as any side does."""
    return "end" if by_link(event) and event.kind == "close" else event.kind


def _pair(x: float, y: float) -> str:
    """Two numbers of a path, where a minus needs no space before it."""
    return f"{short(x)} {short(y)}".replace(" -", "-")


def _cross(x: float, y: float, half: float) -> str:
    size = short(2 * half)
    return f"M{short(x - half)} {short(y - half)}l{size} {size}m0-{size}l-{size} {size}"
