"""The one engine of all questions with a right answer: a card, its buttons and its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.display import publish_display_data

from helpers.look.asked import Asked
from helpers.look.card import block
from helpers.look.choice import close_all, letter_buttons, letter_of, mark_chosen
from helpers.study import at_work, progress
from helpers.study.questions import KINDS, Order, Question
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel without questions starts sooner
    import ipywidgets

_open: dict[str, Card] = {}


def show_card(kind: str, name: str, question: Question | Order, lead: str = "") -> None:
    """Show a question in the cell that runs, in place of the one of this name that is there.

    Args:
        kind: one of `questions.KINDS`.
        name: the chapter's number and its words.
        question: what is asked.
        lead: words to stand before it, where they are not its kind.
    """
    with uninterrupted():  # or buttons without the rest of their question would stay
        if name in _open:
            _open.pop(name).close()
        one = OrderCard if isinstance(question, Order) else Card
        _open[name] = one(kind, name, question, lead)
        _open[name].show()


class Card:
    """A question on the page.

    Attributes:
        choices: its choices, in the order in which they are shown.
        buttons: the ipywidgets button of each choice.
        feedback: what it says below them.
    """

    def __init__(self, kind: str, name: str, question: Question | Order, lead: str = "") -> None:
        import ipywidgets

        self.name, self.question = name, question
        self.choices = self._choices()
        self.buttons = letter_buttons(self.choices, self._chosen)
        self._asked = Asked(
            KINDS[kind], name, question.text, self._shown(), code=question.code, lead=lead
        )
        self.feedback = self._asked.feedback
        row = [*self.buttons.values(), *self._more_buttons()]
        self._row = ipywidgets.HBox(row, layout={"flex_flow": "row wrap"})
        self._box = ipywidgets.VBox([self._row, self.feedback.widget])
        self._missed = False  # since it was shown
        self._resume(progress.answer(name))

    def show(self) -> None:
        """Show it in the cell that runs."""
        if isinstance(self.question, Question) and self.question.conversation:
            from helpers.study.puzzles import picture_of

            publish_display_data(picture_of(self.name, self.question))
        self._asked.show(self._box)

    def close(self) -> None:
        """Take the buttons away."""
        close_all(self._box, self.feedback.widget, *self._row.children, self._row)

    def _choices(self) -> list[str]:
        return list(self.question.choices)

    def _shown(self) -> list[str]:
        return self.choices

    def _more_buttons(self) -> list[ipywidgets.Button]:
        return []

    def _resume(self, before: str | None) -> None:
        """Show what was kept, unless it was kept before the question was written anew."""
        if before in self.choices:
            self._tell(before, aloud=False)

    def _chosen(self, choice: str) -> None:
        try:
            self._tell(choice, self._keep(choice, self.question.choices[choice].is_right))
        except Exception as error:  # a front end shows no error of a callback
            self.feedback.say_error(error)

    def _keep(self, kept: str, is_right: bool, is_miss: bool | None = None) -> str:
        self._missed = self._missed or (not is_right if is_miss is None else is_miss)
        at_work.answered()
        return progress.keep_answer(self.name, kept, is_right, self._missed)

    def _tell(self, choice: str, problem: str = "", aloud: bool = True) -> None:
        verdict = self.question.choices[choice]
        letter = letter_of(self.choices, choice)
        again = "" if verdict.is_right else "Try another."
        then = " ".join(filter(None, (again, problem)))
        mark_chosen(self.buttons, choice)
        head = f"{letter}: {'Right.' if verdict.is_right else 'Not quite.'}"
        state = "right" if verdict.is_right else "wrong"
        self._asked.answered(head, verdict.why, then, aloud, state)


class OrderCard(Card):
    """Lines to put in order: each click chooses the one that comes next.

    Its answer is kept as the lines that stand so far.
    """

    def _choices(self) -> list[str]:
        self._so_far: list[str] = []
        return self.question.mixed(self.name)

    def _shown(self) -> list[str]:
        return [each.lstrip() for each in self.choices] if self.question.flush else self.choices

    def _more_buttons(self) -> list[ipywidgets.Button]:
        import ipywidgets

        tooltip = "Take all lines away and begin again"
        self.again = ipywidgets.Button(description="Begin again", tooltip=tooltip)
        self.again.on_click(self._begin_again)
        return [self.again]

    def _resume(self, before: str | None) -> None:
        lines, kept = list(self.question.lines), (before or "").split("\n")
        if before and kept == lines[: len(kept)]:
            self._so_far = kept
            self._tell_step("", aloud=False)

    def _chosen(self, choice: str) -> None:
        try:
            lines = list(self.question.lines)
            letter = letter_of(self.choices, choice)
            if choice in self._so_far:
                self._say(f"{letter} stands there already.", "", "note")
                return
            if choice != lines[len(self._so_far)]:
                problem = self._keep("\n".join(self._so_far), False)
                why = self.question.lines[choice]
                self._say(f"{letter}: Not yet.", f"{why} Try another. {problem}".strip(), "wrong")
                return
            self._so_far.append(choice)
            done = len(self._so_far) == len(lines)
            self._tell_step(self._keep("\n".join(self._so_far), done, is_miss=False))
        except Exception as error:  # a front end shows no error of a callback
            self.feedback.say_error(error)

    def _tell_step(self, problem: str, aloud: bool = True) -> None:
        letters = ", ".join(letter_of(self.choices, line) for line in self._so_far)
        if len(self._so_far) == len(self.question.lines):
            self._say("Right.", f"The order is {letters}. {problem}".strip(), "right", aloud)
        else:
            self._say(f"So far: {letters}.", f"What comes next? {problem}".strip(), "", aloud)

    def _say(self, head: str, text: str, state: str, aloud: bool = True) -> None:
        mark_chosen(self.buttons, self._so_far[-1] if self._so_far else None)
        below = block("\n".join(self._so_far)) if self._so_far else ""
        self._asked.answered(head, text, "", aloud, state, below)

    def _begin_again(self, _: object) -> None:
        try:
            self._so_far, self._missed = [], False
            self._say("Begin again:", "which line comes first?", "")
        except Exception as error:
            self.feedback.say_error(error)
