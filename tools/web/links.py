"""Links of a notebook that lead to pages, and those that open it where it can be run."""

from __future__ import annotations

import html
import os
import re
import shutil
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from bs4 import BeautifulSoup

BRANCH = "main"  # of the public repository


def make_links_local(soup: BeautifulSoup, folder: Path, notebooks: Path, target: Path) -> None:
    """Let links to notebooks lead to their pages, and copy what else they and pictures need.

    A link to a file that is not there, or is no part of the notebooks' folder, becomes plain text.

    Args:
        soup: the page; it is changed in place.
        folder: the one that its links start from.
        notebooks: the folder of the chapters.
        target: the site's folder.
    """
    start = target / folder.relative_to(notebooks)
    for tag in soup.select("a[href], img[src]"):
        key = "href" if tag.name == "a" else "src"
        link = urlsplit(tag[key])
        if link.scheme or link.netloc:
            continue
        link = link._replace(fragment=clean_id(link.fragment))
        if not link.path:
            tag[key] = link.geturl()
            continue
        file = Path(os.path.normpath(folder / unquote(link.path)))
        if not file.is_file() or not file.is_relative_to(notebooks):
            tag.unwrap() if tag.name == "a" else tag.replace_with(tag.get("alt", ""))
            continue
        there = target / file.relative_to(notebooks)
        if file.suffix == ".ipynb":
            there = there.with_suffix(".html")
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)
        path = quote(Path(os.path.relpath(there, start)).as_posix())
        tag[key] = link._replace(path=path).geturl()


def clean_id(text: str) -> str:
    """A heading's id without the signs that an address would have to write otherwise."""
    return re.sub(r"[^\w-]+", "", unquote(text))


def elsewhere(address: str, notebook: str) -> list[tuple[str, str]]:
    """Where a notebook can be run or fetched: pairs of words and an address.

    Args:
        address: the project's public address; without one there is nothing.
        notebook: the notebook's place in it, such as "notebooks/00_start_here.ipynb".

    Returns:
        Binder, Colab and the file for a repository of GitHub, the address alone for another.
    """
    parts = urlsplit(address)
    if not parts.netloc:
        return []
    if parts.netloc.lower() != "github.com":
        return [("The course's repository", address)]
    of, file = quote(parts.path.strip("/").removesuffix(".git")), quote(notebook)
    return [
        (
            "Open it in Binder",
            f"https://mybinder.org/v2/gh/{of}/{BRANCH}?labpath={quote(notebook, '')}",
        ),
        ("Open it in Colab", f"https://colab.research.google.com/github/{of}/blob/{BRANCH}/{file}"),
        ("Download it", f"https://raw.githubusercontent.com/{of}/{BRANCH}/{file}"),
    ]


def archive(address: str) -> str:
    """Where all of the course can be fetched as one file; "" where that is not known."""
    parts = urlsplit(address)
    if parts.netloc.lower() != "github.com":
        return ""
    of = quote(parts.path.strip("/").removesuffix(".git"))
    return f"https://github.com/{of}/archive/refs/heads/{BRANCH}.zip"


def as_links(pairs: list[tuple[str, str]]) -> str:
    """Such pairs as links in a row."""
    return " ".join(
        f'<a class="away" href="{html.escape(address)}">{html.escape(words)}</a>'
        for words, address in pairs
    )
