"""All benchmarks, as one table: `python3 course.py bench`, or `bench link servers` for some.

The exit status is 1 where a target is missed. Ratios compare what one run has measured; absolute
times hold for the machine that they were taken on.
"""

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

MODULES = ("servers", "link", "sliders", "live", "start_up")


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and print their rows."""
    if unknown := [name for name in names if name not in MODULES]:
        print(f"no benchmark {unknown[0]!r}: there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    missed = 0
    for name in names or MODULES:
        for row in importlib.import_module(name).rows():
            missed += not row["met"]
            mark = "met" if row["met"] else "MISSED"
            figure = f"{row['ours']} {row['unit']}".strip()
            print(
                f"{row['what']:56} {figure:>16}  {row['target']:16} {mark:7} {row['peers']}",
                flush=True,
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
