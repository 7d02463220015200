"""The index that the search of the site looks through: its sections and the glossary's words.

It is a script and no data file, since a page that is opened from the disk may load no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from bs4 import NavigableString, Tag

from helpers.study.words import glossary
from web.cells import HEADINGS, Page, names_in
from web.frame import GLOSSARY, Site
from web.lists import anchor_of


def index_script(site: Site) -> str:
    """The index of the chapters, the assignments and the words, as a script."""
    pages = site.those() + site.those(assignments=True)
    found = {
        "pages": [[page.path, f"{page.number} {page.title}"] for page in pages],
        "sections": [row for place, page in enumerate(pages) for row in _sections(place, page)],
        "words": [
            [word.word, word.meaning.replace("`", ""), anchor_of(word.word), " ".join(word.forms)]
            for _, word in glossary().words
        ],
        "glossary": GLOSSARY,
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"window.courseIndex = {text};\n"


def _sections(place: int, page: Page) -> Iterator[list]:
    """Each section: its page's place, its id, its heading, its text, names in its code."""
    at, heading, texts, code = "", page.title, [], set()
    for node in page.soup.descendants:
        if isinstance(node, Tag) and node.name in HEADINGS[:3]:
            if texts or code:
                yield _row(place, at, heading, texts, code)
            at, texts, code = node.get("id", ""), [], set()
            heading = _plain("".join(node.find_all(string=True, recursive=False)) or page.title)
        elif isinstance(node, Tag) and node.name == "pre" and node.find_parent(class_="code"):
            code |= names_in(node.get_text())
        elif isinstance(node, NavigableString) and _is_read(node):
            texts.append(str(node))
    yield _row(place, at, heading, texts, code)


def _is_read(node: NavigableString) -> bool:
    """Whether a piece of text is prose: not code, no result, and no heading."""
    parents = list(node.parents)
    names = {parent.name for parent in parents}
    return not names & {*HEADINGS} and any("text" in each.get("class", []) for each in parents)


def _row(place: int, at: str, heading: str, texts: list[str], code: set[str]) -> list:
    text = _plain("".join(texts))
    known = set(re.findall(r"\w+", text))
    return [place, at, heading, text, " ".join(sorted(code - known))]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
