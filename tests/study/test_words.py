"""The words of the chapters: each is used, leads somewhere, and is shown at its chapter's end."""

import re

import pytest
from drive.on_disk import ROOT, SOURCES, each
from prose import cells_of, used_too_early

from helpers.study.finding import chapters_with
from helpers.study.words import Word, glossary, words, words_of

NUMBERS = chapters_with("words")
ALL = [(number, word) for number in NUMBERS for word in words_of(number)]
FORM = re.compile(
    r"https://(www\.rfc-editor\.org/rfc/rfc\d+(#section-\w+(\.\d+)*)?|docs\.python\.org/3/\S+)"
)


def test_every_chapter_has_words():
    assert [path.name[:2] for path in SOURCES] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_words_are_shown_in_their_order_with_their_meaning(number):
    shown = words(number)
    assert len(shown) == len(words_of(number)) >= 8
    first = words_of(number)[0]
    assert repr(shown).startswith(f"{first.word}: ")
    assert f"<strong>{first.word}</strong>" in shown._repr_html_() or first.link


def test_the_glossary_has_all_words_in_alphabetical_order_each_with_its_chapter():
    shown = glossary()
    names = [word.word.lower() for _, word in shown.words]
    assert names == sorted(names) and len(names) == len(ALL)
    backlog = "backlog: how many connections, ready for use, may wait for accept (chapter 02)"
    assert backlog in repr(shown)


def test_no_word_is_explained_twice():
    names = [word.word.lower() for _, word in ALL]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(("number", "word"), ALL, ids=[f"{n}-{w.word}" for n, w in ALL])
def test_a_word_is_used_in_its_chapter_and_its_link_leads_somewhere(number, word: Word):
    source = next(path for path in SOURCES if path.name.startswith(number))
    text = "\n".join(cell.source for cell in cells_of(source)).lower()
    assert any(form.lower() in text for form in (word.word, *word.forms))
    assert word.meaning and not word.meaning.endswith(".")
    if word.link and not FORM.fullmatch(word.link):
        page, _, heading = word.link.partition("#")
        target = ROOT / "notebooks" / page
        assert target.exists(), word.link
        assert f"# {heading.replace('-', ' ')}".lower() in target.read_text().lower()


def test_a_chapter_without_words_is_told_with_those_that_have_some():
    with pytest.raises(ValueError, match="there are no words of chapter '99'; there are of 00, 01"):
        words("99")
    with pytest.raises(ValueError):
        words(3)


@each(SOURCES)
def test_a_chapter_ends_with_its_words(path):
    number = path.name[:2]
    assert f'words("{number}")' in [cell.source for cell in cells_of(path)]


def test_what_is_used_before_it_is_explained_is_found(tmp_path, monkeypatch):
    source = tmp_path / "02_small.py"
    source.write_text(
        "# %% [markdown]\n# # A backlog\n\n# %% [markdown]\n# Its backlog fills. The `x`.\n#\n"
        "# The *backlog* has a rate.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("prose.SOURCES", tmp_path)
    found = used_too_early("02")
    assert "backlog (explained here): Its backlog fills. The" in " ".join(found)
    assert any(each.startswith("rate (explained in 05)") for each in found)
