"""What README, TEACHING and CITATION say by themselves."""

import overview
import pytest
from drive.on_disk import ROOT

from helpers.study.about import About

CHAPTER = About(
    "01",
    "01_a_chapter.ipynb",
    "A chapter",
    45,
    ("ask", "resolve"),
    "do things",
    "the end",
    (("a run", "What comes?"), ("another", "And now?")),
)
PAGE = """# Page

<!-- table {name}: by the build -->
old
<!-- end of {name} -->
more
"""
CITATION = "title: x\nversion: 1\n"


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("chapters", "| 01 | [A chapter](notebooks/01_a_chapter.ipynb) | 45 min | do things |"),
        ("chapters", "| do things |\n|  | **in all** | **45 min** |  |\n"),
        ("time", "| 01 | A chapter | 45 | 2 | the end |"),
        ("questions", "| 01 | a run | What comes? |\n| 01 | another | And now? |"),
        ("beliefs", "| 01 | one address per name · a port names a program"),
    ],
)
def test_a_table_is_written_from_what_a_chapter_says(name: str, row: str):
    text = overview.with_tables(PAGE.format(name=name), [CHAPTER])
    assert row in text.replace(overview.NO_BREAK, " ")
    assert "old" not in text
    assert text.startswith(f"# Page\n\n<!-- table {name}: by the build -->\n|")
    assert text.endswith(f"|\n<!-- end of {name} -->\nmore\n")
    assert overview.with_tables(text, [CHAPTER]) == text


def test_a_table_that_nobody_knows_is_an_error():
    with pytest.raises(ValueError, match="there is no table nonsense"):
        overview.with_tables(PAGE.format(name="nonsense"), [CHAPTER])


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (220, "3 h 40 min")]
)
def test_a_time_is_said_as_a_reader_plans_it(minutes: int, said: str):
    assert overview.hours(minutes).replace(overview.NO_BREAK, " ") == said


def test_what_everything_takes_is_the_sum_of_all():
    text = overview.with_tables(PAGE.format(name="whole"), [CHAPTER, CHAPTER])
    text = text.replace(overview.NO_BREAK, " ")
    assert "\n2 chapters take about 1 h 30 min, and " in text and " in all, for one " in text


def test_there_are_badges_only_where_there_is_an_address():
    page = PAGE.format(name="badges")
    assert "![" not in overview.with_tables(page, [CHAPTER])
    place = "https://example.org/course"
    assert f"({place}/actions/" in overview.with_tables(page, [CHAPTER], place)


def test_a_belief_is_listed_with_the_first_chapter_that_has_it():
    twice = [CHAPTER, About("02", "x", "x"), About("03", "x", "x")]
    text = overview.with_tables(PAGE.format(name="beliefs"), twice)
    assert text.count("one recv is one message") == 1


@pytest.mark.parametrize("place", ["", "https://example.org/course"])
def test_the_address_stands_where_there_is_one(tmp_path, place: str):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'repository = ""' in text, "then test with an empty one as well"
    (tmp_path / "pyproject.toml").write_text(
        text.replace('repository = ""', f'repository = "{place}"'), encoding="utf-8"
    )
    assert overview.address(tmp_path) == place
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    (tmp_path / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    [(path, said)] = overview.pages(tmp_path)
    assert said == CITATION + (f'repository-code: "{place}"\n' if place else "")
    assert overview.with_address(said, "") == CITATION
