"""Making an environment, and putting pip into it while other things go on."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator

from start.circumstances import facts
from start.masking import last_lines
from start.pip_settings import Settings
from start.places import ROOT, Problem, Venv
from start.remedies import kind_of, sentence
from start.running import environment, heard

DO = "make sure that you may write here, that 1 GB is free and that nothing uses it"


def base_python() -> str:
    """The Python that this one comes from: .venv's own, where that runs this, may go away."""
    return getattr(sys, "_base_executable", None) or sys.executable


def make_venv(venv: Venv) -> None:
    """Make the environment anew, without pip.

    Raises:
        Problem: where it can't be done, with what to do.
    """
    try:
        import ensurepip  # noqa: F401
        import venv as _  # noqa: F401
    except ImportError:
        raise Problem(
            "this Python cannot make a .venv: on Debian or Ubuntu run "
            "`sudo apt install python3-venv`, elsewhere install Python from python.org."
        ) from None
    if venv.folder.is_symlink():  # venv would empty what it leads to, and only then refuse it
        raise Problem(
            f"{venv.folder.name} is a link to an environment that belongs to another folder: "
            "remove the link, and the course makes one of its own here."
        )
    command = [base_python(), "-I", "-m", "venv", "--clear", "--without-pip", str(venv.folder)]
    code, said = heard(command, environment(venv))
    if code:
        raise _not_made(venv, said)


def own_pip(venv: Venv) -> Callable[[], list[str]]:
    """A function that returns the command of the pip that the environment has."""
    return lambda: [str(venv.python), "-I", "-m", "pip"]


def has_pip(venv: Venv) -> bool:
    """Whether there is a pip in the environment, by its folder."""
    return any(any(venv.folder.glob(f"{lib}/site-packages/pip")) for lib in ("lib/python*", "Lib"))


@contextlib.contextmanager
def pip_on_its_way(venv: Venv) -> Iterator[Callable[[], list[str]]]:
    """Put pip into the environment beside what the body does, so that `%pip` works in a notebook.

    Gives a function that waits for it and returns the command of that pip. It has been waited for
    when the body ends.

    Raises:
        Problem: where it can't be put there.
    """
    command = [str(venv.python), "-I", "-m", "ensurepip", "--upgrade", "--default-pip"]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=ROOT, env=environment(venv), **streams) as process:

        def wait() -> list[str]:
            if not process.stdout.closed:
                said, _ = process.communicate()
                if process.returncode:
                    raise _not_made(venv, said.decode("utf-8", "replace"))
            return own_pip(venv)()

        try:
            yield wait
            wait()
        except BaseException:
            process.terminate()
            raise


def _not_made(venv: Venv, said: str) -> Problem:
    if kind_of(said) in ("room", "permission", "in use"):
        why = sentence(said, facts(Settings(), venv, environment(venv)))
        return Problem(f"could not make {venv.folder.name}: {why}")
    last = "".join(last_lines(said, 1))
    return Problem(f"could not make {venv.folder.name} ({last}): {DO}.")
