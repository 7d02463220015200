"""How soon `helpers` is imported, and how much memory a kernel holds after each chapter.

python tools/bench/start.py
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

import kernels  # noqa: E402
from drive.on_disk import CHAPTERS, code_cells, read  # noqa: E402

STARTS = 9
IMPORT_SECONDS, MEGABYTES = 0.6, 250
CELL_SECONDS = 60
TIMED = """import sys
sys.path.insert(0, {root!r})
from time import process_time
start = process_time()
import {name}
print(process_time() - start)
"""


def import_seconds(name: str) -> float:
    """Seconds of a processor for an import in a new process: the median of some.

    Its files have been read before. What else the machine does is not counted.
    """
    command = [sys.executable, "-c", TIMED.format(root=str(ROOT), name=name)]
    found = [float(subprocess.check_output(command)) for _ in range(STARTS + 1)]
    return statistics.median(found[1:])


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
    ours = import_seconds("helpers")
    peers = [f"{name} {import_seconds(name):.2f}" for name in ("numpy", "matplotlib.pyplot")]
    found = [
        {
            "what": "import helpers, CPU in a new process, median",
            "ours": round(ours, 2),
            "unit": "s",
            "target": f"at most {IMPORT_SECONDS}",
            "met": ours <= IMPORT_SECONDS,
            "peers": ", ".join(peers),
        }
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
