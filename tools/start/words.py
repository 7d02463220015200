"""The words of `course.py`, and what each does."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from start.folders import variables, working_folder
from start.interpreters import find_python
from start.lab import open_lab
from start.overlaid import tell_of_older_chapters
from start.places import ROOT, TOOLS, VENV, Problem, Venv, python_name
from start.running import become, environment, hand_over, run
from start.set_up import AUTHOR, LEARNER, set_up

Arguments = list[str]


def lab(arguments: Arguments) -> int:
    """Open the course in JupyterLab; what follows the word goes to JupyterLab."""
    tell_of_older_chapters()
    set_up(LEARNER)
    return open_lab(arguments)


def test(arguments: Arguments) -> int:
    """Run every test, or all of a chapter, as `test 04`; what else follows goes to pytest.

    With `--python 3.13`, or the path of a Python, that one runs them in `.venv-3.13`.
    """
    named, arguments = _taken_out("--python", arguments)
    venv = VENV
    if named:
        python = find_python(named)
        if not os.path.samefile(python, sys.executable):
            return hand_over(
                [python, str(ROOT / "course.py"), "test", "--python", python, *arguments]
            )
        venv = Venv(ROOT / f".venv-{python_name()}")
    set_up(AUTHOR, venv)
    chosen = list(takewhile(lambda word: word.isdigit() and len(word) < 3, arguments))
    chapters = ["--chapter=" + word.zfill(2) for word in chosen]
    others = arguments[len(chosen) :]  # a number among them may be an option's, as in -n 0
    # Many tests wait more than they work, so four processes suit two cores. A few tests start
    # sooner in one.
    share = ["--numprocesses=4", "--dist=loadscope", "--no-loadscope-reorder"]
    return become(["-m", "pytest", *chapters, *(others or share)], venv)


def notebooks(arguments: Arguments) -> int:
    """Build the notebooks; a chapter's number builds that one, --check only compares."""
    return _author(TOOLS / "build.py", arguments)


def new(arguments: Arguments) -> int:
    """Begin a chapter, as in `new 16 "A new chapter"`: source, checks and tests that pass."""
    return _without_set_up(TOOLS / "new.py", arguments)


def bench(arguments: Arguments) -> int:
    """Measure the speed of the stage beside its peers, as one table; takes some minutes."""
    return _author(TOOLS / "bench", arguments)


def abuse(arguments: Arguments) -> int:
    """Treat the chapters as learners do, at random; `abuse 04 --seed 7 --runs 1000`."""
    return _author(TOOLS / "abuse", arguments)


def bank(arguments: Arguments) -> int:
    """Try the checks on every right and wrong answer that the tests know; `bank 02 ask`."""
    return _author(TOOLS / "bank.py", arguments)


def fresh(arguments: Arguments) -> int:
    """Start a chapter afresh, as in `fresh 03`; your version is kept beside it."""
    return _without_set_up(TOOLS / "fresh.py", arguments)


def bring(arguments: Arguments) -> int:
    """Bring progress and edited chapters from an older version's folder: `bring ../old`."""
    return _without_set_up(TOOLS / "bring.py", arguments)


def release(arguments: Arguments) -> int:
    """Pack what learners need into a zip, in `dist` or in a folder that is named."""
    return _without_set_up(TOOLS / "release.py", arguments)


def assess(arguments: Arguments) -> int:
    """Assess an assignment's program, as in `assess A1 my_file.py`, or `assess A1_hand_in.json`."""
    set_up(LEARNER)
    return become([str(TOOLS / "assess.py"), *arguments], folder=None)  # files are the caller's


def site(arguments: Arguments) -> int:
    """Write the course as web pages, with the saved outputs, into the folder `site`."""
    set_up(LEARNER)
    return become([str(TOOLS / "pages.py"), *arguments])


def format_(arguments: Arguments) -> int:
    """Format the code, the notebooks' sources included."""
    set_up(AUTHOR)
    return become(["-m", "ruff", "format", *(arguments or ["."])])


def lint(arguments: Arguments) -> int:
    """Check the code and its format, and change nothing."""
    set_up(AUTHOR)
    checked = run(["-m", "ruff", "check", *(arguments or ["."])])
    return run(["-m", "ruff", "format", "--check", *(arguments or ["."])]) or checked


def _taken_out(option: str, arguments: Arguments) -> tuple[str, Arguments]:
    """The value of an option, "" where it is not there, and the arguments without it."""
    for place, word in enumerate(arguments):
        if word.startswith(option + "="):
            return word.partition("=")[2], arguments[:place] + arguments[place + 1 :]
        if word == option:
            if not arguments[place + 1 :]:
                raise Problem(f"{option} needs a version, as in `{option} 3.13`, or a path.")
            return arguments[place + 1], arguments[:place] + arguments[place + 2 :]
    return "", arguments


def _author(tool: Path, arguments: Arguments) -> int:
    set_up(AUTHOR)
    return become([str(tool), *arguments])


def _without_set_up(tool: Path, arguments: Arguments) -> int:
    """Run a tool that needs no package, so that it works before anything is installed."""
    more = variables(working_folder())
    return subprocess.call([sys.executable, str(tool), *arguments], env=environment() | more)


WORDS: dict[str, Callable[[Arguments], int]] = {
    "lab": lab,
    "test": test,
    "notebooks": notebooks,
    "new": new,
    "bench": bench,
    "abuse": abuse,
    "bank": bank,
    "fresh": fresh,
    "bring": bring,
    "assess": assess,
    "site": site,
    "format": format_,
    "lint": lint,
    "release": release,
}
OF_LEARNERS = {"lab", "fresh", "bring", "assess", "site"}
NOT_HERE = (
    "is a word for those who change the course, and this copy has what learners need. Take the "
    "whole course: clone its repository, or download that."
)


def main(arguments: Arguments) -> int:
    """Do what the first argument says and return the exit code: that of the tool it calls."""
    try:
        return _do(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("course.py: stopped; run it again and it recovers.\n")
        return 130
    except Problem as problem:
        sys.stderr.write(f"course.py: {problem}\n")
    except OSError as error:
        hint = "may you write in this folder, and is there room on the disk?"
        sys.stderr.write(f"course.py: {error} ({hint})\n")
    return 1


def _is_whole() -> bool:
    """Whether this copy is for authors, too; a release has not what they install."""
    return all((ROOT / lock).exists() for lock in AUTHOR)


def _line(word: Callable[[Arguments], int]) -> str:
    """What a word does, in a line; nothing under -OO, which takes docstrings away."""
    return (word.__doc__ or "").partition("\n")[0]


def _do(arguments: Arguments) -> int:
    word = arguments[0] if arguments else ""
    known = [name for name in WORDS if _is_whole() or name in OF_LEARNERS]
    if word in known:
        return WORDS[word](arguments[1:])
    if word in WORDS:
        raise Problem(f"{word} {NOT_HERE}")
    words = "".join(f"  {name:10} {_line(WORDS[name])}\n" for name in known)
    if word in ("-h", "--help", "help"):
        sys.stdout.write("Usage: course.py WORD ..., where WORD is one of:\n" + words)
        return 0
    found = "does not know the word " + ascii(word) if word else "needs a word"
    sys.stderr.write(f"course.py {found}. Its words:\n{words}")
    return 2
