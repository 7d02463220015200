"""Diagrams whose packets can be pointed at: where scripts may run, their SVG is unpacked in place.

`page_style` gives a page the script, once, and the site has it as a file. Without scripts a diagram
is the picture that it is, and nothing is missing: each click only does what a button below does.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path

from helpers.look.picture import Drawing

SCRIPT = Path(__file__).with_suffix(".js")


def answered_by_click(drawing: Drawing, clicks: Mapping[int, str]) -> dict[str, str]:
    """A drawing with groups of class "packet", as a bundle that notebooks show and keep.

    Args:
        drawing: what `sequence_diagram` has made.
        clicks: for each packet that can be clicked, counted from 1 in the order of the drawing,
            the tooltip of the button that a click on it stands for.
    """
    bundle = drawing._repr_mimebundle_()
    if not clicks:
        return bundle
    kept = html.escape(json.dumps({str(packet): words for packet, words in clicks.items()}))
    shown = f'<div class="course-unpack" data-clicks="{kept}">{bundle["text/html"]}</div>'
    return bundle | {"text/html": shown}
