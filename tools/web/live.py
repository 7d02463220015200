"""Parts of a page that only a running notebook has: each says so, and how to get one."""

from __future__ import annotations

import html
import re

from bs4 import BeautifulSoup

SAVED = "Run this cell to "  # what a saved notebook says in the place of its controls


def say_how(soup: BeautifulSoup, root: str) -> None:
    """Let sliders, live views and checks say where they work; the page is changed.

    Args:
        soup: the page.
        root: the way from it to the site's folder.
    """
    link = f'<a href="{root}index.html#run">How to get one</a>'
    for saved in soup.select(".course-saved"):
        words = re.sub(r"\s+", " ", saved.get_text()).strip()
        if words.startswith(SAVED):
            words = f"In a running notebook you can {words.removeprefix(SAVED)}"
        _replace(saved, f"{html.escape(words)} {link}.")
    for card in soup.select(".course-card.course-check, .course-card.course-assess"):
        card.append(_note(f"It tries your program in a running notebook. {link}."))


def _replace(tag: BeautifulSoup, words: str) -> None:
    tag.replace_with(_note(words))


def _note(words: str) -> BeautifulSoup:
    return BeautifulSoup(f'<p class="live-note">{words}</p>', "html.parser")
