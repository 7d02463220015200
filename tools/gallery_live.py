"""The gallery's live views: what `helpers/figures/live/view.js` makes on a page, as plain HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator

from helpers.figures.live.view import HERE, MISSING
from helpers.look.saved import in_their_place


def live_views(diagram: str) -> Iterator[tuple[str, str]]:
    """A live view in every state, as its script makes them on a notebook's page.

    Args:
        diagram: HTML of the one that stands where there is no view.
    """
    up, down = ("DATA 2 'shut' →", 0, 45, "up"), ("← ACK 1", 1, 60, "down")
    killed = ("✗ DATA 3 'open'", 2, 30, "up course-live-killed")
    arrived = ("DATA 1 'open' →", 0, 85, "up course-live-arrived")
    lines = ["DATA 3 'open' was killed by hand.", "DATA 1 'open' has reached the server."]
    deaf = (
        "This front end answers only when the cell has ended. You can watch the packets here, but "
    )
    yield "Packets on their way", _live([up, down, arrived], lines[1:], chosen=0)
    yield "One killed", _live([up, down, killed], lines, chosen=0)
    yield "Paused", _live([up, down], ["The link holds all packets.", *lines], "paused", chosen=1)
    crowd = [(f"DATA {n} →", 0.3 * n, 80 - 2 * n, "up") for n in range(40)]
    yield "Many at once", _live(crowd, [], chosen=39)
    yield "Where nothing is answered", _live([up, down], lines[1:], note=f"{deaf}not stop them.")
    yield "Over", _live([], lines, "over", note="The run is over.")
    for state, line in (("Without a kernel", HERE), ("Without anywidget", MISSING)):
        yield state, f"{in_their_place('live gallery', line)}{diagram}"


def _live(packets: list, said: list[str], state: str = "", chosen: int = -1, note: str = "") -> str:
    """A live view with packets of (label, row, percent of the way, look)."""
    of = {"paused": {"Pause"}, "over": {"Pause", "Step", "Go", "Kill", "Double", "Hold 1 s"}}
    off = of.get(state, {"Go"})

    def buttons(*names: str) -> str:
        return "".join(
            f'<button type="button" aria-disabled="{str(name in off).lower()}">{name}</button>'
            for name in names
        )

    def selected(place: int) -> str:
        return str(place == chosen).lower()

    height = 392 if len(packets) > 9 else 168
    options = "".join(
        f'<div class="course-live-track" style="top: {32 * row}px; width: calc(100% - 9em); '
        f'transform: translateX({percent}%)"><div class="course-live-packet course-live-{look}" '
        f'role="option" aria-selected="{selected(place)}">{html.escape(label)}</div></div>'
        for place, (label, row, percent, look) in enumerate(packets)
    )
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in said)
    field = f'role="listbox" aria-label="Packets on their way" tabindex="0">{options}</div>'
    return (
        f'<div class="course-live course-live-is-{state}"><div class="course-live-bar">'
        f'{buttons("Pause", "Step", "Go")}<label class="course-live-delay">Delay '
        '<input type="range"><span class="course-live-readout">600 ms</span></label></div>'
        '<div class="course-live-names"><span>client</span><span>server</span></div>'
        f'<div class="course-live-field" style="height: {height}px" {field}'
        f'<div class="course-live-bar">{buttons("Kill", "Double", "Hold 1 s")}</div>'
        f'<p class="course-live-note">{note}</p><ul class="course-live-log">{lines}</ul></div>'
    )
