"""Predictions and questions as a learner meets them: in JupyterLab, by mouse and by keys."""

import json
from collections.abc import Iterator

import nbformat
import pytest
from drive.lab_page import LabPage

from browser.geometry import CUT_OFF, TOO_FAINT

NOTEBOOK = "notebooks/questions.ipynb"
FIRST = """import sys

sys.path.insert(0, "..")
from helpers import predict, quiz"""
NUMBER = 'guess = predict("05 trips", "How many come back?", low=0, high=100, unit="of 100")'
CHOICE = 'pieces = predict("03 pieces", "How often?", choices=["once", "three times", "never"])'
QUIZ = 'quiz("00 bytes")'
USE = "print(guess.compare(64), pieces.value)"
# What a screen reader is told of the element that has the focus.
FOCUS = """() => {
    const element = document.activeElement;
    const label = element.labels?.length ? element.labels[0].textContent : '';
    return [element.tagName, label || element.textContent, element.title];
}"""


@pytest.fixture(scope="module")
def lab(browsing) -> Iterator[LabPage]:
    """A notebook with two predictions and a question, in a browser."""
    browsing.write(NOTEBOOK, [FIRST, NUMBER, CHOICE, QUIZ, USE])
    with browsing.opened(NOTEBOOK) as page:
        yield page


@pytest.fixture
def fresh(lab: LabPage) -> LabPage:
    """The same page after all cells ran, with nothing predicted or answered."""
    lab.server.progress.unlink(missing_ok=True)
    lab.run_all(NOTEBOOK)
    assert lab.errors(NOTEBOOK) == []
    lab.page.get_by_label("Your prediction").wait_for()
    return lab


def output(lab: LabPage, number: int):
    return lab.page.locator(".jp-CodeCell").nth(number).locator(".jp-OutputArea")


def button(lab: LabPage, cell: int, letter: str):
    return output(lab, cell).get_by_role("button", name=letter, exact=True)


def hears(lab: LabPage, cell: int, text: str) -> None:
    """Wait until a cell's feedback, read out at once, says this."""
    output(lab, cell).get_by_role("alert").filter(has_text=text).wait_for()


def run_last(lab: LabPage) -> None:
    lab.page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").click()
    lab.command("notebook:run-cell")


def test_a_question_stands_on_the_page_once(fresh: LabPage):
    for cell, text in ((1, "How many come back?"), (2, "three times"), (3, "What happens?")):
        assert output(fresh, cell).inner_text().count(text) == 1


def test_a_number_is_kept_at_enter_and_used_by_the_next_cell(fresh: LabPage):
    fresh.page.get_by_label("Your prediction (of 100)").click()
    fresh.page.keyboard.type("80")
    fresh.page.keyboard.press("Enter")
    hears(fresh, 1, "Your prediction: 80 of 100.")
    run_last(fresh)
    output(fresh, 4).get_by_text("You predicted 80 of 100, 16 more.").wait_for()


def test_a_number_is_kept_by_the_button_too(fresh: LabPage):
    fresh.page.get_by_label("Your prediction (of 100)").fill("12,5")
    button(fresh, 1, "Keep").click()
    hears(fresh, 1, "Your prediction: 12.5 of 100.")


def test_what_is_no_number_hears_what_is_wanted(fresh: LabPage):
    fresh.page.get_by_label("Your prediction (of 100)").fill("a few")
    fresh.page.keyboard.press("Enter")
    hears(fresh, 1, "Not kept. Type a number from 0 to 100.")


def test_all_can_be_reached_and_answered_by_keys_alone(fresh: LabPage):
    keys, page = fresh.page.keyboard, fresh.page
    page.get_by_label("Your prediction (of 100)").focus()
    assert page.evaluate(FOCUS)[:2] == ["INPUT", "Your prediction (of 100):"]
    keys.press("Tab")
    assert page.evaluate(FOCUS)[1] == "Keep"
    button(fresh, 2, "A").focus()
    keys.press("Tab")
    assert page.evaluate(FOCUS) == ["BUTTON", "B", "B: three times"]
    keys.press("Enter")
    hears(fresh, 2, "Your prediction: three times.")
    button(fresh, 3, "A").focus()
    keys.press("Enter")
    hears(fresh, 3, "A: Not quite.")
    keys.press("Tab")
    keys.press("Space")
    hears(fresh, 3, "B: Right.")
    keys.press("Shift+Tab")
    keys.press("Enter")
    hears(fresh, 3, "A: Not quite.")


def test_answers_are_there_again_when_the_cells_run_again(fresh: LabPage):
    button(fresh, 2, "C").click()
    hears(fresh, 2, "Your prediction: never.")
    button(fresh, 3, "B").click()
    hears(fresh, 3, "B: Right.")
    fresh.run_all(NOTEBOOK)
    output(fresh, 2).get_by_text("Your prediction: never.").filter(visible=True).wait_for()
    output(fresh, 3).get_by_text("B: Right.").filter(visible=True).wait_for()
    output(fresh, 4).get_by_text("never").wait_for()
    assert fresh.page.get_by_role("alert").count() == 0  # nobody answered anything now
    kept = json.loads(fresh.server.progress.read_text())
    assert kept["predictions"] == {"03 pieces": "never"}
    assert kept["quizzes"]["00 bytes"]["right"] is True


def test_every_text_stands_out_from_its_background(fresh: LabPage):
    button(fresh, 2, "C").click()
    hears(fresh, 2, "Your prediction: never.")  # moves what is below, and a click there is lost
    button(fresh, 3, "A").click()
    hears(fresh, 3, "A: Not quite.")
    try:
        for theme in ("dark", "light"):
            fresh.theme(theme)
            assert (theme, fresh.page.evaluate(TOO_FAINT)) == (theme, [])
    finally:
        fresh.theme("light")


def test_nothing_is_cut_off_on_a_quarter_of_the_width(fresh: LabPage):
    button(fresh, 3, "A").click()
    hears(fresh, 3, "A: Not quite.")
    fresh.page.set_viewport_size({"width": 400, "height": 1200})
    try:
        fresh.page.get_by_label("Your prediction").scroll_into_view_if_needed()
        assert fresh.page.evaluate(CUT_OFF) == []
    finally:
        fresh.page.set_viewport_size({"width": 1280, "height": 1600})


def test_the_saved_notebook_keeps_questions_and_choices_and_the_last_answer(fresh: LabPage):
    button(fresh, 3, "B").click()
    hears(fresh, 3, "B: Right.")
    fresh.save({3: "B: Right."})
    saved = nbformat.read(fresh.server.folder / NOTEBOOK, as_version=4)
    question = saved.cells[3].outputs[0].data
    assert "What happens?" in question["text/html"]
    assert "B  The client gets a `TypeError`." in question["text/plain"]
    assert "B: Right." in question["text/plain"]
    assert "Run this cell to answer." in saved.cells[2].outputs[0].data["text/plain"]
