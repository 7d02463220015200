"""Where progress is kept: in one file, and where that is not ours to write, beside it or elsewhere.

Each user has a side file of their own, as several may share one folder of the course.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def progress_file() -> Path:
    """Where progress is kept: `progress.json` in the course's folder, or COURSE_PROGRESS."""
    chosen = os.environ.get("COURSE_PROGRESS")
    return Path(chosen) if chosen else ROOT / "progress.json"


def notebook() -> Path | None:
    """The notebook that runs, as its front end names it; None where it does not."""
    named = os.environ.get("JPY_SESSION_NAME", "")  # what a Jupyter server tells its kernels
    main = sys.modules.get("__main__")
    named = getattr(main, "__vsc_ipynb_file__", named)  # what Visual Studio Code does
    return Path(named) if named.endswith(".ipynb") else None


def in_solutions() -> bool:
    """Whether the notebook that runs is one of the solutions edition, by the folder it is in."""
    here = notebook()
    folder = here.parent if here else Path.cwd()
    return "solutions" in (folder.name, folder.parent.name)  # an assignment's is one below


def beside(path: Path) -> Path:
    """What holds this user's progress while the file itself must stay as it is."""
    user = os.geteuid() if hasattr(os, "geteuid") else os.environ.get("USERNAME", "")
    word = re.sub(r"\W", "_", str(user))
    return path.with_name(f"{path.stem}-session-{word}{path.suffix}")


def elsewhere(path: Path) -> Path:
    """What holds it where the file's folder can't be written; each folder has one of its own."""
    which = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:12]
    return _data_folder() / "sockets-in-iot" / f"progress-{which}.json"


def _data_folder() -> Path:
    """Where programs keep this user's data."""
    if chosen := os.environ.get("XDG_DATA_HOME"):
        return Path(chosen)
    home = Path(os.path.expanduser("~"))
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return home / ".local" / "share"
