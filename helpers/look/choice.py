"""The lettered choices of a question: their buttons, and the line that answers a click."""

from __future__ import annotations

import html
import re
import traceback
from collections.abc import Callable, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

from helpers.learner_code import learners_part
from helpers.look.card import marked, sign
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel without questions starts sooner
    import ipywidgets

NAME = re.compile(r"\d\d \S.*")


def check_name(name: object, example: str) -> None:
    """Raise ValueError where a name is not a chapter's number and a few words."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(
            f'a name is the chapter\'s number and a few words, as in "{example}", not {name!r}'
        )


def check_choices(choices: Sequence[str]) -> None:
    """Raise where choices are not two or more different texts.

    Raises:
        TypeError: where one of them is no text.
        ValueError: where there are too few or too many, or two are the same, or one is blank.
    """
    for each in choices:
        if not isinstance(each, str):
            raise TypeError(f"each choice is a text, not {each!r}")
        if not each.strip():
            raise ValueError("a choice is blank")
    if not 2 <= len(choices) <= 8:
        raise ValueError(f"a question has from 2 to 8 choices, and this one has {len(choices)}")
    for each in choices:
        if choices.count(each) > 1:
            raise ValueError(f"two choices are the same: {each!r}")


def letter_buttons(
    choices: Sequence[str], chosen: Callable[[str], None]
) -> dict[str, ipywidgets.Button]:
    """A button for each choice, with its letter on it; a click calls `chosen(choice)`.

    Buttons and not radio buttons: JupyterLab takes the arrow keys away from those, while Tab and
    Enter reach every button. The caller closes them.
    """
    with uninterrupted():
        import ipywidgets

    buttons = {}
    for letter, choice in zip(ascii_uppercase, choices, strict=False):
        words = button_words(letter, choice)
        button = ipywidgets.Button(description=letter, tooltip=words, layout={"width": "3.5em"})
        button.on_click(lambda _, choice=choice: chosen(choice))
        buttons[choice] = button
    return buttons


def button_words(letter: str, choice: str) -> str:
    """What a button says of its choice to a pointer that rests on it, and to a screen reader."""
    return f"{letter}: {choice.replace('`', '').strip()}"


def mark_chosen(buttons: dict[str, ipywidgets.Button], choice: object) -> None:
    """Let the chosen button stand out; the words below it say the same."""
    for each, button in buttons.items():
        button.style.font_weight = "bold" if each == choice else ""
        button.style.text_decoration = "underline" if each == choice else ""


def letter_of(choices: Sequence[str], choice: str) -> str:
    """The letter that stands before a choice."""
    return ascii_uppercase[list(choices).index(choice)]


def signed(head: str, state: str = "") -> str:
    """The first words of an answer as HTML, with the sign of a state before them."""
    words = f"<strong>{html.escape(head)}</strong>"
    return f"{sign(state)} {words}" if state else words


class Feedback:
    """A line below the controls, which a screen reader reads out when it changes.

    Args:
        hidden: HTML that stands before it and shows nothing, such as a rule of style.
    """

    def __init__(self, hidden: str = "") -> None:
        with uninterrupted():
            import ipywidgets

        self._hidden = hidden
        self.widget = ipywidgets.HTML(hidden, layout={"max_width": "56em"})

    @property
    def text(self) -> str:
        """What it says, without its HTML."""
        shown = self.widget.value.removeprefix(self._hidden)
        shown = re.sub(r"<span [^>]*aria-hidden.*?</span>", "", shown)
        return html.unescape(re.sub(r"<[^>]+>", "", shown)).strip()

    def say(
        self, head: str, text: str = "", aloud: bool = True, state: str = "", below: str = ""
    ) -> None:
        """Show a sentence in place of the last one.

        Args:
            head: the first words, which stand out.
            text: what follows; code in backticks.
            aloud: False for what was there before the reader did anything.
            state: one that `card.SIGNS` has a sign for; empty for none.
            below: HTML that stands below the sentence.
        """
        # Its HTML is made anew each time: of the live regions, only an alert is then read out.
        role = ' role="alert"' if aloud else ""
        self.widget.value = (
            f'{self._hidden}<div{role} class="course-feedback">{signed(head, state)} '
            f"{marked(text)}{below}</div>"
        )

    def say_error(self, error: BaseException) -> None:
        """Show an error in a callback, which would otherwise only reach a log."""
        frames = traceback.extract_tb(learners_part(error.__traceback__))
        where = f" (in {frames[-1].name}, line {frames[-1].lineno})" if frames else ""
        self.say("This failed.", f"{type(error).__name__}: {error}{where}")


def close_all(*widgets: ipywidgets.DOMWidget) -> None:
    """Close widgets with their layouts and styles, so that a cell run again leaves nothing."""
    for widget in widgets:
        widget.layout.close()
        if getattr(widget, "style", None) is not None:
            widget.style.close()
        widget.close()
