"""What the first cell of a chapter says where this Python can't run the course.

Standard library only, and in the syntax of Python 3.8: it comes before everything else, and an
older Python must be able to read it to be told that it is too old.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
ESSENTIAL = ("numpy", "matplotlib", "ipywidgets", "ipykernel")
VENV = ROOT / ".venv"  # which course.py makes


class NotReady(ImportError):
    """Why the course can't run here: what was found, and what to do; a notebook shows no more."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


def on_colab() -> bool:
    """Whether this is a notebook on Google Colab, which has packages of its own choice."""
    return "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ


def this_python() -> str:
    """Which Python runs this, and where it is."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    return f"Python {version} ({sys.executable or 'embedded in another program'})"


def check_python() -> None:
    """Raise NotReady where this Python is too old."""
    if tuple(sys.version_info[:2]) < OLDEST_PYTHON:
        raise NotReady(
            f"The course needs Python 3.11 or newer, and this is {this_python()}.\n"
            + (_choose_its_kernel() or f"Install a newer one from python.org. {_start('With it')}")
        )


@functools.lru_cache(maxsize=None)  # what is there once stays; an error is not kept
def check_packages() -> None:
    """Look at the packages of the Python that runs this notebook.

    A script may use what it needs of `helpers` without them.

    Raises:
        NotReady: where one is missing, hidden by a file of the learner's, or too old.
    """
    if "ipykernel" not in sys.modules:
        return
    for name in ESSENTIAL:
        hiding = hidden_by(name)
        if hiding:
            raise NotReady(
                f"{this_python()} takes {hiding} for the package {name}, which the course needs.\n"
                f"Give {hiding.name} another name, and restart the kernel."
            )
    wrong = [f"{name} is missing" for name in ESSENTIAL if not is_there(name)]
    if not on_colab():  # its older packages are known to do
        wrong += too_old()
    if wrong:
        raise NotReady(f"This is {this_python()}, and {'; '.join(wrong)}.\n{how_to_install()}")
    _tell_of_hiding_files()


def _tell_of_hiding_files():
    """Name files of the learner's that hide modules here: `course.py lab` looks there last."""
    from helpers.shadows import shadows

    library = os.path.dirname(os.__file__)
    before = sys.path[: sys.path.index(library)] if library in sys.path else sys.path
    found = shadows() if any(each in ("", os.getcwd()) for each in before) else []
    if found:
        print(
            f"Beside this notebook {', '.join(found)} hides a module of that name. Rename it, or "
            "start with `python3 course.py lab`, where it hides nothing."
        )


def how_to_install() -> str:
    """The one thing to do where this notebook runs in a Python that lacks what it needs."""
    if on_colab():
        return f"In a cell above this one run: %pip install {' '.join(ESSENTIAL)}"
    if _in_its_venv():
        return f"Delete the folder {VENV}. {_start('Then')}"
    return _choose_its_kernel() or _start("To install what it needs,")


def _choose_its_kernel() -> str:
    if not VENV.is_dir() or _in_its_venv():
        return ""
    return f"Choose another kernel, at the top right: the course's own Python is in {VENV}."


def _start(when: str) -> str:
    python = "py" if os.name == "nt" else "python3"
    return f"{when} start the course with `{python} course.py lab` in the folder {ROOT}."


def _in_its_venv() -> bool:
    return VENV.is_dir() and os.path.samefile(VENV, sys.prefix)


def is_there(name: str) -> bool:
    """Whether a package can be imported; it is not imported for that."""
    spec = _spec(name)
    return spec is not None and spec.origin is not None


def hidden_by(name: str) -> Path | None:
    """The file or folder beside the notebook that Python takes for a package, if there is one."""
    spec = _spec(name)
    if spec is None or not spec.origin or not Path(spec.origin).is_file():
        return None
    found = Path(spec.origin)
    if found.name == "__init__.py":
        found = found.parent
    return found if found.parent in (Path.cwd(), ROOT, ROOT / "notebooks") else None


def too_old() -> list[str]:
    """A sentence for each essential package that is older than the course needs."""
    wrong = []
    for name, needed in lower_bounds().items():
        found = version(name)
        if name in ESSENTIAL and found and numbers(found) < numbers(needed):
            wrong.append(f"{name} {found} is too old, and {needed} is needed")
    return wrong


def version(name: str) -> str:
    """The version of an installed package, or ""."""
    import importlib.metadata  # takes as long as all else here

    try:
        return importlib.metadata.version(name) or ""
    except (importlib.metadata.PackageNotFoundError, OSError):  # no file more may be open
        return ""


def numbers(version: str) -> tuple[int, ...]:
    """A version for comparing: "8.1.0rc1" is (8, 1)."""
    found = re.match(r"\d+(\.\d+)*", version)
    parts = [int(part) for part in found[0].split(".")] if found else []
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def lower_bounds() -> dict[str, str]:
    """The oldest version of each package that does, as pyproject.toml says it; {} without it."""
    try:
        import tomllib

        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        needed = tomllib.loads(text)["project"]["dependencies"]
    except (ImportError, OSError, ValueError, KeyError):
        return {}
    return dict(each.split(">=") for each in needed if each.count(">=") == 1)


def locked() -> dict[str, set[str]]:
    """The versions of each package that the course was tested with, by requirements.txt."""
    try:
        text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.!+]+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def _spec(name: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):  # it has been imported, and has none
        return None
