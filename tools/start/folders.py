"""Where the learner's work goes, and what Jupyter writes, on a machine that forbids some places.

As a rule that is the course's own folder and the learner's home. A checkout that is shared can't be
written, and some homes can't either.
"""

import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from start.places import ROOT

VARIABLE = "COURSE_FOLDER"  # where the learner's work is, if not in the course's own folder
NAME = "sockets-in-iot-work"


def working_folder() -> Path:
    """Where notebooks, scripts and progress are.

    That is what COURSE_FOLDER says, or the course's own folder; where that can't be written, one in
    the learner's home; where that can't be either, one for temporary files.
    """
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).absolute()
    if can_write(ROOT) and can_write(ROOT / "notebooks"):
        return ROOT
    own = home() / NAME
    return own if can_write(own) else _temporary()


def variables(folder: Path) -> dict[str, str]:
    """What leads the course's tools to the learner's work, where that is in another folder."""
    if folder == ROOT:
        return {}
    progress = os.environ.get("COURSE_PROGRESS") or str(folder / "progress.json")
    return {VARIABLE: str(folder), "COURSE_PROGRESS": progress}


def copy_notebooks(folder: Path) -> None:
    """Copy the notebooks that a learner's folder lacks; say where the learner's work is.

    What is there already is the learner's, and stays.
    """
    source = ROOT / "notebooks"
    for path in sorted(source.rglob("*.ipynb")):
        place = path.relative_to(source)
        if not any(part.startswith((".", "kept-", "Untitled")) for part in place.parts):
            _copy(path, folder / "notebooks" / place)
    is_temporary = folder.parent == Path(tempfile.gettempdir())
    lasts = " It does not last: copy what you want to keep." if is_temporary else ""
    print(f"Your notebooks, scripts and progress are in {folder}.{lasts}", flush=True)


def jupyter_variables(folder: Path) -> dict[str, str]:
    """Lead what Jupyter, IPython and matplotlib write away from places that can't be written.

    Says so where there are any. What the learner has configured is read all the same.

    Args:
        folder: the working folder, which gets a `.jupyter` then.
    """
    places = usual_places()
    closed = [name for name, place in places.items() if not can_write(place)]
    if not closed:
        return {}
    own = folder / ".jupyter"
    found = {name: str(own / name.lower()) for name in closed}
    for place in found.values():
        os.makedirs(place, mode=0o700, exist_ok=True)
    if "JUPYTER_CONFIG_DIR" in closed:
        paths = [str(places["JUPYTER_CONFIG_DIR"]), os.environ.get("JUPYTER_CONFIG_PATH", "")]
        found["JUPYTER_CONFIG_PATH"] = os.pathsep.join(each for each in paths if each)
    said = f"{places[closed[0]]} can't be written: Jupyter keeps its settings in {own}."
    print(said, flush=True)
    return found


def usual_places() -> dict[str, Path]:
    """Where Jupyter, IPython and matplotlib write, by the variable that moves each."""
    given = os.environ.get
    config = Path(given("JUPYTER_CONFIG_DIR") or home() / ".jupyter")
    if sys.platform == "win32" and given("APPDATA"):
        data = Path(given("APPDATA", ""), "jupyter")
    elif sys.platform == "win32":
        data = config / "data"
    elif sys.platform == "darwin":
        data = home() / "Library" / "Jupyter"
    else:
        data = Path(given("XDG_DATA_HOME") or home() / ".local" / "share", "jupyter")
    data = Path(given("JUPYTER_DATA_DIR") or data)
    cache = home() / ".matplotlib"
    if sys.platform not in ("win32", "darwin"):
        cache = Path(given("XDG_CACHE_HOME") or home() / ".cache", "matplotlib")
    return {
        "JUPYTER_CONFIG_DIR": config,
        "JUPYTER_DATA_DIR": data,
        "JUPYTER_RUNTIME_DIR": Path(given("JUPYTER_RUNTIME_DIR") or data / "runtime"),
        "IPYTHONDIR": Path(given("IPYTHONDIR") or home() / ".ipython"),
        "MPLCONFIGDIR": Path(given("MPLCONFIGDIR") or cache),
    }


def home() -> Path:
    """The learner's home, whether it is there or not."""
    return Path(os.path.expanduser("~")).absolute()


def can_write(folder: Path) -> bool:
    """Whether files can be made in this folder, or where it would have to be made.

    By trying: a system's answer to the question is wrong for administrators, on Windows and on
    disks that are mounted for reading. (Not by `tempfile`: on Windows it tries for ever.)
    """
    probe = f".course-{secrets.token_hex(8)}"
    while True:
        try:
            with open(folder / probe, "x"):
                pass
            os.unlink(folder / probe)
            return True
        except FileNotFoundError:
            if folder.exists() or folder == folder.parent:
                return False
            folder = folder.parent
        except OSError:
            return False


def _temporary() -> Path:
    """A folder for temporary files that is this learner's alone, and the same the next time."""
    owner = os.getuid() if hasattr(os, "getuid") else None
    folder = Path(tempfile.gettempdir(), NAME if owner is None else f"{NAME}-{owner}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if owner is None or (folder.lstat().st_uid == owner and not folder.is_symlink()):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix=f"{NAME}-"))


def _copy(path: Path, target: Path) -> None:
    """Copy a file in one step, and not its rights; what is there already stays."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(path, part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
