"""How JupyterLab is started for a learner."""

from start.places import ROOT
from start.running import become

FIRST = "/lab/tree/notebooks/00_start_here.ipynb"


def open_lab(arguments: list[str]) -> int:
    """Start JupyterLab on chapter 00, on this machine only.

    Args:
        arguments: what the learner wants JupyterLab to be told besides.
    """
    # -y: Ctrl-C ends it without a question. --allow-root: in a container everyone is root.
    options = ["-y", "--allow-root", "--ServerApp.ip=localhost", f"--ServerApp.root_dir={ROOT}"]
    options += [f"--LabApp.default_url={FIRST}"]
    # The course works without a network: no news, no updates, no catalogue of extensions.
    options += ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    return become(["-m", "jupyterlab", *options, *arguments])
