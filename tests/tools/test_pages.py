"""The course as web pages: complete, linked, and without need of any other machine."""

import base64
import functools
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import folded
import nbformat
import pages
import pytest
from bs4 import BeautifulSoup
from drive.on_disk import ASSIGNMENTS, CHAPTERS, NOTEBOOKS, each, name, read
from for_viewers import as_run
from gallery import gallery_text
from PIL import Image
from web.frame import SCRIPTS, SEARCHED
from web.links import elsewhere

from helpers.look.picture import PICTURE_CLASS
from helpers.look.style import RULE, SHEET, TURNED
from helpers.study.about import chapters as about_chapters
from helpers.study.words import glossary

FILLED_IN = "No description has been provided for this image"  # nbconvert's, which says nothing
MOST = 600_000  # bytes of a page
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


def make_course(folder: Path, *cells: nbformat.NotebookNode, address: str = "") -> Path:
    """Write a course of one chapter, in both editions, into a folder; return its notebooks."""
    notebooks = folder / "notebooks"
    for place in (notebooks, notebooks / "solutions"):
        place.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), place / "01_one.ipynb")
    urls = f'[project]\n[project.urls]\nrepository = "{address}"\n'
    (folder / "pyproject.toml").write_text(urls, encoding="utf-8")
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
    html = output.get("data", {}).get("text/html", "")
    return html.startswith("<style>") and "course-card" not in html.rpartition("</style>")[2]


def test_every_notebook_has_a_page_and_each_edition_an_index(site: Path):
    wanted = {page_of(site, path) for path in NOTEBOOKS + ASSIGNMENTS}
    wanted |= {site / "index.html", site / "solutions" / "index.html", site / pages.GALLERY}
    wanted.add(site / pages.GLOSSARY)
    assert set(all_pages(site)) == wanted


def test_the_front_page_lists_chapters_and_assignments_with_hours(site: Path):
    index = soup_of(site / "index.html")
    chapters, tasks = index.select("ul.chapters")
    assert [row.a["href"] for row in chapters.select("li")] == [f"{e.stem}.html" for e in CHAPTERS]
    assert tasks.a["href"] == "assignments/A1_thermostat.html"
    for row in index.select(".chapters li"):
        learn, time = row.select("p")
        assert learn.get_text() and "minutes" in time.get_text()
    assert index.main.find("a", href="solutions/index.html")
    hours = sum(each.minutes for each in about_chapters()) / 60
    assert f"about {hours:.0f} hours" in index.select_one(".facts").get_text()


def test_the_front_page_has_a_puzzle_to_try(site: Path):
    section = soup_of(site / "index.html").select_one("section.try")
    assert section.select_one(".course-unpack img")["alt"].startswith("Six pings")
    assert section.select_one(".course-card")["data-name"] == "05 what happened"


def test_contents_stand_at_the_side_with_the_sections_of_the_page(site: Path):
    page = soup_of(site / "02_tcp_server_and_client.html")
    here = page.select_one(".side [aria-current=page]")
    assert here["href"] == "02_tcp_server_and_client.html"
    headings = [each.find(string=True) for each in page.main.find_all("h2")]
    assert [each.get_text() for each in page.select(".sections a")] == headings
    assert page.select_one(".ways [rel=prev]")["href"] == "01_what_is_a_socket.html"
    assert page.select_one(".ways [rel=next]")["href"] == "03_messages_on_a_stream.html"


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
    pictures = sum(each.count("<img ") for each in html)
    pictures += sum("image/png" in o.get("data", {}) for c in code for o in c.outputs)
    assert len(page.select(".outputs img")) == pictures


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
    headings = soup_of(page_of(site, path)).main.find_all(re.compile(r"h[1-6]"))
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
    names = [cell.get_text() for cell in page.select("dt")]
    assert names == [word.word for _, word in glossary().words]
    assert page.find("a", href="02_tcp_server_and_client.html", string="Chapter 02")


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
    assert gallery_text() == gallery_text()


def test_the_site_has_the_style_sheet_of_the_notebooks(site: Path):
    assert SHEET in (site / pages.STYLE).read_text(encoding="utf-8")


def test_no_page_loads_anything_from_another_machine(site: Path):
    for page in all_pages(site):
        soup = soup_of(page)
        assert not soup.find_all(["iframe", "object", "embed", "base"]), page.name
        for script in soup.find_all("script"):  # of this site, and nothing else
            file = (page.parent / script["src"]).resolve()
            assert file.parent == site.resolve() and not script.get_text(), page.name
            assert file.name in SCRIPTS
        for tag in soup.select(LOADED):
            for key in ("src", "srcset", "href", "data", "poster", "background", "action"):
                to = urlsplit(tag.get(key, ""))
                assert to.scheme in ("", "data") and not to.netloc, f"{page.name}: {to.geturl()}"
    assert not IN_STYLE.search((site / pages.STYLE).read_text(encoding="utf-8"))


def test_a_page_is_small_and_its_policy_is_strict(site: Path):
    for page in all_pages(site):
        assert page.stat().st_size <= MOST, page.name
        soup = soup_of(page)
        assert not soup.select("style, [style], [onclick], [onload]"), page.name
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy


def test_the_scripts_ask_for_nothing_and_make_no_code_of_words(site: Path):
    for file in SCRIPTS:
        script = (site / file).read_text(encoding="utf-8")
        found = re.search(r"https?:|fetch|XMLHttp|import\b[ (]|eval|Function\(|innerHTML", script)
        assert not found, file


def test_each_place_of_the_index_is_there(site: Path):
    text = (site / SEARCHED).read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("window.courseIndex = ").removesuffix(";\n"))
    assert [page for page, _ in index["pages"]] == [
        page_of(Path(), path).as_posix()
        for path in CHAPTERS + ASSIGNMENTS[: len(index["pages"])]
        if "solutions" not in path.parts
    ]
    for page, at, heading, *_ in index["sections"]:
        soup = soup_of(site / index["pages"][page][0])
        assert not at or soup.find(id=at).find(string=True).strip() == heading
    glossary_page = soup_of(site / pages.GLOSSARY)
    assert all(glossary_page.find(id=at) for _, _, at, _ in index["words"])
    told = [text for *_, text, _ in index["sections"]]
    assert any("the peer has ended its side" in each or "checksum" in each for each in told)


def test_a_page_has_no_folder_of_this_machine(site: Path):
    for page in all_pages(site):
        assert str(pages.HERE) not in page.read_text(encoding="utf-8"), page.name


def test_a_link_to_a_notebook_becomes_one_to_its_page(tmp_path: Path):
    site = written(tmp_path, text("# One\n[itself](01_one.ipynb#One)"))
    assert (
        soup_of(site / "01_one.html").select_one(".text p:not(.where) a")["href"]
        == "01_one.html#One"
    )


def test_a_link_from_the_solutions_to_a_chapter_stays_one_folder_up(tmp_path: Path):
    notebooks = make_course(tmp_path, text("# One\n[up](../01_one.ipynb)"))
    nbformat.write(nbformat.v4.new_notebook(cells=[text("# One")]), notebooks / "01_one.ipynb")
    pages.write_site(notebooks, tmp_path / "site")
    assert (
        soup_of(tmp_path / "site/solutions/01_one.html").select_one(".text p:not(.where) a")["href"]
        == "../01_one.html"
    )


@pytest.mark.parametrize("to", ["02_none.ipynb", "../README.md", "server.py"])
def test_a_link_to_what_the_site_has_not_becomes_text(tmp_path: Path, to: str):
    page = soup_of(written(tmp_path, text(f"# One\n[a word]({to})")) / "01_one.html")
    assert not page.select(".text p:not(.where) a")
    assert "a word" in page.select_one(".text").get_text()


def test_a_link_to_the_net_and_one_within_the_page_stay(tmp_path: Path):
    cell = text("# One\n[net](https://www.rfc-editor.org/rfc/rfc9293) [here](#One)")
    page = soup_of(written(tmp_path, cell) / "01_one.html")
    links = [link["href"] for link in page.select(".text p:not(.where) a")]
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
    site = written(tmp_path, text("# Is 1 < 2 & 3?"))
    assert soup_of(site / "index.html").select_one(".chapters a").get_text() == "Is 1 < 2 & 3?"
    assert soup_of(site / "01_one.html").title.get_text() == "01 Is 1 < 2 & 3? – Sockets in IoT"


def test_with_a_public_address_a_page_can_be_opened_where_it_runs(tmp_path: Path):
    address = "https://github.com/someone/sockets"
    site = written(tmp_path, text("# One"), address=address)
    links = {a.get_text(): a["href"] for a in soup_of(site / "01_one.html").select("a.away")}
    assert links == {
        "Run it on your machine": "index.html#run",
        **dict(elsewhere(address, "notebooks/01_one.ipynb")),
    }
    assert links["Open it in Binder"] == (
        "https://mybinder.org/v2/gh/someone/sockets/main?labpath=notebooks%2F01_one.ipynb"
    )
    assert soup_of(site / "index.html").find("a", string="Download the course")


def test_without_one_nothing_leads_elsewhere(tmp_path: Path):
    site = written(tmp_path, text("# One"))
    for page in all_pages(site):
        if page.name not in (pages.GLOSSARY, pages.GALLERY):
            assert not soup_of(page).select("a[href^='http']"), page.name


def test_another_host_than_github_has_one_link():
    assert elsewhere("https://codeberg.org/a/b", "x.ipynb") == [
        ("The course's repository", "https://codeberg.org/a/b")
    ]


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
    monkeypatch.setattr(pages, "TOOLS", notebooks)
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
    assert [card["data-kind"] for card in cards] == ["choice", "order"]
    right = cards[0].select_one("[data-right]")
    assert right["data-choice"] == "B: The client gets a TypeError."
    assert right["data-line"] == "The client gets a `TypeError`."
    assert "Right." in right.get_text()
    assert cards[1].pre.get_text().startswith("listener = socket.create_server")


def test_a_prediction_on_a_page_knows_its_bounds_and_its_result(tmp_path: Path):
    asks = nbformat.v4.new_code_cell('predict("01 n", "How many?", low=0, high=9, unit="bytes")')
    asks.outputs = shows_question("Predict 01 n").outputs
    tells = nbformat.v4.new_code_cell('print(predicted("01 n").compare(3))')
    tells.metadata = {"jupyter": {"outputs_hidden": True}}
    tells.outputs = [nbformat.v4.new_output("stream", name="stdout", text="Measured: 3 bytes.\n")]
    page = soup_of(written(tmp_path, asks, tells) / "01_one.html")
    card = page.select_one(".course-card")
    assert {key: value for key, value in card.attrs.items() if key.startswith("data-")} == {
        "data-name": "01 n",
        "data-kind": "predict",
        "data-unit": "bytes",
        "data-low": "0",
        "data-high": "9",
        "data-wanted": "a number from 0 to 9",
    }
    assert json.loads(page.select_one("details.result")["data-measured"]) == {"01 n": "3 bytes"}


def test_each_question_and_prediction_of_the_course_can_be_answered(site: Path):
    for path in CHAPTERS:
        page = soup_of(page_of(site, path))
        for card in page.select(".course-question, .course-predict"):
            if card.find_parent(class_="course-card"):
                continue
            assert card.get("data-kind"), f"{path.name}: {card['aria-label']}"
            assert card.select("button"), f"{path.name}: {card['aria-label']}"


def test_a_question_that_is_no_more_stays_as_it_was_saved(tmp_path: Path):
    page = soup_of(written(tmp_path, shows_question("Question 00 no more")) / "01_one.html")
    assert page.select_one(".course-card") and not page.details


def test_a_live_part_says_how_to_get_it(tmp_path: Path):
    saved = '<p class="course-saved course-saved-x">Run this cell to move the sliders: n.</p>'
    output = nbformat.v4.new_output("display_data", data={"text/html": saved})
    page = soup_of(
        written(tmp_path, nbformat.v4.new_code_cell("e()", outputs=[output])) / "01_one.html"
    )
    note = page.select_one(".live-note")
    assert note.get_text().startswith("In a running notebook you can move the sliders: n.")
    assert note.a["href"] == "index.html#run"


def test_a_page_with_a_diagram_has_the_scripts_from_files(tmp_path: Path):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" style="x"><g class="packet"/></svg>'
    data = base64.b64encode(svg).decode()
    image = f'<img class="course-picture" alt="a" src="data:image/svg+xml;base64,{data}">'
    output = nbformat.v4.new_output(
        "display_data", data={"text/html": image + "<script>let inline = 1;</script>"}
    )
    site = written(tmp_path, nbformat.v4.new_code_cell("puzzle()", outputs=[output]))
    page = soup_of(site / "01_one.html")
    scripts = [script["src"] for script in page.find_all("script")]
    assert scripts[-2:] == [pages.CLICKS, "player.js"]
    assert b"style" not in base64.b64decode(page.select_one(".frame img")["src"].partition(",")[2])
    assert pages.CLICKS not in str(soup_of(site / "index.html"))


def test_a_chart_that_is_a_picture_by_itself_has_its_size_and_its_words(tmp_path: Path):
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "PNG")
    data = {"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "Two < three."}
    output = nbformat.v4.new_output("display_data", data=data)
    site = written(tmp_path, nbformat.v4.new_code_cell("chart()", outputs=[output]))
    image = soup_of(site / "01_one.html").select_one(".figure img")
    assert [image["alt"], image["width"], image["height"]] == ["Two < three.", "20", "10"]


def shows_question(label: str) -> nbformat.NotebookNode:
    """A cell that shows a question's card."""
    look = "predict" if label.startswith("Predict") else "question"
    shown = f'<div class="course-card course-{look}" role="group" aria-label="{label}">a</div>'
    output = nbformat.v4.new_output("display_data", data={"text/html": shown})
    return nbformat.v4.new_code_cell("quiz()", outputs=[output])
