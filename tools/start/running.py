"""Starting a tool with .venv's Python, in an environment that leads nowhere else."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from start.places import PYTHON, ROOT, SCRIPTS, VENV

AWAY = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
AWAY |= {"PYTHONOPTIMIZE", "PYTHONSAFEPATH"}  # one takes `assert` away, the other what is beside
AWAY |= {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"}
SLOW = {"PYTHONDONTWRITEBYTECODE"}  # each kernel and each test would compile the helpers anew


def run(
    command: list[str], folder: Path | None = ROOT, more: Mapping[str, str] | None = None
) -> int:
    """Run .venv's Python until it ends; return its exit code.

    Args:
        command: its arguments.
        folder: where it works; None for where this process does.
        more: variables that it gets besides.
    """
    environ = environment() | dict(more or {})
    process = subprocess.Popen([str(PYTHON), *command], cwd=folder, env=environ)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the tool has had the same Ctrl-C, and ends in its own way


def become(
    command: list[str], folder: Path | None = ROOT, more: Mapping[str, str] | None = None
) -> int:
    """Hand over to .venv's Python, so that signals and the exit code are the tool's own.

    Args:
        command, folder, more: as `run` takes them.

    Returns:
        The exit code, on Windows; elsewhere it does not return.
    """
    if os.name == "nt":
        return run(command, folder, more)
    sys.stdout.flush()
    if folder is not None:
        os.chdir(folder)
    os.execve(PYTHON, [str(PYTHON), *command], environment() | dict(more or {}))


def environment() -> dict[str, str]:
    """The shell's variables, .venv's tools first, without those that lead away from it."""
    kept = {name: value for name, value in os.environ.items() if name not in AWAY | SLOW}
    path = str(SCRIPTS) + os.pathsep + os.environ.get("PATH", os.defpath)
    return kept | {"VIRTUAL_ENV": str(VENV), "PIP_USER": "0", "PATH": path}
