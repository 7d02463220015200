"""What is saved of a picture, so that viewers without a kernel show it as well.

GitHub and nbviewer turn a saved notebook into a page by nbconvert, and of several forms of one
output nbconvert takes `text/html` before `image/png`. What GitHub then leaves of that HTML is not
written down anywhere, and has changed over the years; CONTRIBUTING names the reports. So the worst
is taken for granted: styles, scripts and `data:` addresses are gone.

- A chart, which a kernel sends as an `<img>` with alternative text, is saved as that text, and as a
  PNG in an output of its own right after it. It is never saved twice.
- A diagram stays the `<img>` that it is, and its packets stand below it as lines of text, folded.
  Where the picture is lost, they are what is left.
- What is folded into the cells of a table stands below it, in one fold: unfolded it would tear the
  table apart.
- What stands for controls goes, an empty output and a rule of style: a saved notebook has none.

`as_run` takes all of this back, to what the kernel has sent: the site and nbval begin from there.

    python tools/for_viewers.py        saves all notebooks anew, and runs none
"""

import base64
import html
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from helpers.look.picture import PICTURE_CLASS, PNG, SVG, TOLD, image_bundle  # noqa: E402
from helpers.look.saved import LINE, NO_ERROR  # noqa: E402

ALT = "A chart, which the line before it describes"  # nbconvert says else that nothing does
BELOW = " Its packets are listed below it."
IMAGE = rf'<img class="{PICTURE_CLASS}" alt="([^"]*)" width="(\d+)" height="(\d+)" [^>]*'
CHART = re.compile(rf'{IMAGE}src="data:{re.escape(PNG)};base64,([A-Za-z0-9+/=]*)">')
DIAGRAM = re.compile(rf'{IMAGE}src="data:{re.escape(SVG)};base64,([A-Za-z0-9+/=]*)">')
WITHOUT_SIZE = re.compile(
    rf'(<img class="{PICTURE_CLASS}" alt="[^"]*" )(decoding="sync" [^>]*src="data:'
    rf'{re.escape(SVG)};base64,([A-Za-z0-9+/=]*)">)'
)
SAID = re.compile(rf'<p class="{TOLD}">([^<]*)</p>')
LINES = re.compile(r'<details class="course-packets">.*?</details>', re.DOTALL)
_BODY = r"<div[^>]*>(?:(?!</?div|<details).)*</div>"  # of one fold
TABLE = re.compile(r"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL)
CELL = re.compile(
    rf'<td><details name="([^"]*)"><summary>([^<]*)</summary>({_BODY})</details></td>', re.DOTALL
)
MOVED = re.compile(r'<td class="course-moved">([^<]*)</td>')
CELLS = re.compile(
    r'(?P<table><table\b(?:(?!<table\b).)*?</table>)<details class="course-cells" '
    r'name="(?P<name>[^"]*)"><summary>[^<]*</summary>(?P<bodies>.*?)</details>',
    re.DOTALL,
)
NOTHING = {"text/html": "", "text/plain": ""}  # what is left of controls, after `build.clean`
TAG = "{http://www.w3.org/2000/svg}"


def for_viewers(cell: dict) -> None:
    """Bring the outputs of a run into the form that is saved; what is in it already stays."""
    if "outputs" in cell:
        kept = [output for output in cell["outputs"] if output.get("data") != NOTHING]
        cell["outputs"] = [each for output in kept for each in _saved(output)]


def as_run(cell: dict) -> None:
    """Take that back: the outputs as the kernel has sent them."""
    left = [output for output in cell.get("outputs", ()) if output.get("data") != NOTHING]
    outputs = []
    while left:
        output = left.pop(0)
        shown = output.get("data", {}).get("text/html", "")
        if shown:
            shown = SAID.sub(lambda said: _chart(said[1], left.pop(0)), shown)
            shown = _of_run(shown, output["data"].get("text/plain", ""))
            output = _with_html(output, shown)
        outputs.append(output)
        if f'<p class="{LINE} ' in shown:
            view = {"output_type": "display_data", "data": dict(NOTHING), "metadata": {}}
            outputs.append(type(output)(view))
    if "outputs" in cell:
        cell["outputs"] = outputs


def packets_of(svg: str) -> list[str]:
    """What a diagram tells of each of its events, and how many it leaves out."""
    root = ET.fromstring(svg)
    notes = [each for each in root.iter(f"{TAG}text") if each.get("class") == "note"]
    return [each.text or "" for each in [*root.iter(f"{TAG}title"), *notes]]


def _saved(output: dict) -> list[dict]:
    """The outputs that are saved of one: itself, and each chart of it."""
    data = output.get("data", {})
    shown = data.get("text/html", "")
    if not shown:
        return [output]
    charts = []

    def said(found: re.Match) -> str:
        size = {"width": int(found[2]), "height": int(found[3])}
        chart = {"data": {PNG: found[4]}, "metadata": {PNG: {"alt": ALT, **size}}}
        charts.append(type(output)({"output_type": "display_data", **chart}))
        return f'<p class="{TOLD}">{found[1]}</p>'

    own = data.get("text/plain", "")
    shown = _of_run(shown, own).replace(NO_ERROR, "")
    shown = CHART.sub(said, TABLE.sub(_cells_out, shown))
    shown = DIAGRAM.sub(lambda found: _with_lines(found, html.escape(own)), shown)
    return [_with_html(output, shown), *charts]


def _chart(alt: str, output: dict) -> str:
    """A chart as the kernel has sent it, from what is said of it and the output that is its PNG."""
    size, data = output["metadata"][PNG], base64.b64decode(output["data"][PNG])
    return image_bundle(data, html.unescape(alt), size["width"], size["height"])["text/html"]


def _with_lines(found: re.Match, own: str) -> str:
    """A diagram with its packets below it.

    Args:
        own: the output's text, escaped. Where it is this diagram's, it has all that is to be said,
            and the alternative text doesn't tell the packets once more.
    """
    size, image = f'width="{found[2]}" height="{found[3]}" ', found[0]
    if size == _size(found[4]):  # its words take no more room than needed where it is lost
        image = image.replace(size, "", 1)
    told = packets_of(base64.b64decode(found[4]).decode())
    if not told:
        return image
    first = found[1].find(" 1. ")
    if found[1] == own and first > 0:
        image = image.replace(f'"{own}"', f'"{own[:first]}{BELOW}"', 1)
    items = "".join(f"<li>{html.escape(each, quote=False)}</li>" for each in told)
    folded = f"<summary>The packets as text</summary><ol>{items}</ol>"
    return f'{image}<details class="course-packets">{folded}</details>'


def _cells_out(found: re.Match) -> str:
    """A table with what is folded into its cells in one fold below it."""
    folds = CELL.findall(found[0])
    if not folds:
        return found[0]
    table = CELL.sub(lambda cell: f'<td class="course-moved">{cell[2]}</td>', found[0])
    bodies = "".join(body for *_, body in folds)
    head = f'<details class="course-cells" name="{folds[0][0]}"><summary>What happened</summary>'
    return f"{table}{head}{bodies}</details>"


def _cells_in(found: re.Match) -> str:
    """That table with each fold in its cell again."""
    bodies = iter(re.findall(_BODY, found["bodies"], re.DOTALL))

    def cell(moved: re.Match) -> str:
        fold = f"<summary>{moved[1]}</summary>{next(bodies)}</details>"
        return f'<td><details name="{found["name"]}">{fold}</td>'

    return MOVED.sub(cell, found["table"])


def _of_run(shown: str, own: str) -> str:
    """The HTML of an output as it was in its run, but for charts.

    Args:
        own: the output's text.
    """
    shown = CELLS.sub(_cells_in, LINES.sub("", shown).replace(NO_ERROR, ""))
    shown = shown.replace(f'<p class="{LINE} ', f'{NO_ERROR}<p class="{LINE} ')
    short = rf'(<img class="{PICTURE_CLASS}" alt=")[^"]*{re.escape(BELOW)}"'
    shown = re.sub(short, lambda found: f'{found[1]}{html.escape(own)}"', shown)
    return WITHOUT_SIZE.sub(lambda found: f"{found[1]}{_size(found[3])}{found[2]}", shown)


def _size(data: str) -> str:
    """The attributes of a picture that is as large as its SVG, in base64, says."""
    root = re.match(r'<svg [^>]*?(width="\d+" height="\d+")', base64.b64decode(data).decode())
    return f"{root[1]} " if root else ""


def _with_html(output: dict, shown: str) -> dict:
    """An output with this HTML in place of its own."""
    data = {**output["data"], "text/html": shown}
    return type(output)({**output, "data": type(output["data"])(data)})


def main() -> int:
    """Save the outputs of all notebooks in this form; return the command's exit status."""
    import nbformat

    for path in sorted(ROOT.glob("notebooks/**/*.ipynb")):
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(before, as_version=4)
        for cell in notebook.cells:
            for_viewers(cell)
        after = nbformat.writes(notebook).rstrip("\n") + "\n"
        if not path.name.startswith("kept-") and after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(path.relative_to(ROOT), path.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
