"""What servers are called, and which of them a cell that is run again replaces."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection


def which_cell() -> str | None:
    """What tells the run of a cell that is at work now from any other; None outside notebooks."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    header = getattr(shell, "get_parent", dict)().get("header", {})
    return header.get("msg_id")


def numbered(name: str, names: Collection[str]) -> list[str]:
    """Those of some names that are this one, or this one with a number after it."""
    pattern = re.compile(rf"{re.escape(name)}( \d+)?")
    return [each for each in names if pattern.fullmatch(each)]


def free_name(name: str, names: Collection[str]) -> str:
    """The name, or where it is taken with the first number that is free: "echo 2"."""
    number, free = 1, name
    while free in names:
        number += 1
        free = f"{name} {number}"
    return free
