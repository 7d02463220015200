"""Programs of assignments, and what comes of their milestones, for the tests."""

from pathlib import Path

from helpers.checks.milestones import Assignment
from helpers.study import assessor

ROOT = Path(__file__).resolve().parents[2]


def solution(assignment: str) -> str:
    """The text of an assignment's own solution."""
    path = ROOT / "helpers" / "assignments" / assignment / "solutions.py"
    return path.read_text(encoding="utf-8")


def changed(assignment: str, *changes: tuple[str, str]) -> str:
    """The solution with texts changed, each of which stands there once."""
    code = solution(assignment)
    for old, new in changes:
        assert code.count(old) == 1, f"stands {code.count(old)} times in the solution: {old}"
        code = code.replace(old, new)
    return code


def points_lost(assignment: Assignment, code: str, *milestones: str) -> dict[str, dict]:
    """What comes of these milestones, or of all, where a program does not get all points."""
    names = assessor.load(code, "a program")
    tried = [assessor.tried(each, names) for each in assignment.among(*milestones)]
    return {each["name"]: each for each in tried if each["points"] < each["of"]}
