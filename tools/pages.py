"""Write the course as web pages: `python3 course.py site` calls this.

Every notebook of both editions becomes a page with its saved outputs; nothing is run. The pages
stand in `site/`, beginning with `index.html`. They ask no other machine for anything: nbconvert
turns cells into HTML, and the page round them, its style and its scripts are the course's own.
Without scripts nothing is missing but what lets a diagram's packets be clicked, or played in turn.
"""

import argparse
import html
import os
import shutil
import sys
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import quote, unquote, urlsplit

import nbformat
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from answers import add_answers  # noqa: E402
from folded import unfold  # noqa: E402
from for_viewers import as_run  # noqa: E402
from gallery import gallery_text  # noqa: E402

from helpers.figures.live.view import FOLDER  # noqa: E402
from helpers.look.choice import marked  # noqa: E402
from helpers.look.picture import SVG  # noqa: E402
from helpers.look.style import SHEET  # noqa: E402
from helpers.look.tables import html_table  # noqa: E402
from helpers.look.unpacked import SCRIPT  # noqa: E402
from helpers.study.about import SOURCES  # noqa: E402
from helpers.study.words import glossary  # noqa: E402

LIVE = (FOLDER / "view.css").read_text(encoding="utf-8")  # for the gallery
GALLERY, GLOSSARY = "gallery.html", "glossary.html"
NAME = "[0-9][0-9]_*.ipynb"
STYLE, PLAYER = "pages.css", "player.js"
CLICKS = SCRIPT.name  # for pages with a diagram
EDITIONS = {"": "Chapters", "solutions": "Solutions edition"}  # by folder

# The cells alone, without nbconvert's page and the scripts that it loads from elsewhere.
CELLS = """{%- extends 'base/display_priority.j2' -%}
{% block markdowncell %}<div class="text">{{ cell.source | markdown2html }}</div>
{% endblock %}
{% block input %}<div class="code{{ ' exercise' if 'exercise' in cell.metadata.tags }}">
<p class="prompt"><span class="unseen">Code cell </span>[{{ cell.execution_count or ' ' }}]</p>
{{ cell.source | highlight_code(metadata=cell.metadata) }}</div>
{% endblock %}
{% block output_group %}<div class="outputs"><p class="unseen">Output</p>
{% if cell.metadata.jupyter and cell.metadata.jupyter.outputs_hidden %}<details>
<summary>Show the result</summary>
{{ super() }}</details>{% else %}{{ super() }}{% endif %}</div>
{% endblock %}
{% block stream %}<pre>{{ output.text | ansi2html }}</pre>{% endblock %}
{% block error %}<pre>{{ output.traceback | join('\\n') | ansi2html }}</pre>{% endblock %}
{% block data_html %}<div class="html">{{ output.data['text/html'] }}</div>{% endblock %}
{% block data_markdown %}{{ output.data['text/markdown'] | markdown2html }}{% endblock %}
{% block data_text %}<pre>{{ output.data['text/plain'] | ansi2html }}</pre>{% endblock %}
{% block execute_result %}{% block data_priority %}{{ super() }}{% endblock %}{% endblock %}
"""
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="$root$style">$script
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header>$header</header>
<main id="main">
$main
</main>
<footer>
$footer
<p>Text and pictures: CC BY 4.0. Code: BSD-3-Clause.</p>
</footer>
</body>
</html>
""")
RUN_IT = (
    "<p>These pages show the course as it was saved. Its sliders move, its questions can be "
    "answered and its code can be changed in a running notebook: open a terminal in the course's "
    "folder and type <code>python3 course.py lab</code>.</p>"
)


@dataclass(frozen=True)
class Front:
    """What the README says of the course; the index page says the same.

    Attributes:
        title: the course's name, as plain text.
        about: what it is, as HTML.
        picture: an image of it, as HTML.
        lines: for each chapter's number what one learns in it, as plain text.
    """

    title: str
    about: str
    picture: str
    lines: dict[str, str]


@dataclass(frozen=True)
class Page:
    """A notebook on its way to a page.

    Attributes:
        edition: its folder below notebooks/, and below the site.
        name: the page's file name.
        title: its first heading, as plain text.
        soup: its cells as HTML.
    """

    edition: str
    name: str
    title: str
    soup: BeautifulSoup

    @property
    def number(self) -> str:
        """The chapter's number, such as "03"."""
        return self.name[:2]


def write_site(notebooks: Path, target: Path) -> list[Path]:
    """Write a page for each notebook, an index for each edition and what they need; return them.

    Pages from before that nothing leads to any more are deleted from `target`.

    Args:
        notebooks: the folder of the chapters; `solutions/` is in it, and the README above it.
        target: the folder to write into, made where it is missing.

    Raises:
        ValueError: for a notebook that can't be read.
        OSError: where a file can't be read or written.
    """
    front = read_front(notebooks, target)
    written = []
    for edition in EDITIONS:
        pages = [
            read_page(path, notebooks, target) for path in sorted((notebooks / edition).glob(NAME))
        ]
        folder = target / edition
        folder.mkdir(parents=True, exist_ok=True)
        written.append(_write(folder / "index.html", index_text(front, pages, edition)))
        for page in pages:
            written.append(_write(folder / page.name, page_text(front, page, pages)))
        if not edition:
            home = f'<p><a href="index.html">{html.escape(front.title)}</a></p>'
            title = f"How outputs look – {front.title}"
            text = _page(title, home, gallery_text(), "", "")
            written.append(_write(folder / GALLERY, text))
            title = f"Words of the course – {front.title}"
            text = _page(title, home, glossary_text({page.number for page in pages}), "", "")
            written.append(_write(folder / GLOSSARY, text))
        for old in set(folder.glob("*.html")) - set(written):
            old.unlink()
    style = (HERE / STYLE).read_text(encoding="utf-8")
    _write(target / CLICKS, SCRIPT.read_text(encoding="utf-8"))
    _write(target / PLAYER, (HERE / PLAYER).read_text(encoding="utf-8"))
    _write(target / STYLE, f"{style}\n/* The outputs, as in a notebook. */{SHEET}{LIVE}")
    return written


def glossary_text(chapters: Container[str]) -> str:
    """The words of all chapters, each with its meaning and a link to the chapter that explains it.

    Args:
        chapters: the numbers of those that the site has.
    """
    rows = []
    for chapter, word in glossary().words:
        name = html.escape(word.word)
        linked = f'<a href="{html.escape(word.link)}">{name}</a>' if word.link else name
        files = [each.name for each in SOURCES.glob(f"{chapter}_*.py")]
        to = chapter
        if chapter in chapters and files:
            to = f'<a href="{Path(files[0]).stem}.html">{chapter}</a>'
        rows.append((f"<strong>{linked}</strong>", marked(word.meaning), to))
    table = html_table(("Word", "What it means", "Chapter"), rows)
    return f'<h1>Words of the course</h1><div class="html" tabindex="0">{table}</div>'


def read_front(notebooks: Path, target: Path) -> Front:
    """Return what the README above the notebooks says of the course."""
    folder = notebooks.parent
    text = (folder / "README.md").read_text(encoding="utf-8")
    soup = _without_anchors(BeautifulSoup(markdown2html(text), "html.parser"))
    make_links_local(soup, folder, notebooks, target)
    title, picture = soup.find("h1"), soup.find("img")
    about = next((p for p in soup.find_all("p") if not p.find("img")), "")
    lines = {}
    for link in soup.select("tr a[href$='.html']"):
        cells = link.find_parent("tr").find_all("td")
        lines[Path(link["href"]).name[:2]] = cells[-1].get_text()
    name = title.get_text() if title else "The course"
    return Front(name, str(about), str(picture or ""), lines)


def read_page(path: Path, notebooks: Path, target: Path) -> Page:
    """Return a notebook as a page; raises ValueError where it is none."""
    try:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            unfold(cell)  # a page has a button of its own
            as_run(cell)
        body, _ = HTMLExporter(raw_template=CELLS).from_notebook_node(notebook)
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise ValueError(f"{path.name} can't be read as a notebook ({error})") from None
    soup = _without_styles(_without_anchors(BeautifulSoup(body, "html.parser")))
    make_links_local(soup, path.parent, notebooks, target)
    add_answers(soup)
    for wide in soup.select(".html:has(table)"):
        wide["tabindex"] = "0"  # in a narrow window it scrolls, and keys must reach it
    heading = soup.find("h1")
    title = heading.get_text() if heading else path.stem
    edition = "" if path.parent == notebooks else path.parent.name
    return Page(edition, path.with_suffix(".html").name, title, soup)


def _without_anchors(soup: BeautifulSoup) -> BeautifulSoup:
    """Take away the link that nbconvert puts beside each heading; the heading's id stays."""
    for anchor in soup.select("a.anchor-link"):
        anchor.decompose()
    return soup


def _without_styles(soup: BeautifulSoup) -> BeautifulSoup:
    """Take away what styles a notebook's page and its scripts, and outputs that are nothing else.

    A page has its own style, in it the same rule for pictures, and the script from a file.
    """
    for script in soup.select(".outputs script"):
        script.decompose()  # the site has it in a file
    for style in soup.select(".outputs .html > style:only-child"):
        outputs = style.find_parent(class_="outputs")
        style.parent.decompose()
        if not outputs.select_one(":scope > :not(.unseen)"):
            outputs.decompose()
    return soup


def make_links_local(soup: BeautifulSoup, folder: Path, notebooks: Path, target: Path) -> None:
    """Let links to notebooks lead to their pages, and copy what else they and pictures need.

    A link to a file that is not there, or is no part of the notebooks' folder, becomes plain text.

    Args:
        soup: the page; it is changed in place.
        folder: the one that its links start from.
        notebooks: the folder of the chapters.
        target: the site's folder.
    """
    start = target / folder.relative_to(notebooks) if folder != notebooks.parent else target
    for tag in soup.select("a[href], img[src]"):
        key = "href" if tag.name == "a" else "src"
        link = urlsplit(tag[key])
        if link.scheme or link.netloc or not link.path:
            continue
        file = Path(os.path.normpath(folder / unquote(link.path)))
        # An assignment has no page: without a kernel there is nothing to assess it with.
        away = file.parent.name == "assignments"
        if away or not file.is_file() or not file.is_relative_to(notebooks):
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


def index_text(front: Front, pages: list[Page], edition: str) -> str:
    """Return the index of an edition as a whole page."""
    items = "\n".join(
        f'<li><span class="number">{page.number}</span> '
        f'<div><a href="{page.name}">{html.escape(page.title)}</a>'
        f"<p>{html.escape(front.lines.get(page.number, ''))}</p></div></li>"
        for page in pages
    )
    listed = f'<h2>{{}}</h2>\n<ul class="chapters">\n{items}\n</ul>'
    if edition:
        header = f'<p><a href="../index.html">{html.escape(front.title)}</a></p>'
        main = (
            f"<h1>{EDITIONS[edition]}</h1>\n"
            "<p>The same chapters, with every exercise solved. "
            'Try before you look: <a href="../index.html">the chapters are here</a>.</p>\n'
        ) + listed.format("Chapters, solved")
        return _page(f"{EDITIONS[edition]} – {front.title}", header, main, "", "../")
    main = (
        f"<h1>{html.escape(front.title)}</h1>\n{front.about}\n{RUN_IT}\n"
        f"{listed.format(EDITIONS[edition])}\n"
        '<p>Solutions to all exercises are in the <a href="solutions/index.html">'
        f'solutions edition</a>. <a href="{GLOSSARY}">Words of the course</a>, each in half a '
        f'sentence. <a href="{GALLERY}">How outputs look</a>, in every state.</p>\n'
        f"{front.picture}"
    )
    return _page(front.title, "", main, "", "")


def page_text(front: Front, page: Page, pages: list[Page]) -> str:
    """Return a chapter as a whole page, with links to those beside it."""
    root = "../" if page.edition else ""
    other = f"../{page.name}" if page.edition else f"solutions/{page.name}"
    words = "This chapter without the solutions" if page.edition else "This chapter's solutions"
    home = f'<a href="{root}index.html">{html.escape(front.title)}</a>'
    if page.edition:
        home += f' · <a href="index.html">{EDITIONS[page.edition]}</a>'
    header = f'<p>{home} · <a href="{other}">{words}</a></p>'
    place = pages.index(page)
    before = pages[place - 1] if place else None
    after = pages[place + 1] if place + 1 < len(pages) else None
    links = [_link("Before: ", before, "prev"), _link("Next: ", after, "next")]
    footer = f'<nav aria-label="Chapters">{"".join(links)}</nav>' if any(links) else ""
    title = f"{page.number} {page.title} – {front.title}"
    if page.edition:
        title = f"{page.number} {page.title}, solved – {front.title}"
    return _page(title, header, str(page.soup), footer, root)


def _link(word: str, page: Page | None, relation: str) -> str:
    if page is None:
        return ""
    title = f"{page.number} {html.escape(page.title)}"
    return f'<p>{word}<a rel="{relation}" href="{page.name}">{title}</a></p>'


def _page(title: str, header: str, main: str, footer: str, root: str) -> str:
    parts = {"header": header, "main": main, "footer": footer, "root": root, "style": STYLE}
    player = f'\n<script src="{root}{PLAYER}" defer></script>'
    clicks = f'\n<script src="{root}{CLICKS}" defer></script>'
    has_diagram = f"data:{SVG};" in main
    parts["script"] = clicks + player if has_diagram else ""  # the player after what unpacks
    return PAGE.substitute(parts, title=html.escape(title))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 1 where a notebook can't be read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", default="site", help="to write into (default: site)")
    target = HERE.parent / parser.parse_args(arguments).folder
    try:
        written = write_site(HERE.parent / "notebooks", target)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} pages are written. Open {target / 'index.html'} in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
