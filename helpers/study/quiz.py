"""A question with a few choices, and for each choice why it is right or wrong."""

from __future__ import annotations

from helpers.look.asked import Asked
from helpers.look.choice import check_name, close_all, letter_buttons, letter_of, mark_chosen
from helpers.study import progress
from helpers.study.questions import Question, find_question
from helpers.uninterrupted import uninterrupted

_open: dict[str, Quiz] = {}


def quiz(name: str) -> None:
    """Show a question and a button for each of its choices.

    A click says whether the choice is right, and why; a wrong one may be followed by another. The
    last answer is kept with the learner's progress, and nothing in the course depends on it.
    Running the cell again shows it.

    Args:
        name: the chapter's number and the question's name, as in "03 one recv". The questions are
            in `helpers/chapters/`, so that the notebook does not give the answers away.

    Raises:
        ValueError: where there is no such question.
    """
    check_name(name, "03 one recv")
    question = find_question(name)
    with uninterrupted():  # or buttons without the rest of their question would stay
        if name in _open:
            _open.pop(name).close()
        _open[name] = Quiz(name, question)
        _open[name].show()


class Quiz:
    """A question on the page.

    Attributes:
        buttons: the ipywidgets button of each choice.
        feedback: what it says below them.
    """

    def __init__(self, name: str, question: Question) -> None:
        import ipywidgets

        self.name, self.question = name, question
        self.buttons = letter_buttons(list(question.choices), self._chosen)
        self._asked = Asked("Question", name, question.text, list(question.choices))
        self.feedback = self._asked.feedback
        self._row = ipywidgets.HBox(list(self.buttons.values()))
        self._box = ipywidgets.VBox([self._row, self.feedback.widget])
        before = progress.answer(name)
        if before in question.choices:  # else it was kept before the question was written anew
            self._tell(before, aloud=False)

    def show(self) -> None:
        """Show it in the cell that runs."""
        self._asked.show(self._box)

    def close(self) -> None:
        """Take the buttons away."""
        close_all(self._box, self._row, self.feedback.widget, *self.buttons.values())

    def _chosen(self, choice: str) -> None:
        try:
            is_right = self.question.choices[choice].is_right
            self._tell(choice, progress.keep_answer(self.name, choice, is_right))
        except Exception as error:  # a front end shows no error of a callback
            self.feedback.say_error(error)

    def _tell(self, choice: str, problem: str = "", aloud: bool = True) -> None:
        verdict = self.question.choices[choice]
        letter = letter_of(list(self.question.choices), choice)
        again = "" if verdict.is_right else "Try another."
        then = " ".join(filter(None, (again, problem)))
        mark_chosen(self.buttons, choice)
        head = f"{letter}: {'Right.' if verdict.is_right else 'Not quite.'}"
        state = "right" if verdict.is_right else "wrong"
        self._asked.answered(head, verdict.why, then, aloud, state)
