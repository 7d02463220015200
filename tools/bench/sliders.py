"""How soon a moved slider shows a new picture, in a real JupyterLab: ours and `interact`'s.

    python tools/bench/sliders.py

The page itself takes the times: from a key's `keydown` to the first frame in which another picture
is decoded. The kernel tells how long the experiment took, and that is taken off. `interact` draws
a fresh matplotlib figure, as its documentation does. Needs a Chromium.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drive.lab import lab_server  # noqa: E402
from drive.lab_page import LabPage, browser_page  # noqa: E402

KEYS = 60  # key presses of each, taken in turns
WARM_UP = 4  # the first few of each don't count
DRAG_STEPS = 160
NOTEBOOK = "notebooks/bench.ipynb"
SHARED = """import sys

sys.path.insert(0, "..")
from time import perf_counter

import numpy as np
from ipywidgets import FloatSlider, interact
from matplotlib import pyplot as plt

from helpers.figures.explore import Slider, explore
from helpers.figures.plots import chart
from helpers.look.palette import FAINT, RED

losses, took = np.linspace(0, 1, 50), []


def answered(loss):
    start = perf_counter()
    arrived = np.random.default_rng(1).random((2, 200)) >= loss
    share = arrived.all(axis=0).mean()
    took.append(perf_counter() - start)
    return loss, share"""
OURS = """figure, axes = chart("Two packets must arrive", "loss each way", "share of answers")
axes.set(xlim=(0, 1), ylim=(0, 1.02))
axes.plot(losses, (1 - losses) ** 2, color=FAINT, label="theory")


def draw(axes, data):
    axes.plot(*data, "o", color=RED)
    axes.text(0.6, 0.8, f"{data[1]:.0%} answered")
    return f"At a loss of {data[0]:.2f} each way {data[1]:.1%} are answered."


explore(answered, draw, axes, loss=Slider(0, 1, 0.01, start=0.5))"""
INTERACT = """def fresh(loss):
    figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="loss each way", ylabel="share of answers")
    axes.plot(losses, (1 - losses) ** 2, color=FAINT, label="theory")
    loss, share = answered(loss)
    axes.plot(loss, share, "o", color=RED)
    axes.text(0.6, 0.8, f"{share:.0%} answered")
    plt.show()


interact(fresh, loss=FloatSlider(value=0.5, min=0, max=1, step=0.01));"""
# Arms a watch on one cell: resolves with the milliseconds from keydown to the new picture.
WATCH = """number => {
    const cell = document.querySelectorAll('.jp-Notebook .jp-CodeCell')[number];
    const picture = () => cell.querySelector('.jp-OutputArea-output img');
    const before = picture()?.src;
    window.latency = new Promise(resolve => {
        document.addEventListener('keydown', () => {
            const start = performance.now();
            const look = () => {
                const now = picture();
                if (now && now.src !== before && now.complete && now.naturalWidth) {
                    resolve(performance.now() - start);
                } else { requestAnimationFrame(look); }
            };
            requestAnimationFrame(look);
        }, {capture: true, once: true});
    });
}"""
COUNT = """number => {
    const cell = document.querySelectorAll('.jp-Notebook .jp-CodeCell')[number];
    const seen = window.seen = {changes: -1, last: null, start: performance.now(), stop: false};
    const look = () => {
        const now = cell.querySelector('.jp-OutputArea-output img');
        if (now?.complete && now.naturalWidth) {
            if (now.src !== seen.last) { seen.changes += 1; seen.last = now.src; }
        }
        if (!seen.stop) { requestAnimationFrame(look); }
    };
    requestAnimationFrame(look);
}"""
RATE = """() => {
    window.seen.stop = true;
    return window.seen.changes / (performance.now() - window.seen.start) * 1000;
}"""


def measure() -> dict[str, list[float] | float]:
    """Run JupyterLab and take all figures.

    Returns:
        `ours` and `interact`: milliseconds of each key press; `ours_drag` and `interact_drag`:
        pictures a second; `experiment`: milliseconds that the experiment took, at the median.

    Raises:
        RuntimeError: where there is no Chromium, or a cell failed.
    """
    with tempfile.TemporaryDirectory() as scratch:
        with lab_server(ROOT, Path(scratch)) as server, browser_page(server, scale=1) as page:
            cells = [SHARED, OURS, INTERACT, "import statistics; statistics.median(took) * 1000"]
            made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
            made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
            (server.folder / NOTEBOOK).write_text(nbformat.writes(made), encoding="utf-8")
            page.open(NOTEBOOK)
            page.run_all(NOTEBOOK)
            if problems := page.errors(NOTEBOOK):
                raise RuntimeError(problems[0])
            peers = {"ours": 1, "interact": 2}
            taken: dict[str, list[float] | float] = {name: [] for name in peers}
            for press in range(WARM_UP + KEYS):
                for name, number in peers.items():
                    milliseconds = _press(page, number, "ArrowRight" if press % 8 < 4 else "End")
                    if press >= WARM_UP:
                        taken[name].append(milliseconds)
                    _press(page, number, "ArrowLeft")
            for name, number in peers.items():
                taken[f"{name}_drag"] = _drag(page, number)
            page.page.locator(".jp-CodeCell").nth(3).click()
            page.command("notebook:run-cell")
            text = page.page.locator(".jp-CodeCell").nth(3).locator(".jp-OutputArea-output")
            taken["experiment"] = json.loads(text.first.inner_text().strip())
            return taken


def _press(page: LabPage, number: int, key: str) -> float:
    handle = page.page.locator(".jp-CodeCell").nth(number).locator(".noUi-handle")
    handle.focus()
    page.page.evaluate(WATCH, number)
    page.page.keyboard.press(key)
    return page.page.evaluate("() => window.latency")


def _drag(page: LabPage, number: int) -> float:
    cell = page.page.locator(".jp-CodeCell").nth(number)
    cell.locator(".noUi-handle").scroll_into_view_if_needed()
    track, handle = cell.locator(".noUi-base").bounding_box(), cell.locator(".noUi-handle")
    box = handle.bounding_box()
    mouse = page.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    page.page.evaluate(COUNT, number)
    for step in range(DRAG_STEPS):  # there and back: each move is one frame or more of the page
        share = abs(1 - 2 * (step + 1) / DRAG_STEPS)
        mouse.move(track["x"] + share * track["width"], box["y"] + box["height"] / 2)
        page.page.evaluate("() => new Promise(requestAnimationFrame)")
    rate = page.page.evaluate(RATE)
    mouse.up()
    return rate


def rows() -> list[dict[str, object]]:
    """The figures of one run for the bench's table: `ours` against the target, peers beside it."""
    taken = measure()
    own = taken["experiment"]
    ours, peer = ([max(0.0, t - own) for t in taken[name]] for name in ("ours", "interact"))
    middle, late = statistics.median(ours), _p95(ours)
    ratio = middle / statistics.median(peer)
    rate, rates = taken["ours_drag"], f"interact {taken['interact_drag']:.1f}"

    def row(what: str, figure: float, unit: str, target: str, met: bool, peers: str) -> dict:
        return {
            "what": what,
            "ours": round(figure, 2),
            "unit": unit,
            "target": target,
            "met": met,
            "peers": peers,
        }

    return [
        row(
            "slider: key press to new picture, median",
            *(middle, "ms", "at most 60", middle <= 60),
            f"interact {statistics.median(peer):.0f}",
        ),
        row(
            "slider: key press to new picture, 95th percentile",
            *(late, "ms", "at most 100", late <= 100),
            f"interact {_p95(peer):.0f}",
        ),
        row(
            "slider: median as a share of interact's",
            *(ratio, "", "at most 0.4", ratio <= 0.4),
            "interact 1",
        ),
        row("slider: pictures in a drag", rate, "a second", "at least 10", rate >= 10, rates),
    ]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    """Print the table; the exit status is 1 where a target is missed."""
    table = rows()
    for row in table:
        mark = "met" if row["met"] else "MISSED"
        figure = f"{row['ours']} {row['unit']}".strip()
        print(f"{row['what']:52} {figure:>16}  {row['target']:12} {mark:7} ({row['peers']})")
    return 0 if all(row["met"] for row in table) else 1


if __name__ == "__main__":
    sys.exit(main())
