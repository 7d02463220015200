"""Starting a tool with an environment's Python, where nothing leads it elsewhere."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from start.places import ROOT, VENV, Venv

AWAY = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
AWAY |= {"PYTHONOPTIMIZE", "PYTHONSAFEPATH"}  # one takes `assert` away, the other what is beside
AWAY |= {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"}
SLOW = {"PYTHONDONTWRITEBYTECODE"}  # each kernel and each test would compile the helpers anew


def run(command: list[str], venv: Venv = VENV) -> int:
    """Run the environment's Python in the root until it ends; return its exit code."""
    return _run([str(venv.python), *command], environment(venv), ROOT)


def become(
    command: list[str],
    venv: Venv = VENV,
    folder: Path | None = ROOT,
    more: Mapping[str, str] | None = None,
) -> int:
    """Hand over to the environment's Python; see `hand_over`.

    Args:
        command: its arguments.
        venv: the environment.
        folder: where it works; None for where this process does.
        more: variables that it gets besides.
    """
    variables = environment(venv) | dict(more or {})
    return hand_over([str(venv.python), *command], variables, folder)


def hand_over(
    command: list[str], variables: dict[str, str] | None = None, folder: Path | None = ROOT
) -> int:
    """Go on as another program in a folder: signals and the exit code are then its own.

    Returns:
        The exit code, on Windows; elsewhere it does not return.
    """
    variables = dict(os.environ) if variables is None else variables
    if os.name == "nt":
        return _run(command, variables, folder)
    sys.stdout.flush()
    if folder is not None:
        os.chdir(folder)
    os.execve(command[0], command, variables)


def _run(command: list[str], variables: dict[str, str], folder: Path | None) -> int:
    process = subprocess.Popen(command, cwd=folder, env=variables)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the tool has had the same Ctrl-C, and ends in its own way


def heard(command: list[str], variables: dict[str, str]) -> tuple[int, str]:
    """Run a step of the set-up in the root to its end; return its exit code and all that it said.

    Where this is interrupted, the step ends, too.

    Raises:
        OSError: where the program can't be started.
    """
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=ROOT, env=variables, **streams) as process:
        try:
            said, _ = process.communicate()
        except BaseException:
            process.terminate()
            raise
    return process.returncode, said.decode("utf-8", "replace").replace("\r\n", "\n")


def environment(venv: Venv = VENV) -> dict[str, str]:
    """The shell's variables, this environment's tools first, without those that lead elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in AWAY | SLOW}
    path = str(venv.scripts) + os.pathsep + os.environ.get("PATH", os.defpath)
    return kept | {"VIRTUAL_ENV": str(venv.folder), "PIP_USER": "0", "PATH": path}
