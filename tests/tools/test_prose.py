"""The chapters' prose: as long, as connected and as well explained as readers need it."""

import re
from pathlib import Path

import nbformat
import prose
import pytest
from drive.on_disk import SOURCES, each

from helpers.study.about import about

STOP = "### A good place to stop"


@each(SOURCES)
def test_a_chapter_has_as_many_words_as_its_subject_needs(path: Path):
    least, most = (0, 1300) if path.name.startswith("00") else (1800, 2600)
    assert least <= prose.figures(path).words <= most


@each(SOURCES)
def test_sentences_are_connected_and_none_is_too_long(path: Path):
    measured = prose.figures(path)
    assert 12.95 <= measured.a_sentence <= 16.05
    long = [each for each in measured.sentences if len(each) > prose.LONGEST]
    assert [" ".join(sentence) for sentence in long] == []


@each(SOURCES)
def test_no_word_of_the_glossary_is_used_before_it_is_explained(path: Path):
    assert prose.used_too_early(path.name[:2]) == []


@each(SOURCES)
def test_what_a_chapter_shows_as_code_is_its_subject_and_not_its_stage(path: Path):
    assert prose.figures(path).code <= 220


@each(SOURCES)
def test_a_chapter_says_how_long_it_takes_as_it_is_computed(path: Path):
    minutes = prose.figures(path).minutes
    assert minutes == about(path).minutes
    assert minutes <= 20 if path.name.startswith("00") else 45 <= minutes <= 120
    first = prose.cells_of(path)[0].source
    assert re.search(r"\bestimate", first), "nobody has timed people: it is an estimate"


@each(SOURCES)
def test_a_chapter_has_a_good_place_to_stop_in_each_half_hour(path: Path):
    texts = [c.source for c in prose.cells_of(path) if c.cell_type == "markdown"]
    stops = [text for text in texts if STOP in text]
    minutes = prose.figures(path).minutes
    assert len(stops) >= round(minutes / 30) - 1
    for text in stops:
        how = text.partition(STOP)[2]
        assert "Run All Above Selected Cell" in how
        assert re.search(r"\bseconds?\b", how), "how long does it take?"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two three. Four five.", [3, 2]),
        ("A [link text](https://example.org/a.b.c) here.", [4]),
        ("- one item\n- another one. Two.", [2, 2, 1]),
        ("# A heading\n\nText, *with* `some.code()` in it.", [5]),
        ("| a | table |\n|---|---|\n\nNot one.", [2]),
    ],
)
def test_sentences_are_counted_as_a_reader_would(text: str, words: list[int]):
    assert [len(each) for each in prose.sentences_of(text)] == words


def test_a_part_for_those_who_have_time_does_not_count_until_the_next_heading():
    cells = [
        nbformat.v4.new_markdown_cell("One two.\n\n## If you have time: more\n\nThree."),
        nbformat.v4.new_code_cell("left_out()"),
        nbformat.v4.new_markdown_cell("Four.\n\n## The end\n\nFive."),
        nbformat.v4.new_code_cell("kept()"),
    ]
    assert [cell.source.split() for cell in prose.counted(cells)] == [
        ["One", "two."],
        ["##", "The", "end", "Five."],
        ["kept()"],
    ]
