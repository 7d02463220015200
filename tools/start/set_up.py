"""Bringing .venv to what the lock files pin, once, and knowing that it is there."""

import contextlib
import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator

from start.places import PYTHON, ROOT, STAMP, VENV, Problem
from start.running import environment

LEARNER = ("requirements.txt",)
AUTHOR = ("requirements.txt", "requirements-dev.txt")


def set_up(locks: tuple[str, ...]) -> None:
    """Bring .venv to what these lock files pin; where its stamp says that it is there, do nothing.

    The stamp goes first and comes last: what was interrupted has none, and is made anew.

    Raises:
        Problem: where it can't be done, with what to do.
    """
    wanted = stamp_lines(locks)
    if set(wanted) <= set(read_stamp()):
        return
    with only_one():
        usable = wanted[0] in read_stamp()
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            STAMP.unlink()
        say("Setting up the course in .venv, once: it takes a minute or two.\n")
        if not usable:
            make_venv()
        install(locks)
        STAMP.write_text("\n".join(wanted))


def stamp_lines(locks: tuple[str, ...]) -> list[str]:
    """What a finished set-up writes down: Python and place first, then a line a lock."""
    place = f"{sys.version_info[0]}.{sys.version_info[1]} {VENV}"
    lines = ["python " + hashlib.sha256(os.fsencode(place)).hexdigest()]
    return lines + [
        f"{lock} {hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}" for lock in locks
    ]


def read_stamp() -> list[str]:
    """The stamp's lines; none where the stamp or the .venv's Python is gone."""
    try:
        subprocess.check_output([PYTHON, "-I", "-c", ""], stderr=subprocess.STDOUT)
        return STAMP.read_text().split("\n")
    except (OSError, UnicodeError, subprocess.CalledProcessError):
        return []


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold .venv.lock; the system lets go of it when this process ends, however it ends."""
    with open(ROOT / ".venv.lock", "w") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:  # any other error: a file system without locks
            if error.errno in (errno.EAGAIN, errno.EACCES):
                said = "another course.py is setting up .venv: run this when it has ended."
                raise Problem(said) from None
        yield


def make_venv() -> None:
    """Make .venv anew, with pip in it."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Problem(
            "this Python cannot make a .venv: on Debian or Ubuntu run "
            "`sudo apt install python3-venv`, elsewhere install Python from python.org."
        ) from None
    # The base Python makes it: .venv's own, where that one runs this, is about to go away.
    python = getattr(sys, "_base_executable", sys.executable)
    code, last = watch([python, "-I", "-m", "venv", "--clear", str(VENV)])
    if code:
        do = "make sure that you may write here, that 1 GB is free and that nothing uses .venv"
        raise Problem(f"could not make .venv ({''.join(last[-1:])}): {do}.")


def install(locks: tuple[str, ...]) -> None:
    """Install what the locks pin; they are full, so pip resolves nothing (a test runs `pip check`).

    PIP_* variables and pip's configuration say where packages come from.
    """
    pip = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps"]
    code, last = watch([str(PYTHON), *pip, *(f"--requirement={lock}" for lock in locks)])
    if code:
        sys.stderr.write("".join(f"  pip: {line}\n" for line in last if line))
        do = "the first run needs a network; connect to one"
        if "Errno 28" in "".join(last):
            do = "the disk is full; free 1 GB"
        raise Problem(f"could not install the packages: {do}, then run this again.")


def say(text: str) -> None:
    """Show a part of the progress at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def watch(command: list[str]) -> tuple[int, list[str]]:
    """Run a step of the set-up with a dot for each package; return its exit code and last lines."""
    last: list[str] = []
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    dots = 0
    with subprocess.Popen(command, cwd=ROOT, env=environment(), **streams) as process:
        try:
            for line in process.stdout:
                last = [*last, line.decode("utf-8", "replace").strip()][-4:]
                if line.startswith((b"Collecting", b"Processing")):
                    dots += 1
                    say(".")
        except BaseException:
            process.terminate()
            raise
        finally:
            say("\n" if dots else "")
    return process.returncode, last
