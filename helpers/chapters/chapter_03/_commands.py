"""What a lamp makes of the bytes that a parser gives it for a command."""

from __future__ import annotations

import re
from collections.abc import Sequence

COMMAND = re.compile(r"on|off|dim \d+|name .+")


def judged(part: bytes, commands: Sequence[str]) -> str:
    """Whether a lamp would take some bytes for one of these commands, for another, or for none.

    Args:
        part: what a parser took for one command, with its newline at the end or without.
        commands: those that were sent.

    Returns:
        "right", "another" or "none".
    """
    text = part.decode(errors="replace").removesuffix("\n")
    if text in commands:
        return "right"
    return "another" if COMMAND.fullmatch(text) else "none"
