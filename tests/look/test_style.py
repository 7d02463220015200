"""The one style sheet: what a chapter's first cell shows, and what it finds."""

import re

import pytest
from drive.on_disk import NOTEBOOKS, SOURCES, each, read

from helpers.look import style
from helpers.look.picture import PICTURE_CLASS, Drawing
from helpers.look.style import RULE, SAVED_CHART, SHEET, TURNED
from helpers.look.unpacked import SCRIPT

IMAGE = re.compile(r"<img\b[^>]*>")
FIRST_CELL = re.compile(r"^# %%\n(.*?)(?=^# %%)", re.MULTILINE | re.DOTALL)


def test_the_rule_turns_pictures_in_the_dark_themes_of_jupyterlab_and_of_visual_studio_code():
    selectors, _, what = RULE.partition(" { ")
    assert selectors.split(", ") == [
        f'[data-jp-theme-light="false"] .{PICTURE_CLASS}',
        f".vscode-dark .{PICTURE_CLASS}",
        f'[data-jp-theme-light="false"] {SAVED_CHART}',
    ]
    assert what == f"filter: {TURNED}; }}"


def test_the_style_is_shown_each_time_and_has_no_words(monkeypatch: pytest.MonkeyPatch):
    shown = []
    monkeypatch.setattr(style, "publish_display_data", shown.append)
    assert style.page_style() is None
    style.page_style()
    script = SCRIPT.read_text(encoding="utf-8")
    html = f"<style>{RULE}\n{SHEET}</style><script>{script}</script>"
    assert shown == [{"text/html": html, "text/plain": ""}] * 2


def test_without_a_front_end_nothing_odd_is_shown(capsys: pytest.CaptureFixture):
    style.page_style()
    assert capsys.readouterr().out.strip() == ""


def test_the_sheet_asks_nobody_for_anything_and_leaves_the_pages_own_parts_alone():
    assert not re.search(r"url\(|@import", SHEET)
    rules = re.findall(r"^\s*([^{}@\n][^{}]*)\{", SHEET, re.MULTILINE)
    assert len(rules) > 20
    for rule in rules:
        assert rule.startswith(".course-"), rule


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_chapters_first_cell_ends_with_the_style(path):
    first = FIRST_CELL.search(path.read_text(encoding="utf-8"))[1]
    assert first.strip().splitlines()[-1].startswith("page_style()")


@each(NOTEBOOKS)
def test_every_saved_picture_has_the_class_by_which_the_rule_finds_it(path):
    for cell in read(path).cells:
        for output in cell.get("outputs", []):
            for image in IMAGE.findall(str(output.get("data", {}).get("text/html", ""))):
                assert f'class="{PICTURE_CLASS}"' in image


def test_a_drawing_without_alternative_text_is_refused():
    with pytest.raises(ValueError, match="alternative text"):
        Drawing("<svg/>", " ", 1, 1)
