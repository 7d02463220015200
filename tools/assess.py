"""Assess a program of an assignment: `python3 course.py assess A1 my_file.py` calls this.

`assess A1_hand_in.json` tries again what was handed in, and says whether the file is as it was
written.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from helpers.study import hand_in  # noqa: E402
from helpers.study.assess import Assessment, assess  # noqa: E402

USAGE = (
    "It takes an assignment and a file with a program, as in `assess A1 my_file.py`, and perhaps "
    "the name of one milestone; or a file that was handed in, as in `assess A1_hand_in.json`."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 where all points were reached, 1 where not, 2 for no job."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if len(words) == 1 and words[0].endswith(".json"):
            found = _handed_in(words[0])
        elif len(words) in (2, 3):
            found = assess(*words)
        else:
            print(USAGE, file=sys.stderr)
            return 2
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        print(f"Nothing was tried: {where}{problem.strerror or problem}", file=sys.stderr)
        return 2
    except ValueError as problem:
        print(f"Nothing was tried: {problem}", file=sys.stderr)
        return 2
    print(found)
    return 0 if found.points == sum(each.of for each in found.reached) and found.reached else 1


def _handed_in(path: str) -> Assessment:
    handed = hand_in.read(path)
    state = "as it was written" if handed.whole else "CHANGED since it was written"
    print(f"{path}: {state}, {handed.time}, {handed.points} of {handed.of} points there")
    print("with", ", ".join(f"{what} {which}" for what, which in handed.versions.items()))
    print(hand_in.WARNING, flush=True)
    return hand_in.again(handed)


if __name__ == "__main__":
    sys.exit(main())
