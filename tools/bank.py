"""Measure the checks: try every wrong and every right answer that the tests know, one by one.

    python3 course.py bank [NN ...] [exercise ...] [--all]

prints for each exercise how many wrong answers were caught, had their belief named and got a first
hint that holds the words which a helpful colleague would have to mention; how many right answers
were refused; and how long each took. Below it stand those that fell through; `--all` shows each
answer with its hint. One process runs at a time: its times are worth something
only on a quiet machine.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT, ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drive.on_disk import SOURCES  # noqa: E402
from support import trials  # noqa: E402
from support.answers import WrongAnswer, fits  # noqa: E402

from helpers.study.finding import exercises  # noqa: E402

ENDLESS = "does not come back"


@dataclass
class Row:
    """What came of the answers of one exercise, or of all."""

    caught: int = 0
    wrong: int = 0
    named: int = 0
    hinted: int = 0
    refused: int = 0
    right: int = 0
    times_right: list[float] = field(default_factory=list)
    times_wrong: list[float] = field(default_factory=list)
    times_endless: list[float] = field(default_factory=list)

    def add(self, other: Row) -> None:
        """Add the figures of another row."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def __str__(self) -> str:
        middle = median(self.times_right) if self.times_right else 0.0
        longest = [max(each, default=0.0) for each in self._times]
        return (
            f"{self.caught:4}/{self.wrong:<4}{self.named:4}{self.hinted:7}"
            f"{self.refused:6}/{self.right:<4}{middle:7.2f}"
            + "".join(f"{each:8.2f}" for each in longest)
        )

    @property
    def _times(self) -> tuple[list[float], ...]:
        return self.times_right, self.times_wrong, self.times_endless


HEAD = "exercise                  caught  named  hint  refused   right: s  longest   wrong  endless"


def measured(chapter: str, exercise: str, show_all: bool = False) -> tuple[Row, list[str]]:
    """Try all answers of an exercise in a process of their own.

    Returns:
        The figures, and a few lines for each answer that fell through.
    """
    of_wrong = {
        f"wrong:{trials.label(each.answer)}": each
        for each in trials.table("wrong", chapter)
        if each.exercise == exercise
    }
    row, told = Row(), []
    for name, result in trials.run(chapter, exercise, []).items():
        problems = (
            _of_wrong(row, of_wrong[name], result) if name in of_wrong else _of_right(row, result)
        )
        if problems or show_all:
            told.append(f"{exercise} {name} ({result.seconds:.2f} s): {'; '.join(problems)}")
            if name in of_wrong:
                told += [f"    words: {of_wrong[name].words}", f"    hint:  {result.hint}"]
    return row, told


def _of_right(row: Row, result: trials.Result) -> list[str]:
    row.right += 1
    row.times_right.append(result.seconds)
    if result.passed:
        return []
    row.refused += 1
    return [f"refused: {result.failed}"]


def _of_wrong(row: Row, wrong: WrongAnswer, result: trials.Result) -> list[str]:
    row.wrong += 1
    endless = ENDLESS in result.text
    (row.times_endless if endless else row.times_wrong).append(result.seconds)
    if result.passed:
        return ["not caught"]
    problems = []
    row.caught += 1
    expected = [wrong.misconception] if wrong.misconception else []
    if result.misconceptions == expected:
        row.named += 1
    else:
        problems.append(f"named {result.misconceptions}, expected {expected}")
    if wrong.words and fits(result.hint, wrong.words):
        row.hinted += 1
    else:
        problems.append("the hint does not fit" if wrong.words else "no words")
    return problems


def main(arguments: list[str]) -> int:
    """Print the table; the result is 1 where something fell through."""
    parser = argparse.ArgumentParser(prog="course.py bank", description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", help="numbers of chapters, names of exercises")
    parser.add_argument("--all", action="store_true", help="show each answer with its hint")
    chosen = parser.parse_args(arguments)
    numbers = [each for each in chosen.wanted if each.isdigit()]
    names = [each for each in chosen.wanted if not each.isdigit()]
    total, told = Row(), []
    print(HEAD)
    for chapter in [path.name[:2] for path in SOURCES]:
        for exercise in exercises(chapter):
            if (numbers and chapter not in numbers) or (names and exercise not in names):
                continue
            row, lines = measured(chapter, exercise, chosen.all)
            total.add(row)
            told += lines
            print(f"{chapter} {exercise:22} {row}", flush=True)
    print(f"{'all':25} {total}\n")
    print("\n".join(told))
    right = not total.refused and total.caught == total.named == total.hinted == total.wrong
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
