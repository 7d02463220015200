"""Where there is little room, as beside an open side bar at 200 %, nothing is cut off or unread."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.figures import live
from helpers.look.asked import lettered_lines
from helpers.look.card import card
from helpers.look.style import SHEET
from helpers.look.unpacked import SCRIPT
from helpers.trace.diagram import sequence_diagram
from helpers.trace.trace import Trace

WIDTH = 182  # pixels: 1100 at 200 %, less JupyterLab's bars
SMALLEST = 384  # of a picture


def diagram() -> str:
    trace = Trace()
    for number in range(3):
        trace.record("client 1", "server", "datagram", b"reading %d" % number)
    return sequence_diagram(trace, "Three readings")._repr_mimebundle_()["text/html"]


def page_of(body: str) -> str:
    looks = SHEET + Path(live.__file__).with_name("view.css").read_text(encoding="utf-8")
    script = SCRIPT.read_text(encoding="utf-8")
    main = f"<main style='width:{WIDTH}px'>{body}</main>"
    return f"<style>{looks}</style>{main}<script>{script}</script>"


@pytest.fixture(scope="module")
def page(browsing) -> Iterator:
    """A narrow page, without a notebook."""
    with browsing.page_alone(WIDTH + 20, 800) as page:
        yield page


def test_a_diagram_stays_large_enough_to_be_read_and_is_moved_sideways(page):
    page.set_content(page_of(diagram()))
    view = page.locator("div.course-picture .view")
    view.wait_for()
    assert page.locator("div.course-picture svg").bounding_box()["width"] == SMALLEST
    assert view.evaluate("each => [each.clientWidth, each.scrollWidth]") == [WIDTH, SMALLEST]
    assert page.locator("div.course-picture .hint").bounding_box()["width"] <= WIDTH


def test_a_picture_without_scripts_stays_as_large(page):
    page.set_content(page_of(diagram()).partition("<script>")[0])
    assert page.locator("img.course-picture").bounding_box()["width"] == SMALLEST


def test_lines_of_code_keep_their_indents(page):
    lines = [("A", "while True:"), ("B", "    connection, peer = listener.accept()")]
    page.set_content(page_of(card("question", "02 steps", lettered_lines(lines))))
    listing = page.locator("pre")
    assert listing.evaluate("each => each.scrollWidth > each.clientWidth")
    assert listing.bounding_box()["width"] <= WIDTH


def test_the_live_views_readout_is_below_its_slider_and_not_cut_off(page):
    bar = (
        '<div class="course-live"><div class="course-live-bar"><label class="course-live-delay">'
        'Delay <input type="range"><span class="course-live-readout">600 ms</span></label></div>'
    )
    page.set_content(page_of(bar))
    box = page.locator(".course-live-readout").bounding_box()
    edge = page.locator("main").bounding_box()
    assert box["x"] + box["width"] <= edge["x"] + edge["width"]
