"""Diagrams in JupyterLab: a packet that is pointed at, or reached by keys, shows its bytes."""

from collections.abc import Iterator

import pytest
from drive.lab_page import LabPage

NOTEBOOK = "notebooks/diagrams.ipynb"
FIRST = """import sys

sys.path.insert(0, "..")
from helpers import page_style, sequence_diagram
from helpers.trace.trace import Trace

page_style()"""
SECOND = """trace = Trace()
for number in range(1, 4):
    trace.record("client 1", "server", "datagram", b"reading %d" % number)
sequence_diagram(trace, "Three readings", roles=("sensor", "collector"))"""


@pytest.fixture(scope="module")
def lab(browsing) -> Iterator[LabPage]:
    """A notebook with a diagram, in a browser, after its cells ran."""
    browsing.write(NOTEBOOK, [FIRST, SECOND])
    with browsing.opened(NOTEBOOK) as page:
        page.run_all(NOTEBOOK)
        packets(page).first.wait_for()
        yield page


def packets(lab: LabPage):
    return lab.page.locator("div.course-picture .packet")


def told(lab: LabPage) -> str:
    return lab.page.locator("div.course-picture .told").inner_text()


def test_pointing_at_a_packet_lifts_it_and_shows_its_bytes(lab: LabPage):
    packets(lab).nth(1).locator("text").first.hover()
    assert "sensor to collector: 9 bytes" in told(lab)
    assert "72 65 61 64 69 6e 67 20 32  reading 2" in told(lab)
    assert "lifted" in packets(lab).nth(1).get_attribute("class")
    assert "lifted" not in packets(lab).nth(0).get_attribute("class")
    lab.page.mouse.move(2, 2)
    assert told(lab) == ""


def test_the_arrow_keys_go_from_packet_to_packet_and_leave_the_notebook_alone(lab: LabPage):
    packets(lab).first.focus()
    assert "reading 1" in told(lab)
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowDown")  # there is no fourth
    assert "reading 3" in told(lab)
    focused = "document.activeElement.shadowRoot.activeElement.getAttribute('aria-label')"
    assert "reading 3" in lab.page.evaluate(focused)
    lab.page.keyboard.press("Escape")
    assert told(lab) == ""


def test_a_click_on_a_packet_is_an_event_with_its_number(lab: LabPage):
    lab.page.evaluate(
        "document.addEventListener('course-packet', (event) => { window.got = event.detail; })"
    )
    packets(lab).nth(2).locator("text").first.click()
    got = lab.page.evaluate("window.got")
    assert (got["number"], got["packet"]["fate"], got["packet"]["size"]) == (3, "delivered", "9")


def test_the_page_keeps_its_own_looks_and_the_picture_follows_the_theme(lab: LabPage):
    host = lab.page.locator("div.course-picture")
    assert host.evaluate("host => host.shadowRoot !== null && !host.querySelector('style')")
    lab.theme("dark")
    assert "invert" in host.evaluate("host => getComputedStyle(host).filter")
    lab.theme("light")


HOSTILE = """import base64
from IPython.display import HTML
svg = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="window.bad = 1">'
    '<style>@import "http://127.0.0.1:9/a.css";</style><script>window.bad = 2</script>'
    '<g class="packet" data-bytes="" onfocus="window.bad = 3" tabindex="0"><title>t</title>'
    '<text>words</text><path d="M0 0h9"/></g><foreignObject><b>no</b></foreignObject></svg>'
)
data = base64.b64encode(svg.encode()).decode()
HTML(f'<img class="course-picture" alt="hostile" src="data:image/svg+xml;base64,{data}">')"""


def test_what_a_diagram_does_not_have_is_taken_out_of_a_picture_before_it_is_unpacked(browsing):
    name = browsing.write("notebooks/hostile.ipynb", [FIRST, HOSTILE])
    with browsing.opened(name) as page:
        page.run_all(name)
        packets(page).first.wait_for()
        packets(page).first.focus()
        inside = "document.querySelector('div.course-picture').shadowRoot.querySelector('svg')"
        kept = page.page.evaluate(f"{inside}.outerHTML")
        assert "words" in kept
        assert not [word for word in ("bad", "import", "foreign", "script") if word in kept]
        assert page.page.evaluate("window.bad") is None
