"""Other people's settings and small machines: do all chapters look and check as designed?

    python3 course.py abuse settings [--only WORDS] [--worst] [CHAPTER...]

A table of situations; in each a kernel runs the chapters with their solutions, and what it shows is
compared with what they were saved with. A line for each, and exit status 1 where something differs.
"""

import argparse
import base64
import contextlib
import copy
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve()
for folder in (HERE.parents[2], HERE.parents[1]):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drive.on_disk import ROOT, SOLUTIONS, code_cells, read, tags  # noqa: E402
from for_viewers import as_run  # noqa: E402
from jupyter_client.manager import AsyncKernelManager  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: E402
from nbformat import NotebookNode  # noqa: E402
from nbformat.v4 import new_code_cell  # noqa: E402

from abuse.session import Limited  # noqa: E402

CELL_SECONDS = 60
IMAGE = re.compile(r'src="data:image/png;base64,([^"]+)"')


class Kernel(Limited, AsyncKernelManager):
    """A kernel as nbclient runs it, with limits."""


@dataclass(frozen=True)
class Situation:
    """Settings of a learner's, or a limit of their machine.

    Attributes:
        name: a few words, for the report and for `--only`.
        first: a cell that they run before the chapter's first.
        startup: a file that IPython runs when the kernel starts.
        matplotlibrc: their settings of matplotlib.
        environment: variables of the kernel's.
        limits: options of `launch`.
        holds: an expression, true in the kernel at the end: their setting is as they made it.
        may_say: what a check or cell may add here to what was saved, as a regular expression.
        other_numbers: whether cells may show other numbers than those saved; checks still pass.
    """

    name: str
    first: str = ""
    startup: str = ""
    matplotlibrc: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    holds: str = "True"
    may_say: str = ""
    other_numbers: bool = False


TIMEOUT = "import socket\nsocket.setdefaulttimeout(0.2)"
TIMEOUT_HOLDS = "__import__('socket').getdefaulttimeout() == 0.2"
NUMPYS = "all.__module__ == 'numpy'"
RC = "__import__('matplotlib').rcParams"
PRETEND = f"import sys\nsys.path.append({str(HERE.parent)!r})\n__import__('pretend')."
ROOM = r"Not tried here|open only \d+ files"
DARK = """
axes.facecolor: black
figure.facecolor: black
savefig.facecolor: black
text.color: white
axes.labelcolor: white
xtick.color: white
ytick.color: white
"""
HOSTILE = f"""{DARK}
text.usetex: True
font.size: 20
font.family: No Such Font
font.sans-serif: Nor This
figure.dpi: 300
lines.linewidth: 7
axes.grid: True
axes.titlesize: 30
backend: tkagg
"""


def situations() -> tuple[Situation, ...]:
    """The table."""
    return (
        Situation("as it is"),
        Situation("usetex", matplotlibrc="text.usetex: True\n", holds=f"{RC}['text.usetex']"),
        Situation("dark", matplotlibrc=DARK, holds=f"{RC}['axes.facecolor'] == 'black'"),
        Situation(
            "large letters", matplotlibrc="font.size: 20\n", holds=f"{RC}['font.size'] == 20"
        ),
        Situation(
            "a missing font",
            matplotlibrc="font.family: No Such Font\n",
            holds=f"{RC}['font.family'] == ['No Such Font']",
        ),
        Situation(
            "a hostile matplotlibrc",
            matplotlibrc=HOSTILE,
            holds=f"{RC}['text.usetex'] and {RC}['font.size'] == 20",
        ),
        Situation("a backend with windows", environment={"MPLBACKEND": "tkagg"}),
        Situation(
            "start-up file",
            startup="from numpy import *\nset_printoptions(precision=1)\n"
            f"import matplotlib.pyplot as plt\nplt.style.use('dark_background')\n{TIMEOUT}",
            holds=f"{TIMEOUT_HOLDS} and {RC}['axes.facecolor'] == 'black'",
        ),
        Situation("%pylab", first="%pylab", holds=NUMPYS),
        Situation("from numpy import *", first="from numpy import *", holds=NUMPYS),
        Situation("a default timeout", first=TIMEOUT, holds=TIMEOUT_HOLDS),
        Situation("autoreload", first="%load_ext autoreload\n%autoreload 2"),
        Situation(
            "warnings as errors",
            first="import warnings\nwarnings.simplefilter('error')",
            holds="('error', None, Warning, None, 0) in warnings.filters",
        ),
        Situation("PYTHONWARNINGS", environment={"PYTHONWARNINGS": "error"}),
        Situation("256 open files", limits=("--files=256",)),
        Situation("128 open files", limits=("--files=128",), may_say=ROOM, other_numbers=True),
        Situation("one core", limits=("--one-core",)),
        Situation("a clock with steps of 15 ms", startup=f"{PRETEND}coarse_clock()"),
        Situation(
            "datagrams of 9,216 bytes", startup=f"{PRETEND}small_datagrams()", other_numbers=True
        ),
    )


def worst() -> Situation:
    """All settings at once that can hold at the same time: for the tests, which try one chapter."""
    return Situation(
        "all at once",
        startup=f"from numpy import *\n{TIMEOUT}",
        matplotlibrc=HOSTILE,
        # Not at the start: on Python 3.13 Jupyter's own kernel would end by such a warning.
        first="import warnings\nwarnings.simplefilter('error')\n"
        "%load_ext autoreload\n%autoreload 2",
        holds=f"{TIMEOUT_HOLDS} and {RC}['text.usetex'] and all.__module__ == 'numpy'",
    )


@contextlib.contextmanager
def surroundings(situation: Situation) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder to work in, and the kernel's variables: with nothing of this user's own."""
    with tempfile.TemporaryDirectory(prefix="settings-") as name:
        folder = Path(name)
        profile = folder / "ipython" / "profile_default" / "startup"
        profile.mkdir(parents=True)
        (profile / "00-first.py").write_text(situation.startup)
        (folder / "matplotlibrc").write_text(situation.matplotlibrc)
        (folder / "work").mkdir()
        yield (
            folder / "work",
            {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "COURSE_PROGRESS": str(folder / "progress.json"),
                "IPYTHONDIR": str(folder / "ipython"),
                "MATPLOTLIBRC": str(folder / "matplotlibrc"),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                **situation.environment,
            },
        )


def differences(path: Path, situation: Situation) -> list[str]:
    """Run a notebook in a situation; what it shows and should not, a line each."""
    saved, ran = read(path), copy.deepcopy(read(path))
    for cell in saved.cells:
        as_run(cell)
    first = new_code_cell(situation.first)
    last = new_code_cell(f"print('as before' if {situation.holds} else 'CHANGED')")
    ran.cells = [first, *ran.cells, last]
    with surroundings(situation) as (work, environment):
        # As a Jupyter server says it: the solutions edition records nothing, wherever it runs.
        environment = environment | {"JPY_SESSION_NAME": str(path)}
        manager = Kernel(kernel_name="python3")
        manager.limits = situation.limits
        client = NotebookClient(
            ran,
            km=manager,
            timeout=CELL_SECONDS,
            extra_arguments=["--log-level=ERROR"],
            allow_errors=True,
            resources={"metadata": {"path": str(work)}},
        )
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL, cleanup_kc=True)
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            return [f"{type(error).__name__}: {str(error)[-400:]}"]
    found = [f"the first cell: {said}" for said in _errors(first)]
    for (number, before), (_, after) in zip(code_cells(saved), code_cells(ran)[1:-1], strict=True):
        found += [f"cell {number}: {said}" for said in compared(before, after, situation)]
    if "as before" not in _text(last):
        found.append(f"afterwards: {_text(last) or _errors(last)}")
    return found


def compared(saved: NotebookNode, ran: NotebookNode, situation: Situation) -> Iterator[str]:
    """What a cell shows in a situation and should not, a line each."""
    expected, got = _errors(saved), _errors(ran)
    if [each.partition(":")[0] for each in expected] != [each.partition(":")[0] for each in got]:
        yield f"ended with {got or 'no error'}, and not with {expected or 'none'}"
    warned = _text(ran, "stderr")
    if warned and warned != _text(saved, "stderr"):
        yield f"warned ({len(warned.splitlines())} lines): {warned[:600]}"
    loose = "nbval-ignore-output" in tags(saved) or situation.other_numbers
    if loose and not re.search(r"\b\w+: (passed|not started|\d+ of \d+ cases)", _text(ran)):
        same = True
    else:
        allowed = situation.may_say and re.search(situation.may_say, _text(ran))
        same = _text(saved) == _text(ran) or (allowed and ": passed (" in _text(ran))
    if not same:
        yield f"showed:\n{_text(ran)[:1500]}\n--- and not:\n{_text(saved)[:600]}"
    for number, picture in enumerate(_pictures(ran), start=1):
        if not _is_white(picture):
            yield f"picture {number} is not on white"


def _errors(cell: NotebookNode) -> list[str]:
    return [
        f"{each.ename}: {each.evalue[:300]}" for each in cell.outputs if each.output_type == "error"
    ]


def _text(cell: NotebookNode, stream: str = "") -> str:
    """All that a cell shows as text; with `stream`, what it has printed there."""
    parts = []
    for each in cell.outputs:
        if stream:
            parts.append(each.text if each.get("name") == stream else "")
        elif each.output_type == "stream":
            parts.append(each.text if each.name == "stdout" else "")
        elif "data" in each:
            parts.append(str(each.data.get("text/plain", "")) + "\n")
    return "".join(parts).strip()


def _pictures(cell: NotebookNode) -> Iterator[bytes]:
    for each in cell.outputs:
        shown = each.get("data", {}).get("text/html", "")
        for data in IMAGE.findall("".join(shown)):
            yield base64.b64decode(data)


def _is_white(picture: bytes) -> bool:
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return image.getpixel((0, 0)) == (255, 255, 255)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        prog="course.py abuse settings", description=__doc__.split("\n")[0]
    )
    parser.add_argument("chapters", nargs="*", help="such as 04; without any, all")
    parser.add_argument("--only", default="", help="situations whose name holds this")
    parser.add_argument(
        "--worst", action="store_true", help="all settings at once, and nothing else"
    )
    given = parser.parse_args(arguments)
    wanted = (worst(),) if given.worst else situations()
    count = 0
    for situation in wanted:
        if given.only not in situation.name:
            continue
        for path in SOLUTIONS:
            if given.chapters and path.name[:2] not in given.chapters:
                continue
            found = differences(path, situation)
            count += len(found)
            print(f"{situation.name:24} {path.name[:2]}: {len(found) or 'as saved'}", flush=True)
            print(*(f"    {each}" for each in found), sep="\n", end="\n" if found else "")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
