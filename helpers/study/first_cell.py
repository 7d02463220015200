"""What the first cell of each chapter ends with."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

from IPython.display import publish_display_data

from helpers.look import style
from helpers.look.card import marked
from helpers.study import at_work
from helpers.study.times import ago, is_before
from helpers.study.where import AGAIN, link, own_file, place_of

BREAK = timedelta(hours=8)  # since the last cell: whoever comes back then is led to it


def page_style() -> None:
    """Give all outputs on the page their looks, lead the learner to where they were, and note from
    now on where they are.

    See `helpers.look.style.page_style` and `helpers.study.at_work`.
    """
    style.page_style()
    lead_back(datetime.now())
    at_work.watch()


def lead_back(now: datetime) -> None:
    """Where somebody comes back to a chapter after a break, show a link to the cell that they ran
    last; else nothing."""
    entry = at_work.work().get(at_work.chapter_here())
    if not entry or not is_before(entry["last"], now - BREAK):
        return
    place = place_of(own_file(), str(entry.get("cell", "")))
    if not place.cell:
        return
    at = f"“{place.heading}”" if place.heading else "the cell that you ran last"
    said = f"You were here {ago(entry['last'], now)}."
    to = html.escape(link(own_file(), place))
    shown = f'<p>{said} <a href="{to}">Go on at {html.escape(at)}</a>. {marked(AGAIN)}</p>'
    publish_display_data({"text/html": shown, "text/plain": f"{said} Go on at {at}. {AGAIN}"})
