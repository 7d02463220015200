"""Where the course and its .venv are."""

import os
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
VENV = ROOT / ".venv"


def programs_of(venv: Path) -> Path:
    """The folder of a .venv's programs, as the Python that makes it lays it out.

    It is `bin`, and on Windows `Scripts`; but MSYS2's Python makes a `bin` on Windows, too.
    """
    places = {name: str(venv) for name in ("base", "platbase", "installed_base")}
    return Path(sysconfig.get_path("scripts", "venv", vars=places))


SCRIPTS = programs_of(VENV)
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "course-stamp.txt"


class Problem(Exception):
    """Something the reader can put right; its text is the one line that they see."""
