"""A trace as text and back: how a conversation that was recorded once is stored."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from helpers.trace.trace import DELIVERED, Trace, new_row

SIZE = 4  # its place in a trace's row


def written(trace: Trace, names: Mapping[str, str] | None = None) -> str:
    """A trace as JSON: one line an event, which are those that it has kept, in order of time.

    Args:
        trace: what passed.
        names: new names for its peers, such as {"client 1": "sensor"}.
    """
    names, lines = names or {}, []
    events = sorted(trace.events, key=lambda event: event.time)
    first = events[0].time if events else 0
    for event in events:
        came = None if event.delivered is None else round(event.delivered - first, 6)
        peers = [names.get(peer, peer) for peer in (event.source, event.target)]
        what = [event.kind, event.size, event.head.hex(), event.fate, event.cause]
        lines.append([round(event.time - first, 6), *peers, *what, came, event.number])
    return "[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n"


def read(text: str, with_causes: bool = True) -> Trace:
    """The trace that `written` has made a text of.

    Args:
        text: that text.
        with_causes: False to leave out by what a packet was dropped.

    Raises:
        ValueError: where it is none.
    """
    trace, began, rows = Trace(), time.perf_counter(), []
    for sent, source, target, kind, size, head, fate, cause, came, number in json.loads(text):
        cause = cause if with_causes or fate != "dropped" else ""
        payload = bytes.fromhex(head)
        row = new_row(
            began + sent, source, target, kind, payload, len(payload), fate, cause, number
        )
        row[SIZE] = size
        row[DELIVERED] = None if came is None else began + came
        rows.append(row)
    trace.extend(rows)
    return trace
