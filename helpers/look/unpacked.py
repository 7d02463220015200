"""A diagram whose packets can be clicked: where scripts may run, its SVG is unpacked in place.

Without scripts it is the picture that it is, and nothing is missing: each click only does what a
button below the picture does.
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
    script = SCRIPT.read_text(encoding="utf-8")
    shown = f'<div class="course-unpack" data-clicks="{kept}">{bundle["text/html"]}</div>'
    return bundle | {"text/html": f"{shown}<script>{script}</script>"}
