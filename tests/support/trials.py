"""Answers tried in processes of their own, some at a time: a wrong one may hang until it is ended.

    python tests/support/trials.py 02 echo_server [--few] [--patient] [kind:label ...]

prints what came of each answer of an exercise, as JSON. With `--few` a wrong judge is asked about
one right program and the one that its row names; with `--patient` a check gives up later.
`Trials` runs that for the tests. A process starts in a third of the time without nbformat and
jupytext, so neither is imported here.
"""

import contextlib
import faulthandler
import importlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tools", ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drive.left_behind import watch  # noqa: E402
from support.answers import as_a_learners  # noqa: E402

from helpers.checks import runner  # noqa: E402
from helpers.checks.report import Report  # noqa: E402
from helpers.servers.crashes import unreported_crashes  # noqa: E402
from helpers.study.finding import find_exercise  # noqa: E402

AT_ONCE = 6  # processes; most wait
PATIENCE = 400.0  # seconds for all answers of an exercise
PATIENT = 9.0  # seconds of a check where the machine may have been too slow for its own three
RUN = {"capture_output": True, "text": True, "encoding": "utf-8", "timeout": PATIENCE}
FULL = runner.ALL_SECONDS


@dataclass(frozen=True)
class Result:
    """What a check said of an answer, and what the answer has left behind."""

    passed: bool
    failed: list[str]  # names of cases
    misconceptions: list[str]
    text: str
    hint: str  # the one that is shown first; empty where there is none
    seconds: float  # that the check took
    left: list[str]


def table(kind: str, chapter: str) -> list:
    """The table of a chapter's `wrong` or `right` answers; empty where it has none."""
    module = _module(kind, chapter)
    return getattr(module, kind.upper()) if module else []


def beliefs(chapter: str) -> list[str]:
    """The beliefs of the syllabus that a chapter's wrong answers must meet, by name."""
    return getattr(_module("wrong", chapter), "BELIEFS", [])


def _module(kind: str, chapter: str) -> ModuleType | None:
    name = f"chapters.chapter_{chapter}"
    if not (ROOT / "tests" / "chapters" / f"chapter_{chapter}" / f"{kind}.py").exists():
        return None
    return importlib.import_module(f"{name}.{kind}")


def label(function: Callable) -> str:
    """What an answer is called in its table."""
    return getattr(function, "label", None) or function.__name__


def answers(chapter: str, exercise: str) -> dict[str, Callable]:
    """All answers of an exercise by kind and label; the chapter's own is "solution"."""
    found = {
        f"wrong:{label(each.answer)}": each.answer
        for each in table("wrong", chapter)
        if each.exercise == exercise
    }
    for kind, rows in (("right", table("right", chapter)), ("other", others(chapter))):
        found |= {f"{kind}:{label(each)}": each for name, each in rows if name == exercise}
    return {**found, "solution": as_a_learners(chapter, "solutions")[exercise]}


def others(chapter: str) -> list[tuple[str, Callable]]:
    """The other right answers that a chapter compares with: names of exercises, and answers."""
    return as_a_learners(chapter, "others").get("OTHERS", [])


def tried(exercise: str, function: Callable, seconds: float, only: tuple[str, ...] = ()) -> Result:
    """Check an answer here and now, for so many seconds at the most once a case has failed.

    With `only`, a judge is asked about programs of these names alone.
    """
    left_behind = watch()
    cases = find_exercise(exercise)
    if only:
        cases = cases.among(*only)
    runner.ALL_SECONDS = seconds
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(exercise, function, cases)
    took = time.perf_counter() - began
    left = left_behind()
    failed = [outcome for outcome in report.outcomes if not outcome.passed]
    # A judge that tries little misses several programs: what it hears first has one belief.
    told = report.groups[0] if getattr(cases, "programs", ()) and report.groups else failed
    return Result(
        report.passed,
        [outcome.case.name for outcome in failed],
        sorted({each.misconception.name for each in told if each.misconception}),
        repr(report),
        _first_hint(report),
        took,
        left + [f"the crash of {name}" for name in unreported_crashes()],
    )


def _first_hint(report: Report) -> str:
    try:
        return report.hint(1)
    except ValueError:  # nothing has failed, or there is none
        return ""


def run(chapter: str, exercise: str, words: list[str]) -> dict[str, Result]:
    """Try answers of an exercise, or all, in a process of their own; `words` as for `main`."""
    command = [sys.executable, __file__, chapter, exercise, *words]
    try:
        done = subprocess.run(command, **RUN)
    except OSError:  # seen once in a sandbox: its exec said "Bad address"
        done = subprocess.run(command, **RUN)
    assert done.returncode == 0, f"the trials of {exercise} failed:\n{done.stderr}"
    results = json.loads(done.stdout.splitlines()[-1])
    return {name: Result(**result) for name, result in results.items()}


class Trials:
    """Runs the wanted answers, exercise by exercise, in some processes at a time.

    Args:
        wanted: names of answers by chapter and exercise.
    """

    def __init__(self, wanted: dict[tuple[str, str], list[str]]) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE)
        # Those of the last chapters take longest: they come first, so that none is left at the end.
        self._results: dict[tuple[str, str], Future] = {
            key: self._pool.submit(run, *key, ["--few", *wanted[key]])
            for key in sorted(wanted, reverse=True)
        }

    def result(self, chapter: str, exercise: str, name: str) -> Result:
        """What came of an answer; waits for it."""
        return self._results[chapter, exercise].result()[name]

    def alone(self, chapter: str, exercise: str, name: str) -> Result:
        """What comes of an answer in three times a check's time, when nothing is tried beside it.

        The machine may be so slow that a wrong answer uses up the time of the case that names it.
        """
        for other in self._results.values():
            other.result()
        return run(chapter, exercise, ["--few", "--patient", name])[name]

    def close(self) -> None:
        """Wait for what still runs."""
        self._pool.shutdown(cancel_futures=True)


def _programs_of(chapter: str, exercise: str) -> dict[str, tuple[str, ...]]:
    """The programs that are enough for each wrong judge: a right one, and the one of its row."""
    programs = getattr(find_exercise(exercise), "programs", ())
    if not programs:
        return {}
    return {
        f"wrong:{label(each.answer)}": (programs[0].name, each.case or programs[-1].name)
        for each in table("wrong", chapter)
        if each.exercise == exercise
    }


def main(chapter: str, exercise: str, *words: str) -> None:
    """Try the answers of these names, or all; say where it hangs if it does.

    With `--patient` a wrong answer gets more time, with `--few` a wrong judge meets few programs.
    """
    faulthandler.dump_traceback_later(PATIENCE - 50, exit=True)
    names = [word for word in words if not word.startswith("--")]
    wrong = PATIENT if "--patient" in words else FULL
    few = _programs_of(chapter, exercise) if "--few" in words else {}
    results = {
        name: asdict(
            tried(
                exercise, function, wrong if name.startswith("wrong:") else FULL, few.get(name, ())
            )
        )
        for name, function in answers(chapter, exercise).items()
        if not names or name in names
    }
    print(json.dumps(results), flush=True)
    os._exit(0)  # a thread that an answer has left behind would keep the process for ever


if __name__ == "__main__":
    main(*sys.argv[1:])
