"""Every page of the course in a browser: axe-core finds nothing, and nothing leaves the machine."""

import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from drive.lab_page import chromium, find_chromium
from drive.on_disk import NOTEBOOKS, name

from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed
from helpers.checks.report import Report
from helpers.checks.wrong import Misconception
from helpers.figures.explore import explore
from helpers.figures.plots import chart
from helpers.look.choice import Feedback
from helpers.study import at_work, progress, progress_page
from helpers.study.course_map import course_map
from helpers.study.machine import Finding, MachineCheck
from helpers.trace.packet_table import packet_table
from helpers.trace.trace import Trace

REQUIRED = os.environ.get("CI") == "true" and sys.platform == "linux"
PAGES = [Path(name(path)).with_suffix(".html").as_posix() for path in NOTEBOOKS]
PAGES += ["index.html", "solutions/index.html", "gallery.html"]
# Only what a reader sees depends on the colours, and asking for the rest twice takes long. The
# solutions have the colours of the chapters.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
# Of the words of code on a page, one of each look stays marked up: axe-core looks at each element,
# and thousands that look the same would take most of its time.
ONE_OF_EACH = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll('.code pre span')) {
        if (seen.has(word.className)) { word.replaceWith(word.textContent); }
        seen.add(word.className);
    }
}"""
# How much wider than the window the page is, in CSS pixels.
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def shown_by_helpers() -> list[str]:
    """The HTML of a failed check, a table with problems, packets and an error of an experiment."""
    hints = ("Look at the length.", "Read `recv` again.", "Loop.")
    trace = Trace()
    trace.record("client 1", "server", "data", b"hello")
    trace.record("server", "client 1", "reset")
    belief = Misconception("one recv is one message", "It is not: it is what has come.", hints)
    outcome = failed(Case("in pieces", "It sends a byte.", print, hints), "Got `b'h'`.", belief)
    outcome.trace, outcome.details = trace, 'Traceback\n  File "<cell>", line 3'
    last = Outcome(Case("the last", "It waits.", print, hints), "No time was left.", tried=False)
    report = Report("ask", [outcome, last], left=["A socket was left open."], remark="Not kept.")
    table = MachineCheck(
        [Finding("a port", "taken", state, "Close it.") for state in ("ok", "note")]
    )
    table.findings.append(Finding("IPv6", "none", "problem", "Switch it on."))
    feedback = Feedback()
    feedback.say("B: Not quite.", "Look at `recv`. Try another.")

    panel = explore(lambda n: n, lambda axes, n: "a number", chart("A", "b", "c")[1], n=(0, 1))
    error = panel._error_bundle(RuntimeError("nothing is left"), {"n": 1})["text/html"]
    shown = [report._repr_html_(), table._repr_html_(), packet_table(trace)._repr_html_()]
    at_work.keep_work("05", 3600, "a cell")
    for number in range(3):
        progress.keep_prediction(f"05 {number}", number)
        progress.keep_measured(f"05 {number}", 9)
    shown += [
        course_map()._repr_html_(),
        progress_page.progress()._repr_html_(),
        feedback.widget.value,
        error,
    ]
    panel.close()
    feedback.widget.close()
    return shown


class Reader:
    """A browser's page on the site, and every address that it asked for."""

    def __init__(self, site: Path, page) -> None:
        from axe_playwright_python.sync_playwright import Axe

        self.site, self.page, self.axe = site, page, Axe()
        self.addresses: list[str] = []
        page.on("request", lambda request: self.addresses.append(request.url))

    def open(self, name: str) -> None:
        """Open a page of the site."""
        self.page.goto((self.site / name).as_uri())

    def violations_in(self, schemes: Iterable[str]) -> list[str]:
        """Return a sentence for each place that keeps somebody out, in some of `RULES`."""
        found = []
        self.page.evaluate(ONE_OF_EACH)
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)
            found += [f"{scheme}: {sentence}" for sentence in self.violations(RULES[scheme])]
        return found

    def violations(self, options: dict) -> list[str]:
        """Return a sentence for each place on the page that keeps somebody out."""
        found = self.axe.run(self.page, options={"resultTypes": ["violations"], **options})
        return [
            f"{rule['id']}: {node['failureSummary']}\n  at {node['target']}: {node['html'][:200]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]


@pytest.fixture(scope="module")
def reader(site: Path) -> Iterator[Reader]:
    """A reader in a headless Chromium."""
    for there, what in (
        (importlib.util.find_spec("playwright"), "playwright is not installed"),
        (importlib.util.find_spec("axe_playwright_python"), "axe-core is not installed"),
        (find_chromium(), "this machine has no Chromium"),
    ):
        if not there:
            (pytest.fail if REQUIRED else pytest.skip)(what)
    with chromium() as browser:
        yield Reader(site, browser.new_page(viewport={"width": 1280, "height": 800}))


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, reader: Reader) -> Reader:
    """The reader with one page open: the tests of a page follow each other, in their order."""
    reader.addresses.clear()
    reader.open(request.param)
    return reader


def test_a_click_on_a_packet_opens_the_answer(reader: Reader):
    reader.open("gallery.html")
    opened = "[...document.querySelectorAll('details:has([data-choice])')].map(each => each.open)"
    reader.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    reader.page.get_by_role("button", name="Choose B: the second").nth(2).press("Enter")
    assert reader.page.evaluate(opened)[0] is True
    assert reader.page.evaluate(opened).count(True) == 1
    assert "It ends." in reader.page.evaluate("document.activeElement.textContent")


def test_a_page_asks_no_other_machine_for_anything(opened: Reader):
    assert opened.addresses
    for address in opened.addresses:
        assert address.startswith((opened.site.as_uri(), "data:")), address


def test_a_page_fits_a_narrow_window_and_four_times_its_size(opened: Reader):
    try:
        for width in (640, 320):  # a window of 1280 at 200 % and at 400 %
            opened.page.set_viewport_size({"width": width, "height": 800})
            assert opened.page.evaluate(TOO_WIDE) <= 0, f"at {width} pixels"
    finally:
        opened.page.set_viewport_size({"width": 1280, "height": 800})


def test_nothing_on_a_page_keeps_anybody_out(opened: Reader):
    of_a_chapter = "solutions" not in opened.page.url
    found = opened.violations_in(RULES if of_a_chapter else ["light"])
    assert not found, "\n".join(found)


def test_what_helpers_show_when_something_is_wrong_keeps_nobody_out(reader: Reader):
    """The saved chapters show what went well; a learner also meets the rest."""
    reader.open("index.html")
    reader.page.evaluate(
        "shown => { document.querySelector('main').innerHTML = '<h1>Shown</h1>' + shown; }",
        "".join(f'<div class="outputs">{html}</div>' for html in shown_by_helpers()),
    )
    for fold in reader.page.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    found = reader.violations_in(RULES)
    assert not found, "\n".join(found)


def test_a_key_leads_past_the_links_to_the_text(reader: Reader):
    reader.open("index.html")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("() => document.activeElement.textContent") == "To the text"
    reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("#main")


SHOWN = """picture => [...picture.shadowRoot.querySelectorAll('g.packet')]
    .filter(each => getComputedStyle(each).visibility === 'visible').length"""


class Diagram:
    """The first diagram of a page, and the buttons below it."""

    def __init__(self, page) -> None:
        self.picture = page.locator(".diagram").first
        self.bar = page.locator(".diagram + .player").first

    @property
    def shown(self) -> int:
        """How many packets are to be seen."""
        return self.picture.evaluate(SHOWN)

    def press(self, name: str) -> None:
        self.bar.get_by_role("button", name=name, exact=True).click()


def test_a_diagram_is_shown_packet_by_packet_by_buttons_and_keys(reader: Reader):
    reader.open("gallery.html")
    diagram = Diagram(reader.page)
    everything = diagram.shown
    diagram.press("Next")
    assert diagram.shown == 1
    assert diagram.bar.locator(".said").inner_text().startswith(f"1 of {everything}: ")
    reader.page.keyboard.press("ArrowRight")
    assert diagram.shown == 2
    diagram.press("Back")
    assert diagram.shown == 1
    reader.page.keyboard.press("Home")
    reader.page.keyboard.press("ArrowLeft")  # there is none before
    assert diagram.shown == 0
    reader.page.keyboard.press("End")
    assert diagram.shown == everything


def test_a_diagram_plays_to_its_end_and_stops(reader: Reader):
    with reader.page.context.browser.new_page() as page:  # whose clock is its own
        page.clock.install()
        page.goto((reader.site / "gallery.html").as_uri())
        diagram = Diagram(page)
        everything = diagram.shown
        diagram.press("Play")
        assert diagram.shown == 1
        page.clock.run_for(1_300)
        assert diagram.shown == 2
        diagram.press("Pause")
        page.clock.run_for(10_000)
        assert diagram.shown == 2
        diagram.press("Play")
        page.clock.run_for(100_000)
        assert diagram.shown == everything
        assert diagram.bar.get_by_role("button", name="Play", exact=True).is_visible()


def test_without_scripts_the_whole_diagram_stands(reader: Reader):
    with reader.page.context.browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((reader.site / "gallery.html").as_uri())
        assert page.locator("img[alt^='Sequence diagram']").first.is_visible()
        assert not page.locator(".player").count()


def test_the_axe_finds_a_picture_without_words_and_a_colour_too_faint(reader: Reader):
    reader.open("index.html")
    reader.page.evaluate(
        """() => document.querySelector('main').insertAdjacentHTML('beforeend',
            '<img src="data:,"><p style="color: #bbbbbb; background: #ffffff">faint</p>')"""
    )
    found = "\n".join(reader.violations({}))
    assert "image-alt" in found
    assert "color-contrast" in found
