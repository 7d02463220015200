"""Names that Python does not know: forgotten modules, misspelt names, variables without a value."""

from __future__ import annotations

import importlib
import inspect
import math
import sys

from helpers.checks.slips import Place, Slip, misspelt, nearest

# Where a name of Python's own is looked for, the likeliest first.
_MODULES = (
    "socket", "struct", "time", "threading", "selectors", "select", "json", "asyncio", "random",
    "statistics", "collections", "contextlib", "itertools", "functools", "queue", "errno", "sys",
    "os", "re",
)  # fmt: skip
_LIKELY = 4  # of them are looked at before those that the learner has imported
_OTHER_LANGUAGES = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None"}


def of_name(error: NameError, place: Place) -> Slip | None:
    """A name that Python does not know."""
    name = error.name
    if not name:
        return None
    if name in _OTHER_LANGUAGES:
        return Slip(
            f"Python writes `{_OTHER_LANGUAGES[name]}`.",
            (
                f"`{name}` is from another language: Python's word begins with a capital letter.",
                "The three words are True, False and None, and no others.",
                "Look for other places where the same word stands.",
            ),
        )
    if name in sys.stdlib_module_names:
        return Slip(
            _if_pythons(f"import {name}"),
            (
                f"`{name}` is a module of Python's, and no cell that has run imports it.",
                "An import holds for the whole notebook, from the moment at which its cell runs.",
                f"Import `{name}` at the top of this cell, then run the cell and the check again.",
            ),
        )
    if callable(getattr(math, name, None)) and not name.startswith("_"):
        line = f"from math import {name}"
        return Slip(_if_pythons(line), _without_import(name, "math"))
    if module := _module_of(name, place):
        return _without_module(name, module, place)
    if near := nearest(name, place.names):
        return misspelt(name, near)
    return Slip(
        "After a restart of the kernel, run the cells above again.",
        (
            f"Which line gives `{name}` its value, and has it run before this one?",
            "A name that a function gets a value for lives in that function only; a name of "
            "another cell exists once that cell has run.",
            f"Give `{name}` its value in this function, hand it over as an argument, or run the "
            "cell that defines it.",
        ),
    )


def of_unbound(error: UnboundLocalError, place: Place) -> Slip:
    """A variable that is read before it has a value."""
    name = error.name or _quoted(str(error))
    return Slip(
        f"The function gives `{name}` a value in some line, but that line has not run here.",
        (
            f"Which line gives `{name}` its first value, and can the function reach this line "
            "without it?",
            "An `if`, a `try` or a loop that is not entered leaves the variable without a value. "
            "A variable of the same name outside of the function does not count.",
            f"Give `{name}` a value at the top of the function, before the branch or the loop.",
        ),
    )


def _if_pythons(line: str) -> str:
    return (
        f"If you mean Python's, write `{line}` above your function. If a cell above defines it, "
        "run that cell again."
    )


def _without_import(name: str, module: str) -> tuple[str, str, str]:
    return (
        f"`{name}` belongs to the module `{module}`, and no cell that has run imports it.",
        "A name of a module is known after an import: with the module's name and a dot before "
        "it, or without them where it was imported by its own name.",
        "Import it at the top of this cell, then run the cell and the check again.",
    )


def _module_of(name: str, place: Place) -> str:
    """The module that holds a name: a likely one, or one that the learner has imported."""
    imported = [each for each in _MODULES if inspect.ismodule(place.names.get(each))]
    for module in dict.fromkeys([*_MODULES[:_LIKELY], *imported, *_MODULES]):
        if not name.startswith("_") and name in dir(importlib.import_module(module)):
            return module
    return ""


def _without_module(name: str, module: str, place: Place) -> Slip:
    if inspect.ismodule(place.names.get(module)):
        return Slip(
            f"`{name}` is a name of the module `{module}`.",
            (
                f"`{name}` lives in the module `{module}`: it needs `{module}.` before it.",
                "An import of a module makes one name known, the module's. All that is in it is "
                "reached by that name and a dot.",
                f"Write `{module}.{name}`, also wherever else the name stands.",
            ),
        )
    return Slip(
        f"{_if_pythons(f'import {module}').split('. ')[0]}, and `{module}.{name}` in this line. "
        "If a cell above defines it, run that cell again.",
        (
            f"`{name}` lives in the module `{module}`, which no cell that has run imports: it "
            f"needs the import, and `{module}.` before it.",
            "An import of a module makes one name known, the module's. All that is in it is "
            "reached by that name and a dot.",
            f"Import `{module}` at the top of this cell and write `{module}.{name}`.",
        ),
    )


def _quoted(message: str) -> str:
    parts = message.split("'")
    return parts[1] if len(parts) > 2 else "a variable"
