"""Every chapter as a learner meets it: run, moved, narrowed, loaded anew, and without a kernel."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import matplotlib.image
import nbformat
import pytest
from drive.controls import PanelOnPage, answer_all, panels
from drive.lab_page import LabPage
from drive.on_disk import CHAPTERS, ROOT, THOROUGH

from browser.conftest import beyond
from browser.geometry import CUT_OFF, TOO_FAINT
from helpers.study.review import MOST

REPRESENTATIVE = "05"  # sliders, charts, a diagram, tables and questions
# The learner's progress, every kind of question, every kind of picture; `course.py abuse` opens all
# chapters in a browser, and the tests without one have all.
IN_BROWSER = ("00", "02", REPRESENTATIVE)
PATHS = [f"notebooks/{path.name}" for path in CHAPTERS if THOROUGH or path.name[:2] in IN_BROWSER]
NUMBERS_LOADED_ANEW = ("02", REPRESENTATIVE)  # with a diagram that moves, and with charts
LOADED_ANEW = [path for path in PATHS if THOROUGH or Path(path).name[:2] in NUMBERS_LOADED_ANEW]
# Whether keys move a slider to its low end, and to its high one; the mouse does where they do not.
# `test_sliders` has all four on a panel of its own.
BY_KEYS = {"down by mouse, up by keys": (False, True)}
if THOROUGH:
    BY_KEYS = {"by mouse": (False, False), "by keys": (True, True)}
WIDTHS = {"a narrow window": 390, "200 % zoom": 640, "a usual window": 1280}
# The pictures of the page, also those that were unpacked: alternative text, and whether there is
# something to see.
PICTURES = """() => {
    const all = document.querySelectorAll('.jp-OutputArea-output :is(img, .course-picture)');
    return [...all].map(picture => {
        const svg = picture.shadowRoot?.querySelector('svg');
        const there = svg || picture.complete && picture.naturalWidth > 100;
        return [svg?.getAttribute('aria-label') ?? picture.alt,
            Boolean(there) && picture.getBoundingClientRect().height > 50];
    });
}"""
ASKING = re.compile(r"^(?:predict|quiz|puzzle|order|(review))\(", re.MULTILINE)


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: Path(path).stem)
def chapter(request: pytest.FixtureRequest, browsing) -> Iterator[LabPage]:
    """A chapter in a browser, after all its cells ran there, for a learner who knows none yet."""
    browsing.server.progress.unlink(missing_ok=True)
    with browsing.opened(request.param) as page:
        page.run_all(request.param)
        yield page


def narrow(lab: LabPage, width: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": 1600})


def moved(panel: PanelOnPage) -> list[str]:
    """What does not change a panel's picture although it should."""
    idle = []
    for how, (down_by_keys, up_by_keys) in BY_KEYS.items():
        for handle in panel.sliders:
            start = panel.value(handle)
            low, high = panel.at_ends(handle, down_by_keys, up_by_keys)
            if low == high or not all(each.startswith("data:image") for each in (low, high)):
                idle.append(f"{panel.label(handle)} {how}")
            panel.type(handle, start)
        for row in panel.choices:
            seen = panel.round_choices(row, up_by_keys)
            if any(before == after for before, after in pairwise(seen)):
                idle.append(f"{row.inner_text()} {how}")
        for box in panel.boxes:
            first, other, last = panel.round_box(box, up_by_keys)
            if other in (first, last):
                idle.append(f"a box {how}")
    return idle


def test_every_cell_runs_without_an_error(chapter: LabPage):
    assert chapter.errors(chapter.notebook) == []
    assert chapter.not_run() == []


def test_every_control_changes_its_picture_at_both_ends_by_mouse_and_by_keys(chapter: LabPage):
    assert [moved(panel) for panel in panels(chapter)] == [[] for _ in panels(chapter)]


def test_nothing_is_connected_to_another_machine(chapter: LabPage, browsing):
    assert beyond(browsing.connected()) == set()


def test_every_question_and_prediction_hears_each_answer_by_mouse_and_by_keys(chapter: LabPage):
    saved = nbformat.read(ROOT / chapter.notebook, as_version=4)
    sources = [cell.source for cell in saved.cells if cell.cell_type == "code"]
    asking = [each for source in sources for each in ASKING.findall(source)]
    assert answer_all(chapter, THOROUGH) == sum(MOST if each else 1 for each in asking)


def test_nothing_is_cut_off_or_lies_over_another_in_a_narrow_window(chapter: LabPage):
    narrow(chapter, WIDTHS["a narrow window"])
    try:
        assert chapter.page.evaluate(CUT_OFF) == []
    finally:
        narrow(chapter, WIDTHS["a usual window"])


@pytest.mark.parametrize("chapter", LOADED_ANEW, indirect=True)
def test_loaded_anew_a_chapter_can_be_used_and_without_a_kernel_it_shows_its_pictures(
    chapter: LabPage,
):
    chapter.command("docmanager:save")
    saved = nbformat.read(chapter.server.folder / chapter.notebook, as_version=4)
    pictures = [
        output.data["text/html"]
        for cell in saved.cells
        for output in cell.get("outputs", [])
        if "<img " in output.get("data", {}).get("text/html", "")
    ]
    chapter.reload()
    assert chapter.errors(chapter.notebook) == []
    before = chapter.page.evaluate(PICTURES)
    assert len(before) == len(pictures)
    for panel in panels(chapter)[:1]:  # the picture can't follow now, and the panel says so
        panel.sliders[0].press("End" if panel.is_at(panel.sliders[0], "Home") else "Home")
        panel.box.get_by_role("alert").filter(has_text="Run this cell again.").wait_for()
        panel.run_cell()
        panel = panels(chapter)[0]
        assert not panel.box.get_by_role("alert").count()
        low, high = panel.at_ends(panel.sliders[0], low_by_keys=True, high_by_keys=True)
        assert low != high
    chapter.command("docmanager:save")
    chapter.open_without_kernel()
    chapter.wait(
        f"count => ({PICTURES})().filter(each => each[1]).length === count", arg=len(pictures)
    )
    assert all(alt.strip() for alt, _ in chapter.page.evaluate(PICTURES))


@pytest.mark.parametrize("chapter", [p for p in PATHS if f"/{REPRESENTATIVE}_" in p], indirect=True)
def test_either_theme_at_each_width_is_readable_and_whole(chapter: LabPage):
    try:
        for theme in ("dark", "light"):
            chapter.theme(theme)
            assert chapter.page.evaluate(TOO_FAINT) == []
            for width in WIDTHS.values():
                narrow(chapter, width)
                assert (theme, width, chapter.page.evaluate(CUT_OFF)) == (theme, width, [])
    finally:
        chapter.theme("light")
        narrow(chapter, WIDTHS["a usual window"])


@pytest.mark.parametrize("chapter", [p for p in PATHS if "/02_" in p], indirect=True)
def test_the_picture_for_the_readme_shows_a_diagram(chapter: LabPage, tmp_path: Path):
    assert chapter.show_first_picture()
    chapter.page.screenshot(path=tmp_path / "chapter.png")
    assert matplotlib.image.imread(tmp_path / "chapter.png").std() > 0.02
