"""What it costs to import from `helpers`, and how much memory a kernel holds after each chapter.

python tools/bench/start_up.py
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drive import kernels  # noqa: E402
from drive.on_disk import CHAPTERS, code_cells, read  # noqa: E402

STARTS = 9
START_SECONDS, MEGABYTES = 0.12, 250
CELL_SECONDS = 60
STATEMENTS = ("import helpers", "from helpers import run_server, Link")
PEERS = ("numpy", "IPython", "matplotlib.pyplot")
# All that the process has used until then, by any of its threads, its own start included.
TIMED = """import sys, time
sys.path.insert(0, {root!r})
{statement}
print(time.process_time())
"""


def start_seconds(*statements: str) -> list[float]:
    """Seconds of a processor of each statement in a new process, above one that does `pass`.

    The medians of some, which take turns, so that all meet the same machine. Their files have been
    read before. What else the machine does is not counted.
    """
    commands = [
        [sys.executable, "-c", TIMED.format(root=str(ROOT), statement=each)]
        for each in ("pass", *statements)
    ]
    found = [
        [float(subprocess.check_output(command)) for command in commands] for _ in range(STARTS + 1)
    ]
    empty, *rest = (statistics.median(each) for each in zip(*found[1:], strict=True))
    return [seconds - empty for seconds in rest]


def megabytes(sources: list[str], folder: Path) -> float | None:
    """What a kernel holds in memory after it has run this code."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        manager, client = kernels.start(folder, Path(scratch, "progress.json"))
        try:
            for source in sources:
                client.execute_interactive(
                    source, timeout=CELL_SECONDS, output_hook=lambda message: None
                )
            return kernels.memory(manager)
        finally:
            kernels.end(manager, client)


def rows() -> list[dict]:
    """The rows of the bench's table."""
    seconds = start_seconds(*STATEMENTS, *(f"import {name}" for name in PEERS))
    peers = zip(PEERS, seconds[len(STATEMENTS) :], strict=True)
    beside = ", ".join(f"{name} {each:.2f}" for name, each in peers)
    found = [
        {
            "what": f"{statement}, CPU",
            "ours": round(ours, 2),
            "unit": "s",
            "target": f"at most {START_SECONDS}",
            "met": ours <= START_SECONDS,
            "peers": beside,
        }
        for statement, ours in zip(STATEMENTS, seconds, strict=False)
    ]
    empty = megabytes(["pass"], ROOT)
    if empty is None:  # no /proc here
        return found
    drawing = megabytes(["import matplotlib.pyplot as plt, ipywidgets; plt.plot(range(9));"], ROOT)
    for path in CHAPTERS:
        ours = megabytes([cell.source for _, cell in code_cells(read(path))], path.parent)
        found.append(
            {
                "what": f"a kernel after chapter {path.name[:2]}",
                "ours": round(ours),
                "unit": "MB",
                "target": f"at most {MEGABYTES}",
                "met": ours <= MEGABYTES,
                "peers": f"empty {empty:.0f}, one plot and ipywidgets {drawing:.0f}",
            }
        )
    return found


if __name__ == "__main__":
    for row in rows():
        print(row)
