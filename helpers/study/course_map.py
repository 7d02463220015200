"""The map of the course: its chapters, and how far the learner has come."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

from helpers.look.card import card, verdict
from helpers.look.tables import html_table
from helpers.study import about, progress

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@dataclass(frozen=True)
class Row:
    """A chapter on the map: its file is empty where the chapter is not written yet."""

    number: str
    title: str
    file: str
    exercises: list[str]
    passed: list[str]
    points: str = ""  # of an assignment

    @property
    def state(self) -> str:
        """How far the learner has come, in words."""
        if not self.file:
            return "to come"
        if self.points:
            return self.points
        if not self.exercises:
            return "nothing to pass"
        done = f"{len(self.passed)} of {len(self.exercises)} exercises passed"
        return done + (" ✓" if len(self.passed) == len(self.exercises) else "")


class CourseMap:
    """The chapters and their state, as a notebook or as plain text shows them."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        return "\n".join(f"{row.number} {row.title}: {row.state}" for row in self.rows)

    def _repr_html_(self) -> str:
        rows = []
        for row in self.rows:
            title = html.escape(row.title)
            if row.file:
                title = f'<a href="{row.file}">{title}</a>'
            rows.append((row.number, title, ", ".join(row.exercises), row.state))
        table = html_table(("Chapter", "Title", "Exercises", "Your progress"), rows)
        return card("map", "The map of the course", verdict("map", self._headline), table)

    @property
    def _headline(self) -> str:
        passed = sum(len(row.passed) for row in self.rows)
        return f"{passed} of {sum(len(row.exercises) for row in self.rows)} exercises passed"


def course_map() -> CourseMap:
    """The map of the course with the learner's own progress, read anew at each call."""
    passed = progress.passed()
    rows = [
        Row(
            chapter.number,
            chapter.title,
            chapter.file if (NOTEBOOKS / chapter.file).exists() else "",
            list(chapter.exercises),
            [name for name in chapter.exercises if name in passed],
        )
        for chapter in about.chapters(NOTEBOOKS / "source")
    ]
    rows += [_of(each) for each in about.assignments(NOTEBOOKS / "source")]
    there = {row.number for row in rows if row.file}
    # A version that lies over an older one may still have the source of a chapter of old.
    return CourseMap([row for row in rows if row.file or row.number not in there])


def _of(assignment: about.About) -> Row:
    """An assignment's row."""
    file = f"{about.ASSIGNMENTS}/{assignment.file}"
    kept = progress.points(assignment.number)
    state = f"{kept['points']} of {kept['of']} points" if kept else "not assessed yet"
    state += " ✓" if kept and kept["points"] == kept["of"] else ""
    there = file if (NOTEBOOKS / file).exists() else ""
    return Row(assignment.number, assignment.title, there, [], [], state)
