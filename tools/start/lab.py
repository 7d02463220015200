"""How JupyterLab is started for a learner."""

import os
from pathlib import Path

from start import browser
from start.folders import copy_notebooks, jupyter_variables, variables, working_folder
from start.open_files import raise_limit
from start.options import options
from start.places import ROOT, VENV
from start.running import become

# Holds the kernel that chapters run in, and what is set where the learner has set nothing: without
# it JupyterLab would ask each learner whether it may fetch news.
JUPYTER = Path(__file__).with_name("jupyter")


def open_lab(arguments: list[str]) -> int:
    """Start JupyterLab on chapter 00, on this machine only.

    Args:
        arguments: what the learner wants JupyterLab to be told besides; paths in them are seen
            from where the learner is.

    Raises:
        OSError: where nothing can be written, not even temporary files.
    """
    folder = working_folder()
    if folder != ROOT:
        copy_notebooks(folder)
    more = variables(folder) | jupyter_variables(folder)
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        others = more.get(name) or os.environ.get(name)
        more[name] = os.pathsep.join([str(JUPYTER), others] if others else [str(JUPYTER)])
    raise_limit()
    if "--no-browser" in arguments and not browser.has_screen(os.environ):
        print(browser.how_to_reach(), flush=True)
    told = options(folder, browser.command(VENV.python), arguments)
    return become(["-P", "-m", "jupyterlab", *told], folder=here(), more=more)


def here() -> Path | None:
    """Where JupyterLab works: where the learner is, or in the root where that folder has gone."""
    try:
        os.getcwd()
    except OSError:
        return ROOT
    return None
