"""Names under which chapters of earlier versions import what stands elsewhere now: they still work.

A learner's kept version of a chapter goes on running. Chapters of today import from `helpers`
alone, so nothing is to be added here when a module moves. All that stood in these modules and was
imported by a released chapter is a name of `helpers` itself, and is loaded when it is asked for.
"""

from __future__ import annotations

import sys
from types import ModuleType

# 0.1.0; `helpers.load`, a wing today, and `helpers.open_files` are there themselves.
MODULES = ("byte_rows", "crowd", "load_charts", "plots")


class OldModule(ModuleType):
    """A module that has moved: it has each name that `helpers` gives to chapters."""

    def __getattr__(self, name: str) -> object:
        return moved(self.__name__, name)


def moved(module: str, name: str) -> object:
    """What a module had under this name before it moved.

    Raises:
        AttributeError: where `helpers` gives chapters nothing of this name.
    """
    helpers = sys.modules["helpers"]
    if name not in helpers.__all__:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return getattr(helpers, name)


def add_old_modules() -> None:
    """Let `import` find them.

    They are no attributes of `helpers`, where `crowd` is a function, as an import would make them.
    """
    for name in MODULES:
        sys.modules.setdefault(f"helpers.{name}", OldModule(f"helpers.{name}", __doc__))
