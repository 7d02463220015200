"""A field to type an answer into, and the button beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel without questions starts sooner
    import ipywidgets


def text_field(
    label: str, value: str, example: str, question: str, characters: int
) -> ipywidgets.Text:
    """A field with its label before it. Its value changes at Enter and when the field is left.

    Args:
        label: what is asked for, with its unit.
        value: what stands in it.
        example: what may be typed, shown while it is empty.
        question: what a pointer that rests on it reads.
        characters: how wide label and field are together; less where there is less room.
    """
    with uninterrupted():
        import ipywidgets

    return ipywidgets.Text(
        value,
        description=label,
        placeholder=example,
        tooltip=question,
        continuous_update=False,
        style={"description_width": "initial"},
        layout={"width": f"{characters}ch", "max_width": "calc(100% - 4px)"},
    )


def keep_button(tooltip: str) -> ipywidgets.Button:
    """The button that takes what was typed."""
    with uninterrupted():
        import ipywidgets

    return ipywidgets.Button(description="Keep", tooltip=tooltip, layout={"width": "5em"})
