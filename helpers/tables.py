"""Small tables for notebooks."""

from __future__ import annotations

import html
from collections.abc import Iterable

_LEFT = 'style="text-align: left"'


def html_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of left-aligned text as HTML.

    Args:
        head: the columns' headings, as plain text.
        rows: the cells of each row, as HTML: the caller escapes what is not.
    """
    heading = "".join(f'<th scope="col" {_LEFT}>{html.escape(text)}</th>' for text in head)
    body = "".join(
        "<tr>" + "".join(f"<td {_LEFT}>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>"
