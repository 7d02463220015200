"""The page round a text: its head with the security policy, the contents at its side, its ends."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from bs4 import BeautifulSoup

from helpers.look.unpacked import SCRIPT
from helpers.study.renumbered import newest
from web.cells import Page
from web.styles import DATA, STYLE, Styles, hashes

HERE = Path(__file__).resolve().parent
COURSE = "Sockets in IoT"
GLOSSARY, GALLERY, INDEX = "glossary.html", "gallery.html", "index.html"
CLICKS = SCRIPT.name  # what unpacks diagrams
EARLY = "early.js"  # before the page is drawn: the theme, and that scripts run
ALWAYS = ("kept.js", "page.js", "search.js")
DIAGRAMS = (CLICKS, "player.js")
ANSWERS = ("answer.js",)
SCRIPTS = (EARLY, *ALWAYS, *DIAGRAMS, *ANSWERS, "yours.js")
SEARCHED = "searched.js"  # the index, which is loaded at the first search
# A page that is opened from the disk has no origin, and some browsers then take 'self' for
# nothing; on the web "file:" allows nothing.
OWN = "'self' file:"
POLICY = (
    f"default-src 'none'; img-src {OWN} data:; script-src {OWN}; style-src {OWN}$hashes; "
    "base-uri 'none'; form-action 'none'"
)
PAGE = Template("""<!DOCTYPE html>
<html lang="en" data-root="$root" data-format="$format" data-page="$path">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<meta name="description" content="$about">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="$root$style">
<script src="$root$early"></script>$scripts
</head>
<body class="$kind">
<a class="skip" href="#main">To the text</a>
<header class="top">
<a class="home" href="${root}index.html">$course</a>
<button type="button" class="to-contents" popovertarget="contents">Contents</button>
<button type="button" class="to-search needs-script">Search</button>
<button type="button" class="to-theme needs-script"><span>Theme: </span>auto</button>
</header>
<nav class="side" id="contents" popover aria-label="Contents">
$contents
</nav>
<main id="main">
$main
</main>
<footer>
<p><a href="${root}index.html#yours">What you answered</a> stays in this browser. Text and
pictures: CC BY 4.0. Code: BSD-3-Clause.</p>
</footer>
</body>
</html>
""")


@dataclass
class Site:
    """What all pages of a site share.

    Attributes:
        pages: its pages made of notebooks, of both editions.
        styles: what they look like.
        address: the project's public address, or "".
        about: what the course is, in a sentence.
    """

    pages: list[Page]
    styles: Styles = field(default_factory=Styles)
    address: str = ""
    about: str = "A course on socket programming in Jupyter notebooks"

    def those(self, solved: bool = False, assignments: bool = False) -> list[Page]:
        """The chapters, or the assignments, of one edition in order."""
        return [
            page
            for page in self.pages
            if page.is_solved == solved and page.folder.endswith("assignments") == assignments
        ]

    def page(
        self, path: str, title: str, main: str, here: Page | None = None, more: tuple[str, ...] = ()
    ) -> str:
        """A whole page.

        Args:
            path: where it is in the site.
            title: what it is called, without the course's name, as plain text; "" for the first.
            main: what it says, as HTML.
            here: the notebook that it shows.
            more: further scripts, by their files.
        """
        root = "../" * path.count("/")
        if ' style="' in main:
            soup = BeautifulSoup(main, "html.parser")
            self.styles.take(soup)
            main = str(soup)
        scripts = [*ALWAYS, *(DIAGRAMS if DATA in main else ()), *more]
        if "data-kind=" in main:
            scripts += ANSWERS
        tags = "".join(f'\n<script src="{root}{each}" defer></script>' for each in scripts)
        allowed = "".join(f" {each}" for each in hashes(main))
        kind = "chapter" if here else Path(path).stem
        return PAGE.substitute(
            root=root,
            path=path,
            format=newest(),
            policy=POLICY.replace("$hashes", allowed),
            title=html.escape(f"{title} – {COURSE}" if title else COURSE),
            about=html.escape(self.about),
            style=STYLE,
            early=EARLY,
            scripts=tags,
            kind=kind,
            course=COURSE,
            contents=self._contents(root, path, here),
            main=main,
        )

    def _contents(self, root: str, path: str, here: Page | None) -> str:
        solved = here is not None and here.is_solved
        parts = [self._listed(root, self.those(solved), here)]
        if tasks := self.those(solved, assignments=True):
            parts.append(f"<p>Assignments</p>{self._listed(root, tasks, here)}")
        rest = [(GLOSSARY, "Words of the course"), ("solutions/index.html", "Solutions edition")]
        rest.append((f"{INDEX}#yours", "What you answered"))
        items = "".join(
            f'<li><a href="{root}{to}"{_current(to == path)}>{words}</a></li>' for to, words in rest
        )
        head = "Chapters, solved" if solved else "Chapters"
        return f"<p>{head}</p>{''.join(parts)}<p>More</p><ul>{items}</ul>"

    def _listed(self, root: str, pages: list[Page], here: Page | None) -> str:
        return f"<ul>{''.join(self._item(root, page, page is here) for page in pages)}</ul>"

    def _item(self, root: str, page: Page, is_here: bool) -> str:
        inner = ""
        if is_here:
            links = (
                f'<li><a href="#{html.escape(to)}">{html.escape(words)}</a></li>'
                for to, words in page.sections
                if to
            )
            inner = f'<ul class="sections">{"".join(links)}</ul>'
        words = f'<span class="number">{page.number}</span> {html.escape(page.title)}'
        return f'<li><a href="{root}{page.path}"{_current(is_here)}>{words}</a>{inner}</li>'


def _current(is_here: bool) -> str:
    return ' aria-current="page"' if is_here else ""
