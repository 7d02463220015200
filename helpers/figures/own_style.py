"""The style of the course's own pictures, whatever the reader's matplotlib is set to."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# What says how windows work, and not how a picture looks.
_LEFT_ALONE = ("backend", "backend_fallback", "interactive")
_COMPARED = ("get_data_ratio",)  # matplotlib looks whether these are its own
_DEFAULTS = {
    name: value for name, value in dict.items(matplotlib.rcParamsDefault) if name not in _LEFT_ALONE
}
_lock = threading.RLock()
_depth = 0
_readers: dict[str, Any] = {}


@contextmanager
def own_style() -> Iterator[None]:
    """Let matplotlib draw by its own defaults in this block, and by the reader's settings after it.

    A reader's matplotlibrc or style sheet may ask for LaTeX, for letters of 20 points, for white
    on black or for a font that is missing. It goes on to hold for the reader's own figures.
    """
    entered = False
    try:
        with _lock:
            _enter()
            entered = True
        yield
    finally:
        if entered:
            with _lock:
                _leave()


def _enter() -> None:
    global _depth, _readers
    if not _depth:
        _readers = dict(dict.items(matplotlib.rcParams))
        for name in _LEFT_ALONE:
            _readers.pop(name, None)
        # Past matplotlib's look at each value, which takes ten times as long: these are its own.
        dict.update(matplotlib.rcParams, _DEFAULTS)
    _depth += 1


def _leave() -> None:
    global _depth
    _depth -= 1
    if not _depth:
        dict.update(matplotlib.rcParams, _readers)


def _in_own_style(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def in_own_style(*args: Any, **options: Any) -> Any:
        with own_style():
            return method(*args, **options)

    return in_own_style


def _restyled(cls: type) -> type:
    """Let each public method of a class of matplotlib's use the course's style."""
    for name in dir(cls):
        kind = next(vars(each)[name] for each in cls.__mro__ if name in vars(each))
        if not name.startswith("_") and name not in _COMPARED and inspect.isfunction(kind):
            setattr(cls, name, _in_own_style(getattr(cls, name)))
    return cls


@_restyled
class OwnAxes(Axes):
    """Axes on which everything is drawn in the course's style, also in a chapter's own lines."""

    def __init__(self, *args: Any, **options: Any) -> None:
        with own_style():
            super().__init__(*args, **options)


@_restyled
class OwnFigure(Figure):
    """A figure in the course's style, whose axes are `OwnAxes`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        with own_style():
            super().__init__(*args, **options)

    def add_subplot(self, *args: Any, **options: Any) -> Axes:
        """Add axes as matplotlib does, in the course's style where no other kind is asked for."""
        if not {"projection", "polar", "axes_class"} & options.keys():
            options["axes_class"] = OwnAxes
        with own_style():
            return super().add_subplot(*args, **options)
