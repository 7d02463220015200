"""Write the course as web pages: `python3 course.py site` calls this.

Every notebook of both editions becomes a page with its saved outputs; nothing is run. The pages
stand in `site/`, beginning with `index.html`, and work from there as from the web. They ask no
other machine for anything: nbconvert turns cells into HTML, and the page round them, its style and
its scripts are the course's own, in `web/`. Without scripts nothing of the text is missing.
"""

import argparse
import sys
import tomllib
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
for folder in (TOOLS, TOOLS.parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from overview import address  # noqa: E402
from web import front, lists, search  # noqa: E402
from web.asked import let_answer  # noqa: E402
from web.cells import Page, read_page  # noqa: E402
from web.figures import wrap_figures  # noqa: E402
from web.frame import CLICKS, GALLERY, GLOSSARY, INDEX, SCRIPTS, SEARCHED, Site  # noqa: E402
from web.links import make_links_local  # noqa: E402
from web.live import say_how  # noqa: E402
from web.styles import STYLE  # noqa: E402

from helpers.look.unpacked import SCRIPT  # noqa: E402

HERE = TOOLS / "web"  # the pages' style and scripts
CHAPTER, TASK = "[0-9][0-9]_*.ipynb", "A[0-9]_*.ipynb"
PLACES = (  # of notebooks, below their folder
    ("", CHAPTER),
    ("assignments", TASK),
    ("solutions", CHAPTER),
    ("solutions/assignments", TASK),
)


def write_site(notebooks: Path, target: Path) -> list[Path]:
    """Write a page for each notebook, those that no notebook has, and what they need; return them.

    Pages from before that nothing leads to any more are deleted from `target`.

    Args:
        notebooks: the folder of the chapters; `solutions/` is in it, and pyproject.toml above it,
            whose public address gives the links to run the course elsewhere.
        target: the folder to write into, made where it is missing.

    Raises:
        ValueError: for a notebook that can't be read.
        OSError: where a file can't be read or written.
    """
    site = Site([prepared(path, notebooks, target) for path in found(notebooks)])
    for page in site.pages:
        site.styles.take(page.soup)
    if (notebooks.parent / "pyproject.toml").is_file():
        site.address = address(notebooks.parent)
        project = tomllib.loads((notebooks.parent / "pyproject.toml").read_text(encoding="utf-8"))
        site.about = project["project"].get("description", site.about)
    texts = {INDEX: front.front_page(site, notebooks / "source")}
    texts |= {page.path: lists.chapter(site, page) for page in site.pages}
    texts[GLOSSARY] = lists.words_page(site)
    texts[GALLERY] = lists.gallery_page(site)
    texts["solutions/" + INDEX] = lists.solutions_page(site)
    written = [_write(target / path, text) for path, text in texts.items()]
    for old in {each for folder, _ in PLACES for each in (target / folder).glob("*.html")}:
        if old not in written:
            old.unlink()
    for name in set(SCRIPTS) - {CLICKS}:
        _write(target / name, (HERE / name).read_text(encoding="utf-8"))
    _write(target / CLICKS, SCRIPT.read_text(encoding="utf-8"))
    _write(target / SEARCHED, search.index_script(site))
    _write(target / STYLE, site.styles.sheet())
    return written


def found(notebooks: Path) -> list[Path]:
    """All notebooks that become pages, in the order of the site."""
    return [path for folder, name in PLACES for path in sorted((notebooks / folder).glob(name))]


def prepared(path: Path, notebooks: Path, target: Path) -> Page:
    """A notebook as a page, with all that makes it of use without a kernel.

    Raises ValueError where it can't be read.
    """
    page = read_page(path, notebooks)
    make_links_local(page.soup, path.parent, notebooks, target)
    let_answer(page.soup)
    wrap_figures(page.soup)
    say_how(page.soup, page.root)
    return page


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 1 where a notebook can't be read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", default="site", help="to write into (default: site)")
    target = TOOLS.parent / parser.parse_args(arguments).folder
    try:
        written = write_site(TOOLS.parent / "notebooks", target)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} pages are written. Open {target / INDEX} in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
