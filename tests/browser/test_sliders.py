"""Sliders as a learner meets them: in JupyterLab, moved by mouse and by keys."""

from collections.abc import Iterator

import nbformat
import pytest
from drive.controls import drag, type_number
from drive.lab_page import LabPage

from browser.geometry import CUT_OFF

NOTEBOOK = "notebooks/sliders.ipynb"
PANEL = """import sys

sys.path.insert(0, "..")
from helpers.figures.explore import Slider, explore
from helpers.figures.plots import chart
from helpers.look.palette import RED

figure, axes = chart("Where the settings are", "loss", "delay (s)")
axes.set(xlim=(-0.05, 0.95), ylim=(-5, 105))
runs = []


def experiment(loss, delay_ms, kind, on):
    runs.append(loss)
    if loss == 0.9:
        raise RuntimeError("nothing is left")
    return loss, delay_ms, kind, on


def draw(axes, data):
    loss, delay, kind, on = data
    axes.plot(loss, delay, "o" if kind == "independent" else "s", color=RED, alpha=1 if on else 0.3)
    return f"loss {loss}, delay {delay}, {kind}, {on}"


panel = explore(
    experiment,
    draw,
    axes,
    loss=Slider(0, 0.9, 0.05, start=0.5),
    delay_ms=Slider(0, 100, 5, start=50),
    kind=["independent", "bursts"],
    on=True,
)
panel"""
SLOW = """def count(n):
    return n


def show(axes, n):
    axes.plot(n, n, "o", color=RED)
    return f"n is {n}"


explore(count, show, chart("Only on a click", "n", "n")[1], n=(0, 10), slow=True)"""
# Looks at the picture in every frame that the page paints: a frame without one goes on record.
SAMPLE = """() => {
    const output = document.querySelector('.jp-CodeCell .jp-OutputArea');
    const seen = window.seen = {frames: 0, empty: 0, sources: new Set(), heights: new Set()};
    const look = () => {
        if (seen !== window.seen) { return; }
        const picture = output.querySelector('.jp-OutputArea-output img');
        seen.frames += 1;
        if (picture?.complete && picture.naturalWidth && picture.getBoundingClientRect().height) {
            seen.sources.add(picture.src);
        } else { seen.empty += 1; }
        seen.heights.add(output.getBoundingClientRect().height);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
SEEN = """() => {
    const {frames, empty, sources, heights} = window.seen;
    window.seen = null;
    return {frames, empty, pictures: sources.size, heights: [...heights]};
}"""


@pytest.fixture(scope="module")
def lab(browsing) -> Iterator[LabPage]:
    """A notebook with a fast and a slow panel in a browser, after all its cells ran there."""
    browsing.write(NOTEBOOK, [PANEL, SLOW, "len(runs)"])
    with browsing.opened(NOTEBOOK) as page:
        page.run_all(NOTEBOOK)
        assert page.errors(NOTEBOOK) == []
        yield page


@pytest.fixture
def fresh(lab: LabPage) -> LabPage:
    """The same page with every control where it was at first."""
    lab.run_all(NOTEBOOK)
    shows(lab, "loss 0.5, delay 50, independent, True")
    return lab


def handle(lab: LabPage, number: int, cell: int = 0):
    return lab.page.locator(".jp-CodeCell").nth(cell).locator(".noUi-handle").nth(number)


def shows(lab: LabPage, alt: str) -> None:
    """Wait until the picture has this alternative text and is there to see."""
    picture = lab.page.locator(f'.jp-OutputArea-output img[alt="{alt}"]')
    picture.wait_for(state="visible", timeout=30_000)
    assert picture.count() == 1


def slide(lab: LabPage, number: int, *shares: float) -> None:
    """Drag a slider over these places, with stops between them."""
    drag(lab, handle(lab, number), *shares, steps=10)


@pytest.mark.parametrize(
    ("number", "low", "middle", "high"),
    [
        (0, "loss 0.0, delay 50", "loss 0.3, delay 50", "loss 0.85, delay 50"),
        (1, "loss 0.5, delay 0", "loss 0.5, delay 30", "loss 0.5, delay 95"),
    ],
)
def test_a_slider_moves_the_picture_by_keys_to_both_ends_and_between(
    fresh: LabPage, number, low, middle, high
):
    handle(fresh, number).focus()
    fresh.page.keyboard.press("Home")
    shows(fresh, f"{low}, independent, True")
    # A step, a step, 5 steps, a step back: it has not stood where it ends before.
    for key in ("ArrowRight", "ArrowUp", "PageUp", "ArrowLeft"):
        fresh.page.keyboard.press(key)
    shows(fresh, f"{middle}, independent, True")
    fresh.page.keyboard.press("End")
    fresh.page.keyboard.press("ArrowDown")
    shows(fresh, f"{high}, independent, True")


def test_a_slider_moves_the_picture_by_mouse_to_both_ends_and_between(fresh: LabPage):
    slide(fresh, 1, 0)
    shows(fresh, "loss 0.5, delay 0, independent, True")
    slide(fresh, 1, 1.2)
    shows(fresh, "loss 0.5, delay 100, independent, True")
    slide(fresh, 1, 0.25)
    shows(fresh, "loss 0.5, delay 25, independent, True")
    slide(fresh, 0, 0)
    shows(fresh, "loss 0.0, delay 25, independent, True")


def test_a_number_typed_beside_a_slider_moves_the_picture(fresh: LabPage):
    type_number(fresh, handle(fresh, 0), "0.25")
    shows(fresh, "loss 0.25, delay 50, independent, True")


def test_a_choice_and_a_box_change_the_picture_by_mouse_and_by_keys(fresh: LabPage):
    box = fresh.page.locator(".jupyter-widgets input[type=checkbox]")
    fresh.page.get_by_role("button", name="bursts", exact=True).click()
    shows(fresh, "loss 0.5, delay 50, bursts, True")
    box.click()
    shows(fresh, "loss 0.5, delay 50, bursts, False")
    box.focus()
    fresh.page.keyboard.press("Space")
    shows(fresh, "loss 0.5, delay 50, bursts, True")
    fresh.page.keyboard.press("Shift+Tab")
    fresh.page.keyboard.press("Shift+Tab")
    fresh.page.keyboard.press("Enter")
    shows(fresh, "loss 0.5, delay 50, independent, True")


def test_the_choice_that_is_on_differs_by_more_than_its_shade(fresh: LabPage):
    looks = """button => {
        const style = getComputedStyle(button);
        return [style.textDecorationLine, style.outlineStyle];
    }"""
    of = {
        name: fresh.page.get_by_role("button", name=name, exact=True).evaluate(looks)
        for name in ("independent", "bursts")
    }
    assert of == {"independent": ["underline", "solid"], "bursts": ["none", "none"]}


def test_the_picture_is_there_in_every_frame_of_a_drag_and_nothing_below_it_moves(fresh: LabPage):
    fresh.page.evaluate(SAMPLE)
    slide(fresh, 1, 0, 0.5, 0.2, 1.1, 0.6, 0)
    shows(fresh, "loss 0.5, delay 0, independent, True")
    seen = fresh.page.evaluate(SEEN)
    assert seen["empty"] == 0
    assert seen["pictures"] >= 3
    assert len(seen["heights"]) == 1


def test_an_error_shows_in_the_pictures_place_and_the_slider_goes_on(fresh: LabPage):
    fresh.page.evaluate(SAMPLE)
    handle(fresh, 0).focus()
    fresh.page.keyboard.press("End")
    error = fresh.page.get_by_role("alert").filter(has_text="RuntimeError: nothing is left")
    error.wait_for()
    assert 'raise RuntimeError("nothing is left")' in error.inner_text()
    fresh.page.keyboard.press("ArrowLeft")
    shows(fresh, "loss 0.85, delay 50, independent, True")
    assert error.count() == 0
    assert len(fresh.page.evaluate(SEEN)["heights"]) == 1  # what is below did not jump


def test_a_slow_experiment_runs_at_its_button_only(fresh: LabPage):
    button = fresh.page.get_by_role("button", name="Run", exact=True).last
    shows(fresh, "n is 0")
    handle(fresh, 0, cell=1).focus()
    fresh.page.keyboard.press("End")
    fresh.page.locator(".jp-CodeCell").nth(1).locator("button.mod-primary").wait_for()
    shows(fresh, "n is 0")
    button.focus()
    fresh.page.keyboard.press("Enter")
    shows(fresh, "n is 10")


def test_running_the_cell_again_leaves_one_panel_and_one_picture(fresh: LabPage):
    first = fresh.page.locator(".jp-CodeCell").nth(0)
    for _ in range(3):
        fresh.run_all(NOTEBOOK)
    shows(fresh, "loss 0.5, delay 50, independent, True")
    assert first.locator("img").count() == 1
    assert first.locator(".noUi-handle").count() == 2
    handle(fresh, 0).focus()
    fresh.page.keyboard.press("Home")
    shows(fresh, "loss 0.0, delay 50, independent, True")


def test_nothing_is_cut_off_on_half_the_width(fresh: LabPage):
    fresh.page.set_viewport_size({"width": 640, "height": 1600})  # a page at 200 % zoom
    try:
        shows(fresh, "loss 0.5, delay 50, independent, True")
        assert fresh.page.evaluate(CUT_OFF) == []
    finally:
        fresh.page.set_viewport_size({"width": 1280, "height": 1600})


def test_the_saved_notebook_keeps_the_last_picture_with_its_text(fresh: LabPage):
    handle(fresh, 0).focus()
    fresh.page.keyboard.press("Home")
    shows(fresh, "loss 0.0, delay 50, independent, True")
    fresh.command("docmanager:save")
    saved = nbformat.read(fresh.server.folder / NOTEBOOK, as_version=4)
    controls, picture = saved.cells[0].outputs
    assert controls.data["text/plain"].startswith("Controls (they move in a running notebook): ")
    assert ' alt="loss 0.0, delay 50, independent, True"' in picture.data["text/html"]
