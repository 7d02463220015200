"""The parts that every output of the course is made of: a card, its verdict, paragraphs and folds.

They are plain HTML whose structure says it all: `style` adds the looks. JupyterLab takes styles
away from a notebook that was not run yet, and what is left must read well.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

# By state, and for cards without one by kind. A state is never said by its colour alone.
SIGNS = {
    "right": "✓",
    "wrong": "✗",
    "note": "!",
    "running": "…",
    "none": "–",
    "question": "?",
    "predict": "≈",
    "map": "≡",
    "bytes": "#",
}


def marked(text: str) -> str:
    """Text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def card(kind: str, label: str, *parts: str, state: str = "") -> str:
    """What belongs together, as HTML: a stripe at its side tells its kind, or its state.

    Args:
        kind: "check", "question", "predict", "bytes", "map" or "machine".
        label: what a screen reader calls it, as plain text.
        parts: its content, as HTML.
        state: one of `SIGNS`; empty where it has none.
    """
    classes = f"course-card course-{kind}" + (f" course-is-{state}" if state else "")
    return (
        f'<div class="{classes}" role="group" aria-label="{html.escape(label)}">'
        f"{''.join(parts)}</div>"
    )


def sign(state: str) -> str:
    """The sign of a state or a kind; a screen reader leaves it out, for words say the same."""
    look = f"course-sign course-sign-{state}"
    return f'<span class="{look}" aria-hidden="true">{SIGNS[state]}</span>'


def verdict(state: str, words: str) -> str:
    """The first thing to read on a card: a sign and a few words, given as plain text."""
    return f'<p class="course-verdict">{sign(state)} <strong>{html.escape(words)}</strong></p>'


def paragraph(label: str, text: str) -> str:
    """A paragraph; what it is about stands before it. Code in backticks."""
    label = f"<strong>{html.escape(label)}:</strong> " if label else ""
    return f"<p>{label}{marked(text)}</p>"


def fold(title: str, body: str, is_open: bool = False) -> str:
    """A line that opens. It needs no script, so it works in a saved notebook as well.

    Args:
        title: the line, as plain text; code in backticks.
        body: what it opens, as HTML.
        is_open: whether it is open from the start.
    """
    state = " open" if is_open else ""
    return (
        f'<details class="course-fold"{state}><summary>{marked(title)}</summary>'
        f'<div class="course-in">{body}</div></details>'
    )


def nested_folds(titles: Iterable[str], texts: Iterable[str]) -> str:
    """Folds of one paragraph each, every one inside the one before it: they open one by one."""
    inner = ""
    for title, text in reversed(list(zip(titles, texts, strict=False))):
        inner = fold(title, paragraph("", text) + inner)
    return inner


def block(text: str) -> str:
    """Lines as they are, such as code or a traceback."""
    return f'<pre class="course-lines">{html.escape(text, quote=False)}</pre>'


def listed(items: Iterable[str]) -> str:
    """A list of lines, which are given as HTML."""
    return f'<ul class="course-list">{"".join(f"<li>{item}</li>" for item in items)}</ul>'
