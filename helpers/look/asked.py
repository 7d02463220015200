"""A question on the page: its words, which every viewer shows, and the controls to answer it."""

from __future__ import annotations

import html
import uuid
from collections.abc import Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

from IPython.display import publish_display_data

from helpers.look.card import SIGNS, card, marked, sign
from helpers.look.choice import Feedback, signed
from helpers.look.saved import in_their_place, view_of, while_they_are_there

if TYPE_CHECKING:  # imported where first used: a kernel without questions starts sooner
    import ipywidgets

# One look for all that has a right answer: a learner meets few kinds of things.
KINDS = dict.fromkeys(("Question", "Puzzle", "Recall", "Order"), "question")
KINDS |= {"Predict": "predict"}
TO_ANSWER, AGAIN = "Run this cell to answer.", "Run this cell to answer again."


class Asked:
    """A question, its choices and the last answer, as a saved notebook keeps them.

    A widget without its kernel shows nothing, so the words do not stand in the widget.

    Args:
        kind: what stands before the question, such as "Predict".
        name: what it is known by, as in "05 round trips".
        question: one or two sentences; code in backticks.
        choices: the lettered choices; none for a question that is answered with a number.
        code: whether they are lines of a program, which keep their indents.
        lead: the words that stand before the question, where they are not its kind.

    Attributes:
        feedback: the line below the controls; the caller puts its widget into their box.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        question: str,
        choices: Sequence[str] = (),
        code: bool = False,
        lead: str = "",
    ) -> None:
        self._name, self._kind, self._answer = f"{kind} {name}", KINDS[kind], ("", "", "")
        self.feedback = Feedback(while_they_are_there(self._name))
        self._display_id, self._shown = f"asked-{uuid.uuid4().hex}", False
        lettered = list(zip(ascii_uppercase, choices, strict=False))
        lines = "".join(
            f'<p class="course-choice"><strong>{letter}</strong>&ensp;{marked(choice)}</p>'
            for letter, choice in lettered
        )
        if code:
            lines = lettered_lines(lettered)
        lead = lead or kind
        head = f"{sign(self._kind)} <strong>{html.escape(lead)}.</strong>"
        self._html = f'<p class="course-lead">{head} {marked(question)}</p>{lines}'
        texts = [f"  {letter}  {choice}" for letter, choice in lettered]
        self._plain = "\n".join([f"{lead}. {question}", *texts])

    def show(self, box: ipywidgets.Box) -> None:
        """Show the question in the cell that runs, and its controls below it."""
        publish_display_data(self.bundle(), transient={"display_id": self._display_id})
        for look in ("course-controls", f"course-{self._kind}"):
            box.add_class(look)
        publish_display_data(view_of(box))
        self._shown = True

    def answered(
        self,
        head: str,
        text: str,
        then: str = "",
        aloud: bool = True,
        state: str = "",
        below: str = "",
    ) -> None:
        """Say what an answer leads to, now and in the saved notebook.

        Args:
            head: the first words, which stand out.
            text: what follows; code in backticks.
            then: what to do next, which a saved notebook does not say.
            aloud: False for an answer that was kept earlier.
            state: "right" or "wrong"; empty for an answer that is neither.
            below: HTML that stands below it, and not in the saved notebook.
        """
        self.feedback.say(head, f"{text} {then}".strip(), aloud, state, below)
        self._answer = head, text, state
        if self._shown:
            last = {"display_id": self._display_id}
            publish_display_data(self.bundle(), transient=last, update=True)

    def bundle(self) -> dict[str, str]:
        """The question and the last answer, as a notebook keeps them."""
        head, text, state = self._answer
        if not head:
            line, plain = TO_ANSWER, TO_ANSWER
        else:
            line = f"{signed(head, state)} {marked(text)} {AGAIN}"
            plain = f"{SIGNS[state]} {head} {text} {AGAIN}" if state else f"{head} {text} {AGAIN}"
        shown = card(self._kind, self._name, self._html, in_their_place(self._name, line))
        return {"text/html": shown, "text/plain": f"{self._plain}\n{plain}"}


def lettered_lines(lettered: Sequence[tuple[str, str]]) -> str:
    """A listing whose lines have a letter each."""
    lines = (
        f"<strong>{letter}</strong>  {html.escape(line, quote=False)}" for letter, line in lettered
    )
    return '<pre class="course-lines course-listing">' + "\n".join(lines) + "</pre>"
