"""Starting a tool with .venv's Python, in an environment that leads nowhere else."""

import os
import subprocess
import sys

from start.places import PYTHON, ROOT, SCRIPTS, VENV

AWAY = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
AWAY |= {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"}
SLOW = {"PYTHONDONTWRITEBYTECODE"}  # each kernel and each test would compile the helpers anew


def run(command: list[str]) -> int:
    """Run .venv's Python in the root until it ends; return its exit code."""
    process = subprocess.Popen([str(PYTHON), *command], cwd=ROOT, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the tool has had the same Ctrl-C, and ends in its own way


def become(command: list[str]) -> int:
    """Hand over to .venv's Python, so that signals and the exit code are the tool's own.

    Returns:
        The exit code, on Windows; elsewhere it does not return.
    """
    if os.name == "nt":
        return run(command)
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), *command], environment())


def environment() -> dict[str, str]:
    """The shell's variables, .venv's tools first, without those that lead away from it."""
    kept = {name: value for name, value in os.environ.items() if name not in AWAY | SLOW}
    path = str(SCRIPTS) + os.pathsep + os.environ.get("PATH", os.defpath)
    return kept | {"VIRTUAL_ENV": str(VENV), "PIP_USER": "0", "PATH": path}
