"""Take the README's pictures, or one of every chapter to look at.

    python tools/pictures.py                        writes both into tools/images/
    python tools/pictures.py --all FOLDER           writes every chapter, whole, into FOLDER
    python tools/pictures.py --all FOLDER --theme dark

It needs a Chromium and the packages of requirements-dev.txt. Chapters run in a copy.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from drive.controls import drag, panels  # noqa: E402
from drive.lab import THEMES, lab_server  # noqa: E402
from drive.lab_page import LabPage, browser_page  # noqa: E402

IMAGES = ROOT / "tools" / "images"
README_PICTURE, ANIMATION = IMAGES / "chapter_02.png", IMAGES / "loss_slider.gif"
STEPS = 20  # of the loss slider, from 0 to 1
FRAME, REST = 110, 1400  # milliseconds
MARGIN = 8  # pixels beside and below the panel
# The panel's output and its picture's, as one rectangle of the page.
PLACE = """box => {
    const above = box.closest('.jp-OutputArea-child'), below = above.nextElementSibling;
    const a = above.getBoundingClientRect(), b = below.querySelector('img').getBoundingClientRect();
    return {x: b.left, y: a.top, width: b.width, height: b.bottom - a.top};
}"""


def take_readme_picture(page: LabPage, notebook: str, path: Path = README_PICTURE) -> None:
    """Run the chapter and save what is in view with its first diagram in the middle.

    Raises RuntimeError where the chapter fails or has no diagram.
    """
    _run(page, notebook)
    if not page.show_first_picture():
        raise RuntimeError(f"{notebook} shows no picture with alternative text.")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.page.screenshot(path=path)


def take_animation(page: LabPage, notebook: str, path: Path = ANIMATION) -> None:
    """Run the chapter, drag its loss slider there and back, and save what is seen as a GIF.

    Every frame is a screenshot, taken when the picture of that setting has come. Raises
    RuntimeError where the chapter fails or has no slider.
    """
    _run(page, notebook)
    panel = next(iter(panels(page)), None)
    if panel is None:
        raise RuntimeError(f"{notebook} has no slider.")
    handle = panel.sliders[0]
    handle.evaluate("handle => handle.scrollIntoView({block: 'center'})")
    page.page.mouse.move(0, 0)
    panel.at_ends(handle, low_by_keys=True, high_by_keys=True)
    panel.after(lambda: handle.press("Home"), by_keys=True)
    handle.blur()
    place = panel.box.evaluate(PLACE)
    clip = {"x": place["x"] - MARGIN, "y": place["y"]}
    clip |= {"width": place["width"] + 2 * MARGIN, "height": place["height"] + MARGIN}
    shots = [_shot(page, clip)]
    for step in range(1, STEPS + 1):
        panel.after(lambda to=step / STEPS: drag(page, handle, to), by_keys=False)
        shots.append(_shot(page, clip))
    # One palette for all frames, else colours would flicker; no dithering, else areas would.
    seen = Image.new("RGB", (shots[0].width, shots[0].height * 3))
    for place, shot in enumerate((shots[0], shots[STEPS // 2], shots[-1])):
        seen.paste(shot, (0, place * shot.height))
    palette = seen.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    frames = [shot.quantize(palette=palette, dither=Image.Dither.NONE) for shot in shots]
    frames += frames[-2:0:-1]
    times = [REST if index in (0, STEPS) else FRAME for index in range(len(frames))]
    path.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True
    )


def _run(page: LabPage, notebook: str) -> None:
    page.open(notebook)
    page.run_all(notebook)
    if problems := page.errors(notebook):
        raise RuntimeError(problems[0])


def _shot(page: LabPage, clip: dict[str, float]) -> Image.Image:
    return Image.open(io.BytesIO(page.page.screenshot(clip=clip))).convert("RGB")


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
            chapters = {name[:2]: f"notebooks/{name}" for name in names}
            with browser_page(server) as page:
                take_readme_picture(page, chapters["02"])
            with browser_page(server, height=1200, scale=2) as page:
                take_animation(page, chapters["05"])
            print(README_PICTURE, ANIMATION, sep="\n")
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
