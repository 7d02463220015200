"""The stamp of an environment: which locks were installed in it, and found to work, and where."""

import contextlib
import hashlib
import os
import subprocess

from start.places import ROOT, Venv, python_name

# Begins each stamp. Another one makes every environment anew.
MEANS = "installed and looked at"


def stamp_lines(locks: tuple[str, ...], venv: Venv) -> list[str]:
    """What a finished set-up writes down: Python and place first, then a line a lock."""
    place = f"{MEANS}: {python_name()} {venv.folder}"
    lines = ["python " + hashlib.sha256(os.fsencode(place)).hexdigest()]
    return lines + [
        f"{lock} {hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}" for lock in locks
    ]


def read_stamp(venv: Venv) -> list[str]:
    """The stamp's lines; none where the stamp or the environment's Python is gone."""
    try:
        subprocess.check_output([venv.python, "-I", "-c", ""], stderr=subprocess.STDOUT)
        return venv.stamp.read_text().split("\n")
    except (OSError, UnicodeError, subprocess.CalledProcessError):
        return []


def remove_stamp(venv: Venv) -> None:
    """Before anything is changed: what is then interrupted has no stamp."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        venv.stamp.unlink()


def write_stamp(lines: list[str], venv: Venv) -> None:
    """Last of all; a stamp that is there is whole."""
    part = venv.stamp.with_suffix(".part")
    part.write_text("\n".join(lines))
    part.replace(venv.stamp)
