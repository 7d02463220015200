"""How sure a learner is of a prediction, asked between the prediction and its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel without predictions starts sooner
    import ipywidgets

LEVELS = ("a guess", "fairly sure", "sure")
SAID = {"a guess": "You call it a guess.", "fairly sure": "You are fairly sure."}
SAID |= {"sure": "You are sure."}


def sure_row(
    chosen: Callable[[str], None],
) -> tuple[ipywidgets.Box, dict[str, ipywidgets.Button]]:
    """The question, and a button for each level, which calls `chosen(level)`; the caller closes the
    row and all that is in it."""
    with uninterrupted():
        import ipywidgets

    buttons = {}
    for level in LEVELS:
        words = f"How sure are you? {level.capitalize()}."
        button = ipywidgets.Button(
            description=level.capitalize(), tooltip=words, layout={"width": "auto"}
        )
        button.on_click(lambda _, level=level: chosen(level))
        buttons[level] = button
    asked = ipywidgets.HTML('<span class="course-feedback">How sure are you?</span>')
    row = ipywidgets.HBox([asked, *buttons.values()], layout={"flex_flow": "row wrap"})
    return row, buttons
