"""Small tables for notebooks."""

from __future__ import annotations

import html
from collections.abc import Container, Iterable, Sequence

_LEFT, _RIGHT = 'style="text-align: left"', 'style="text-align: right"'


def html_table(
    head: Sequence[str], rows: Iterable[Iterable[str]], numbers: Container[str] = ()
) -> str:
    """A table of left-aligned text as HTML.

    Args:
        head: the columns' headings, as plain text.
        rows: the cells of each row, as HTML: the caller escapes what is not.
        numbers: the headings of columns of numbers, which stand at the right.
    """
    sides = [_RIGHT if name in numbers else _LEFT for name in head]
    heading = "".join(
        f'<th scope="col" {side}>{html.escape(text)}</th>'
        for text, side in zip(head, sides, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td {side}>{cell}</td>" for cell, side in zip(row, sides, strict=True))
        + "</tr>"
        for row in rows
    )
    head_and_body = f"<thead><tr>{heading}</tr></thead><tbody>{body}</tbody>"
    return f'<table class="course-table">{head_and_body}</table>'
