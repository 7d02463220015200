"""Finding the Python that `course.py test --python` names."""

import os
import shutil
import subprocess
from pathlib import Path

from start.places import Problem

SELF = "import sys; print(sys.executable)"


def find_python(named: str) -> str:
    """Return the path of the Python that is meant: `3.13`, `3.14t`, or a path.

    Raises:
        Problem: where there is none.
    """
    for command in candidates(named):
        try:
            answer = subprocess.run(
                [*command, "-I", "-c", SELF], capture_output=True, text=True, errors="replace"
            )
        except OSError:
            continue
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout.strip().splitlines()[-1]
    raise Problem(
        f"no Python {named} was found on PATH or by pyenv: install it, or give the path of its "
        "program, as in `test --python /usr/bin/python3.13`."
    )


def candidates(named: str, windows: bool = os.name == "nt") -> list[list[str]]:
    """The commands that may start it, the likeliest first."""
    if not named[:1].isdigit():
        return [[found]] if (found := shutil.which(named) or shutil.which(Path(named))) else []
    commands = [["py", f"-{named}"]] if windows else []
    commands += [[found] for found in [shutil.which(f"python{named}")] if found]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    # 3.13 is any 3.13.x, the newest first; a free-threaded build ends in t.
    free = "t" if named.endswith("t") else ""
    folders = [
        folder
        for folder in versions.glob(named.removesuffix("t") + "*")
        if folder.name.endswith("t") == bool(free) and _fits(folder.name, named)
    ]
    folders.sort(key=lambda folder: [int(n) if n.isdigit() else 0 for n in folder.name.split(".")])
    program = "python.exe" if windows else "bin/python"
    return commands + [[str(folder / program)] for folder in reversed(folders)]


def _fits(folder: str, named: str) -> bool:
    bare = named.removesuffix("t")
    return folder.removesuffix("t") == bare or folder.startswith(bare + ".")
