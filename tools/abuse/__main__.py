"""Treat chapters as learners do: `python3 course.py abuse`, or `abuse 04 --seed 7 --runs 1000`.

A line for each chapter and situation: how many cells were run and what came of them. Then each
failure with its cell and its traceback; the exit status is 1 where there is one. The same seed
gives the same plan; the moments of interrupts, and what two kernels do at once, differ a little.
At the end pytest tries the chapters in a browser and in a kernel, more thoroughly than `course.py
test` does; not with `--only`.

`abuse progress` kills kernels while they keep progress.
`abuse environments` starts `course.py lab` on machines as learners have them, and prints a table;
words behind it choose situations by their names.
`abuse assignments` tries all milestones on all programs of the tests, at full size.
`abuse settings` runs the chapters under other people's settings and limits, and compares what they
show with what they were saved with; `abuse settings 04 --only dark`.
"""

import argparse
import os
import random
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
for folder in (HERE.parents[2], HERE.parents[1], HERE.parents[2] / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

os.environ["COURSE_TESTS"] = "thorough"

import pytest  # noqa: E402
from drive.on_disk import CHAPTERS, ROOT  # noqa: E402

from abuse import environments, kills, settings  # noqa: E402
from abuse.driver import Result, abuse  # noqa: E402
from abuse.report import failure_text, line  # noqa: E402
from abuse.situations import SITUATIONS  # noqa: E402


def main(arguments: list[str]) -> int:
    """Do what the command line says; return 1 where something failed."""
    if arguments[:1] == ["progress"]:
        return kills.main(arguments[1:])
    if arguments[:1] == ["environments"]:
        return environments.main(arguments[1:])
    if arguments[:1] == ["settings"]:
        return settings.main(arguments[1:])
    if arguments[:1] == ["assignments"]:
        return pytest.main(["tests/assignments", "-q", f"--rootdir={ROOT}", *arguments[1:]])
    known = [path.name[:2] for path in CHAPTERS]
    parser = argparse.ArgumentParser(prog="course.py abuse", description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*", help="such as 04; without any, all")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--runs", type=int, default=1000, help="of cells, for each chapter")
    parser.add_argument("--only", help="situations whose name holds this")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.chapters) - set(known)):
        parser.error(f"there is no chapter {unknown[0]}: there are {', '.join(known)}")
    wanted = tuple(each for each in SITUATIONS if (given.only or "") in each.name)
    if not wanted:
        parser.error(f"no situation holds {given.only!r}: {', '.join(s.name for s in SITUATIONS)}")
    # However it is told to end, its kernels end with it. (A shell's background job ignores SIGINT.)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"seed {given.seed}", flush=True)
    failures, chapters = 0, given.chapters or known
    for chapter in chapters:
        results = abuse(chapter, given.seed, given.runs, wanted, tell)
        failures += sum(len(each.failures) for each in results)
        print(f"chapter {chapter}: {sum(each.runs for each in results)} runs of cells", flush=True)
    if failures:
        again = " ".join([*given.chapters, f"--seed {given.seed} --runs {given.runs}"])
        again += f" --only '{given.only}'" if given.only else ""
        print(f"{failures} failures; once more: python3 course.py abuse {again}")
    tests_too = not given.only and tests_fail(chapters)
    return 1 if failures or tests_too else 0


def tests_fail(chapters: list[str]) -> bool:
    """Run the tests that look at more here than in `course.py test`; return whether any fails."""
    tests = ["tests/browser/test_chapters.py", "tests/notebooks/test_learner_runs.py"]
    wanted = " or ".join(f"{number}_" for number in chapters)
    return pytest.main([*(str(ROOT / each) for each in tests), "-k", wanted]) != 0


def tell(result: Result) -> None:
    """Print what came of a situation."""
    print(line(result), *(failure_text(result, each) for each in result.failures), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
