"""Take the README's pictures in a real JupyterLab, or one of every chapter to look at.

    python tools/pictures.py                        writes them into tools/images/
    python tools/pictures.py --all FOLDER           writes every chapter, whole, into FOLDER
    python tools/pictures.py --all FOLDER --theme dark

It needs a Chromium and the packages of requirements-dev.txt. Chapters run in a copy. Beside the
pictures stands what each was made from; a test says when one is older than what it shows.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import math
import re
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drive.lab import THEMES, LabServer, lab_server  # noqa: E402
from drive.lab_page import CODE_CELLS, LabPage, browser_page  # noqa: E402

from helpers.look.style import SHEET  # noqa: E402
from helpers.trace.diagram import sequence_diagram  # noqa: E402
from helpers.trace.trace import Trace  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Locator

IMAGES = ROOT / "tools" / "images"
MADE_FROM = IMAGES / "made_from.json"
MOVING, STILL, CAUGHT = "killed.gif", "killed.png", "caught.png"
# The cell of chapter 06 with a live view, and what makes it so slow that pictures can be taken.
LIVE = "delay=0.6, watch=live"
SLOWER = {"timer=4": "timer=8", "delay=0.6": "delay=3"}
VICTIM, FASTER = "DATA 2", 3  # the packet that is killed; how much faster the run is shown
# An answer to an exercise of chapter 02 that believes what most believe.
EXERCISE, BELIEF = "def fetch_welcome", "one recv is one message"
WRONG = """def fetch_welcome(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        return connection.recv(1024).decode()"""
# The parts of a report, by their rules of style: a change of others makes no picture old.
PARTS = re.compile(r"\.course-(card|check|verdict|sign|is-wrong|lines|list|steps|fold|rest)\b")
FRAME, REST = 60, 4000  # milliseconds: of a frame at the least, and of the last
SCALE = 1.5  # of what is still: pixels for one of the page
TRIES = 4  # to hit a packet that moves
FIND = f"""text => {CODE_CELLS}
    .findIndex(cell => cell.model.sharedModel.getSource().includes(text))"""
SOURCE = f"number => {CODE_CELLS}[number].model.sharedModel.getSource()"
RUN_AS = f"""([number, source]) => {{
    const {{commands, shell}} = window.jupyterapp, {{content}} = shell.currentWidget;
    const cell = {CODE_CELLS}[number];
    if (source) cell.model.sharedModel.setSource(source);
    content.activeCellIndex = content.widgets.indexOf(cell);
    commands.execute('notebook:run-cell');
}}"""
HAS_RUN = f"""number => /\\[\\d+\\]/.test({CODE_CELLS}[number].node
    .querySelector('.jp-InputPrompt').textContent)"""
POINTER = """() => {
    const pointer = document.createElement('div');
    pointer.innerHTML = '<svg width="22" height="30"><path fill="#000" stroke="#fff" '
        + 'stroke-width="1.5" d="M2 2v21l5-5 4 9 4-2-4-8h7z"/></svg>';
    pointer.style.cssText = 'position: fixed; z-index: 9999; pointer-events: none';
    const follow = event => {
        pointer.style.left = `${event.clientX - 2}px`; pointer.style.top = `${event.clientY - 2}px`;
    };
    document.addEventListener('mousemove', follow, true);
    document.body.append(pointer);
}"""


def made_from(name: str) -> str:
    """A digest of what a picture shows: texts, scripts and styles, and a diagram as it is drawn."""
    parts = [_diagram()]
    if name == CAUGHT:
        beliefs = (ROOT / "helpers/chapters/chapter_02/beliefs.py").read_text(encoding="utf-8")
        start = beliefs.index(f'"{BELIEF}"')
        rules = [rule for rule in re.findall(r"[^{}]+\{[^}]*\}", SHEET) if PARTS.search(rule)]
        parts += [WRONG, *rules, beliefs[start : beliefs.index("\n)\n", start)]]
        parts += _texts("helpers/checks/report_html.py", "helpers/look/card.py")
    else:
        chapter = next((ROOT / "notebooks" / "source").glob("06_*.py")).read_text(encoding="utf-8")
        staging = (ROOT / "helpers/chapters/chapter_06/staging.py").read_text(encoding="utf-8")
        words = staging.partition("def in_words(")[2].partition("\n\n\n")[0]
        cell = next(each for each in chapter.split("\n# %%") if LIVE in each)
        parts += [cell, json.dumps(SLOWER), VICTIM, words]
        parts += _texts("helpers/figures/live/view.js", "helpers/figures/live/view.css")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def older_than_what_they_show() -> list[str]:
    """The names of the README's pictures that have to be taken anew."""
    kept = json.loads(MADE_FROM.read_text(encoding="utf-8")) if MADE_FROM.exists() else {}
    names = (MOVING, STILL, CAUGHT)
    return [n for n in names if kept.get(n) != made_from(n) or not (IMAGES / n).is_file()]


def _texts(*names: str) -> list[str]:
    return [(ROOT / name).read_text(encoding="utf-8") for name in names]


def _diagram() -> str:
    """A diagram as it is drawn now, with what those of the pictures have: packets and a loss."""
    trace = Trace()
    for number, fate, cause in ((1, "delivered", ""), (2, "dropped", "by hand")):
        trace.begin(number, "client 1", "server", "datagram", b"open", fate, cause, number)
    return sequence_diagram(trace, "A title").svg


def take_live(page: LabPage, notebook: str, folder: Path = IMAGES) -> None:
    """Kill a packet of chapter 06 by a click, and save how the sender recovers, moving and still.

    Raises RuntimeError where the chapter fails, or where no click meets the packet.
    """
    page.page.emulate_media(reduced_motion="no-preference")
    _run(page, notebook)
    page.page.evaluate(POINTER)
    number = page.page.evaluate(FIND, LIVE)
    cell = page.page.locator(".jp-CodeCell").nth(number)
    source = page.page.evaluate(SOURCE, number)
    for fast, slow in SLOWER.items():
        if fast not in source:
            raise RuntimeError(f"{notebook} has no {fast} in its cell with a live view")
        source = source.replace(fast, slow)
    for _ in range(TRIES):
        page.page.evaluate(RUN_AS, [number, source])
        shots = _shots_of_a_run(page, cell, number)
        if cell.locator("svg[aria-label*='number 2 lost']").count():
            break
    else:
        raise RuntimeError(f"none of {TRIES} clicks has met {VICTIM}")
    page.page.mouse.move(0, 0)
    diagram = cell.locator(".course-picture").first
    diagram.evaluate("picture => picture.scrollIntoView({block: 'end'})")
    last = _shot(page, _clip(diagram.bounding_box()))
    last.quantize(64, dither=Image.Dither.NONE).save(folder / STILL, optimize=True)
    _save_moving(shots, last, folder / MOVING)


def _shots_of_a_run(page: LabPage, cell: Locator, number: int) -> list[tuple[float, Image.Image]]:
    """What the live view looks like while its cell runs: the moment, in seconds, and a picture."""
    view, cast = cell.locator(".course-live"), page.page.context.new_cdp_session(page.page)
    view.wait_for()
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    field = view.get_by_role("listbox").bounding_box()
    victim = view.get_by_role("option", name=re.compile(VICTIM)).first
    page.page.mouse.move(field["x"] + field["width"] * 0.7, field["y"] + field["height"] * 0.75)
    seen: list[tuple[float, str]] = []

    def keep(frame: dict) -> None:
        seen.append((frame["metadata"]["timestamp"], frame["data"]))
        cast.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    cast.on("Page.screencastFrame", keep)
    cast.send("Page.startScreencast", {"format": "png"})  # as wide as the page, whatever its scale
    clip, clicked = _clip(view.bounding_box()), False
    while not page.page.evaluate(HAS_RUN, number):
        box = victim.bounding_box() if not clicked and victim.count() else None
        if box and box["x"] > field["x"] + field["width"] * 0.35:
            page.page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
            clicked = True
        page.page.wait_for_timeout(20)
    cast.send("Page.stopScreencast")
    edges = (clip["x"], clip["y"], clip["x"] + clip["width"], clip["y"] + clip["height"])
    every, last, shots = FRAME * FASTER / 1000, 0.0, []
    ends = [moment for moment, _ in seen[1:]] + [math.inf]  # when the next is seen
    for (moment, data), end in zip(seen, ends, strict=True):
        if moment - last >= every or end - moment >= every:  # what stays for a while is not lost
            image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
            shots.append((moment, image.crop(edges)))
            last = moment
    return shots


def _save_moving(shots: list, last: Image.Image, path: Path) -> None:
    """Save the pictures of a run and what it leaves as one that moves, without repetitions."""
    size = shots[0][1].size
    small = last.resize((round(last.width / SCALE), round(last.height / SCALE)), Image.LANCZOS)
    sheet = Image.new("RGB", size, "white")
    sheet.paste(small, ((size[0] - small.width) // 2, min(0, size[1] - small.height)))
    moments, frames = [], []
    for moment, shot in [*shots, (shots[-1][0] + 1.5 * FASTER, sheet)]:
        if not frames or shot.tobytes() != frames[-1].tobytes():
            moments.append(moment)
            frames.append(shot)
    # One palette for all frames, else colours would flicker, in which no colour that is rare is
    # lost: a cross is small. No dithering, else areas would flicker.
    some = [*frames[::3], sheet]
    seen = Image.new("RGB", (size[0], size[1] * len(some)))
    for place, shot in enumerate(some):
        seen.paste(shot, (0, place * size[1]))
    palette = seen.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    frames = [shot.quantize(palette=palette, dither=Image.Dither.NONE) for shot in frames]
    times = [max(20, round((b - a) * 1000 / FASTER)) for a, b in pairwise(moments)]
    more = {"save_all": True, "append_images": frames[1:], "loop": 0, "optimize": True}
    frames[0].save(path, duration=[*times, REST], **more)


def take_caught(page: LabPage, notebook: str, folder: Path = IMAGES) -> None:
    """Check a wrong answer in chapter 02, and save it with what the check says of it.

    Raises RuntimeError where the chapter fails, or the report does not name the belief.
    """
    _run(page, notebook)
    number = page.page.evaluate(FIND, EXERCISE)
    page.page.evaluate(RUN_AS, [number, WRONG])
    page.wait(HAS_RUN, arg=number)
    checked = page.page.evaluate(FIND, "check(fetch_welcome)")
    page.page.evaluate(RUN_AS, [checked, ""])
    cells = page.page.locator(".jp-CodeCell")
    card = cells.nth(checked).locator(".course-card")
    card.get_by_text(BELIEF).first.wait_for(state="attached")
    cells.nth(number).evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.page.mouse.move(0, 0)
    above = cells.nth(number).bounding_box()
    below = card.locator("summary").first.bounding_box()  # the first hint, folded; the rest is less
    clip = {**above, "height": below["y"] + below["height"] - above["y"]}
    shot = _shot(page, _clip(clip))
    shot.quantize(96, dither=Image.Dither.NONE).save(folder / CAUGHT, optimize=True)


def _run(page: LabPage, notebook: str) -> None:
    page.open(notebook)
    page.run_all(notebook)
    if problems := page.errors(notebook):
        raise RuntimeError(problems[0])


def _clip(box: dict[str, float]) -> dict[str, float]:
    return {key: round(value) for key, value in box.items()}


def _shot(page: LabPage, clip: dict[str, float]) -> Image.Image:
    return Image.open(io.BytesIO(page.page.screenshot(clip=clip))).convert("RGB")


def take_readme_pictures(server: LabServer, chapters: dict[str, str]) -> None:
    """Take all of them, and write down what they were made from."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with browser_page(server, width=860, height=760, scale=SCALE) as page:
        take_live(page, chapters["06"])
    with browser_page(server, width=860, height=1600) as page:
        take_caught(page, chapters["02"])
    kept = {name: made_from(name) for name in (MOVING, STILL, CAUGHT)}
    MADE_FROM.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    for name in kept:
        print(IMAGES / name, (IMAGES / name).stat().st_size)


def main() -> int:
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every chapter, whole")
    parser.add_argument(
        "--solutions", action="store_true", help="with --all: the solutions edition"
    )
    parser.add_argument("--theme", choices=THEMES, default="light")
    parser.add_argument("--repository", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    where = "notebooks/solutions" if options.solutions else "notebooks"
    names = sorted(path.name for path in (options.repository / where).glob("[0-9][0-9]_*.ipynb"))
    with (
        tempfile.TemporaryDirectory() as scratch,
        lab_server(options.repository, Path(scratch), options.theme) as server,
    ):
        if not options.all:
            take_readme_pictures(server, {name[:2]: f"notebooks/{name}" for name in names})
            return 0
        options.all.mkdir(parents=True, exist_ok=True)
        for name in names:
            with browser_page(server, width=1100, scale=1) as page:
                page.open(f"{where}/{name}")
                page.run_all(f"{where}/{name}")
                for path in page.pictures_of_all(options.all / Path(name).stem):
                    print(path)
                for problem in page.errors(f"{where}/{name}"):
                    print(f"{name}: {problem}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
