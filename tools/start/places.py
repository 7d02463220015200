"""Where the course is, and where its packages are."""

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"


def programs_of(venv: Path) -> Path:
    """The folder of an environment's programs, as the Python that makes it lays it out.

    It is `bin`, and on Windows `Scripts`; but MSYS2's Python makes a `bin` on Windows, too.
    """
    places = {name: str(venv) for name in ("base", "platbase", "installed_base")}
    return Path(sysconfig.get_path("scripts", "venv", vars=places))


class Problem(Exception):
    """Something the reader can put right; its text is what they see."""


@dataclass(frozen=True)
class Venv:
    """A virtual environment of the course: `.venv`, or `.venv-3.13` for tests on another Python."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """The folder of its programs."""
        return programs_of(self.folder)

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def stamp(self) -> Path:
        """The file that says what was installed here, and found to work."""
        return self.folder / "course-stamp.txt"


VENV = Venv(ROOT / ".venv")


def python_name() -> str:
    """The version of this Python as people write it: 3.11, or 3.14t for a free-threaded build."""
    free = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    return f"{sys.version_info[0]}.{sys.version_info[1]}{free}"
