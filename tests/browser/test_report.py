"""A failed check as a learner meets it in JupyterLab: what is read first, folds, themes, width."""

from collections.abc import Iterator

import nbformat
import pytest
from drive.lab_page import LabPage

from browser.geometry import CUT_OFF, TOO_FAINT

NOTEBOOK = "notebooks/reports.ipynb"
FIRST = """import socket
import sys

sys.path.insert(0, "..")
from helpers import check, page_style, progress

page_style()"""
ASK = """def ask(address, request, timeout):
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(4096)


check(ask)"""
REPORT = ".course-check"
# The texts that are seen, from the largest down, of the same size in their order on the page.
BY_SIZE = """() => {
    const card = document.querySelector('.course-check');
    const texts = [...card.querySelectorAll('p, summary, li')];
    const seen = texts.filter(each => each.checkVisibility());
    const size = each => parseFloat(getComputedStyle(each).fontSize);
    return seen.sort((one, two) => size(two) - size(one)).map(each => each.innerText.trim());
}"""


@pytest.fixture(scope="module")
def lab(browsing) -> Iterator[LabPage]:
    """A notebook with a check that has failed, and the page of progress."""
    browsing.write(NOTEBOOK, [FIRST, ASK, "progress()"])
    with browsing.opened(NOTEBOOK) as page:
        page.run_all(NOTEBOOK)
        assert page.errors(NOTEBOOK) == []
        page.page.locator(REPORT).wait_for()
        yield page


def test_the_largest_words_are_the_verdict_and_then_the_failure_to_mend(lab: LabPage):
    largest = lab.page.evaluate(BY_SIZE)
    assert largest[0].split() == ["✗", "ask:", "2", "of", "7", "cases", "failed"]
    assert largest[1] == "Mend this first: an answer in four pieces, with pauses"


def test_hints_open_one_by_one_by_a_key(lab: LabPage):
    hints = [lab.page.locator("summary", has_text=f"{which} hint") for which in ("First", "Second")]
    assert hints[0].is_visible() and not hints[1].is_visible()
    hints[0].focus()
    lab.page.keyboard.press("Enter")
    hints[1].wait_for()
    lab.page.keyboard.press("Tab")
    assert hints[1].evaluate("each => each === document.activeElement")
    hints[0].evaluate("each => { each.parentElement.open = false; }")


def test_every_text_stands_out_in_both_themes_with_all_folds_open(lab: LabPage):
    folds = "open => document.querySelectorAll('details').forEach(each => { each.open = open; })"
    lab.page.evaluate(folds, True)
    try:
        for theme in ("dark", "light"):
            lab.theme(theme)
            assert (theme, lab.page.evaluate(TOO_FAINT)) == (theme, [])
    finally:
        lab.theme("light")
        lab.page.evaluate(folds, False)


def test_nothing_is_cut_off_on_a_quarter_of_the_width(lab: LabPage):
    lab.page.set_viewport_size({"width": 400, "height": 1200})
    try:
        lab.page.locator(REPORT).scroll_into_view_if_needed()
        assert lab.page.evaluate(CUT_OFF) == []
    finally:
        lab.page.set_viewport_size({"width": 1280, "height": 1600})


def test_without_trust_the_style_is_gone_and_the_words_are_the_same(lab: LabPage, browsing):
    lab.command("docmanager:save")
    saved = nbformat.read(lab.server.folder / NOTEBOOK, as_version=4)
    shown = lab.page.locator(REPORT).inner_text().split()
    for cell in saved.cells:
        cell.source += "  # other code, so nobody has run these cells here"
    other = "notebooks/strangers.ipynb"
    (lab.server.folder / other).write_text(nbformat.writes(saved), encoding="utf-8")
    lab.go_on_to(other)
    try:
        card = lab.page.locator(REPORT)
        card.wait_for()
        # Without those inside of a diagram that the page's own script has unpacked.
        assert lab.page.evaluate("document.querySelector('.jp-OutputArea style')") is None
        assert [word for word in shown if word not in card.inner_text().split()] == []
        lab.page.locator("summary", has_text="First hint").click()
        lab.page.locator("summary", has_text="Second hint").wait_for()
        assert card.locator(".course-picture").is_visible()
    finally:
        lab.shut_down()
        lab.go_on_to(NOTEBOOK)
