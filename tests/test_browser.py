"""Chapter 02 as a learner meets it: in JupyterLab, in a browser."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib.image
import pytest
from chapters import CHAPTERS, ROOT
from lab import LabPage, browser_page, find_chromium, lab_server

REQUIRED = os.environ.get("CI") == "true" and sys.platform == "linux"
CHAPTER = [f"notebooks/{path.name}" for path in CHAPTERS if path.name.startswith("02_")]


@pytest.fixture(scope="module")
def chapter(tmp_path_factory) -> Iterator[LabPage]:
    """Chapter 02 in a browser, after all its cells ran there."""
    for there, what in (
        (importlib.util.find_spec("playwright"), "playwright is not installed"),
        (find_chromium(), "this machine has no Chromium"),
        (CHAPTER, "there is no chapter 02 yet"),
    ):
        if not there:
            (pytest.fail if REQUIRED else pytest.skip)(what)
    with lab_server(ROOT, tmp_path_factory.mktemp("lab")) as server, browser_page(server) as page:
        page.open(CHAPTER[0])
        page.run_all(CHAPTER[0])
        yield page


def test_every_cell_of_chapter_02_runs_in_the_browser_without_an_error(chapter: LabPage):
    assert chapter.errors(CHAPTER[0]) == []
    assert chapter.not_run() == []


def test_chapter_02_asks_nothing_of_the_network_beyond_this_machine(chapter: LabPage):
    assert chapter.hosts == {"127.0.0.1"}


def test_the_picture_for_the_readme_shows_a_diagram(chapter: LabPage, tmp_path: Path):
    assert chapter.show_first_picture()
    chapter.page.screenshot(path=tmp_path / "chapter.png")
    pixels = matplotlib.image.imread(tmp_path / "chapter.png")
    assert pixels.shape[:2] == (1600, 2560)
    assert pixels.std() > 0.02
