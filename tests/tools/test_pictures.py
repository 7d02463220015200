"""The README's pictures: none is older than what it shows, and who asked for stillness gets it."""

import re

import pictures
import pytest
from drive.on_disk import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST = 1_500_000  # bytes


def test_no_picture_is_older_than_what_it_shows():
    assert pictures.older_than_what_they_show() == [], "run: python tools/pictures.py"


@pytest.mark.parametrize("name", [pictures.MOVING, pictures.STILL, pictures.CAUGHT])
def test_a_change_of_what_a_picture_shows_makes_it_old(name: str, monkeypatch: pytest.MonkeyPatch):
    before = pictures.made_from(name)
    monkeypatch.setattr(pictures, "WRONG", "pass")
    monkeypatch.setattr(pictures, "SLOWER", {})
    assert pictures.made_from(name) != before


def test_every_picture_is_shown_with_words_and_is_light():
    shown = re.findall(r'<img src="(tools/images/[^"]+)" width="\d+" alt="([^"]+)">', README)
    stills = re.findall(
        r'<source media="\(prefers-reduced-motion: reduce\)" srcset="([^"]+)">', README
    )
    assert [name for name, _ in shown] == [
        f"tools/images/{pictures.MOVING}",
        f"tools/images/{pictures.CAUGHT}",
    ]
    assert stills == [f"tools/images/{pictures.STILL}"]
    for name in [*(name for name, _ in shown), *stills]:
        assert (ROOT / name).stat().st_size < MOST
    assert all(len(alt.split()) > 10 for _, alt in shown)
    assert "![" not in README.partition("end of badges")[2]


def test_the_readme_is_read_in_a_few_minutes():
    text = re.sub(r"<!--.*?-->|<[^>]*>|\]\([^)]*\)|[|*`#\[]|---", " ", README)
    assert len(text.split()) < 900
