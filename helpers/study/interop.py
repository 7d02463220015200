"""Every program of an assignment with every other: a table whose cells open the conversation."""

from __future__ import annotations

import contextlib
import html
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from helpers.checks.interop import HUNG, REFUSED, WORKED, WRONG
from helpers.checks.interop import Interop as Setting
from helpers.look.card import card, fold, listed, paragraph, verdict
from helpers.study.beside import events_of
from helpers.study.finding import find_assignment, find_programs
from helpers.study.taken import Taken, from_cells, from_file

SECONDS = 90.0  # that a whole matrix may take
YOURS = "yours"
UNSEEN = "unnoticed"  # in place of "worked", where a right program would have refused
SHORT = {REFUSED: "refused"}  # the word that a cell has room for
SIGNS = {WORKED: "✓", REFUSED: "○", WRONG: "✗", HUNG: "…"}
FOREIGN = "This runs somebody's program with your rights: {}. Go on? [y/n] "


@dataclass(frozen=True)
class Cell:
    """What came of one pair: see `helpers.checks.interop.Talk`; `html` is its diagram."""

    outcome: str
    told: str
    must: str
    html: str


@dataclass
class Matrix:
    """What came of all pairs; a notebook shows it as a table, all else as text.

    Attributes:
        assignment: its name.
        roles: what the two sides are called.
        names: of the programs, the learner's first.
        flaws: what is wrong with each of ours, by its name.
        cells: by the names of the program that begins and of the other.
        problems: why a program could not be loaded, by its name; and why it ended early.
        own: the name of the program whose conversations are shown: the one from the learner's
            cells, or else the first of the files.
        right: the names of those of ours that are right.
    """

    assignment: str
    roles: tuple[str, str]
    names: list[str]
    flaws: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    own: str = YOURS
    right: frozenset[str] = frozenset()

    def outcome(self, first: str, second: str) -> str:
        """What came of a pair, in a word or two; empty where it did not meet."""
        found = self.cells.get((first, second))
        return found.outcome if found else ""

    def unnoticed(self, first: str, second: str) -> str:
        """The broken one of a pair that worked, where none of the right ones works with it."""
        if self.outcome(first, second) != WORKED:
            return ""
        theirs = {
            second: [self.outcome(each, second) for each in self.right],
            first: [self.outcome(first, each) for each in self.right],
        }
        for name, met in theirs.items():
            if name in self.flaws and any(met) and WORKED not in met:
                return name
        return ""

    @property
    def headline(self) -> str:
        """How the learner's own program gets along, in a line."""
        own = {pair: cell for pair, cell in self.cells.items() if self.own in pair}
        right = {pair: c for pair, c in own.items() if not any(self.flaws.get(n) for n in pair)}
        if not own:
            return f"{self.assignment}: your program has not taken part"
        works = sum(cell.outcome == WORKED for cell in right.values())
        hung = sum(cell.outcome in (HUNG, WRONG) for cell in own.values())
        unseen = sum(bool(self.unnoticed(*pair)) for pair in own)
        return (
            f"{self.assignment}: {self.own} works with {works} of {len(right)} that are right; "
            f"{hung} of all {len(own)} went wrong or hung"
        ) + (f", and {unseen} had a flaw that {self.own} did not notice" if unseen else "")

    @property
    def _state(self) -> str:
        """Whether all went as it must; "none" where no program of the learner's took part."""
        if not any(self.own in pair for pair in self.cells):
            return "none"
        ok = not any(
            (cell.outcome in (HUNG, WRONG) and not any(self.flaws.get(n) for n in pair))
            or self.unnoticed(*pair)
            for pair, cell in self.cells.items()
        )
        return "right" if ok else "wrong"

    def __repr__(self) -> str:
        lines = [self.headline]
        for (first, second), cell in self.cells.items():
            broken = self.unnoticed(first, second)
            sign, word = ("✗", UNSEEN) if broken else (SIGNS[cell.outcome], cell.outcome)
            told = f"{cell.told} {cell.must} {self._flaw(broken)}"
            lines.append(f"{sign} {first} with {second}: {word}. {' '.join(told.split())}")
        lines += [f"{name}: {why}" for name, why in self.problems.items()]
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        firsts = [n for n in self.names if any(pair[0] == n for pair in self.cells)]
        seconds = [n for n in self.names if any(pair[1] == n for pair in self.cells)]
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in seconds)
        rows = "".join(
            f'<tr><th scope="row">{html.escape(first)}</th>'
            + "".join(self._cell(first, second) for second in seconds)
            + "</tr>"
            for first in firsts
        )
        corner = f"{self.roles[0]} ↓ with {self.roles[1]} →"
        table = (
            f'<div class="course-over"><table class="course-table"><thead><tr><th scope="col">'
            f"{html.escape(corner)}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )
        parts = [verdict(self._state, self.headline), table]
        flaws = [
            f"<strong>{html.escape(n)}</strong> {html.escape(f)}" for n, f in self.flaws.items()
        ]
        if flaws:
            parts.append(fold("What is wrong with the broken ones", listed(flaws)))
        parts += [paragraph(name, why) for name, why in self.problems.items()]
        return card("check", f"Who works with whom in {self.assignment}", *parts)

    def _flaw(self, broken: str) -> str:
        """What a program is told that has not noticed a flaw."""
        return f"But {broken} {self.flaws[broken]}: that must be noticed." if broken else ""

    def _cell(self, first: str, second: str) -> str:
        cell = self.cells.get((first, second))
        if cell is None:
            return "<td></td>"
        broken = self.unnoticed(first, second)
        must = "".join(f" {each}" for each in (cell.must, self._flaw(broken)) if each)
        picture = cell.html if self.own in (first, second) else ""
        who = f"<strong>{html.escape(f'{first} with {second}')}</strong>"
        tall = ' class="course-tall"' if picture else ""
        told = f"<div{tall}><p>{who}: {html.escape(cell.told + must)}</p>{picture}</div>"
        word = f"{SIGNS[cell.outcome]} {SHORT.get(cell.outcome, cell.outcome)}"
        word = f"✗ {UNSEEN}" if broken else word
        # Of details with one name only one is open at a time.
        tag = f'details name="matrix-{self.assignment}"'
        return f"<td><{tag}><summary>{html.escape(word)}</summary>{told}</details></td>"


def interop(
    name: str, *files: str | Path, agree: Callable[[str], str] | bool | None = None
) -> Matrix:
    """Set a learner's program, and those of others, against each other and against ours.

    Args:
        name: the assignment's, such as "A1".
        files: programs of others, or folders that hold some. Each is named before it runs, and has
            to be agreed to; where nobody can be asked it is left out.
        agree: True where all were agreed to before; or what is asked in place of `input`.

    Returns:
        The matrix, which a notebook shows. The learner's own program is taken from the cells that
        were run; where there is none only the others take part.

    Raises:
        ValueError: for an assignment that is not there, or a file that is not Python.
        OSError: where a file can't be read.
    """
    assignment = find_assignment(name)
    setting: Setting = find_programs(assignment.name).INTEROP
    programs: list[tuple[str, Taken]] = []
    with contextlib.suppress(LookupError):  # nothing is there yet
        programs.append((YOURS, from_cells(assignment.asks)))
    ours = [each.name for each in setting.programs]
    for path in _listed(files):
        if _agreed(path, agree):
            taken = {YOURS, *ours, *(each for each, _ in programs)}
            programs.append((_new_name(path, taken), from_file(path)))
    names = [each for each, _ in programs] + ours
    found = Matrix(assignment.name, setting.roles, names, own=names[0] if programs else YOURS)
    found.right = frozenset(each.name for each in setting.programs if not each.flaw)
    found.flaws = {each.name: each.flaw for each in setting.programs if each.flaw}
    job = {
        "assignment": assignment.name,
        "programs": [{"name": each, "code": taken.code} for each, taken in programs],
    }
    try:
        for event in events_of("interop_worker", job, SECONDS):
            if "problem" in event:
                place, why = event.pop("problem")
                found.problems[names[place]] = why
            else:
                first, second = event.pop("cell")
                found.cells[names[first], names[second]] = Cell(**event)
    except KeyboardInterrupt:
        found.problems["Interrupted"] = "this was found so far."
    except TimeoutError as error:
        found.problems["Ended"] = f"{error}."
    found.cells = dict(
        sorted(found.cells.items(), key=lambda each: tuple(map(names.index, each[0])))
    )
    return found


def _listed(files: tuple[str | Path, ...]) -> list[Path]:
    found: list[Path] = []
    for each in map(Path, files):
        found += sorted(each.glob("*.py")) if each.is_dir() else [each]
    return found


def _new_name(path: Path, taken: set[str]) -> str:
    """A file's name, with its folder's or a number where another program has it already."""
    named = [path.stem, f"{path.resolve().parent.name}/{path.stem}"]
    numbered = (f"{path.stem} {number}" for number in itertools.count(2))
    return next(each for each in itertools.chain(named, numbered) if each not in taken)


def _agreed(path: Path, agree: Callable[[str], str] | bool | None) -> bool:
    if isinstance(agree, bool):
        return agree
    try:
        said = (agree or input)(FOREIGN.format(path))
    except (EOFError, RuntimeError, NotImplementedError):  # nobody can be asked
        print(f"{path.name} was left out: nobody could agree to run it (agree=True does).")
        return False
    return said.strip().lower() in ("y", "yes")
