"""Predictions: what is asked, what is kept, and what later cells make of it."""

import importlib
from datetime import datetime

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

from helpers.figures.plots import chart
from helpers.study import kept_file, progress, renumbered
from helpers.study.predict import YOURS, predict, predicted

ASKED = importlib.import_module("helpers.look.asked")
MODULE = importlib.import_module("helpers.study.predict")
TRIPS = ("05 round trips", "How many of 100 `ping`s come back?")
PIECES = ("03 pieces", "How often will `recv` return?")


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A progress file of this test's own."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


@pytest.fixture(autouse=True)
def shown(monkeypatch) -> list[dict]:
    """Each bundle that is displayed; the predictions are closed at the end."""
    seen: list[dict] = []
    monkeypatch.setattr(ASKED, "publish_display_data", lambda data, **_: seen.append(data))
    yield seen
    for each in MODULE._open.values():
        each.close()
    MODULE._open.clear()


def trips():
    return predict(*TRIPS, low=0, high=100, unit="of 100")


def pieces():
    return predict(*PIECES, choices=["once", "`n` times", "never"])


def axes():
    return chart("Squared", "p", "share")[1]


# --- A number


def test_without_an_answer_the_chapter_runs_on():
    guess = trips()
    assert (guess.value, bool(guess), repr(guess)) == (None, False, "No prediction yet.")
    assert guess.compare(64) == "Measured: 64 of 100."
    empty = axes()
    assert guess.draw(empty, x=0.2) == ""
    assert not empty.lines


def test_what_was_typed_is_the_value_and_is_kept():
    guess = trips()
    guess.field.value = "64"
    assert guess.value == 64
    assert progress.prediction("05 round trips") == 64
    assert guess.feedback.text == "Your prediction: 64 of 100. Now run the cells below."


def test_with_an_answer_it_asks_how_sure_one_is_until_the_result_is_known():
    guess = trips()
    assert guess._sure is None
    guess.field.value = "64"
    guess._levels["fairly sure"].click()
    assert guess.feedback.text.startswith("Your prediction: 64 of 100. You are fairly sure.")
    assert progress.first_prediction("05 round trips")["sure"] == "fairly sure"
    guess.compare(70)
    guess.field.value = "70"
    assert guess._sure.layout.display == "none"
    assert trips()._sure is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("64", 64),
        (" 64 ", 64),
        ("64.0", 64),
        ("64,5", 64.5),
        ("64.5 of 100", 64.5),
        ("64of 100", 64),
        ("64 %", 64),
        (".5", 0.5),
        ("1e1", 10),
        ("+3", 3),
        ("0", 0),
        ("100", 100),
        ("٣", 3),
    ],
)
def test_a_number_may_be_typed_in_different_ways(typed, value):
    guess = trips()
    guess.field.value = typed
    assert (guess.value, type(guess.value)) == (value, type(value))


@pytest.mark.parametrize("typed", ["many", "6 4", "1/2", "-1", "101", "nan", "inf", "1e99", "--1"])
def test_what_is_no_number_in_range_is_not_kept_and_says_what_is_wanted(typed, file):
    guess = trips()
    guess.field.value = typed
    assert guess.value is None
    assert guess.feedback.text == "Not kept. Type a number from 0 to 100."
    assert not file.exists()


def test_a_bad_number_leaves_the_kept_one_and_says_so():
    guess = trips()
    guess.field.value = "64"
    guess.field.value = "640"
    assert guess.value == 64
    assert guess.feedback.text.endswith("Still kept: 64 of 100.")
    guess.field.value = "64"
    assert guess.feedback.text.startswith("Your prediction: 64 of 100.")


@pytest.mark.parametrize(
    ("bounds", "wanted", "placeholder"),
    [
        ({}, "a number", "a number"),
        ({"low": 0}, "a number of at least 0", "a number of at least 0"),
        ({"high": 9}, "a number of at most 9", "a number of at most 9"),
        ({"low": 0.5, "high": 9}, "a number from 0.5 to 9", "0.5 to 9"),
    ],
)
def test_the_wanted_range_is_said(bounds, wanted, placeholder):
    guess = predict(*TRIPS, **bounds)
    guess.field.value = "?"
    assert guess.feedback.text == f"Not kept. Type {wanted}."
    assert guess.field.placeholder == placeholder


def test_the_keep_button_says_what_is_missing_in_an_empty_field():
    guess = trips()
    guess.button.click()
    assert guess.feedback.text == "Not kept. Type a number from 0 to 100."


def test_the_keep_button_keeps_what_is_typed(monkeypatch):
    guess = trips()
    with guess.field.hold_trait_notifications():
        guess.field.value = "12"
    guess.button.click()
    assert guess.value == 12


def test_the_field_has_a_name_for_screen_readers():
    assert trips().field.description == "Your prediction (of 100):"
    assert trips().field.tooltip == "How many of 100 pings come back?"


# --- A choice


def test_a_click_on_a_letter_keeps_its_choice():
    guess = pieces()
    guess.buttons["`n` times"].click()
    assert guess.value == "`n` times"
    assert guess.feedback.text == "Your prediction: n times. Now run the cells below."
    assert progress.prediction("03 pieces") == "`n` times"


def test_a_choice_may_be_changed():
    guess = pieces()
    guess.buttons["never"].click()
    guess.buttons["once"].click()
    assert guess.value == "once"


def test_the_choices_are_there_without_a_kernel(shown):
    pieces()
    assert shown[0]["text/plain"] == (
        "Predict. How often will `recv` return?\n  A  once\n  B  `n` times\n  C  never\n"
        "Run this cell to answer."
    )
    assert "<strong>B</strong>&ensp;<code>n</code> times" in shown[0]["text/html"]


# --- What is kept


@pytest.mark.parametrize("make", [trips, pieces])
def test_a_kept_prediction_is_shown_when_the_cell_runs_again(make):
    first = make()
    first.keep(64 if make is trips else "once")
    MODULE._open.clear()  # as after a restart
    again = make()
    assert again.value == first.value
    assert again.feedback.text.startswith("Your prediction: ")
    assert "role" not in again.feedback.widget.value  # nobody asked for it now
    first.close()


@pytest.mark.parametrize("make", [trips, pieces])
def test_the_last_prediction_is_there_without_a_kernel(make, shown):
    guess = make()
    guess.keep(64 if make is trips else "once")
    make()
    for each in (shown[2], shown[3]):  # after the answer, and when the cell ran again
        value = "64 of 100" if make is trips else "once"
        last = each["text/plain"].splitlines()[-1]
        assert last == f"Your prediction: {value}. Run this cell to answer again."


def test_what_can_not_be_kept_is_not_in_the_saved_notebook(shown):
    trips().field.value = "640"
    assert len(shown) == 2


def test_a_kept_prediction_that_no_longer_fits_the_question_is_none():
    progress.keep_prediction("05 round trips", 640)
    progress.keep_prediction("03 pieces", "twice")
    assert (trips().value, pieces().value) == (None, None)


def test_a_prediction_of_several_digits_survives():
    guess = predict(*TRIPS)
    guess.keep(0.123456789)
    again = predict(*TRIPS)
    again.button.click()
    assert again.value == 0.123456789


def test_a_prediction_that_can_not_be_kept_holds_until_the_kernel_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    guess = trips()
    guess.field.value = "64"
    assert guess.value == 64
    assert "until the kernel restarts, but could not be kept: progress.json" in guess.feedback.text


def test_an_error_in_a_callback_is_shown(monkeypatch):
    def broken(*_):
        raise RuntimeError("no such thing")

    number, choice = trips(), pieces()
    monkeypatch.setattr(progress, "keep_prediction", broken)
    number.field.value = "5"
    choice.buttons["once"].click()
    for guess in (number, choice):
        assert guess.feedback.text.startswith("This failed. RuntimeError: no such thing")


def test_running_the_cell_again_leaves_no_widget_behind():
    trips(), pieces()
    before = len(_instances)
    for _ in range(20):
        trips(), pieces()
    assert len(_instances) == before


# --- What later cells make of it


@pytest.mark.parametrize(
    ("predicted", "measured", "said"),
    [
        (80, 64, "Measured: 64 of 100. You predicted 80 of 100, 16 more."),
        (50, 64.0, "Measured: 64 of 100. You predicted 50 of 100, 14 less."),
        (64, 64, "Measured: 64 of 100. You predicted exactly that."),
        (0.1, 0.3, "Measured: 0.3 of 100. You predicted 0.1 of 100, 0.2 less."),
        (
            64,
            np.float64(63.123456),
            "Measured: 63.12 of 100. You predicted 64 of 100, 0.8765 more.",
        ),
        (0, np.int64(3), "Measured: 3 of 100. You predicted 0 of 100, 3 less."),
    ],
)
def test_a_number_is_compared_in_a_sentence(predicted, measured, said):
    guess = trips()
    guess.keep(predicted)
    assert guess.compare(measured) == said


def test_large_numbers_are_written_out():
    guess = predict(*TRIPS, unit="bytes")
    guess.keep(1_000_000)
    assert guess.compare(212_992.5) == (
        "Measured: 213000 bytes. You predicted 1000000 bytes, 787000 more."
    )


def test_a_percentage_has_its_sign_at_the_number():
    guess = predict(*TRIPS, low=0, high=100, unit="%")
    assert guess.compare(36.4) == "Measured: 36.4%."


def test_a_choice_is_compared_in_a_sentence():
    guess = pieces()
    assert guess.compare("once") == "Measured: once."
    guess.keep("never")
    assert guess.compare("once") == "Measured: once. You predicted never."
    assert guess.compare("never") == "Measured: never. You predicted exactly that."


def test_a_measured_value_of_the_wrong_kind_is_refused_with_and_without_an_answer():
    with pytest.raises(ValueError, match="none of the choices: once"):
        pieces().compare("twice")
    for wrong in ("64", None, True):
        with pytest.raises(TypeError, match="measured must be a number"):
            trips().compare(wrong)


def test_a_point_stands_at_its_place_with_a_label_for_the_legend():
    guess, on = trips(), axes()
    guess.keep(80)
    said = guess.draw(on, x=0.2, scale=0.01)
    (point,) = on.lines
    assert (list(point.get_xdata()), list(point.get_ydata())) == ([0.2], [0.8])
    assert said == "A star marks your prediction, 80 of 100."
    assert [text.get_text() for text in on.legend().get_texts()] == [YOURS]


@pytest.mark.parametrize(("on", "axis"), [("x", "get_xdata"), ("y", "get_ydata")])
def test_a_line_stands_at_its_value_on_either_axis(on, axis):
    guess, plot = trips(), axes()
    guess.keep(80)
    assert guess.draw(plot, on=on) == "A dashed line marks your prediction, 80 of 100."
    assert list(getattr(plot.lines[0], axis)()) == [80, 80]


def test_what_can_not_be_drawn_is_refused_with_and_without_an_answer():
    with pytest.raises(TypeError, match="only a number can be drawn"):
        pieces().draw(axes())
    with pytest.raises(ValueError, match='on must be "x" or "y"'):
        trips().draw(axes(), on="z")


# --- Questions that are none


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"low": 5, "high": 5}, ValueError, "low must be below high"),
        ({"low": "0"}, TypeError, "low and high are numbers"),
        ({"high": True}, TypeError, "low and high are numbers"),
        ({"choices": ["a"]}, ValueError, "from 2 to 8 choices"),
        ({"choices": ["a", "a"]}, ValueError, "two choices are the same: 'a'"),
        ({"choices": ["a", 5]}, TypeError, "each choice is a text"),
        ({"choices": ["a", "b"], "low": 0}, TypeError, "a number .* or one of some choices"),
    ],
)
def test_a_question_that_is_none_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        predict(*TRIPS, **arguments)


def test_a_name_without_a_chapter_and_a_blank_question_are_refused():
    with pytest.raises(ValueError, match="chapter's number and a few words"):
        predict("round trips", "How many?")
    with pytest.raises(ValueError, match="needs a question"):
        predict("05 round trips", " ")


@pytest.mark.parametrize("value", [101, "64", None, True, float("nan")])
def test_keeping_what_is_no_answer_is_refused(value):
    with pytest.raises(ValueError, match="is not a number from 0 to 100"):
        trips().keep(value)


# --- The first prediction


def test_the_first_prediction_its_time_and_what_was_measured_first_are_kept():
    guess = trips()
    guess.keep(64)
    assert progress.first_prediction("05 round trips")["value"] == 64
    guess.compare(70)
    guess.keep(70)
    guess.compare(71)
    first = progress.first_prediction("05 round trips")
    assert (first["value"], first["measured"]) == (64, 70)
    assert datetime.fromisoformat(first["time"])
    assert progress.prediction("05 round trips") == 70


def test_what_an_older_version_kept_is_the_first(file):
    file.write_text('{"predictions": {"05 round trips": 5}}')
    trips().keep(70)
    assert progress.first_prediction("05 round trips") == {"value": 5, "time": ""}


def test_without_a_prediction_nothing_measured_is_kept(file):
    assert trips().compare(70) == "Measured: 70 of 100."
    assert not file.exists()


def test_of_two_files_the_earlier_first_prediction_counts(tmp_path):
    earlier = {"value": 5, "time": "2026-11-30T09:30"}
    later = {"value": 6, "time": "2026-12-01T09:30", "measured": 7}
    both = [kept_file.empty() | {"firsts": {"05 x": each}} for each in (earlier, later)]
    assert renumbered.merged(*both)["firsts"] == {"05 x": earlier | {"measured": 7}}


# --- The solutions edition


@pytest.fixture
def solutions(tmp_path, monkeypatch):
    """A notebook of the solutions edition runs."""
    folder = tmp_path / "solutions"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.mark.usefixtures("solutions")
def test_the_solutions_edition_records_nothing_and_says_so(file):
    assert progress.record("ask", True) == progress.NOT_HERE
    assert progress.keep_answer("05 y", "yes", True) == progress.NOT_HERE
    guess = trips()
    guess.keep(64)
    assert guess.feedback.text.endswith(progress.NOT_HERE)
    assert "You predicted" in guess.compare(70)
    assert not file.exists()


@pytest.mark.usefixtures("solutions")
def test_a_chapter_is_no_solution_wherever_its_kernel_works(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/02_tcp.ipynb")
    assert progress.record("ask", True) == ""
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/solutions/02_tcp.ipynb")
    assert progress.record("ask", True) == progress.NOT_HERE


# --- In a later cell


def test_a_later_cell_gets_the_prediction_by_its_name():
    guess = trips()
    assert predicted("05 round trips") is guess
    assert predicted("05 round trips").compare(70) == "Measured: 70 of 100."


def test_a_cell_whose_question_was_skipped_tells_what_it_measured():
    assert predicted("05 round trips").compare(np.int64(70)) == "Measured: 70."
    assert predicted("05 round trips").compare("once") == "Measured: once."
    assert predicted("05 round trips").draw(axes(), x=1) == ""
    assert not predicted("05 round trips")
