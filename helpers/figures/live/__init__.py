"""A link as one watches it: packets that move while they are on their way, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.figures.live.view import LiveView

_views: dict[str, LiveView] = {}


def live(
    link: Any,
    title: str = "",
    words: Callable[[bytes], str] | None = None,
    roles: tuple[str, str] | None = None,
    to_scale: bool = False,
) -> LiveView:
    """Show the packets of a link for datagrams while they cross it.

    A click on a packet kills it; buttons and keys double it or hold it for a second, let the link
    pause and go on packet by packet, and a slider changes how long it delays, from 10 ms to 3 s.
    They act while a cell runs, in a front end that answers beside it, as JupyterLab does.

    As a context manager it is shown at the start of a block that lets packets cross, and at its end
    the run stands below as a sequence diagram, which a saved notebook keeps:

        with Link(server.address, delay=0.5) as link, live(link):
            ...

    At the end of a cell it follows the link until that stops, and then the diagram comes. A view of
    a link of the same name is closed first. The link's trace keeps its newest events from now on.

    Args:
        link: what `Link` returns, of kind "udp".
        title: of the diagram, a sentence; by default it says what was killed.
        words: as in `sequence_diagram`: called with a packet's first bytes, it says what it is.
        roles: what the client and the server are called, as ("sender", "receiver"); the diagram
            gets them too.
        to_scale: as in `sequence_diagram`: whether equal times are equally long in the diagram.

    Raises:
        ValueError: for a link of kind "tcp", which has no packets to show.
    """
    link.in_flight()  # raises for a stream
    if link.name in _views:
        _views.pop(link.name).close()
    view = _views[link.name] = LiveView(link, title, words, roles, to_scale)
    return view
