"""Files of the learner's that would hide a module of Python's, or of the course's packages."""

from __future__ import annotations

import importlib.machinery
import os
import sys
from collections.abc import Sequence
from pathlib import Path

PACKAGES = {"site-packages", "dist-packages"}


def shadows(folder: str | os.PathLike[str] = ".", path: Sequence[str] | None = None) -> list[str]:
    """The names in a folder that an `import` could take for another module, such as "types.py".

    A module of the learner's own, under a name of its own, is none of them.

    Args:
        folder: where the notebook or the script is.
        path: where packages are looked for, as in `sys.path`, which is the default.

    Returns:
        The names of files, and of folders that are packages, in alphabetical order; none where
        the folder can't be read.
    """
    installed = [each for each in path or sys.path if os.path.basename(each) in PACKAGES]
    found = []
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return []
    for entry in entries:
        name, suffix = os.path.splitext(entry)
        is_module = suffix == ".py" or (Path(folder, entry, "__init__.py").is_file() and not suffix)
        if is_module and name.isidentifier() and _is_taken(name, installed):
            found.append(entry)
    return found


def _is_taken(name: str, installed: Sequence[str]) -> bool:
    if name == "helpers" or name in sys.stdlib_module_names:
        return True
    spec = importlib.machinery.PathFinder.find_spec(name, installed)
    return spec is not None and spec.loader is not None  # a folder of data has none
