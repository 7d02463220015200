"""What README, TEACHING and CITATION say by themselves: tables of the chapters, the address.

A table stands between two comments, `<!-- table NAME: ... -->` and `<!-- end of NAME -->`; the
build writes what is between them anew, from what each chapter says of itself. The project's public
address stands once, in pyproject.toml; where it is empty, what needs it is left out.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from helpers.checks.wrong import Misconception  # noqa: E402
from helpers.study.about import About, assignments, chapters  # noqa: E402
from helpers.study.finding import find_room  # noqa: E402

NO_BREAK = "\N{NO-BREAK SPACE}"
PAGES = ("README.md", "TEACHING.md")
TABLE = re.compile(r"(<!-- table (\w+):[^\n]*-->\n)(.*?)(<!-- end of \2 -->)", re.DOTALL)


def with_tables(text: str, about: list[About], place: str = "") -> str:
    """A page's text with each of its tables as the chapters say it now.

    Args:
        text: the page's.
        about: what the chapters say of themselves.
        place: the project's public address; "" while there is none.

    Raises:
        ValueError: for a table that nobody knows.
    """

    def table(found: re.Match) -> str:
        if found[2] == "badges":
            return found[1] + badges(place) + found[4]
        if found[2] not in TABLES:
            raise ValueError(f"there is no table {found[2]} (there are: {', '.join(TABLES)})")
        return found[1] + TABLES[found[2]](about) + found[4]

    return TABLE.sub(table, text)


def pages(folder: Path = ROOT) -> Iterable[tuple[Path, str]]:
    """Each file of the project that says such things, with the text that it should have."""
    about = chapters(folder / "notebooks" / "source")
    for name in PAGES:
        path = folder / name
        if path.exists():
            text = path.read_text(encoding="utf-8")
            yield path, with_tables(text, about, address(folder))
    if (citation := folder / "CITATION.cff").exists():
        yield citation, with_address(citation.read_text(encoding="utf-8"), address(folder))


def address(folder: Path = ROOT) -> str:
    """The project's public address, as pyproject.toml has it; "" while there is none."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("urls", {}).get("repository", "").rstrip("/")


def with_address(text: str, place: str) -> str:
    """The text of CITATION.cff with this address, or without any."""
    kept = re.sub(r"^repository-code: .*\n", "", text, flags=re.MULTILINE)
    return f'{kept}repository-code: "{place}"\n' if place else kept


def beliefs(chapter: str) -> list[str]:
    """What learners of a chapter may believe, in the words of its `beliefs`, in their order."""
    found = find_room(chapter, "beliefs")
    kept = vars(found).values() if found else ()
    return [each.name for each in kept if isinstance(each, Misconception)]


def badges(place: str) -> str:
    """Badges that tell what is so now, as Markdown; none where the project has no address."""
    if not place:
        return ""
    tests = f"{place}/actions/workflows/test.yml"
    return f"[![The tests]({tests}/badge.svg)]({tests})\n"


def hours(minutes: int) -> str:
    """A length of time as a reader plans it: "45 min", "3 h", "1 h 10 min", never in two lines."""
    parts = [f"{minutes // 60} h"] if minutes >= 60 else []
    parts += [f"{minutes % 60} min"] if minutes % 60 or not parts else []
    return " ".join(parts).replace(" ", NO_BREAK)


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join([head, rule, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _learning(about: list[About]) -> str:
    rows = [
        (a.number, f"[{a.title}](notebooks/{a.file})", hours(a.minutes), a.learn) for a in about
    ]
    return _table("| | chapter | takes about | you learn to |", [*rows, _in_all(about)])


def _in_all(about: list[About]) -> tuple[str, ...]:
    """The last row of a table: what all of it takes."""
    return ("", "**in all**", f"**{hours(sum(each.minutes for each in about))}**", "")


def _time(about: list[About]) -> str:
    rows = ((a.number, a.title, str(a.minutes), str(len(a.exercises)), a.leave_out) for a in about)
    return _table("| | chapter | minutes | exercises | if time is short, leave out |", rows)


def _asking(about: list[About]) -> str:
    rows = ((a.number, *pair) for a in about for pair in a.asks)
    return _table("| | experiment | ask before the run |", rows)


def _listening(about: list[About]) -> str:
    heard: set[str] = set()
    rows = []
    for each in about:  # what an earlier chapter had is not said again
        new = [name for name in beliefs(each.number) if name not in heard]
        heard.update(new)
        if new:
            rows.append((each.number, " · ".join(new)))
    return _table("| | they say or believe |", rows)


def _assigned(about: list[About]) -> str:
    found = assignments()
    rows = [
        (a.number, f"[{a.title}](notebooks/assignments/{a.file})", hours(a.minutes), a.learn)
        for a in found
    ]
    return _table("| | assignment | takes about | you learn to |", [*rows, _in_all(found)])


def _whole(about: list[About]) -> str:
    """A sentence: what everything takes."""
    found = assignments()
    parts = [sum(each.minutes for each in some) for some in (about, found)]
    return (
        f"{len(about)} chapters take about {hours(parts[0])}, and {len(found)} assignments "
        f"{hours(parts[1])}: {hours(sum(parts))} in all, for one person alone. These are "
        "estimates.\n"
    )


TABLES: dict[str, Callable[[list[About]], str]] = {
    "assignments": _assigned,
    "chapters": _learning,
    "time": _time,
    "questions": _asking,
    "beliefs": _listening,
    "whole": _whole,
}
