"""Times that were kept, and time that was spent, in words."""

from __future__ import annotations

from datetime import datetime


def is_before(time: str, moment: datetime) -> bool:
    """Whether a time that was kept is before a moment; not where it can't be read."""
    try:
        return datetime.fromisoformat(time) < moment
    except (TypeError, ValueError):
        return False


def ago(time: str, now: datetime) -> str:
    """How long ago a time that was kept is, in words: "today", "16 days ago", "5 weeks ago"."""
    try:
        days = (now.date() - datetime.fromisoformat(time).date()).days
    except (TypeError, ValueError):
        return "some time ago"
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    return f"{days} days ago" if days < 21 else f"{days // 7} weeks ago"


def in_words(seconds: float) -> str:
    """A time of work, as "35 minutes" or "2 h 10 min": to 5 minutes where it is more than ten."""
    minutes = round(seconds / 60)
    if minutes <= 1:
        return "a minute"
    if minutes > 10:
        minutes = 5 * round(minutes / 5)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} minutes"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
