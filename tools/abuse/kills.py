"""Kill kernels while they keep progress, and look whether anything that they kept is lost.

`python3 course.py abuse progress --kills 1000`. Two processes at a time keep results, predictions
and answers in one file as fast as they can, and say of each that it is kept. One of them is killed
at a random moment, again and again. After each kill the file must be whole, and hold all that was
said to be kept by then. The exit status is 1 where something is lost.
"""

import argparse
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2  # notebooks
EACH_FILE = 25  # kills with one file, as each makes it longer and a write slower
LONGEST = 0.02  # seconds from a line to the kill at the most: some writes long
SILENCE = 60  # seconds without a line after which a writer hangs

WRITER = """
import sys
from helpers.study import progress

me = sys.argv[1]
print("ready", flush=True)
for number in range(10**9):
    name = f"05 {me} {number}"
    for said in (
        progress.record(name, True),
        progress.record("all", False),
        progress.keep_prediction(name, number),
        progress.keep_answer(name, "yes", True),
    ):
        assert not said, said
    print(name, flush=True)
"""


@dataclass
class Outcome:
    """What came of the kills.

    Attributes:
        kills: how many there were.
        kept: how many entries were said to be kept.
        lost: a sentence for each that was not in the file, and each file that could not be read.
        left: the names of files beside the last one, but for its lock.
    """

    kills: int = 0
    kept: int = 0
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Writer:
    """A process that keeps progress; `names` are those of which it said so."""

    def __init__(self, name: str, file: Path) -> None:
        self.names: list[str] = []
        self._rest = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, name],
            cwd=ROOT,
            env=os.environ | {"COURSE_PROGRESS": str(file)},
            stdout=subprocess.PIPE,
        )

    def hear(self) -> None:
        """Wait until it says something, and take that in."""
        if not select.select([self.process.stdout], [], [], SILENCE)[0]:
            raise TimeoutError("a process that keeps progress has hung")
        self._take(os.read(self.process.stdout.fileno(), 65536))

    def kill(self) -> None:
        """Kill it, and take in all that it had said."""
        self.process.kill()
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            self._take(chunk)
        self.process.stdout.close()
        self.process.wait()

    def _take(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self.names += [line.decode() for line in lines if line != b"ready"]


def kill_writers(kills: int, seed: int, folder: Path) -> Outcome:
    """Kill so many writers at random moments; return what came of it. All are ended at the end."""
    chance, outcome = random.Random(seed), Outcome()
    for start in range(0, kills, EACH_FILE):
        file = folder / f"{start}" / "progress.json"
        file.parent.mkdir()
        _kill_round(min(EACH_FILE, kills - start), chance, file, outcome)
    return outcome


def _kill_round(kills: int, chance: random.Random, file: Path, outcome: Outcome) -> None:
    said: list[str] = []
    writers = [Writer(f"{number}", file) for number in range(AT_ONCE)]
    try:
        for number in range(AT_ONCE, AT_ONCE + kills):
            place = chance.randrange(AT_ONCE)
            writers[place].hear()
            time.sleep(chance.uniform(0, LONGEST))
            writers[place].kill()
            outcome.kills += 1
            said += writers[place].names
            writers[place] = Writer(f"{number}", file)
            outcome.lost += missing(file, said)
    finally:
        for writer in writers:
            writer.kill()
            said += writer.names
    outcome.lost += missing(file, said)
    outcome.kept += 3 * len(said)
    names = {each.name for each in file.parent.iterdir()} - {file.name, "progress.lock"}
    # What the last writers had begun is taken away by whoever writes next.
    outcome.left += sorted(name for name in names if not name.startswith(".progress-"))


def missing(file: Path, names: list[str]) -> list[str]:
    """A sentence for each of these that the file does not hold; it is read as it lies there."""
    try:
        data = json.loads(file.read_bytes()) if names or file.exists() else {}
    except (OSError, ValueError) as error:
        return [f"the file can't be read: {error}"]
    lost = [
        f"{name} is not among the {section}"
        for section in ("exercises", "predictions", "quizzes")
        for name in names
        if name not in data[section]
    ]
    counted = data["exercises"].get("all", {"attempts": 0})["attempts"] if data else 0
    return lost + [f"{counted} attempts of {len(names)}"] * (counted < len(names))


def main(arguments: list[str]) -> int:
    """Do what the command line says; return 1 where something was lost."""
    parser = argparse.ArgumentParser(prog="course.py abuse progress", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_writers(given.kills, given.seed, Path(folder))
    for sentence in [*outcome.lost, *(f"left behind: {name}" for name in outcome.left)]:
        print(sentence)
    print(f"{outcome.kills} kills, {outcome.kept} entries kept, {len(outcome.lost)} lost")
    return 1 if outcome.lost or outcome.left else 0
