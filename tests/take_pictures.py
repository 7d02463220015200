"""Take the README's picture, or one of every chapter to look at.

    python tests/take_pictures.py                        writes notebooks/images/chapter_02.png
    python tests/take_pictures.py --all FOLDER           writes every chapter, whole, into FOLDER
    python tests/take_pictures.py --all FOLDER --theme dark

It needs a Chromium and the packages of requirements-dev.txt. Chapters run in a copy.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from lab import THEMES, lab_server  # noqa: E402
from lab_page import LabPage, browser_page  # noqa: E402

README_PICTURE = ROOT / "notebooks" / "images" / "chapter_02.png"


def take_readme_picture(page: LabPage, notebook: str, path: Path = README_PICTURE) -> None:
    """Run the chapter and save what is in view with its first diagram in the middle.

    Raises RuntimeError where the chapter fails or has no diagram.
    """
    page.open(notebook)
    page.run_all(notebook)
    if problems := page.errors(notebook):
        raise RuntimeError(problems[0])
    if not page.show_first_picture():
        raise RuntimeError(f"{notebook} shows no picture with alternative text.")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.page.screenshot(path=path)


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
            chapter = next(name for name in names if name.startswith("02_"))
            with browser_page(server) as page:
                take_readme_picture(page, f"notebooks/{chapter}")
            print(README_PICTURE)
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
