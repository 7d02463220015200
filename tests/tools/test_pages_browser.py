"""Pages of the course in a browser: they can be answered, keep nobody out, and ask nobody else."""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from drive.lab_page import chromium, find_chromium
from drive.on_disk import ASSIGNMENTS, NOTEBOOKS, THOROUGH, name

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
CHAPTER, LARGEST = "02_tcp_server_and_client.html", "07_windows.html"
CLOSELY = ("/index.html", CHAPTER)  # what is looked at in all ways
PAGES = ["index.html", "glossary.html", "gallery.html", CHAPTER, LARGEST]
if THOROUGH:
    PAGES += [Path(name(path)).with_suffix(".html").as_posix() for path in NOTEBOOKS + ASSIGNMENTS]
# What depends on the width, and what on the colours, which is asked again where they are others.
OF_WIDTH = ["scrollable-region-focusable", "target-size"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
WAYS = [  # width, what the browser is told of the reader, rules or all
    (1280, {}, None),
    (1280, {"color_scheme": "dark"}, OF_COLOURS),
    (768, {}, OF_WIDTH),
    (640, {"reduced_motion": "reduce"}, OF_WIDTH),  # a window of 1280 at 200 %
    (320, {"forced_colors": "active"}, [*OF_WIDTH, *OF_COLOURS]),
]
PLAIN = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "no-preference"}
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
# When the first text was drawn, in seconds, and how much has moved until all scripts have run.
DRAWN = """() => new Promise((done, failed) => {
    let moved = 0;
    setTimeout(() => failed(new Error('no text was drawn')), 20000);
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) { moved += entry.value; }
    }).observe({type: 'layout-shift', buffered: true});
    new PerformanceObserver(list => {
        for (const {startTime} of list.getEntriesByName('first-contentful-paint')) {
            requestAnimationFrame(() => setTimeout(() => done([startTime / 1000, moved])));
        }
    }).observe({type: 'paint', buffered: true});
})"""


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
        self.said: list[str] = []  # errors on the console: also what the page's policy has stopped
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("console", lambda one: self.said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, name: str) -> None:
        """Open a page of the site, which nobody has answered anything on."""
        self.page.goto((self.site / name).as_uri())

    def card(self, name: str):
        """The card of a question on the page."""
        return self.page.locator(f'.course-card[data-name="{name}"]').first

    def kept(self) -> dict:
        """What the browser keeps of the answers."""
        return self.page.evaluate("() => window.courseKept.read()")

    def violations(self, options: dict) -> list[str]:
        """Return a sentence for each place on the page that keeps somebody out."""
        asked = {"resultTypes": ["violations"], "preload": False, **options}  # of other machines
        found = self.axe.run(self.page, options=asked)
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


def test_a_page_asks_no_other_machine_for_anything_and_breaks_no_rule_of_its_own(opened: Reader):
    assert opened.addresses
    for address in opened.addresses:
        assert address.startswith((opened.site.as_uri(), "data:")), address
    assert opened.said == []


def test_the_first_text_is_there_at_once_and_nothing_moves(opened: Reader):
    for _ in range(5):  # the quickest counts: others may keep this machine busy
        seconds, moved = opened.page.evaluate(DRAWN)
        assert moved == 0
        if seconds < 0.5:
            break
        opened.page.reload()
    assert seconds < 0.5


def test_nothing_on_a_page_keeps_anybody_out(opened: Reader):
    found = []
    opened.page.evaluate(ONE_OF_EACH)
    try:
        for width, told, rules in WAYS[: None if opened.page.url.endswith(CLOSELY) else 2]:
            opened.page.set_viewport_size({"width": width, "height": 800})
            opened.page.emulate_media(**PLAIN | told)
            assert opened.page.evaluate(TOO_WIDE) <= 0, f"at {width} pixels"
            options = {"runOnly": rules} if rules else {}
            found += [f"{width} {told}: {each}" for each in opened.violations(options)]
    finally:
        opened.page.set_viewport_size({"width": 1280, "height": 800})
        opened.page.emulate_media(**PLAIN)
    assert not found, "\n".join(found)


def test_what_helpers_show_when_something_is_wrong_keeps_nobody_out(reader: Reader):
    """The saved chapters show what went well; a learner also meets the rest."""
    reader.open("glossary.html")
    shown = shown_by_helpers()
    reader.page.evaluate(
        "shown => { document.querySelector('main').innerHTML = '<h1>Shown</h1>' + shown; }",
        "".join(f'<div class="outputs scrolls" tabindex="0">{each}</div>' for each in shown),
    )
    for fold in reader.page.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    found = reader.violations({})
    reader.page.emulate_media(color_scheme="dark")
    found += reader.violations({"runOnly": OF_COLOURS})
    reader.page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


def test_a_key_leads_past_the_links_to_the_text(reader: Reader):
    reader.open("index.html")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("() => document.activeElement.textContent") == "To the text"
    reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("#main")


def test_a_question_is_answered_on_the_page_and_kept(reader: Reader):
    reader.open(CHAPTER)
    card = reader.card("02 wrong line")
    told = card.locator(".course-feedback")
    letters = card.locator(".letter")
    right = card.locator("[data-right]").get_attribute("data-choice")
    wrong = next(each for each in letters.all() if each.get_attribute("data-choice") != right)
    wrong.press("Enter")
    assert "Not quite." in told.inner_text() and "Try another." in told.inner_text()
    card.locator(f'.letter[data-letter="{right[0]}"]').click()
    assert f"{right[0]}: Right." in told.inner_text()
    assert reader.kept()["quizzes"]["02 wrong line"]["right"] is True
    assert reader.kept()["seen"]["02 wrong line"]["missed"] is True
    reader.page.reload()
    assert f"You answered {right[0]}: right." in told.inner_text()
    assert reader.page.evaluate(DRAWN)[1] == 0


def test_a_click_on_a_packet_answers_a_puzzle(reader: Reader):
    reader.open("index.html")
    packet = reader.page.get_by_role("button", name="Choose C: Ping 3").first
    packet.press("Enter")
    assert "C: Right." in reader.card("05 what happened").locator(".course-feedback").inner_text()


def test_an_order_says_what_comes_too_early_and_when_it_is_right(reader: Reader):
    reader.open(CHAPTER)
    card = reader.card("02 a server's steps")
    told = card.locator(".course-feedback")
    order = [each.get_attribute("data-choice")[0] for each in card.locator("li").all()]
    card.get_by_role("button", name=f"{order[1]}:").click()
    assert f"{order[1]}: Not yet." in told.inner_text()
    for letter in order:
        card.get_by_role("button", name=f"{letter}:").click()
    assert f"The order is {', '.join(order)}." in told.inner_text()
    card.get_by_role("button", name="Begin again").click()
    assert "which line comes first?" in told.inner_text()


def test_a_prediction_is_set_beside_the_result(reader: Reader):
    reader.open(CHAPTER)
    card = reader.card("02 first recv")
    told = card.locator(".course-feedback")
    card.locator("input").fill("many")
    card.locator("input").press("Enter")
    assert "Not kept. Type a number from 0 to 3000." in told.inner_text()
    card.locator("input").fill("about 1,500 bytes")
    card.get_by_role("button", name="Keep").click()
    assert "Your prediction: 1500 bytes." in told.inner_text()
    result = reader.page.locator("details.result[data-measured*='02 first recv']")
    result.locator("summary").click()
    result.locator(".compared").wait_for()
    assert "You predicted 1500 bytes, " in result.locator(".compared").inner_text()
    assert "measured" in reader.kept()["firsts"]["02 first recv"]


def test_the_answers_are_taken_away_as_a_file_of_the_notebooks_form(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from helpers.study import progress

    reader.open("index.html")
    assert " answered here" in reader.page.locator(".answered").nth(2).inner_text()
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(file))
    assert progress.answers() == reader.kept()["quizzes"]
    assert progress.prediction("02 first recv") == 1500
    forget = reader.page.locator(".forget")
    forget.click()
    forget.click()
    assert "Nothing is answered yet." in reader.page.locator("#kept .said").inner_text()
    reader.page.locator("input.bring").set_input_files(file)
    reader.page.get_by_text("progress.json is taken in.").wait_for()
    assert reader.kept()["quizzes"] == json.loads(file.read_text(encoding="utf-8"))["quizzes"]


def test_the_search_finds_a_word_a_heading_and_a_name_in_code(reader: Reader):
    reader.open(CHAPTER)
    reader.page.keyboard.press("/")
    found = reader.page.locator(".found li")
    for typed, where in (
        ("backlog", "Words of the course"),
        ("wrong order", "01 What is a socket?"),
        ("create_server", "02 A TCP server and its client"),
        ("xyzzy backlog", "Words of the course"),  # where nothing has all words
    ):
        reader.page.locator("#searched").fill(typed)
        found.filter(has_text=where).first.wait_for()
    reader.page.locator("#searched").fill("listener's queue accept")
    found.first.locator("mark").first.wait_for()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/*#*")
    reader.page.keyboard.press("/")
    reader.page.locator("#searched").fill("xyzzy")
    reader.page.get_by_text("0 places").wait_for()
    assert not found.count()


def test_code_is_copied_and_scrolls_in_a_box_that_keys_reach(reader: Reader):
    reader.page.set_viewport_size({"width": 390, "height": 800})
    try:
        reader.open(CHAPTER)
        box = reader.page.locator(".code:has(.copy) pre.scrolls:visible[tabindex='0']").first
        box.focus()
        reader.page.keyboard.press("ArrowRight")
        reader.page.wait_for_function("() => document.activeElement.scrollLeft > 0")
        code = reader.page.locator(".code:has(.copy):has(pre:visible)").nth(1)
        reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        code.locator(".copy").click()
        code.get_by_text("Copied").wait_for()
        copied = reader.page.evaluate("() => navigator.clipboard.readText()")
        assert copied == code.locator("pre").inner_text().rstrip("\n")
        contents = reader.page.locator("#contents")
        assert contents.is_hidden()
        reader.page.get_by_role("button", name="Contents").click()
        contents.get_by_role("link").filter(has_text="Words of this chapter").click()
        assert contents.is_hidden()
    finally:
        reader.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_picture_opens_large_and_the_theme_stays(reader: Reader):
    reader.open(CHAPTER)
    reader.page.locator(".tools .larger:visible").first.click()
    large = reader.page.locator("dialog.large img")
    assert large.get_attribute("alt")
    assert large.bounding_box()["width"] > 900
    reader.page.keyboard.press("Escape")
    reader.page.locator(".to-theme").click()
    reader.page.locator(".to-theme").click()
    reader.page.reload()
    assert reader.page.locator("html").get_attribute("data-theme") == "dark"
    reader.page.locator(".to-theme").click()
    assert reader.page.locator(".to-theme").inner_text() == "Theme: auto"


def test_on_paper_results_are_open_and_answers_are_not(reader: Reader):
    reader.open(CHAPTER)
    reader.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    reader.page.emulate_media(media="print")
    assert reader.page.locator("details.result:not([open])").count() == 0
    assert reader.page.locator(".answers:visible, .side:visible, .copy:visible").count() == 0
    reader.page.emulate_media(media="screen")


SHOWN = """picture => [...picture.shadowRoot.querySelectorAll('g.packet')]
    .filter(each => getComputedStyle(each).visibility === 'visible').length"""


class Diagram:
    """The first diagram of a page, and the buttons below it."""

    def __init__(self, page) -> None:
        figure = page.locator(".figure:has(.diagram)").first
        self.picture, self.bar = figure.locator(".diagram"), figure.locator(".player")

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
        assert not page.locator(".player:visible").count()
        page.goto((reader.site / CHAPTER).as_uri())
        assert page.locator(".course-question .answers > summary").first.is_visible()
        assert page.locator(".course-card .letters:visible, form:visible").count() == 0


def test_the_axe_finds_a_picture_without_words_and_a_colour_too_faint(reader: Reader):
    reader.open("index.html")
    reader.page.evaluate(
        """() => {
            document.querySelector('main').insertAdjacentHTML('beforeend', '<img src="data:,">');
            document.querySelector('.lead').style.cssText = 'color: #bbbbbb; background: #ffffff';
        }"""
    )
    found = "\n".join(reader.violations({}))
    assert "image-alt" in found
    assert "color-contrast" in found
