"""The words of a chapter, and of the course: what each means, and where to read more of it.

They stand in a chapter's `words`, as `WORDS`, in the order in which the chapter explains them.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from helpers.look.choice import marked
from helpers.look.tables import html_table
from helpers.study.finding import chapters_with, find_room

RFC = "https://www.rfc-editor.org/rfc/rfc{}{}"
PYTHON = "https://docs.python.org/3/{}"


@dataclass(frozen=True)
class Word:
    """A word that a chapter explains.

    Attributes:
        word: as it stands in a text: "backlog". Small letters where it is no name.
        meaning: half a sentence: "how many finished connections may wait for `accept`".
        link: an address, or a chapter's file with a heading of it, or empty.
        forms: how else it is written: "backlogs".
    """

    word: str
    meaning: str
    link: str = ""
    forms: tuple[str, ...] = ()


def rfc(number: int, section: str = "") -> str:
    """The address of an RFC, or of a section of it, such as "3.5"."""
    return RFC.format(number, f"#section-{section}" if section else "")


def python(page: str) -> str:
    """The address of a page of Python's documentation: "library/socket.html#socket.socket.bind"."""
    return PYTHON.format(page)


class Words:
    """Words with their meanings, as a notebook or as plain text shows them.

    Args:
        words: pairs of a chapter's number and a word.
        with_chapters: whether to say which chapter explains each.
    """

    def __init__(self, words: list[tuple[str, Word]], with_chapters: bool) -> None:
        self.words, self._with_chapters = words, with_chapters

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return "\n".join(
            f"{each.word}: {each.meaning.replace('`', '')}"
            + (f" (chapter {chapter})" if self._with_chapters else "")
            for chapter, each in self.words
        )

    def _repr_html_(self) -> str:
        head = ("Word", "What it means", *(["Chapter"] if self._with_chapters else []))
        rows = []
        for chapter, each in self.words:
            word = html.escape(each.word)
            if each.link:
                word = f'<a href="{html.escape(each.link)}">{word}</a>'
            row = (f"<strong>{word}</strong>", marked(each.meaning))
            rows.append((*row, *([chapter] if self._with_chapters else [])))
        return html_table(head, rows)


def words(chapter: str) -> Words:
    """The words that a chapter explains, in its order.

    Args:
        chapter: its number, such as "03".

    Raises:
        ValueError: where that chapter has none.
    """
    found = words_of(chapter) if isinstance(chapter, str) else []
    if not found:
        known = ", ".join(chapters_with("words"))
        raise ValueError(f"there are no words of chapter {chapter!r}; there are of {known}")
    return Words([(chapter, each) for each in found], with_chapters=False)


def glossary() -> Words:
    """All words of the course, in alphabetical order."""
    found = [(number, each) for number in chapters_with("words") for each in words_of(number)]
    return Words(sorted(found, key=lambda pair: pair[1].word.lower()), with_chapters=True)


def words_of(chapter: str) -> list[Word]:
    """A chapter's words in its order; none where it has no such file."""
    room = find_room(chapter, "words")
    return list(room.WORDS) if room else []
