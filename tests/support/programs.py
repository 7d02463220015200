"""Programs of assignments, and what comes of their milestones, for the tests."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from support import forked

from helpers.study.assess import Assessment, Reached, run
from helpers.study.finding import find_assignment
from helpers.study.taken import Taken

AT_ONCE = 10  # processes; most wait
ROOT = Path(__file__).resolve().parents[2]


def solution(assignment: str, module: str = "solutions") -> str:
    """The text of an assignment's own solution, or of its `others`."""
    path = ROOT / "helpers" / "assignments" / assignment / f"{module}.py"
    return path.read_text(encoding="utf-8")


def changed(assignment: str, *changes: tuple[str, str]) -> str:
    """The solution with texts changed, each of which stands there once."""
    code = solution(assignment)
    for old, new in changes:
        assert code.count(old) == 1, f"stands {code.count(old)} times in the solution: {old}"
        code = code.replace(old, new)
    return code


class Tried:
    """What programs reach, some at a time, each in a process of its own as a learner's is."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._forks = forked.Forks() if forked.THERE else None
        self._found: dict[tuple, Future] = {}

    def begin(self, name: str, code: str, *milestones: str, fails: tuple[str, ...] = ()) -> None:
        """Try a program of an assignment, at these milestones or at all.

        What it `fails` is not repeated, however busy the machine is.
        """
        job = (name, code, milestones)
        self._found[job] = self._pool.submit(_assessed, *job, fails, self._forks)

    def lost(self, name: str, code: str, *milestones: str) -> dict[str, Reached]:
        """The milestones that give it fewer points than all, by name."""
        found = self._found[name, code, milestones].result()
        assert not found.problem, found.problem
        return {each.name: each for each in found.reached if each.points < each.of}

    def close(self) -> None:
        """Wait for what still runs."""
        self._pool.shutdown(cancel_futures=True)
        if self._forks:
            self._forks.close()


def _assessed(
    name: str,
    code: str,
    milestones: tuple[str, ...],
    fails: tuple[str, ...],
    forks: forked.Forks | None,
) -> Assessment:
    assignment = find_assignment(name)
    found = Assessment(name, Taken(code, "a program"), of=assignment.points)
    if forks is None:
        run(assignment, found, list(milestones))
        return found
    job = {"assignment": name, "code": code, "file": "a program", "only": milestones, "once": fails}
    for event in forks.tell_of(job, assignment.seconds):
        if "reached" in event:
            found.reached.append(Reached(**event["reached"]))
        found.problem = event.get("problem", "")
    if not found.problem and len(found.reached) < len(assignment.among(*milestones)):
        found.problem = "it has ended its process"
    return found
