"""What passed in a case, as numbered steps up to the one at which it failed."""

from __future__ import annotations

from collections.abc import Callable

from helpers.trace.trace import Event, Trace, ending, preview

MOST = 8  # steps that are told; the first ones and the last ones
FIRST = 2
HERE = "✗ here"


Words = Callable[[bytes], str] | None


def steps(trace: Trace | None) -> list[tuple[int, str]]:
    """The steps of a case that failed, each with its number.

    Of a long conversation the first two and the last four are told, and between them how many
    there were. The last one is that at which it failed.

    Args:
        trace: what passed; None, or empty, where nothing did. Its `words` say what a payload means.

    Returns:
        Numbers and sentences; empty where nothing passed. The step that stands for those left out
        has the number 0.
    """
    events = sorted(trace.events, key=lambda event: event.time) if trace else []
    if not events:
        return []
    # Where the learner's code left matters: what follows, its peer said to nobody.
    closes = [
        Event(close.time, close.who, close.peer, "close")
        for close in trace.closes
        if close.who.startswith("you") and not trace.left_out
    ]
    events = sorted(events + closes, key=lambda event: event.time)
    end = len(events) + trace.left_out + 1
    words = trace.words
    if end <= MOST:
        return [*enumerate(_sentences(events, words), 1), (end, HERE)]
    # What a trace has not kept came last.
    last = [] if trace.left_out else events[-(MOST - FIRST - 2) :]
    first = events[: MOST - 2 - len(last)]
    skipped = end - 1 - len(first) - len(last)
    return [
        *enumerate(_sentences(first, words), 1),
        (0, f"… {skipped:,} steps more"),
        *enumerate(_sentences(last, words), end - len(last)),
        (end, HERE),
    ]


def _sentences(events: list[Event], words: Words) -> list[str]:
    return [sentence(event, words) for event in events]


def sentence(event: Event, words: Words = None) -> str:
    """What happened, with who did it: "The server sent you 3 bytes: 'Wel'"."""
    source, target = _named(event.source), _named(event.target)
    side = "your" if source.startswith("you") else "its"
    end = ending(event)
    size = f"{event.size:,} {'byte' if event.size == 1 else 'bytes'}"
    shown = words(event.head) if words and event.size else preview(event.head, event.size)
    numbered = target[-1:].isdigit()  # "sent client 2 5 bytes" reads as 25
    done = {
        "connect": f"connected to {target}",
        "data": f"sent {size} to {target}" if numbered else f"sent {target} {size}",
        "datagram": (
            f"sent a datagram of {size} to {target}"
            if numbered
            else f"sent {target} a datagram of {size}"
        ),
        "end": f"ended {side} side (FIN)",
        "close": "closed the connection",
        "reset": "reset the connection (RST)",
    }[event.kind]
    if event.kind == "connect" and event.fate == "dropped":
        end = ", refused"
    text = f": {shown}" if shown and event.kind in ("data", "datagram") else ""
    return f"{source[:1].upper()}{source[1:]} {done}{end}{text}"


def _named(peer: str) -> str:
    """A peer as a sentence names it: "server" is "the server", "client 1" stays.

    "you 2" is the second socket of the learner's: "you (2)".
    """
    if peer.startswith("you "):
        return f"you ({peer[4:]})"
    return peer if peer == "you" or not peer.isalpha() else f"the {peer}"
