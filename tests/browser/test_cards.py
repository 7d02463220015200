"""Puzzles, orders and questions to recall in JupyterLab: by mouse, by keys, by a packet."""

import json
from collections.abc import Iterator

import pytest
from drive.lab_page import LabPage

from browser.geometry import CUT_OFF, TOO_FAINT

NOTEBOOK = "notebooks/cards.ipynb"
FIRST = """import sys

sys.path.insert(0, "..")
from helpers import order, page_style, puzzle, quiz, review

page_style()"""
CELLS = [
    FIRST,
    'puzzle("05 what happened")',
    'order("02 a server\'s steps")',
    'review("03")',
    'quiz("02 wrong line")',
]
STEPS = "BEACFD"  # the letters of an order, as its name mixes the lines


@pytest.fixture(scope="module")
def lab(browsing) -> Iterator[LabPage]:
    """A notebook with a card of each kind, in a browser."""
    browsing.write(NOTEBOOK, CELLS)
    with browsing.opened(NOTEBOOK) as page:
        yield page


@pytest.fixture
def fresh(lab: LabPage) -> LabPage:
    """The same page after all cells ran, with nothing answered."""
    lab.server.progress.unlink(missing_ok=True)
    lab.run_all(NOTEBOOK)
    assert lab.errors(NOTEBOOK) == []
    packets(lab).first.wait_for()
    return lab


def output(lab: LabPage, number: int):
    return lab.page.locator(".jp-CodeCell").nth(number).locator(".jp-OutputArea")


def button(lab: LabPage, cell: int, letter: str):
    return output(lab, cell).get_by_role("button", name=letter, exact=True)


def packets(lab: LabPage):
    return output(lab, 1).locator("svg .packet[role=button]")


def hears(lab: LabPage, cell: int, text: str) -> None:
    """Wait until a cell's feedback, read out at once, says this."""
    output(lab, cell).get_by_role("alert").filter(has_text=text).first.wait_for()


def test_a_click_on_a_packet_answers_a_puzzle(fresh: LabPage):
    packets(fresh).nth(0).click(force=True)
    hears(fresh, 1, "A: Not quite.")
    fresh.page.get_by_role("button", name="Choose C: Ping 3").nth(1).click(force=True)
    hears(fresh, 1, "C: Right.")
    kept = json.loads(fresh.server.progress.read_text())
    assert kept["quizzes"]["05 what happened"]["right"] is True


def test_a_packet_is_reached_and_chosen_by_keys(fresh: LabPage):
    packets(fresh).nth(0).focus()
    fresh.page.keyboard.press("ArrowDown")
    focused = "document.activeElement.shadowRoot.activeElement.getAttribute('aria-label')"
    assert "Choose B: Ping 2" in fresh.page.evaluate(focused)
    fresh.page.keyboard.press("Enter")
    hears(fresh, 1, "B: Not quite.")
    fresh.page.keyboard.press("Space")
    hears(fresh, 1, "B: Not quite.")


def test_a_puzzle_is_answered_by_choosing_too(fresh: LabPage):
    button(fresh, 1, "C").click()
    hears(fresh, 1, "C: Right.")


def test_lines_are_put_in_order_by_keys_alone(fresh: LabPage):
    button(fresh, 2, STEPS[1]).focus()
    fresh.page.keyboard.press("Enter")
    hears(fresh, 2, "Not yet. The loop is for the clients")
    for number, letter in enumerate(STEPS, start=1):
        button(fresh, 2, letter).focus()
        fresh.page.keyboard.press("Enter")
        far = ", ".join(STEPS[:number])
        hears(fresh, 2, f"So far: {far}." if number < 6 else f"The order is {far}.")


def test_three_questions_are_recalled_and_answered(fresh: LabPage):
    assert output(fresh, 3).get_by_text("Recall, from chapter").count() == 3
    button(fresh, 3, "A").nth(1).click()
    hears(fresh, 3, "A: ")


def test_every_text_stands_out_and_nothing_is_cut_off(fresh: LabPage):
    button(fresh, 1, "A").click()
    hears(fresh, 1, "A: Not quite.")
    button(fresh, 2, STEPS[0]).click()
    hears(fresh, 2, "So far:")
    try:
        for theme in ("dark", "light"):
            fresh.theme(theme)
            assert (theme, fresh.page.evaluate(TOO_FAINT)) == (theme, [])
    finally:
        fresh.theme("light")
    fresh.page.set_viewport_size({"width": 400, "height": 1200})
    try:
        button(fresh, 2, "A").scroll_into_view_if_needed()
        assert fresh.page.evaluate(CUT_OFF) == []
    finally:
        fresh.page.set_viewport_size({"width": 1280, "height": 1600})
