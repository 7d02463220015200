"""What to repeat next: what was tried and not passed, answered wrongly, or predicted far off."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpers.study import at_work, progress
from helpers.study.calibration import guesses
from helpers.study.course_map import Row
from helpers.study.nearness import is_far
from helpers.study.questions import questions_of
from helpers.study.times import ago, is_before
from helpers.study.wanted import short_number
from helpers.study.where import NOWHERE, Place, place_asking

WORDS = {"quizzes": "quiz", "puzzles": "puzzle", "orders": "order", "recall": "review"}
LONG = timedelta(days=14)  # since a chapter was worked in
SOON = timedelta(days=2)  # so long after an answer it is too early to ask again


@dataclass(frozen=True)
class Item:
    """Something to repeat.

    Attributes:
        row: the chapter that it is of.
        what: what it is, as "exercise `ask`"; code in backticks.
        why: half a sentence.
        place: the cell to go to, where the chapter has one.
    """

    row: Row
    what: str
    why: str
    place: Place = NOWHERE


def to_repeat(rows: list[Row], now: datetime) -> list[Item]:
    """All that is worth repeating, what helps most first.

    Args:
        rows: the chapters that there are.
        now: to tell what is long ago.
    """
    there = {row.number: row for row in rows if row.file}
    kinds = (_exercises, _questions, _predictions, _chapters)
    return [item for kind in kinds for item in kind(there, now)]


def _exercises(there: dict[str, Row], now: datetime) -> Iterator[Item]:
    for row in there.values():
        for name in row.exercises:
            tries = 0 if name in row.passed else progress.attempts(name)
            if tries:
                why = f"{tries} {'try' if tries == 1 else 'tries'}, not passed yet"
                yield Item(row, f"exercise `{name}`", why, place_asking(row.file, "check", name))


def _questions(there: dict[str, Row], now: datetime) -> Iterator[Item]:
    """First those whose last answer is wrong, then those that were missed some time ago."""
    seen, later = progress.seen(), []
    for name, answer in sorted(progress.answers().items()):
        row, noted = there.get(name[:2]), seen.get(name, {})
        found = row and _found(row, name)
        if not found:
            continue
        text, place = found
        if not answer["right"]:
            yield Item(row, text, "not answered rightly yet", place)
        elif noted.get("missed") and is_before(noted.get("answered", ""), now - SOON):
            later.append(Item(row, text, "missed at the first try", place))
    yield from later


def _found(row: Row, name: str) -> tuple[str, Place] | None:
    """A question's text, shortened, and the cell that asks it; None where there is none now."""
    for kind, word in WORDS.items():
        question = questions_of(row.number, kind).get(name.partition(" ")[2])
        if question:
            text = textwrap.shorten(question.text.replace("`", ""), 90, placeholder=" …")
            return f"“{text}”", place_asking(row.file, word, f'"{name}"')
    return None


def _predictions(there: dict[str, Row], now: datetime) -> Iterator[Item]:
    """Those that were far off, unless the learner has predicted anew since, and was near."""
    for each in guesses():
        row, last = there.get(each.chapter), progress.prediction(each.name)
        if row and each.far and last is not None and is_far(last, each.measured):
            place = place_asking(row.file, "predict", f'"{each.name}"')
            why = f"you said {_shown(each.predicted)}, measured was {_shown(each.measured)}"
            yield Item(row, f"prediction “{each.name.partition(' ')[2]}”", why, place)


def _chapters(there: dict[str, Row], now: datetime) -> Iterator[Item]:
    """Those that were not looked at for long, the longest first."""
    for number, entry in sorted(at_work.work().items(), key=lambda each: each[1]["last"]):
        if number in there and is_before(entry["last"], now - LONG):
            what = f"“{there[number].title}”"
            yield Item(there[number], what, f"you were there {ago(entry['last'], now)}")


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return f"“{textwrap.shorten(value, 40, placeholder=' …')}”"
    return short_number(value)
