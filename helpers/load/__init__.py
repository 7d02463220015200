"""Many clients at once: in processes of their own (`load`, `clients`), or in this one (`crowd`).

`charts` draws what they met. May import: servers, figures, look, ground.
"""

from __future__ import annotations

from helpers.old_names import moved


def __getattr__(name: str) -> object:
    """What chapters of 0.1.0 imported from here, when it was one module."""
    return moved(__name__, name)
