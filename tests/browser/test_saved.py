"""A notebook that a learner answered, moved and saved, as it looks on another day."""

from collections.abc import Iterator

import pytest
from drive.lab_page import LabPage

NOTEBOOK = "notebooks/saved.ipynb"
LINE = "Run this cell"
FIRST = """import sys

sys.path.insert(0, "..")
from helpers import Picture, chart, explore, predict, quiz
"""
PANEL = """def show(axes, n):
    axes.plot(n, n, "o")
    return f"n is {n}"


explore(lambda n: n, show, chart("One point", "n", "n")[1], n=(0, 10))"""
CELLS = [
    FIRST,
    'trips = predict("05 trips", "How many come back?", low=0, high=100)',
    'pieces = predict("03 pieces", "How often?", choices=["once", "three times"])',
    'quiz("00 bytes")',
    PANEL,
]
PREDICTION, UNANSWERED, QUIZ, SLIDERS = 1, 2, 3, 4
# JupyterLab looks for the controls for two seconds, and shows an error when it has not found them.
GIVEN_UP = """() => [...document.querySelectorAll('.jp-OutputArea-output')]
    .filter(each => each.textContent.includes('Error displaying widget')).length === 4"""


@pytest.fixture(scope="module")
def next_day(browsing) -> Iterator[LabPage]:
    """The notebook, opened anew with a kernel of its own, in which no cell has run."""
    browsing.server.progress.unlink(missing_ok=True)
    browsing.write(NOTEBOOK, CELLS)
    with browsing.opened(NOTEBOOK) as lab:
        lab.run_all(NOTEBOOK)
        assert lab.errors(NOTEBOOK) == []
        lab.page.get_by_label("Your prediction").fill("64")
        lab.page.get_by_role("button", name="Keep", exact=True).click()
        output(lab, PREDICTION).get_by_role("alert").filter(has_text="64").wait_for()
        output(lab, QUIZ).get_by_role("button", name="B", exact=True).click()
        output(lab, QUIZ).get_by_role("alert").filter(has_text="B: Right.").wait_for()
        assert lines(lab) == 0
        lab.save({PREDICTION: "Your prediction: 64.", QUIZ: "B: Right."})
        lab.shut_down()
        lab.reload()
        yield lab


def output(lab: LabPage, number: int):
    return lab.page.locator(".jp-CodeCell").nth(number).locator(".jp-OutputArea")


def lines(lab: LabPage) -> int:
    return lab.page.get_by_text(LINE).filter(visible=True).count()


def shown(lab: LabPage) -> dict[int, str]:
    return {cell: output(lab, cell).inner_text() for cell in range(1, len(CELLS))}


def test_each_question_shows_itself_with_the_last_answer_or_how_to_answer(next_day: LabPage):
    next_day.wait(GIVEN_UP)
    said = shown(next_day)
    assert not [cell for cell, text in said.items() if "widget" in text]
    assert said[PREDICTION].startswith("≈ Predict. How many come back?")
    assert "Your prediction: 64." in said[PREDICTION]
    assert said[UNANSWERED].endswith("Run this cell to answer.")
    assert "B: Right." in said[QUIZ]
    assert said[QUIZ].endswith("Run this cell to answer again.")
    assert "Run this cell to move the sliders: n from 0 to 10" in said[SLIDERS]
    assert output(next_day, SLIDERS).locator("img[alt='n is 0']").is_visible()


def test_when_the_cells_run_again_there_are_controls_in_place_of_the_lines(next_day: LabPage):
    assert lines(next_day) == 4
    next_day.run_all(NOTEBOOK)
    output(next_day, QUIZ).get_by_role("button", name="B", exact=True).wait_for()
    next_day.page.locator(".noUi-handle").wait_for()
    next_day.wait("count => document.querySelectorAll('.jupyter-button').length === count", arg=9)
    assert lines(next_day) == 0
    assert shown(next_day)[QUIZ].count("B: Right.") == 1
