"""Looking at what was installed, before the stamp says that it is there.

A process of its own imports the packages that the course uses. That compiles them, too: in two
processes, because JupyterLab and the kernel's packages have little in common.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from start.masking import last_lines
from start.places import ROOT, Problem, Venv
from start.remedies import sentence_inside
from start.running import environment, heard

INSIDE = Path(__file__).with_name("inside.py")
# What is used of packages: of those in pyproject.toml's short lists, and of what JupyterLab loads.
SERVER = {
    "jupyterlab": ("jupyterlab.labapp",),
    "jupyter-lsp": ("jupyter_lsp",),
    "jupyter-server-terminals": ("jupyter_server_terminals",),
}
KERNEL = {
    "ipykernel": ("ipykernel.kernelapp",),
    "anywidget": ("anywidget",),
    "ipywidgets": ("ipywidgets",),
    "numpy": ("numpy",),
    "matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_agg"),
    "axe-playwright-python": ("axe_playwright_python",),
    "hypothesis": ("hypothesis",),
    "jupytext": ("jupytext",),
    "nbclient": ("nbclient",),
    "nbformat": ("nbformat",),
    "nbval": ("nbval",),
    "playwright": ("playwright.sync_api",),
    "pytest": ("pytest",),
    "pytest-xdist": ("xdist",),
    "ruff": ("ruff",),
}


class Unsound(Problem):
    """What was installed does not work."""


def verify(locks: tuple[str, ...], venv: Venv) -> None:
    """Import what the locks install and compare all versions with them.

    Raises:
        Unsound: where something is absent, another version or broken.
    """
    texts = [(ROOT / lock).read_text(encoding="utf-8") for lock in locks]
    names = set(re.findall(r"^([\w.-]+)[\[=]", "\n".join(texts), re.MULTILINE))
    groups = []
    for group in (SERVER, KERNEL):
        groups.append([each for name in group if name in names for each in group[name]])
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(lambda modules: _report(modules, locks, venv), groups))
    whole = {key: [each for report in reports for each in report[key]] for key in reports[0]}
    if any(whole.values()):
        raise Unsound(sentence_inside(whole, venv.folder.name))


def _report(modules: list[str], locks: tuple[str, ...], venv: Venv) -> dict[str, list]:
    command = [
        str(venv.python),
        "-I",
        str(INSIDE),
        *modules,
        "--",
        *(str(ROOT / lock) for lock in locks),
    ]
    try:
        code, said = heard(command, environment(venv))
        return json.loads(said.strip().rpartition("\n")[2])
    except (OSError, ValueError) as error:
        # It ended before its report: a broken extension can end a process.
        last = "".join(last_lines(said, 1)) if "said" in locals() else str(error)
        return {"absent": [], "other": [], "broken": [[" and ".join(modules), last]]}
