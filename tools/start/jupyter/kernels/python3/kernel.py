"""Starts a notebook's kernel in such a way that no file of the learner's hides one of Python's.

`course.py lab` has its JupyterLab start it as `python -P kernel.py -f FILE`. Without -P the
notebook's folder would come first while the kernel starts, and a `types.py` in it would end the
kernel before it could say a word. Here the folder comes last, so that what is beside the notebook
can be imported, and hides nothing. -P holds for the kernel alone: a variable would also reach the
terminals and the programs that the learner starts, and keep them from what is beside them.
"""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

COURSE = Path(__file__).resolve().parents[5]


def put_folders_last(path: list[str], folder: Path) -> None:
    """Add the notebook's folder to the end of the path, and the course where it is elsewhere.

    Args:
        path: `sys.path`, which is changed.
        folder: the one that the kernel works in.
    """
    if not any((each / "helpers").is_dir() for each in (folder, *folder.parents)):
        path.append(str(COURSE))  # the learner's copies of the notebooks lie elsewhere
    path.append("")  # "here", which goes along with %cd; IPython adds it before its packages else


def forget_own_jupyter(environment: MutableMapping[str, str]) -> None:
    """Take the course's kernels and settings out of the variables: no other Jupyter knows them."""
    own = str(Path(__file__).resolve().parents[2])
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        paths = environment.pop(name, "").split(os.pathsep)
        if others := [each for each in paths if each and each != own]:
            environment[name] = os.pathsep.join(others)


if __name__ == "__main__":
    put_folders_last(sys.path, Path.cwd())
    forget_own_jupyter(os.environ)
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()
