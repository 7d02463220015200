"""What stands in the place of controls, and how controls are shown by older ipywidgets."""

import ipywidgets
import pytest

from helpers.figures.explore import explore
from helpers.figures.plots import chart
from helpers.look import asked
from helpers.look.asked import Asked
from helpers.look.saved import VIEW, in_their_place, view_of, while_they_are_there

ARGUMENTS = ("Question", "03 one recv", "What?", ["`this`", "<that>"])


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """Each bundle that a question displays."""
    seen: list[dict] = []
    monkeypatch.setattr(asked, "publish_display_data", lambda data, **_: seen.append(data))
    return seen


@pytest.fixture
def box():
    """Controls; they are closed at the end."""
    made = ipywidgets.VBox()
    yield made
    made.close()


def test_the_rule_among_the_controls_hides_the_line_of_the_same_name():
    line, rule = in_their_place("quiz 03 ä, b", "Run."), while_they_are_there("quiz 03 ä, b")
    name = rule.removeprefix("<style>.").partition(" ")[0]
    assert name == "course-saved-quiz-03-b"
    assert f'<p class="course-saved {name}"' in line
    assert while_they_are_there("quiz 04 ä, b") != rule


def test_closed_controls_show_nothing(box):
    assert view_of(box)[VIEW]["model_id"] == box.model_id
    box.close()
    assert view_of(box) == {"text/html": "", "text/plain": ""}


def test_the_rule_is_among_the_controls_from_the_start_and_after_each_answer():
    question = Asked(*ARGUMENTS)
    rule = while_they_are_there("Question 03 one recv")
    assert (question.feedback.widget.value, question.feedback.text) == (rule, "")
    question.answered("A: Not quite.", "See `recv`.")
    assert question.feedback.widget.value.startswith(rule)
    assert question.feedback.text == "A: Not quite. See recv."
    question.feedback.widget.close()


def test_what_an_answer_says_is_escaped_in_the_saved_notebook(shown, box):
    question = Asked(*ARGUMENTS)
    question.show(box)
    question.answered("B: <Right>.", "See <b> and `c`.")
    assert (
        "<strong>B: &lt;Right&gt;.</strong> See &lt;b&gt; and <code>c</code>."
        in (shown[-1]["text/html"])
    )
    question.feedback.widget.close()


def test_the_ipywidgets_of_colab_show_controls_too(monkeypatch, shown, box):
    """Version 7 has `_ipython_display_` and no `_repr_mimebundle_`."""
    owner = next(each for each in ipywidgets.VBox.__mro__ if "_repr_mimebundle_" in vars(each))
    monkeypatch.delattr(owner, "_repr_mimebundle_")
    question = Asked(*ARGUMENTS)
    question.show(box)
    assert shown[1][VIEW]["model_id"] == box.model_id
    question.feedback.widget.close()
    panel = explore(lambda n: n, lambda axes, n: f"n is {n}", chart("n", "n", "n")[1], n=(0, 9))
    panel._ipython_display_()
    panel.close()
