"""The course as web pages: complete, linked, and without need of any other machine."""

import functools
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import folded
import nbformat
import pages
import pytest
from bs4 import BeautifulSoup
from drive.on_disk import CHAPTERS, NOTEBOOKS, each, name, read
from for_viewers import as_run

from helpers.look.picture import PICTURE_CLASS
from helpers.look.style import RULE, SHEET, TURNED
from helpers.study.words import glossary

FILLED_IN = "No description has been provided for this image"  # nbconvert's, which says nothing
LOADED = "[src], [srcset], link[href], [data], [poster], [background], [action]"
IN_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!data:)", re.IGNORECASE)


@functools.cache
def soup_of(path: Path) -> BeautifulSoup:
    """Return a page as a tree, which no test may change."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_of(site: Path, notebook: Path) -> Path:
    """Return the page that a notebook has become."""
    return site / Path(name(notebook)).with_suffix(".html")


def all_pages(site: Path) -> list[Path]:
    """Return every page of the site."""
    return sorted(site.rglob("*.html"))


def make_course(folder: Path, *cells: nbformat.NotebookNode, readme: str = "# A course\n") -> Path:
    """Write a course of one chapter, in both editions, into a folder; return its notebooks."""
    notebooks = folder / "notebooks"
    for place in (notebooks, notebooks / "solutions"):
        place.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), place / "01_one.ipynb")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return notebooks


def written(folder: Path, *cells: nbformat.NotebookNode, **options: str) -> Path:
    """Write such a course as web pages, and return the site's folder."""
    pages.write_site(make_course(folder, *cells, **options), folder / "site")
    return folder / "site"


def text(source: str) -> nbformat.NotebookNode:
    """A cell of text."""
    return nbformat.v4.new_markdown_cell(source)


def styles(output: nbformat.NotebookNode) -> bool:
    """Whether an output only styles the page of its notebook."""
    return output.get("data", {}).get("text/html", "").startswith("<style>")


def test_every_notebook_has_a_page_and_each_edition_an_index(site: Path):
    wanted = {page_of(site, path) for path in NOTEBOOKS}
    wanted |= {site / "index.html", site / "solutions" / "index.html", site / pages.GALLERY}
    wanted.add(site / pages.GLOSSARY)
    assert set(all_pages(site)) == wanted


def test_the_index_names_course_chapters_and_solutions_edition(site: Path):
    index = soup_of(site / "index.html")
    assert index.h1.get_text() == "Sockets in IoT: an interactive course"
    assert "Learn socket programming" in index.main.get_text()
    rows = index.select(".chapters li")
    assert [row.a["href"] for row in rows] == [f"{path.stem}.html" for path in CHAPTERS]
    for row in rows:
        assert row.p.get_text(), f"README.md says nothing of {row.a.get_text()!r}"
    assert index.find("a", href="solutions/index.html")


@each(NOTEBOOKS)
def test_a_page_has_every_cell_and_every_picture_of_its_notebook(site: Path, path: Path):
    notebook, page = read(path), soup_of(page_of(site, path))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        as_run(cell)
    assert len(page.select(".code")) == len(code)
    assert len(page.select(".text")) == len(notebook.cells) - len(code)
    shown = [[each for each in cell.outputs if not styles(each)] for cell in code]
    assert len(page.select(".outputs")) == sum(map(bool, shown))
    html = [str(output.get("data", {}).get("text/html", "")) for c in code for output in c.outputs]
    assert len(page.select(".outputs img")) == sum(each.count("<img ") for each in html)


@each(NOTEBOOKS)
def test_every_picture_has_true_alternative_text(site: Path, path: Path):
    page = page_of(site, path)
    assert FILLED_IN not in page.read_text(encoding="utf-8")
    for image in soup_of(page).select("img"):
        words = image.get("alt", "")
        assert len(words.split()) >= 3, f"{words!r} does not say what the picture shows"
        assert not re.search(r"\.(png|jpe?g|gif|svg)\b", words), f"{words!r} is a file's name"


@each(NOTEBOOKS)
def test_headings_begin_with_the_title_and_leave_out_no_level(site: Path, path: Path):
    headings = soup_of(page_of(site, path)).find_all(re.compile(r"h[1-6]"))
    levels = [int(heading.name[1]) for heading in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, level, heading in zip(levels, levels[1:], headings[1:], strict=False):
        assert level <= before + 1, f"{heading.get_text()!r} comes after a level {before}"


@each(NOTEBOOKS)
def test_no_formula_is_left_for_a_script_to_draw(site: Path, path: Path):
    words = soup_of(page_of(site, path)).main.find_all(string=True)
    prose = "".join(each for each in words if not each.find_parent(["pre", "code"]))
    assert not re.search(r"\$[^$\n]+\$|\\\(|\\\[", prose), "write the formula in words"


def test_every_link_leads_somewhere(site: Path):
    for page in all_pages(site):
        for link in soup_of(page).select("a[href], img[src], link[href]"):
            to = urlsplit(link.get("href") or link["src"])
            if to.scheme:
                assert to.scheme in ("https", "http", "data"), f"{page.name}: {link}"
                continue
            file = page.parent / unquote(to.path) if to.path else page
            assert file.is_file(), f"{page.name}: {link}"
            if to.fragment:
                assert soup_of(file).find(id=unquote(to.fragment)), f"{page.name}: {link}"


STATES = {  # of each part that helpers show: what the gallery must have
    "A check": [
        "Not started",
        "Running",
        "Interrupted",
        "One case alone",
        "Wrong, the others folded",
        "Right, with other answers and prints, opened",
        "Wrong, in a notebook that is not trusted yet",
        "Wrong, as plain text",
    ],
    "A question": ["Not answered", "Wrong", "Right", "Right, without a front end", "Plain text"],
    "A puzzle": ["Not answered", "On a page, with its answer opened"],
    "Lines of code to choose from, and lines to put in order": [
        "The wrong line",
        "Not answered",
        "A line chosen",
        "Too early",
        "In order",
        "On a page, with the order opened",
    ],
    "A question to recall": ["Not answered"],
    "A prediction": ["Not answered", "Kept", "Not understood", "Plain text"],
    "This machine": ["All is there", "Something is missing"],
    "The map, with progress": ["Nothing passed", "Some passed"],
    "Bytes and packets": ["Bytes", "No bytes", "Packets"],
    "A live view": ["Packets on their way", "One killed", "Paused", "Where nothing is answered"],
    "A sequence diagram": [],
}


def test_the_glossary_has_every_word_with_a_link_to_its_chapter(site: Path):
    page = soup_of(site / "glossary.html")
    names = [cell.get_text() for cell in page.select("td strong")]
    assert names == [word.word for _, word in glossary().words]
    assert page.find("a", href="02_tcp_server_and_client.html", string="02")


def test_the_gallery_has_every_part_in_every_state_and_in_both_themes(site: Path):
    page = soup_of(site / pages.GALLERY)
    assert [heading.get_text() for heading in page.select("h2")] == list(STATES)
    for part, states in STATES.items():
        found = []
        for tag in page.find("h2", string=part).find_next_siblings():
            if tag.name == "h2":
                break
            if tag.name == "h3":
                found.append(tag.get_text())
                light, dark = tag.find_next_sibling().select(".theme")
                assert light.decode_contents() == dark.decode_contents()
        assert [state for state in states if state not in found] == []


def test_the_gallery_is_the_same_each_time():
    assert pages.gallery_text() == pages.gallery_text()


def test_the_site_has_the_style_sheet_of_the_notebooks(site: Path):
    assert SHEET in (site / pages.STYLE).read_text(encoding="utf-8")


def test_no_page_loads_anything_from_another_machine(site: Path):
    for page in all_pages(site):
        soup = soup_of(page)
        assert not soup.find_all(["iframe", "object", "embed", "base"]), page.name
        for script in soup.find_all("script"):  # of this site, and nothing else
            file = (page.parent / script["src"]).resolve()
            assert file.parent == site.resolve() and not script.get_text(), page.name
            assert file.name in (pages.CLICKS, pages.PLAYER)
        for tag in soup.select(LOADED):
            for key in ("src", "srcset", "href", "data", "poster", "background", "action"):
                to = urlsplit(tag.get(key, ""))
                assert to.scheme in ("", "data") and not to.netloc, f"{page.name}: {to.geturl()}"
        styles = [tag.get_text() for tag in soup.find_all("style")]
        styles += [tag["style"] for tag in soup.select("[style]")]
        assert not any(IN_STYLE.search(style) for style in styles), page.name
    assert not IN_STYLE.search((site / pages.STYLE).read_text(encoding="utf-8"))


def test_the_player_asks_for_nothing_and_makes_no_code_of_words(site: Path):
    script = (site / pages.PLAYER).read_text(encoding="utf-8")
    assert not re.search(r"https?:|fetch|XMLHttp|import\b[ (]|eval|Function\(|innerHTML", script)


def test_a_page_has_no_folder_of_this_machine(site: Path):
    for page in all_pages(site):
        assert str(pages.HERE) not in page.read_text(encoding="utf-8"), page.name


def test_a_link_to_a_notebook_becomes_one_to_its_page(tmp_path: Path):
    site = written(tmp_path, text("# One\n[itself](01_one.ipynb#One)"))
    assert soup_of(site / "01_one.html").main.a["href"] == "01_one.html#One"


def test_a_link_from_the_solutions_to_a_chapter_stays_one_folder_up(tmp_path: Path):
    notebooks = make_course(tmp_path, text("# One\n[up](../01_one.ipynb)"))
    nbformat.write(nbformat.v4.new_notebook(cells=[text("# One")]), notebooks / "01_one.ipynb")
    pages.write_site(notebooks, tmp_path / "site")
    assert soup_of(tmp_path / "site/solutions/01_one.html").main.a["href"] == "../01_one.html"


@pytest.mark.parametrize("to", ["02_none.ipynb", "../README.md", "server.py"])
def test_a_link_to_what_the_site_has_not_becomes_text(tmp_path: Path, to: str):
    main = soup_of(written(tmp_path, text(f"# One\n[a word]({to})")) / "01_one.html").main
    assert not main.find("a")
    assert "a word" in main.get_text()


def test_a_link_to_the_net_and_one_within_the_page_stay(tmp_path: Path):
    cell = text("# One\n[net](https://www.rfc-editor.org/rfc/rfc9293) [here](#One)")
    main = soup_of(written(tmp_path, cell) / "01_one.html").main
    links = [link["href"] for link in main.find_all("a")]
    assert links == ["https://www.rfc-editor.org/rfc/rfc9293", "#One"]


def test_a_picture_is_copied_and_one_that_is_missing_becomes_its_text(tmp_path: Path):
    cell = text("# One\n![a red dot](images/a%20dot.png) ![a lost dot](images/lost.png)")
    images = tmp_path / "notebooks" / "images"
    images.mkdir(parents=True)
    (images / "a dot.png").write_bytes(b"a picture")
    site = written(tmp_path, cell)
    (image,) = soup_of(site / "01_one.html").find_all("img")
    assert image["src"] == "images/a%20dot.png"
    assert (site / "images" / "a dot.png").read_bytes() == b"a picture"
    assert "a lost dot" in soup_of(site / "01_one.html").main.get_text()


def test_words_of_a_traceback_and_of_a_print_are_shown_as_they_are(tmp_path: Path):
    cell = nbformat.v4.new_code_cell("print('<b>')", execution_count=3)
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="<b>&amp;\n"),
        nbformat.v4.new_output(
            "error", ename="E", evalue="", traceback=["\x1b[0;31mE\x1b[0m: <i>"]
        ),
    ]
    page = soup_of(written(tmp_path, text("# One"), cell) / "01_one.html")
    assert [block.get_text().strip() for block in page.select(".outputs pre")] == [
        "<b>&amp;",
        "E: <i>",
    ]
    assert "[3]" in page.select_one(".code").get_text()


def test_a_title_with_signs_of_html_is_shown_as_it_is(tmp_path: Path):
    site = written(tmp_path, text("# Is 1 < 2 & 3?"), readme="# A & B\n")
    assert soup_of(site / "index.html").select_one(".chapters a").get_text() == "Is 1 < 2 & 3?"
    assert soup_of(site / "01_one.html").title.get_text() == "01 Is 1 < 2 & 3? – A & B"


def test_a_learners_kept_version_is_no_page_and_an_old_page_goes(tmp_path: Path):
    notebooks = make_course(tmp_path, text("# One"))
    kept = notebooks / "kept-1_01_one.ipynb"
    kept.write_bytes((notebooks / "01_one.ipynb").read_bytes())
    target = tmp_path / "site"
    target.mkdir()
    (target / "09_old.html").touch()
    pages.write_site(notebooks, target)
    assert sorted(path.name for path in target.glob("*.html")) == [
        "01_one.html",
        "gallery.html",
        "glossary.html",
        "index.html",
    ]


def test_a_broken_notebook_is_named(tmp_path: Path):
    notebooks = make_course(tmp_path, text("# One"))
    (notebooks / "01_one.ipynb").write_text("not JSON", encoding="utf-8")
    with pytest.raises(ValueError, match=r"01_one\.ipynb can't be read as a notebook"):
        pages.write_site(notebooks, tmp_path / "site")


def test_the_command_says_how_many_pages_and_where(tmp_path: Path, monkeypatch, capsys):
    notebooks = make_course(tmp_path, text("# One"))
    monkeypatch.setattr(pages, "HERE", notebooks)
    for file in (pages.STYLE, pages.PLAYER):
        (notebooks / file).touch()
    assert pages.main([]) == 0
    index = tmp_path / "site" / "index.html"
    assert capsys.readouterr().out == f"6 pages are written. Open {index} in a browser.\n"
    (notebooks / "01_one.ipynb").write_text("{}", encoding="utf-8")
    assert pages.main([]) == 1
    assert "01_one.ipynb" in capsys.readouterr().err


def test_a_notebooks_own_style_is_left_out_and_the_pages_style_turns_its_pictures(tmp_path: Path):
    style, image = (
        {"text/html": f"<style>{RULE}</style>"},
        {"text/html": '<img alt="a b c" src="data:,">'},
    )
    cells = [nbformat.v4.new_code_cell("page_style()"), nbformat.v4.new_code_cell("picture")]
    cells[0].outputs = [nbformat.v4.new_output("display_data", style)]
    cells[1].outputs = [nbformat.v4.new_output("display_data", each) for each in (style, image)]
    site = written(tmp_path, text("# One"), *cells)
    page = soup_of(site / "01_one.html")
    assert not page.select("style")
    (outputs,) = page.select(".outputs")
    assert outputs.select_one("img") and len(outputs.select(".html")) == 1
    dark = re.compile(rf"prefers-color-scheme: dark[^}}]*\.{PICTURE_CLASS} {{ filter: ([^;]+);")
    assert dark.findall((site / pages.STYLE).read_text(encoding="utf-8")) == [TURNED]


def test_an_output_that_would_give_a_prediction_away_is_shown_on_demand(tmp_path: Path):
    cell = nbformat.v4.new_code_cell("print(3)", execution_count=3)
    cell.metadata = {"jupyter": {"outputs_hidden": True}}
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="3\n")]
    folded.fold(cell)
    page = soup_of(written(tmp_path, text("# One"), cell) / "01_one.html")
    assert folded.LINE not in page.get_text()
    fold = page.select_one(".outputs > details")
    assert fold.summary.get_text() == "Show the result"
    assert not fold.has_attr("open")
    assert fold.pre.get_text().strip() == "3"


def test_a_question_on_a_page_has_its_answer_folded(tmp_path: Path):
    cells = [shows_question(each) for each in ("Question 00 bytes", "Order 02 a server's steps")]
    site = written(tmp_path, *cells)
    cards = soup_of(site / "01_one.html").select(".course-card")
    for card in cards:
        assert not card.details.has_attr("open")
    assert "The client gets" in cards[0].select("li")[1]["data-choice"]
    assert "Right." in cards[0].select("li")[1].get_text()
    assert cards[1].pre.get_text().startswith("listener = socket.create_server")


def test_a_question_that_is_no_more_stays_as_it_was_saved(tmp_path: Path):
    page = soup_of(written(tmp_path, shows_question("Question 00 no more")) / "01_one.html")
    assert page.select_one(".course-card") and not page.details


def test_a_page_with_a_diagram_has_the_script_from_a_file(tmp_path: Path):
    shown = '<img alt="a" src="data:image/svg+xml;base64,"><script>let inline = 1;</script>'
    output = nbformat.v4.new_output("display_data", data={"text/html": shown})
    site = written(tmp_path, nbformat.v4.new_code_cell("puzzle()", outputs=[output]))
    page = soup_of(site / "01_one.html")
    assert [script["src"] for script in page.find_all("script")] == [pages.CLICKS, pages.PLAYER]
    assert not soup_of(site / "index.html").find_all("script")


def shows_question(label: str) -> nbformat.NotebookNode:
    """A cell that shows a question's card."""
    shown = f'<div class="course-card course-question" role="group" aria-label="{label}">a</div>'
    output = nbformat.v4.new_output("display_data", data={"text/html": shown})
    return nbformat.v4.new_code_cell("quiz()", outputs=[output])
