"""The map of the course: its chapters, and how far the learner has come."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

from helpers import progress
from helpers.checks import EXERCISES
from helpers.tables import html_table

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"

CHAPTERS = {
    "00": "Start here",
    "01": "What is a socket?",
    "02": "A TCP server and its client",
    "03": "Messages on a stream",
    "04": "Datagrams: UDP for sensors",
    "05": "Packet loss",
    "06": "Reliable delivery over UDP",
    "07": "Many clients at once",
}


@dataclass(frozen=True)
class Row:
    """A chapter on the map: its file is empty where the chapter is not written yet."""

    number: str
    title: str
    file: str
    exercises: list[str]
    passed: list[str]

    @property
    def state(self) -> str:
        """How far the learner has come, in words."""
        if not self.file:
            return "to come"
        if not self.exercises:
            return "no exercises"
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
        return html_table(("Chapter", "Title", "Exercises", "Your progress"), rows)


def course_map() -> CourseMap:
    """The map of the course with the learner's own progress, read anew at each call."""
    passed = progress.passed()
    rows = []
    for number, title in CHAPTERS.items():
        files = sorted(NOTEBOOKS.glob(f"{number}_*.ipynb"))
        exercises = list(EXERCISES.get(number, {}))
        rows.append(
            Row(
                number,
                title,
                files[0].name if files else "",
                exercises,
                [name for name in exercises if name in passed],
            )
        )
    return CourseMap(rows)
