"""Bringing an environment to what the lock files pin, once, and knowing that it is there."""

import contextlib

from start.alone import only_one
from start.install import install
from start.making import has_pip, make_venv, own_pip, pip_on_its_way
from start.places import VENV, Venv
from start.progress import Progress
from start.stamp import read_stamp, remove_stamp, stamp_lines, write_stamp
from start.verify import Unsound, verify

LEARNER = ("requirements.txt",)
AUTHOR = ("requirements.txt", "requirements-dev.txt")


def set_up(locks: tuple[str, ...], venv: Venv = VENV) -> None:
    """Bring the environment to what these locks pin; where its stamp says so, do nothing.

    The stamp goes first and comes last, after all was looked at: what was interrupted has none, and
    is made anew.

    Raises:
        Problem: where it can't be done, with what to do.
    """
    wanted = stamp_lines(locks, venv)
    if set(wanted) <= set(read_stamp(venv)):
        return
    with only_one(venv):
        usable = wanted[0] in read_stamp(venv)
        remove_stamp(venv)
        with Progress(f"Setting up the course in {venv.folder.name}, once:") as progress:
            try:
                bring(locks, venv, progress, new=not usable)
            except Unsound:
                if not usable:
                    raise
                # Whatever happened to an environment in use, a new one does not have.
                bring(locks, venv, progress, new=True)
        write_stamp(wanted, venv)


def bring(locks: tuple[str, ...], venv: Venv, progress: Progress, new: bool) -> None:
    """Make the environment where it is to be new, install into it and look at the outcome."""
    with contextlib.ExitStack() as stack:
        pip = own_pip(venv)
        if new:
            progress.step(venv.folder.name)
            make_venv(venv)
        if not has_pip(venv):
            pip = stack.enter_context(pip_on_its_way(venv))
        install(locks, venv, pip, progress)
        progress.step("a look at them")
        verify(locks, venv)
