"""Pages that no notebook has: a chapter's own frame, the words, the solutions, the gallery."""

from __future__ import annotations

import html
import re
from collections.abc import Container
from pathlib import Path

from bs4 import BeautifulSoup
from gallery import gallery_text

from helpers.look.choice import marked
from helpers.study.about import SOURCES
from helpers.study.words import glossary
from web.cells import Page, let_scroll
from web.figures import wrap_figures
from web.frame import GALLERY, GLOSSARY, Site
from web.links import as_links, elsewhere


def chapter(site: Site, page: Page) -> str:
    """The page of a chapter or an assignment, in its frame."""
    solved, tasks = page.is_solved, page.folder.endswith("assignments")
    beside = site.those(solved) + site.those(solved, assignments=True)
    place = beside.index(page)
    before = beside[place - 1] if place else None
    after = beside[place + 1] if place + 1 < len(beside) else None
    words = f"{page.number} {page.title}{', solved' if solved else ''}"
    what = "assignment" if tasks else "chapter"
    before_title, end, after_title = page.html().partition("</h1>")
    main = f"{before_title}{end}{_where(site, page, what) if end else ''}{after_title}"
    ways = [_way(page, "Before", before, "prev"), _way(page, "Next", after, "next")]
    if any(ways):
        label = "Before and after this page"
        main += f'<nav class="ways" aria-label="{label}">{"".join(ways)}</nav>'
    return site.page(page.path, words, main, page)


def _where(site: Site, page: Page, what: str) -> str:
    """The line below a title: where it can be run, and its other edition."""
    other = "solutions/" + page.path
    if page.is_solved:
        other = page.path.removeprefix("solutions/")
    known = {each.path for each in site.pages}
    links = [("Run it on your machine", f"{page.root}index.html#run")]
    line = f"<span>{what.capitalize()} {page.number}</span> "
    line += as_links([*links, *elsewhere(site.address, page.notebook)])
    if other in known:
        said = "Without the solutions" if page.is_solved else "Solutions"
        line += f' <a href="{page.root}{other}">{said}</a>'
    solved = f"The {what} with every exercise solved. " if page.is_solved else ""
    return f'<p class="where">{solved}{line}</p>'


def _way(page: Page, word: str, to: Page | None, relation: str) -> str:
    if to is None:
        return ""
    title = f"{to.number} {html.escape(to.title)}"
    return (
        f'<a rel="{relation}" href="{page.root}{to.path}"><span>{word}</span> '
        f"<strong>{title}</strong></a>"
    )


def words_page(site: Site) -> str:
    """The glossary."""
    chapters = {page.number for page in site.those()}
    return site.page(GLOSSARY, "Words of the course", glossary_text(chapters))


def anchor_of(word: str) -> str:
    """The id of a word in the glossary."""
    return "word-" + re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


def glossary_text(chapters: Container[str]) -> str:
    """The words of all chapters, each with its meaning and a link to the chapter that explains it.

    Args:
        chapters: the numbers of those that the site has.
    """
    items, letters = [], {}
    for number, word in glossary().words:
        name = html.escape(word.word)
        linked = f'<a href="{html.escape(word.link)}">{name}</a>' if word.link else name
        files = [each.name for each in SOURCES.glob(f"{number}_*.py")]
        to = f"Chapter {number}"
        if number in chapters and files:
            to = f'<a href="{Path(files[0]).stem}.html">{to}</a>'
        at = anchor_of(word.word)
        letters.setdefault(word.word[0].upper(), at)
        items.append(
            f'<div><dt id="{at}">{linked}</dt><dd>{marked(word.meaning)}</dd>'
            f'<dd class="quiet">{to}</dd></div>'
        )
    jumps = " ".join(f'<a href="#{at}">{letter}</a>' for letter, at in letters.items())
    return (
        f"<h1>Words of the course</h1><p>{len(items)} words, each in half a sentence. A word that "
        "is a link leads to where its meaning is laid down.</p>"
        f'<nav class="letters" aria-label="By letter">{jumps}</nav>'
        f'<dl class="words">{"".join(items)}</dl>'
    )


def solutions_page(site: Site) -> str:
    """The index of the solutions edition."""
    items = "".join(
        f'<li><span class="number">{page.number}</span> '
        f'<a href="../{page.path}">{html.escape(page.title)}</a></li>'
        for page in site.those(solved=True) + site.those(solved=True, assignments=True)
    )
    main = (
        "<h1>Solutions edition</h1><p>The same chapters with every exercise solved. A solution is "
        "worth most after your own attempt, so try before you look: "
        '<a href="../index.html">the chapters are here</a>.</p>'
        f'<ul class="plain">{items}</ul>'
    )
    return site.page("solutions/index.html", "Solutions edition", main)


def gallery_page(site: Site) -> str:
    """The gallery of all that helpers show."""
    soup = BeautifulSoup(gallery_text(), "html.parser")
    wrap_figures(soup)
    let_scroll(soup)
    for style in soup.find_all("style"):  # for JupyterLab's outputs
        style.decompose()
    return site.page(GALLERY, "How outputs look", str(soup))
