"""What a chapter says of itself, read from its source: the only place where it stands.

The chapter's first cell has its title and its minutes, its exercise cells the names of its
exercises. A cell tagged `about`, which neither edition shows, has what the tables of README and
TEACHING say of it, a line each (a line that goes on is indented):

    learn: what one learns to do, as README has it
    leave out: what a class leaves out if time is short
    ask: an experiment | what to ask before it is run
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "notebooks" / "source"
NAME = "[0-9][0-9]_*.py"
ASSIGNMENTS = "assignments"  # their folder among the sources, and among the notebooks
KEYS = ("learn", "leave out", "ask")
_CELL = re.compile(r"^# %%(?: ([^\n]*))?$", re.MULTILINE)  # and not `# %%writefile`
_MINUTES = re.compile(r"^About (\d+) minutes\b", re.MULTILINE)
_DEFINED = re.compile(r"^(?:async def|def|class) ([A-Za-z]\w*)", re.MULTILINE)


@dataclass(frozen=True)
class About:
    """What a chapter says of itself.

    Attributes:
        number: such as "03".
        file: its notebook's name.
        title: as plain text.
        minutes: how long it takes one person, as its text says; 0 where it says nothing.
        exercises: their names, in the order of the chapter.
        learn: what one learns to do.
        leave_out: what a class may leave out.
        asks: pairs of an experiment and what to ask before it is run.
    """

    number: str
    file: str
    title: str
    minutes: int = 0
    exercises: tuple[str, ...] = ()
    learn: str = ""
    leave_out: str = ""
    asks: tuple[tuple[str, str], ...] = field(default=())


def chapters(folder: Path = SOURCES) -> list[About]:
    """All chapters that have a source, in order."""
    return [about(source) for source in sorted(folder.glob(NAME))]


def assignments(folder: Path = SOURCES) -> list[About]:
    """All assignments that have a source, in order; the number of one is its name, such as "A1"."""
    return [about(source) for source in sorted(folder.glob(f"{ASSIGNMENTS}/A[0-9]_*.py"))]


def about(source: Path) -> About:
    """What one chapter says of itself.

    Raises:
        ValueError: where its first cell is no title, or its `about` cell can't be read.
    """
    parts = _CELL.split(source.read_text(encoding="utf-8"))[1:]
    options = [option or "" for option in parts[::2]]
    cells = list(zip(options, map(_text, parts[1::2]), strict=True))
    first = next((text for option, text in cells if '"about"' not in option), "")
    title, _, rest = first.partition("\n")
    if not title.startswith("# "):
        raise ValueError(f"{source.name}: its first line must be the chapter's title, `# ...`")
    minutes = _MINUTES.search(rest)
    said = _said("\n".join(text for option, text in cells if '"about"' in option), source.name)
    return About(
        number=source.name[:2],
        file=f"{source.stem}.ipynb",
        title=title.removeprefix("# ").strip(),
        minutes=int(minutes[1]) if minutes else 0,
        exercises=tuple(
            name
            for option, body in zip(options, parts[1::2], strict=True)
            if '"exercise"' in option
            for name in _DEFINED.findall(body)
        ),
        learn=" ".join(said["learn"]),
        leave_out=" ".join(said["leave out"]),
        asks=tuple(_pair(line, source.name) for line in said["ask"]),
    )


def _text(body: str) -> str:
    """A cell's lines without the signs that make them comments."""
    return "\n".join(re.sub("^# ?", "", line) for line in body.strip().split("\n"))


def _said(text: str, name: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {key: [] for key in KEYS}
    last: list[str] | None = None
    for line in filter(str.strip, text.split("\n")):
        key, _, value = line.partition(":")
        if line.startswith(" ") and last:
            last[-1] += " " + line.strip()
        elif key in said:
            last = said[key]
            last.append(value.strip())
        else:
            raise ValueError(f"{name}: a line of its about cell begins with none of {KEYS}: {line}")
    return said


def _pair(line: str, name: str) -> tuple[str, str]:
    experiment, found, question = (part.strip() for part in line.partition("|"))
    if not (experiment and found and question):
        raise ValueError(f"{name}: an ask line is `an experiment | the question before it`: {line}")
    return experiment, question
