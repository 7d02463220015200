"""What a notebook shows in the place of controls, wherever they have no kernel.

A front end draws controls from what their kernel tells it, and a saved notebook has none of that:
JupyterLab says "Error displaying widget: model not found", other viewers show nothing. So a line
stands above the controls, as plain HTML, which every viewer keeps. While the controls are on the
page, a rule of style among them hides that line; when they are gone, so is the rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where first used: a kernel without controls starts sooner
    import ipywidgets

VIEW = "application/vnd.jupyter.widget-view+json"
LINE = "course-saved"
# Not for the learner's own widgets: only for what comes right after such a line. While JupyterLab
# looks for the controls, and when it has not found them, there is text there and no element.
NO_ERROR = (
    f"<style>.jp-OutputArea-child:has(.{LINE}) + .jp-OutputArea-child > "
    ".jp-OutputArea-output:not(:has(*)) { display: none; }</style>"
)


def in_their_place(name: str, content: str) -> str:
    """HTML that is seen wherever the controls of this name are not on the page.

    Args:
        name: what tells these controls from others, such as "quiz 03 one recv".
        content: HTML for the inside of a paragraph.
    """
    return f'{NO_ERROR}<p class="{LINE} {_class_of(name)}">{content}</p>'


def while_they_are_there(name: str) -> str:
    """The rule of style that hides that line, for the HTML of one of the controls."""
    return f"<style>.{_class_of(name)} {{ display: none; }}</style>"


def view_of(box: ipywidgets.Box) -> dict[str, object]:
    """The bundle that shows controls, and nothing where there is no kernel or they are closed.

    Made by hand: `box._repr_mimebundle_()` would add a text for other viewers, and the ipywidgets
    of Colab (version 7) have no such method.
    """
    nothing = {"text/html": "", "text/plain": ""}
    if box.comm is None:
        return nothing
    return {VIEW: {"version_major": 2, "version_minor": 0, "model_id": box.model_id}, **nothing}


def _class_of(name: str) -> str:
    return f"{LINE}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
