#!/usr/bin/env python3
"""Set up the course and call its tools: `python3 course.py` lists the words that it knows.

Standard library only, and in old syntax on purpose: an old Python then says what it lacks.
"""

import collections
import contextlib
import errno
import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(ROOT, ".venv")
SCRIPTS = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(SCRIPTS, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "course-stamp.txt")
LEARNER = ("requirements.txt",)
AUTHOR = ("requirements.txt", "requirements-dev.txt")


class Problem(Exception):
    """Something the reader can put right; its text is the one line that they see."""


def lab(arguments):
    """Open the course in JupyterLab; what follows the word goes to JupyterLab."""
    set_up(LEARNER)
    # -y: Ctrl-C ends it without a question. --allow-root: in a container everyone is root.
    options = "-y --allow-root --ServerApp.ip=localhost".split() + ["--ServerApp.root_dir=" + ROOT]
    options += ["--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]
    # The course works without a network: no news, no updates, no catalogue of extensions.
    options += "--LabApp.news_url=None --LabApp.extension_manager=readonly".split()
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    become(["-m", "jupyterlab"] + options + arguments)


def test(arguments):
    """Run every test, or all of a chapter, as `test 04`; what else follows goes to pytest."""
    set_up(AUTHOR)
    chosen = [word for word in arguments if word.isdigit() and len(word) < 3]
    chapters = ["--chapter=" + word.zfill(2) for word in chosen]
    arguments = [word for word in arguments if word not in chosen]
    # Many tests wait more than they work, so three processes suit two cores. A few tests start
    # sooner in one.
    share = "--numprocesses=3 --dist=loadscope --no-loadscope-reorder".split()
    become(["-m", "pytest"] + chapters + (arguments or share))


def notebooks(arguments):
    """Build the notebooks; a chapter's number builds that one, --check only compares."""
    set_up(AUTHOR)
    become([os.path.join("tools", "build.py")] + arguments)


def bench(arguments):
    """Measure the speed of the stage beside its peers, as one table; takes some minutes."""
    set_up(AUTHOR)
    become([os.path.join("tools", "bench")] + arguments)


def abuse(arguments):
    """Treat the chapters as learners do, at random; `abuse 04 --seed 7 --runs 1000`."""
    set_up(AUTHOR)
    become([os.path.join("tools", "abuse")] + arguments)


def fresh(arguments):
    """Start a chapter afresh, as in `fresh 03`; your version is kept beside it."""
    # Needs no package, so it works before anything is set up.
    script = os.path.join(ROOT, "tools", "fresh.py")
    return subprocess.call([sys.executable, script] + arguments, env=environment())


def new(arguments):
    """Begin a chapter, as in `new 16 "A new chapter"`: source, checks and tests that pass."""
    # Needs no package either.
    script = os.path.join(ROOT, "tools", "new.py")
    return subprocess.call([sys.executable, script] + arguments, env=environment())


def site(arguments):
    """Write the course as web pages, with the saved outputs, into the folder `site`."""
    set_up(LEARNER)
    become([os.path.join("tools", "pages.py")] + arguments)


def format_(arguments):
    """Format the code, the notebooks' sources included."""
    set_up(AUTHOR)
    become(["-m", "ruff", "format"] + (arguments or ["."]))


def lint(arguments):
    """Check the code and its format, and change nothing."""
    set_up(AUTHOR)
    checked = run(["-m", "ruff", "check"] + (arguments or ["."]))
    return run(["-m", "ruff", "format", "--check"] + (arguments or ["."])) or checked


WORDS = collections.OrderedDict(
    [("lab", lab), ("test", test), ("notebooks", notebooks), ("new", new), ("bench", bench)]
    + [("abuse", abuse), ("fresh", fresh), ("site", site), ("format", format_), ("lint", lint)]
)


def main(arguments):
    """Do what the first argument says and return the exit code: that of the tool it calls."""
    if sys.version_info < (3, 11):
        raise Problem(
            "this is Python %d.%d, and the course needs 3.11 or newer: install one from "
            "python.org, then run course.py with it." % tuple(sys.version_info[:2])
        )
    word = arguments[0] if arguments else ""
    if word in WORDS:
        return WORDS[word](arguments[1:])
    words = "".join("  %-10s %s\n" % (name, WORDS[name].__doc__) for name in WORDS)
    if word in ("-h", "--help", "help"):
        sys.stdout.write("Usage: course.py WORD ..., where WORD is one of:\n" + words)
        return 0
    found = "does not know the word " + ascii(word) if word else "needs a word"
    sys.stderr.write("course.py %s. Its words:\n%s" % (found, words))
    return 2


def set_up(locks):
    """Bring .venv to what these lock files pin; where its stamp says that it is there, do nothing.

    The stamp goes first and comes last: what was interrupted has none, and is made anew.
    """
    wanted = stamp_lines(locks)
    if set(wanted) <= set(read_stamp()):
        return
    with only_one():
        usable = wanted[0] in read_stamp()
        if os.path.exists(STAMP):
            os.remove(STAMP)
        say("Setting up the course in .venv, once: it takes a minute or two.\n")
        if not usable:
            make_venv()
        install(locks)
        with open(STAMP, "w") as file:
            file.write("\n".join(wanted))


def stamp_lines(locks):
    """Return what a finished set-up writes down: Python and place first, then a line a lock."""
    place = "%d.%d %s" % (sys.version_info[0], sys.version_info[1], VENV)
    lines = ["python " + hashlib.sha256(os.fsencode(place)).hexdigest()]
    for lock in locks:
        with open(os.path.join(ROOT, lock), "rb") as file:
            lines.append(lock + " " + hashlib.sha256(file.read()).hexdigest())
    return lines


def read_stamp():
    """Return the stamp's lines; none where the stamp or the .venv's Python is gone."""
    try:
        subprocess.check_output([PYTHON, "-I", "-c", ""], stderr=subprocess.STDOUT)
        with open(STAMP) as file:
            return file.read().split("\n")
    except (OSError, UnicodeError, subprocess.CalledProcessError):
        return []


@contextlib.contextmanager
def only_one():
    """Hold .venv.lock; the system lets go of it when this process ends, however it ends."""
    with open(os.path.join(ROOT, ".venv.lock"), "w") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:  # any other error: a file system without locks
            if error.errno in (errno.EAGAIN, errno.EACCES):
                raise Problem("another course.py is setting up .venv: run this when it has ended.")
        yield


def make_venv():
    """Make .venv anew, with pip in it."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Problem(
            "this Python cannot make a .venv: on Debian or Ubuntu run "
            "`sudo apt install python3-venv`, elsewhere install Python from python.org."
        )
    # The base Python makes it: .venv's own, where that one runs this, is about to go away.
    python = getattr(sys, "_base_executable", sys.executable)
    code, last = watch([python, "-I", "-m", "venv", "--clear", VENV])
    if code:
        do = "make sure that you may write here, that 1 GB is free and that nothing uses .venv"
        raise Problem("could not make .venv (%s): %s." % ("".join(last[-1:]), do))


def install(locks):
    """Install what the locks pin; they are full, so pip resolves nothing (a test runs `pip check`).

    PIP_* variables and pip's configuration say where packages come from.
    """
    pip = "-I -m pip install --disable-pip-version-check --no-input --no-deps".split()
    code, last = watch([PYTHON] + pip + ["--requirement=" + lock for lock in locks])
    if code:
        sys.stderr.write("".join("  pip: %s\n" % line for line in last if line))
        do = "the first run needs a network; connect to one"
        if "Errno 28" in "".join(last):
            do = "the disk is full; free 1 GB"
        raise Problem("could not install the packages: %s, then run this again." % do)


def say(text):
    """Show a part of the progress at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def watch(command):
    """Run a step of the set-up with a dot for each package; return its exit code and last lines."""
    last = []
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    dots = 0
    with subprocess.Popen(command, cwd=ROOT, env=environment(), **streams) as process:
        try:
            for line in process.stdout:
                last = (last + [line.decode("utf-8", "replace").strip()])[-4:]
                if line.startswith((b"Collecting", b"Processing")):
                    dots += 1
                    say(".")
        except BaseException:
            process.terminate()
            raise
        finally:
            say("\n" if dots else "")
    return process.returncode, last


def run(command):
    """Run .venv's Python in the root until it ends; return its exit code."""
    process = subprocess.Popen([PYTHON] + command, cwd=ROOT, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the tool has had the same Ctrl-C, and ends in its own way


def become(command):
    """Hand over to .venv's Python, so that signals and the exit code are the tool's own."""
    if os.name == "nt":
        sys.exit(run(command))
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON] + command, environment())


def environment():
    """Return the shell's variables, .venv's tools first, without those that lead away from it."""
    away = "PYTHONHOME PYTHONPATH __PYVENV_LAUNCHER__ PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON"
    slow = "PYTHONDONTWRITEBYTECODE"  # each kernel and each test would compile the helpers anew
    kept = dict(item for item in os.environ.items() if item[0] not in away.split() + [slow])
    path = SCRIPTS + os.pathsep + os.environ.get("PATH", os.defpath)
    return dict(kept, VIRTUAL_ENV=VENV, PIP_USER="0", PATH=path)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("course.py: stopped; run it again and it recovers.\n")
        sys.exit(130)
    except Problem as problem:
        sys.stderr.write("course.py: %s\n" % problem)
    except EnvironmentError as error:
        hint = "may you write in this folder, and is there room on the disk?"
        sys.stderr.write("course.py: %s (%s)\n" % (error, hint))
    sys.exit(1)
