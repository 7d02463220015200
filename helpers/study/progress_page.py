"""Progress as a page: where to go on, what to repeat, what one can do now, how near one guesses."""

from __future__ import annotations

import html
import re
from datetime import datetime

from helpers.look.card import card, marked, paragraph, sign
from helpers.look.style import SHEET
from helpers.look.tables import html_table
from helpers.study import about, at_work
from helpers.study import progress as kept
from helpers.study.calibration import calibration, finding, guesses, sureness
from helpers.study.course_map import Row, course_map
from helpers.study.times import ago, in_words
from helpers.study.to_repeat import Item, to_repeat
from helpers.study.where import AGAIN, link, place_of
from helpers.study.words import words_of

MOST = 5  # things to repeat that are named
ENOUGH = 3  # predictions with a result, for a picture of them
PRINTED = """<style>@media print {
.course-page { border-left: 0; padding-left: 0; max-width: none; }
.course-page :is(tr, li, img) { break-inside: avoid; }
.course-page a { color: inherit; } }</style>"""
BY_ITSELF = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>What I can do now</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font-family: system-ui, sans-serif; font-size: 14px; margin: 2em auto;
max-width: 56em; padding: 0 1em; color: #222; background: #fff; }}
table {{ border-collapse: collapse; }} td, th {{ padding: .25em .6em; }}
{style}</style></head><body><main><h1>What I can do now</h1>
{page}</main></body></html>
"""


class ProgressPage:
    """What the learner has done and can do, as a notebook or as plain text shows it.

    Args:
        now: the time that it is made at.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.rows = course_map().rows
        self._abouts = {each.number: each for each in (*about.chapters(), *about.assignments())}
        self._work, self._answers = at_work.work(), kept.answers()
        self.guesses = guesses()
        self.repeat = to_repeat(self.rows, now)
        self.file, self.heading, self._address = self._last()

    def save(self, path: str = "progress.html") -> None:
        """Write the page into a file of its own, to print it or to keep it.

        Args:
            path: where to; a name alone is a file in the course's folder.

        Raises:
            OSError: where it can't be written.
        """
        place = kept.progress_file().parent / path
        page = re.sub("</?a\\b[^>]*>", "", self._repr_html_())  # they lead on from a notebook only
        text = BY_ITSELF.format(style=SHEET, page=page)
        place.write_text(text, encoding="utf-8")
        print(f"Written to {place}: open it in a browser, and print it there.")

    def __repr__(self) -> str:
        lines = [self._go_on_in_words(), self._passed()]
        lines += [f"Repeat: {_plainly(each)}" for each in self.repeat[:MOST]]
        for row in self.rows:
            done = "; ".join(self._done(row)).replace("`", "")
            lines.append(f"{row.number} {row.title}: {done}")
        if self.guesses:
            lines.append(f"{finding(self.guesses)}.")
        words = "Words: " + self._words().replace("`", "")
        return "\n".join(filter(None, [*lines, words, self._time()]))

    def _repr_html_(self) -> str:
        parts = [self._head()]
        if self.repeat:
            parts.append("<p><strong>Repeat next</strong></p>" + self._repeat())
        rows = [self._row(row) for row in self.rows]
        head = ("Chapter", "What you can do after it", "So far")
        parts.append(html_table(head, rows))
        if len(self.guesses) >= ENOUGH:
            picture = calibration(self.guesses)._repr_mimebundle_()["text/html"]
            parts.append(f"<p><strong>How well do you guess?</strong></p>{picture}")
        if sum(bool(each.sure) for each in self.guesses) >= ENOUGH:
            parts.append(sureness(self.guesses)._repr_mimebundle_()["text/html"])
        elif self.guesses:
            parts.append(paragraph("Predictions", f"{finding(self.guesses)}."))
        parts.append(paragraph("Words", self._words()))
        if self._work:
            parts.append(paragraph("Time", self._time()))
        return PRINTED + card("map course-page", "What you can do now", *parts)

    def _head(self) -> str:
        """Where to go on, which is the first to read, where there is such a place."""
        start = f'<p class="course-verdict">{sign("map")} <strong>'
        if not self.file:
            return f"{start}{self._passed()}</strong></p>"
        going = f'<a href="{html.escape(self._address)}">{html.escape(self._go_on_in_words())}</a>'
        again = f"{AGAIN} " if self._ago != "today" else ""
        then = f"You were there {self._ago}. {again}"
        return f"{start}{going}</strong></p><p>{then}{self._passed()}.</p>"

    def _last(self) -> tuple[str, str, str]:
        """The file that the learner was in last, the heading there, and its address; "" at first.

        A chapter of an older version may be there no more.
        """
        files = {row.number: row.file for row in self.rows if row.file}
        there = [(each["last"], number) for number, each in self._work.items() if number in files]
        if not there:
            return "", "", ""
        last, number = max(there)
        place = place_of(files[number], str(self._work[number].get("cell", "")))
        self._number, self._ago = number, ago(last, self._now)
        return files[number], place.heading, link(files[number], place)

    def _go_on_in_words(self) -> str:
        if not self.file:
            return ""
        kind = "chapter" if self._number.isdecimal() else "assignment"
        at = f", at “{self.heading}”" if self.heading else ""
        return f"Go on in {kind} {self._number}{at}"

    def _passed(self) -> str:
        passed = sum(len(row.passed) for row in self.rows)
        return f"{passed} of {sum(len(row.exercises) for row in self.rows)} exercises passed"

    def _repeat(self) -> str:
        items = []
        for each in self.repeat[:MOST]:
            kind = "Chapter" if each.row.number.isdecimal() else "Assignment"
            to = html.escape(link(each.row.file, each.place))
            items.append(
                f'<a href="{to}">{kind} {each.row.number}</a>: {marked(each.what)} '
                f"({marked(each.why)})"
            )
        more = len(self.repeat) - MOST
        if more > 0:
            items.append(f"and {more} more")
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"

    def _row(self, row: Row) -> tuple[str, str, str]:
        title = html.escape(row.title)
        if row.file:
            title = f'<a href="{html.escape(link(row.file))}">{title}</a>'
        can = self._abouts[row.number].learn if row.number in self._abouts else ""
        return row.number, f"{title}<br>{marked(can)}", "<br>".join(map(marked, self._done(row)))

    def _done(self, row: Row) -> list[str]:
        """What the learner has done of a chapter, in a few lines."""
        lines = [row.state]
        to_come = [name for name in row.exercises if name not in row.passed]
        if row.passed and to_come:
            lines.append("to come: " + ", ".join(f"`{name}`" for name in to_come))
        own = [each for name, each in self._answers.items() if name.startswith(row.number + " ")]
        if own:
            lines.append(f"{sum(bool(each['right']) for each in own)} of {len(own)} answers right")
        mine = [each for each in self.guesses if each.chapter == row.number]
        if mine:
            near = sum(not each.far for each in mine)
            lines.append(f"{near} of {len(mine)} predictions near")
        if row.number in self._work:
            lines.append(f"about {in_words(self._work[row.number]['seconds'])}")
        return lines

    def _words(self) -> str:
        met = sum(len(words_of(row.number)) for row in self.rows if self._is_begun(row))
        every = sum(len(words_of(row.number)) for row in self.rows)
        return (
            f"{met} of {every} stand in the chapters that you have begun. "
            "`glossary()` shows what each means."
        )

    def _is_begun(self, row: Row) -> bool:
        names = [*self._answers, *kept.kept()["predictions"]]
        answered = any(name.startswith(row.number + " ") for name in names)
        return bool(row.passed) or row.number in self._work or answered

    def _time(self) -> str:
        if not self._work:
            return ""
        spent = in_words(sum(each["seconds"] for each in self._work.values()))
        return (
            f"You have worked for about {spent}. That is counted from the cells that you run and "
            f"the answers that you give, a pause as at most {at_work.PAUSE / 60:g} minutes; it "
            "stays in this folder, and only you are shown it."
        )


def progress() -> ProgressPage:
    """What you can do now, where to go on and what to repeat, read anew at each call."""
    return ProgressPage(datetime.now())


def _plainly(item: Item) -> str:
    return f"{item.row.number}: {item.what.replace('`', '')} ({item.why})"
