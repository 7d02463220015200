"""What viewers without a kernel show of the saved notebooks, by the worst rules that are reported.

Nobody has seen these notebooks on GitHub: what is tried here is nbconvert's order of types, and
HTML without styles, scripts, drawings, `data:` addresses and folds.
"""

import base64
import copy
import re

from bs4 import BeautifulSoup
from drive.on_disk import ASSIGNMENTS, NOTEBOOKS, each, read
from for_viewers import CHART, DIAGRAM, as_run, for_viewers, packets_of
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_output

from helpers.look.card import card
from helpers.look.picture import PNG, image_bundle
from helpers.look.saved import in_their_place
from helpers.trace.diagram import sequence_diagram
from helpers.trace.trace import Trace

# Outputs alone: the text of a notebook is Markdown, which those viewers show well.
OUTPUTS = """{%- extends 'base/display_priority.j2' -%}
{% block markdowncell %}{% endblock %}{% block input %}{% endblock %}
{% block output %}<section>{{ super() }}</section>{% endblock %}
{% block stream %}<pre>{{ output.text | e }}</pre>{% endblock %}
{% block error %}<pre>{{ output.evalue | e }}</pre>{% endblock %}
{% block data_png %}<img alt="{{ output.metadata['image/png'].alt }}" class="shown">{% endblock %}
{% block data_html %}{{ output.data['text/html'] | worst }}{% endblock %}
{% block data_text %}<pre>{{ output.data['text/plain'] | e }}</pre>{% endblock %}
{% block data_widget_view %}A widget is not found.{% endblock %}
{% block data_other %}A type that nobody shows.{% endblock %}
{% block execute_result %}{% block data_priority %}{{ super() }}{% endblock %}{% endblock %}
"""
GONE = ("style", "script", "svg", "iframe", "object", "form", "input", "button")
KEPT = {"href", "alt", "width", "colspan", "rowspan", "scope", "start"}
# Characters that a page has room for: of a line of code, and of a table of words.
LONGEST_LINE, WIDEST_TABLE = 100, 80
NOT_SHOWN = re.compile(
    r"widget is not found|Error displaying widget|A type that|Slider\(|VBox\(|course-\w+ \{"
    r"|No description has been provided"
)


def worst(shown: str) -> str:
    """What is left of an output's HTML under the worst rules."""
    soup = BeautifulSoup(shown, "html.parser")
    for tag in soup.find_all(GONE):
        tag.decompose()
    for tag in soup.find_all(True):
        tag.attrs = {key: tag[key] for key in tag.attrs if key in KEPT}
        if tag.name in ("details", "summary"):
            tag.unwrap()
    return str(soup)


def seen(notebook) -> BeautifulSoup:
    """A notebook's outputs as such a viewer shows them."""
    exporter = HTMLExporter(raw_template=OUTPUTS)
    exporter.register_filter("worst", worst)
    return BeautifulSoup(exporter.from_notebook_node(notebook)[0], "html.parser")


def html_of(notebook) -> str:
    """All HTML that its outputs have."""
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", ())]
    return "\n".join(each.get("data", {}).get("text/html", "") for each in outputs)


def narrowest(table) -> int:
    """How many characters a table takes at the least: the longest word of each column."""
    rows = [[cell.get_text(" ") for cell in row.find_all(("th", "td"))] for row in table("tr")]
    columns = [[row[n] for row in rows if n < len(row)] for n in range(max(map(len, rows)))]
    return sum(max(len(w) for text in each for w in text.split() or [""]) for each in columns)


@each(NOTEBOOKS + ASSIGNMENTS)
def test_a_viewer_without_a_kernel_shows_each_chart_and_tells_each_packet(path):
    saved = read(path)
    ran = copy.deepcopy(saved)
    for cell in ran.cells:
        as_run(cell)
    of_run, page = html_of(ran), seen(saved)
    said = page.get_text("\n")
    lines = {line.strip() for line in said.split("\n")}
    charts = [alt for alt, *_ in CHART.findall(of_run)]
    assert len(page("img", class_="shown")) == len(charts)
    assert f"data:{PNG}" not in html_of(saved), "a chart is saved twice, or where it is lost"
    for alt in charts:
        assert BeautifulSoup(alt, "html.parser").get_text() in lines, "a chart without its words"
    for *_, data in DIAGRAM.findall(of_run):
        assert not set(packets_of(base64.b64decode(data).decode())) - lines
    assert not NOT_SHOWN.search(said)
    for block in page("pre"):
        assert max(map(len, block.get_text().split("\n"))) <= LONGEST_LINE, block
    assert max(map(narrowest, page("table")), default=0) <= WIDEST_TABLE
    assert not page.select("table img")
    for cell in ran.cells:
        for_viewers(cell)
    assert ran == saved, "what is saved is not what for_viewers makes of a run"


def saved_of(*bundles: dict) -> tuple:
    """A cell with outputs as they are saved, and one with the same as they are sent."""
    outputs = [new_output("display_data", bundle) for bundle in bundles]
    ran = new_code_cell("f()", outputs=outputs)
    saved = copy.deepcopy(ran)
    for_viewers(saved)
    again = copy.deepcopy(saved)
    for_viewers(again)
    assert again == saved
    return saved, ran


def html_of_one(output) -> str:
    return output.data["text/html"]


def brought_back(saved) -> object:
    cell = copy.deepcopy(saved)
    as_run(cell)
    return cell


def test_charts_of_a_card_follow_it_in_their_order_and_come_back_into_it():
    one, two = (image_bundle(name.encode(), f"<{name}>", 300, 200) for name in ("one", "two"))
    whole = card("check", "c", f"<p>a</p>{one['text/html']}<p>b</p>{two['text/html']}<p>c</p>")
    saved, ran = saved_of({"text/html": whole, "text/plain": "a b c"}, one)
    assert [list(each.data) for each in saved.outputs] == [
        ["text/html", "text/plain"],
        [PNG],
        [PNG],
        ["text/html", "text/plain"],
        [PNG],
    ]
    shown = [base64.b64decode(each.data[PNG]) for each in saved.outputs if PNG in each.data]
    assert shown == [b"one", b"two", b"one"]
    assert "&lt;one&gt;" in saved.outputs[0].data["text/html"]
    assert brought_back(saved) == ran


def test_a_diagram_keeps_its_picture_and_has_its_packets_below_it():
    trace = Trace()
    for number in range(50):
        trace.record("a", "b", "data", b"<%d>" % number)
    diagram = sequence_diagram(trace, "Many")._repr_mimebundle_()
    saved, ran = saved_of(diagram)
    [output] = saved.outputs
    lines = BeautifulSoup(output.data["text/html"], "html.parser")("li")
    assert len(lines) == 41 and "<39>" in lines[39].text and "10 more events" in lines[40].text
    image = re.match(
        r'<img class="course-picture" alt="([^"]*)" decoding[^>]*>', html_of_one(output)
    )
    assert image[1].endswith("between a and b. Its packets are listed below it.")
    assert DIAGRAM.search(diagram["text/html"])[4] in image[0]
    assert brought_back(saved) == ran


def test_what_is_folded_into_the_cells_of_a_table_stands_below_it():
    cell = (
        '<td><details name="m"><summary>{}</summary><div class="x"><p>{}</p></div></details></td>'
    )
    rows = f"<tr>{cell.format('✓', 'all')}{cell.format('✗', 'none')}<td>?</td></tr>"
    shown = f"<p>a</p><table>{rows}</table><details><summary>b</summary>c</details>"
    saved, ran = saved_of({"text/html": shown, "text/plain": "x"})
    html = html_of_one(saved.outputs[0])
    assert BeautifulSoup(html, "html.parser").table.get_text("|") == "✓|✗|?"
    assert "</table><details" in html and html.index("all") < html.index("none")
    assert brought_back(saved) == ran


def test_what_stands_for_controls_goes_and_comes_back():
    line = in_their_place("quiz 03 one recv", "Run this cell to answer.")
    nothing = {"text/html": "", "text/plain": ""}
    saved, ran = saved_of({"text/html": line, "text/plain": "x"}, nothing)
    [output] = saved.outputs
    assert output.data["text/html"].startswith("<p ")
    assert brought_back(saved) == ran == brought_back(ran)
