"""From a notebook to the HTML of its cells, as a tree that the other modules change."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag
from folded import unfold
from for_viewers import as_run
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML

from web.links import clean_id

# The cells alone, without nbconvert's page and the scripts that it loads from elsewhere.
CELLS = """{%- extends 'base/display_priority.j2' -%}
{% block markdowncell %}<div class="text">{{ cell.source | markdown2html }}</div>
{% endblock %}
{% block input %}<div class="code{{ ' exercise' if 'exercise' in cell.metadata.tags }}">
<p class="prompt"><span class="unseen">Code cell </span>[{{ cell.execution_count or ' ' }}]</p>
<pre data-code="{{ cell.metadata.course_code }}">{{ cell.source | escape_html }}</pre></div>
{% endblock %}
{% block output_group %}<div class="outputs"><p class="unseen">Output</p>
{% if cell.metadata.jupyter and cell.metadata.jupyter.outputs_hidden %}<details class="result">
<summary>Show the result</summary>
{{ super() }}</details>{% else %}{{ super() }}{% endif %}</div>
{% endblock %}
{% block stream %}<pre>{{ output.text | ansi2html }}</pre>{% endblock %}
{% block error %}<pre>{{ output.traceback | join('\\n') | ansi2html }}</pre>{% endblock %}
{% block data_html %}<div class="html">{{ output.data['text/html'] }}</div>{% endblock %}
{% block data_png %}<div class="html"><img class="course-picture"
 alt="{{ output.data['text/plain'] | escape_html }}"
 src="data:image/png;base64,{{ output.data['image/png'] | strip_trailing_newline }}"></div>
{% endblock %}
{% block data_markdown %}{{ output.data['text/markdown'] | markdown2html }}{% endblock %}
{% block data_text %}<pre>{{ output.data['text/plain'] | ansi2html }}</pre>{% endblock %}
{% block execute_result %}{% block data_priority %}{{ super() }}{% endblock %}{% endblock %}
"""
HEADINGS = ("h1", "h2", "h3", "h4")
CODE = re.compile(r'(<pre[^>]* data-code="(\d+)"[^>]*>).*?</pre>', re.DOTALL)
SET_UP = "helpers/welcome.py"  # in the cell that every chapter begins with
SCROLLED = "Moves sideways where it is wider than the page"


@dataclass(frozen=True)
class Page:
    """A notebook on its way to a page.

    Attributes:
        folder: its folder below notebooks/, and below the site: "", "solutions", "assignments".
        name: the page's file name.
        title: its first heading, as plain text.
        soup: its cells as HTML.
        sections: the headings of level 2: pairs of an id and the words.
        codes: the code of its cells; in `soup` it stands without colours, which are thousands of
            elements, and `html` puts them in.
    """

    folder: str
    name: str
    title: str
    soup: BeautifulSoup
    sections: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The chapter's number, such as "03", or the assignment's name."""
        return self.name[:2]

    @property
    def path(self) -> str:
        """Where it is in the site, such as "assignments/A1_thermostat.html"."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def is_solved(self) -> bool:
        """Whether it belongs to the solutions edition."""
        return self.folder.startswith("solutions")

    @property
    def root(self) -> str:
        """The way from it to the site's folder: "" or "../"."""
        return "../" * len(self.folder.split("/")) if self.folder else ""

    def html(self) -> str:
        """Its cells as HTML, the code in colours."""
        return CODE.sub(
            lambda found: f"{found[1]}{coloured(self.codes[int(found[2])])}</pre>", str(self.soup)
        )

    @property
    def notebook(self) -> str:
        """Where its notebook is in the repository."""
        return f"notebooks/{self.path.removesuffix('.html')}.ipynb"


def read_page(path: Path, notebooks: Path) -> Page:
    """Return a notebook as a page; raises ValueError where it is none."""
    try:
        notebook = nbformat.read(path, as_version=4)
        codes = []
        for cell in notebook.cells:
            unfold(cell)  # a page has a button of its own
            as_run(cell)  # what is saved for other viewers stands in two places
            if cell.cell_type == "code":
                cell.metadata["course_code"] = len(codes)
                codes.append(cell.source)
        body, _ = HTMLExporter(raw_template=CELLS).from_notebook_node(notebook)
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise ValueError(f"{path.name} can't be read as a notebook ({error})") from None
    soup = without_styles(BeautifulSoup(body, "html.parser"))
    for old in soup.select("a.anchor-link"):  # nbconvert's, whose name is a sign
        old.decompose()
    for each in soup.find_all(HEADINGS, id=True):
        each["id"] = clean_id(each["id"])
    heading = soup.find("h1")
    title = heading.get_text() if heading else path.stem
    folder = path.parent.relative_to(notebooks).as_posix().removeprefix(".")
    sections = [(each.get("id", ""), each.get_text()) for each in soup.find_all("h2")]
    add_anchors(soup)
    let_scroll(soup)
    fold_set_up(soup)
    return Page(folder, path.with_suffix(".html").name, title, soup, sections, codes)


@functools.cache
def coloured(code: str) -> str:
    """Code with its words marked as Pygments tells them apart."""
    shown = Highlight2HTML(pygments_lexer="ipython3")(code)
    return shown.partition("<pre>")[2].rpartition("</pre>")[0]


def fold_set_up(soup: BeautifulSoup) -> None:
    """Fold the code that every chapter begins with, which nobody need read."""
    for pre in soup.select(".code pre"):
        if SET_UP in pre.get_text():
            fold = pre.wrap(soup.new_tag("details", attrs={"class": "set-up"}))
            summary = soup.new_tag("summary")
            summary.string = "The cell that every chapter begins with"
            fold.insert(0, summary)
            return


def without_styles(soup: BeautifulSoup) -> BeautifulSoup:
    """Take away what styles a notebook's page and its scripts, and outputs that are nothing else.

    A page has its own style, in it the same rule for pictures, and the script from a file.
    """
    for tag in soup.select(".outputs script, .outputs style"):
        tag.decompose()
    for shown in soup.select(".outputs .html"):
        if not shown.get_text(strip=True) and not shown.find("img"):
            shown.decompose()
    for outputs in soup.select(".outputs"):
        if not outputs.select_one(":scope > :not(.unseen)"):
            outputs.decompose()
    return soup


def add_anchors(soup: BeautifulSoup) -> None:
    """Give each heading below the title a link to itself, for those who want to send it on."""
    for heading in soup.find_all(HEADINGS[1:]):
        if heading.get("id"):
            words = f"Link to the section {heading.get_text()}"
            link = soup.new_tag("a", href=f"#{heading['id']}", attrs={"class": "anchor"})
            link["aria-label"] = words
            link.string = "#"
            heading.append(link)


def let_scroll(soup: BeautifulSoup) -> None:
    """Let wide code and tables move in a box of their own, which keys can reach.

    The page's script takes the box out of the order of Tab again where it is wide enough.
    """
    for pre in soup.find_all("pre"):
        if "course-lines" not in pre.get("class", []) or "course-listing" in pre["class"]:
            _scrolls(pre, "Code" if pre.find_parent(class_="code") else "Lines")
    for empty in soup.find_all("th", string=lambda text: not (text or "").strip()):
        if not empty.contents:
            empty.name = "td"  # it heads nothing
    for table in soup.find_all("table"):
        box = table.find_parent(class_="html")
        if not box or table.find_parent(class_="course-card"):
            box = table.wrap(soup.new_tag("div"))
        _scrolls(box, "Table")


def _scrolls(box: Tag, what: str) -> None:
    box["class"] = [*box.get("class", []), "scrolls"]
    box["tabindex"], box["role"] = "0", "group"  # a region would be a landmark, and one of many
    box["aria-label"] = f"{what}. {SCROLLED}"


def names_in(code: str) -> set[str]:
    """The names that stand in a piece of code."""
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]{2,}", code))
