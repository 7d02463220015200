"""The front page: what the course is, a puzzle to try at once, its chapters, how to run it.

All numbers on it are counted from what the chapters say of themselves.
"""

from __future__ import annotations

import html
import json
from pathlib import Path

from helpers.study.about import About, about
from web.asked import names_on
from web.cells import Page
from web.frame import COURSE, GALLERY, GLOSSARY, INDEX, Site
from web.links import archive, as_links, elsewhere

TRIED = "05 what happened"  # the puzzle that can be tried at once
NOTEBOOK = "notebooks/00_start_here.ipynb"  # where to begin

LEAD = (
    "You run a real server and a real client on your own machine. Between them stands a link that "
    "loses, doubles, delays and damages packets, and you can kill any packet by a click. You "
    "write programs that survive it, and a check tries each of them on peers that are slow, "
    "silent, rude or gone. When a program fails, the check names the belief that led it astray."
)
FOR_WHOM = (
    "The course is for anyone who can write a Python function and wants to understand networks of "
    "sensors, lamps and phones. All traffic stays on your machine."
)
HERE = (
    "These pages hold every chapter with the results of a run. You can answer all questions, "
    "puzzles and predictions here, and play each diagram packet by packet. Code does not run "
    "here: sliders, live views, exercises and their checks need a notebook."
)
DOWNLOAD = "Download the course"
RUN = """<p>You need Python 3.11 or newer. {}, open a terminal in its folder, and type</p>
<pre tabindex="0" role="group" class="scrolls" aria-label="Code. Moves sideways where it is wider \
than the page"><code>python3 course.py lab</code></pre>
<p>On Windows type <code>py course.py lab</code>. The first time it installs what the course needs
into the course's own folder; then the first chapter opens in JupyterLab, and from then on it works
without a network.</p>"""
YOURS = """<p>What you answer on these pages is kept in this browser, and nobody else sees it. You
can take it away as one file, <code>progress.json</code>, and bring it to another browser. The
notebooks take it in, too: type <code>python3 course.py bring progress.json</code> in the folder of
the course, with the path of your file.</p>
<div class="needs-script" id="kept"><p class="said" aria-live="polite">Nothing is answered yet.</p>
<p class="row"><button type="button" class="save">Save as a file</button>
<label class="button">Bring a file <input type="file" class="bring" accept=".json,application/json">
</label>
<button type="button" class="forget">Forget all answers</button></p></div>
<noscript><p>Without scripts nothing is kept, and each question has its answer folded below it.</p>
</noscript>"""


def front_page(site: Site, sources: Path) -> str:
    """The front page of a site.

    Args:
        site: what all pages share.
        sources: the folder of the chapters' sources; what it does not have is left out.
    """
    chapters = [(page, _about(page, sources)) for page in site.those()]
    tasks = [(page, _about(page, sources / "assignments")) for page in _tasks(site)]
    parts = [
        f'<h1>{COURSE}</h1><p class="lead">{LEAD}</p><p>{FOR_WHOM}</p>',
        f'<p class="facts">{_facts(chapters, tasks)}</p>',
        '<p class="row continue"><a class="button" href="#run">Run the course</a> '
        f"{_first(site)}</p>",
        _try_one(site),
        f'<h2 id="chapters">Chapters</h2><p>{HERE}</p>{_listed(chapters)}',
    ]
    if tasks:
        parts.append(
            '<h2 id="assignments">Assignments</h2><p>An assignment gives you a specification and '
            "an empty page. Your programs then meet those that strangers have built from it.</p>"
            f"{_listed(tasks)}"
        )
    parts += [
        f'<h2 id="run">How to run it</h2>{_run(site)}',
        f'<h2 id="yours">What you answered</h2>{YOURS}',
        '<h2 id="more">More</h2><ul>'
        f'<li><a href="{GLOSSARY}">Words of the course</a>, each in half a sentence</li>'
        '<li><a href="solutions/index.html">Solutions edition</a>, with every exercise solved</li>'
        f'<li><a href="{GALLERY}">How outputs look</a>, in every state, for those who change '
        "the course</li></ul>",
    ]
    return site.page(INDEX, "", "\n".join(parts), more=("yours.js",))


def _tasks(site: Site) -> list[Page]:
    return site.those(assignments=True)


def _about(page: Page, sources: Path) -> About | None:
    """What a chapter says of itself; None for one without a source."""
    source = sources / page.name.replace(".html", ".py")
    return about(source) if source.is_file() else None


def _facts(chapters: list[tuple], tasks: list[tuple]) -> str:
    said = [each for _, each in chapters if each]
    asked = {name for page, _ in chapters for name in names_on(page.soup)}
    hours = sum(each.minutes for each in said) / 60
    longer = sum(each.minutes for _, each in tasks if each) / 60
    parts = [
        _counted(len(chapters), "chapter"),
        _counted(sum(len(each.exercises) for each in said), "exercise"),
        _counted(len(asked), "question and prediction", "questions and predictions"),
        f"about {hours:.0f} hours" if hours >= 1 else "",
    ]
    if tasks:
        parts.append(f"{_counted(len(tasks), 'assignment')} of {longer:.0f} hours more")
    return " · ".join(part for part in parts if part and not part.startswith("0 "))


def _counted(number: int, word: str, several: str = "") -> str:
    return f"{number} {word if number == 1 else several or word + 's'}"


def _first(site: Site) -> str:
    first = next(iter(site.those()), None)
    if first is None:
        return ""
    words = f"Read chapter {first.number}"
    return f'<a class="button quiet goes-on" href="{first.path}">{words}</a>'


def _try_one(site: Site) -> str:
    """The puzzle that is tried on the front page; "" where the course has it no more."""
    for page in site.those():
        card = page.soup.find(attrs={"data-name": TRIED})
        picture = card and card.find_previous(class_="course-unpack")
        if picture:
            to = f'<a href="{page.path}">chapter {page.number}</a>'
            return (
                '<section class="try"><h2 id="try">Try one now</h2><p>Every arrow is a packet that '
                "really crossed a link, in a run that was recorded. Point at one for its bytes, "
                f"and answer with a button or by a click on a packet. It is from {to}.</p>"
                f'<div class="tried">{picture}{card}</div></section>'
            )
    return ""


def _listed(pages: list[tuple[Page, About | None]]) -> str:
    items = []
    for page, said in pages:
        names = html.escape(json.dumps(names_on(page.soup)))
        time = f"{said.minutes} minutes" if said and said.minutes else ""
        count = _counted(len(said.exercises), "exercise") if said and said.exercises else ""
        line = " · ".join(filter(None, (time, count)))
        learn = html.escape(said.learn) if said else ""
        items.append(
            f'<li><span class="number">{page.number}</span><div>'
            f'<a href="{page.path}">{html.escape(page.title)}</a>'
            f"{f'<p>{learn}</p>' if learn else ''}"
            f'<p class="quiet">{line}<span class="answered" data-names="{names}"></span></p>'
            "</div></li>"
        )
    return f'<ul class="chapters">{"".join(items)}</ul>'


def _run(site: Site) -> str:
    """How to run the course on one's own machine; with a public address also on others'."""
    fetched = archive(site.address)
    text = RUN.format(as_links([(DOWNLOAD, fetched)]) if fetched else DOWNLOAD)
    links = as_links(elsewhere(site.address, NOTEBOOK)[:2])  # one chapter's file alone is no use
    if not links:
        return text
    if not fetched:
        return f'{text}<p class="row">{links}</p>'
    return (
        f"{text}<p>Without installing anything, a free service can run it for a while: it starts "
        f'in a minute or two, and forgets what you did when it ends.</p><p class="row">{links}</p>'
    )
