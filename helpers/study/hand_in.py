"""One file with an assignment's program and what came of it, to be given away and tried again."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.checks.issue import course_version
from helpers.study.assess import Assessment, assess, run
from helpers.study.finding import find_assignment
from helpers.study.taken import Taken

KIND = "sockets-in-iot assignment"
WARNING = (
    "This runs somebody's program with your rights. What it may use of time and memory is limited "
    "against accidents, not against malice."
)


@dataclass(frozen=True)
class HandedIn:
    """A file that was handed in.

    Attributes:
        assignment: its name, such as "A1".
        taken: the program.
        points, of: what its author's machine has found.
        versions: of the course, Python and the system there.
        time: when, as ISO 8601 has it.
        whole: whether the file is as it was written: its hash fits.
    """

    assignment: str
    taken: Taken
    points: int
    of: int
    versions: dict[str, str]
    time: str
    whole: bool


def hand_in(name: str, file: str | Path | None = None, to: str | Path | None = None) -> Path:
    """Assess an assignment's program, and write one file with the program and its result.

    Args:
        name: the assignment's, such as "A1".
        file: a file with the program; without it, it is taken from the cells that were run.
        to: the file to write, such as "A1_hand_in.json" in this folder, which it is without it.

    Returns:
        The file. `python3 course.py assess A1_hand_in.json` tries it again from that file alone.

    Raises:
        ValueError, OSError: as `assess` does, and where the assessment did not come to its end.
    """
    found = assess(name, file)
    if not found.taken.code:
        raise ValueError(f"nothing was written: {found.remark}")
    if found.problem:
        raise ValueError(f"nothing was written, as the assessment did not end: {found.problem}")
    path = Path(to) if to else Path(f"{found.assignment}_hand_in.json")
    path.write_text(_text(found), encoding="utf-8")
    print(f"{found.headline}. Written to {path.name}.")
    return path


def read(path: str | Path) -> HandedIn:
    """What a file holds that was handed in.

    Raises:
        ValueError: where it is no such file.
        OSError: where it can't be read.
    """
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        body = data["body"]
        if body["kind"] != KIND:
            raise KeyError("kind")
        return HandedIn(
            assignment=str(body["assignment"]),
            taken=Taken(str(body["code"]), path.name),
            points=int(body["points"]),
            of=int(body["of"]),
            versions={str(key): str(value) for key, value in body["versions"].items()},
            time=str(body["time"]),
            whole=data["sha256"] == _hash(body),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{path.name} is no file that hand_in has written") from None


def again(handed: HandedIn) -> Assessment:
    """Try the program of a file that was handed in; nothing is kept in progress."""
    assignment = find_assignment(handed.assignment)
    found = Assessment(assignment.name, handed.taken, of=assignment.points)
    run(assignment, found)
    return found


def _text(found: Assessment) -> str:
    body = {
        "kind": KIND,
        "assignment": found.assignment,
        "code": found.taken.code,
        "points": found.points,
        "of": found.of,
        "milestones": [
            {
                key: value
                for key, value in asdict(each).items()
                if key not in ("html", "text", "picture")
            }
            for each in found.reached
        ],
        "seeds": list(find_assignment(found.assignment).seeds),
        "versions": {
            "course": course_version(),
            "python": platform.python_version(),
            "system": f"{sys.platform} {platform.machine()}",
        },
        "time": datetime.now().isoformat(timespec="minutes"),
    }
    return json.dumps({"body": body, "sha256": _hash(body)}, indent=1) + "\n"


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
