"""The live view as a learner meets it: packets are stopped while the cell that sends them runs."""

from collections.abc import Iterator

import pytest
from drive.lab_page import CODE_CELLS, LabPage

from browser.geometry import CUT_OFF

NOTEBOOK = "notebooks/live.ipynb"
FIRST = """import sys, time

sys.path.insert(0, "..")
import socket

from helpers import Link, live, page_style, run_server

page_style()


def swallow(sock):
    while True:
        sock.recv(100)


def run(count):
    # Until each packet has gone, or the slider is at its lowest.
    with (
        run_server(swallow, kind="udp", name="receiver") as server,
        Link(server.address, delay=45) as link,
        live(link, words=bytes.decode),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
    ):
        for number in range(count):
            sock.sendto(b"DATA %d" % number, link.address)
            time.sleep(0.01)
        ends = time.monotonic() + 50
        while link.in_flight() and link.up.settings["delay"] > 0.01 and time.monotonic() < ends:
            time.sleep(0.01)
    print([f"{event.number} {event.fate} {event.cause}".strip() for event in link.trace])"""
THREE, FIFTY = 1, 2  # cells
START = """number => {
    const {commands, shell} = window.jupyterapp;
    shell.currentWidget.content.activeCellIndex = number;
    commands.execute('notebook:run-cell');
}"""
HAS_RUN = f"""number => /\\[\\d+\\]/.test({CODE_CELLS}[number].node
    .querySelector('.jp-InputPrompt').textContent)"""
WITHOUT_SUBSHELLS = """() => {
    window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.commsOverSubshells
        = 'disabled';
}"""
INSIDE = """field => {
    const edge = field.getBoundingClientRect();
    return [...field.querySelectorAll('[role=option]')].every(each => {
        const box = each.getBoundingClientRect();
        return box.left >= edge.left - 1 && box.right <= edge.right + 1
            && box.top >= edge.top - 1 && box.bottom <= edge.bottom + 1;
    });
}"""


@pytest.fixture
def lab(browsing) -> Iterator[LabPage]:
    """A notebook whose first cell has run; no other has."""
    browsing.write(NOTEBOOK, [FIRST, "run(3)", "run(50)"])
    with browsing.opened(NOTEBOOK) as page:
        page.page.evaluate(START, 0)
        page.wait(HAS_RUN, arg=0)
        yield page


def cell(lab: LabPage, number: int):
    return lab.page.locator(".jp-CodeCell").nth(number).locator(".jp-OutputArea")


def start(lab: LabPage, number: int, packets: int):
    """Start a cell; return its view when so many packets are on their way."""
    lab.page.evaluate(START, number)
    view = cell(lab, number).locator(".course-live")
    view.get_by_role("option").nth(packets - 1).wait_for()
    return view


def said(view, sentence: str) -> None:
    """Wait until the view has said this, aloud too."""
    view.locator(".course-live-log li").filter(has_text=sentence).wait_for()


def printed(lab: LabPage, number: int) -> str:
    lab.wait(HAS_RUN, arg=number)
    return cell(lab, number).locator("pre").last.inner_text().strip()


def end(lab: LabPage, number: int, view) -> str:
    """End a run by the slider, by keys; return what the cell prints."""
    view.get_by_role("slider").focus()
    lab.page.keyboard.press("Home")
    return printed(lab, number)


def test_a_packet_is_killed_by_a_click_and_by_keys_while_the_cell_runs(lab: LabPage):
    view = start(lab, THREE, 3)
    view.get_by_role("option", name="DATA 1, to the server").click(force=True)
    said(view, "DATA 1 was killed by hand.")
    view.get_by_role("listbox").focus()
    lab.page.keyboard.press("End")
    chosen = view.get_by_role("option", selected=True)
    assert chosen.get_attribute("aria-label") == "DATA 2, to the server"
    lab.page.keyboard.press("Delete")
    said(view, "DATA 2 was killed by hand.")
    lab.page.keyboard.press("k")  # what is left is chosen by itself
    killed = ", ".join(f"'{number} dropped by hand'" for number in (1, 2, 3))
    assert printed(lab, THREE) == f"[{killed}]"
    alone = cell(lab, THREE).locator("svg[aria-label*='number 1, 2, 3 lost']")
    assert alone.count() == 1  # the diagram
    assert not view.get_by_role("option").count()
    assert view.get_by_role("status").inner_text() == "The run is over."


def test_packets_wait_in_a_pause_and_go_on_one_by_one(lab: LabPage):
    view = start(lab, THREE, 3)
    view.get_by_role("button", name="Pause", exact=True).click()
    said(view, "The link holds all packets.")
    assert lab.page.evaluate("() => document.activeElement.textContent") == "Pause"  # by keys too
    view.get_by_role("button", name="Step", exact=True).click()
    said(view, "DATA 0 has reached the server.")
    view.get_by_role("listbox").focus()
    lab.page.keyboard.press("s")
    said(view, "DATA 1 has reached the server.")
    lab.page.keyboard.press("g")
    said(view, "The link goes on.")
    assert view.get_by_role("option").count() == 1
    found = end(lab, THREE, view)
    assert found == "['1 delivered', '2 delivered', '3 in flight']"


def test_a_packet_is_doubled_and_held_by_keys_and_the_cell_is_not_deleted(lab: LabPage):
    view = start(lab, THREE, 3)
    view.get_by_role("listbox").focus()
    for _ in range(2):  # D D deletes a cell of JupyterLab's
        lab.page.keyboard.press("d")
    view.get_by_role("option").nth(4).wait_for()
    view.get_by_role("listbox").focus()
    lab.page.keyboard.press("h")
    said(view, "is held for 1 s.")
    assert lab.page.locator(".jp-CodeCell").count() == 3
    assert end(lab, THREE, view).count("duplicate") == 2


def test_fifty_packets_are_all_there_and_reached_by_keys(lab: LabPage):
    view = start(lab, FIFTY, 50)
    field = view.get_by_role("listbox")
    assert field.evaluate(INSIDE)
    field.focus()
    seen = set()
    lab.page.keyboard.press("Home")
    for _ in range(50):
        seen.add(view.get_by_role("option", selected=True).get_attribute("aria-label"))
        lab.page.keyboard.press("ArrowRight")
    assert len(seen) == 50
    lab.page.keyboard.press("k")
    said(view, "DATA 49 was killed by hand.")
    end(lab, FIFTY, view)


def test_it_keeps_nobody_out_in_both_themes_and_on_half_the_width(lab: LabPage):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    view = start(lab, THREE, 3)
    try:
        for theme in ("dark", "light"):
            lab.theme(theme)
            found = axe.run(lab.page, context=".course-live")
            assert not found.response["violations"], f"{theme}: {found.generate_report()}"
        lab.page.set_viewport_size({"width": 640, "height": 1600})  # a page at 200 % zoom
        assert lab.page.evaluate(CUT_OFF) == []
        assert view.get_by_role("listbox").evaluate(INSIDE)
    finally:
        lab.page.set_viewport_size({"width": 1280, "height": 1600})
    end(lab, THREE, view)


def test_a_front_end_that_answers_after_the_cell_only_says_so_and_acts_on_nothing(lab: LabPage):
    lab.page.evaluate(WITHOUT_SUBSHELLS)
    view = start(lab, THREE, 3)
    view.get_by_role("status").filter(has_text="answers only when the cell has ended").wait_for()
    view.get_by_role("option", name="DATA 1, to the server").click(force=True)
    said(view, "You can watch the packets here, but not stop them.")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    lab.wait(HAS_RUN, arg=THREE)
    told = "svg[aria-label*='3 packets from client 1 to server.']"
    assert cell(lab, THREE).locator(told).count() == 1
