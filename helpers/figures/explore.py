"""Sliders round a plain experiment function, and the one picture that they redraw in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.figures.controls import Setting, Slider, check_names, checked, label_of
from helpers.figures.panel import Panel

if TYPE_CHECKING:  # imported where first used: a kernel that draws nothing starts sooner
    from matplotlib.axes import Axes

__all__ = ["MovingChart", "Panel", "Slider", "explore"]


@dataclass(frozen=True)
class MovingChart:
    """A named chart that `explore` redraws, in place of a function that draws and its axes.

    Attributes:
        draw: called as `draw(axes, data)`, as `explore` says.
        axes: what it draws on.
    """

    draw: Callable[[Axes, Any], str]
    axes: Axes


_open_panels: dict[str, Panel] = {}


def explore(
    experiment: Callable[..., Any],
    draw: Callable[..., Any] | MovingChart,
    axes: Axes | None = None,
    /,
    *,
    slow: bool = False,
    labels: Mapping[str, str] | None = None,
    name: str | None = None,
    **settings: Setting,
) -> Panel:
    """Run an experiment at settings that the reader moves, and draw each result in one picture.

    The first run happens here, in the cell, so an error in it is the cell's. A later one is shown
    in the picture's place, and the controls go on working.

    Args:
        experiment: called with a value for each setting, by name; returns the data to draw.
        draw: with axes, called as `draw(axes, data)`: it adds to them and returns the picture's
            alternative text. What it adds is gone before the next call. Without axes, called as
            `draw(data)`: it returns a `Picture`. Or a chapter's `MovingChart`, which has its axes.
        axes: with everything on them that stays, such as limits, title and a curve of theory.
            Fixed limits are what makes it fast. The panel takes over their figure.
        slow: whether the experiment takes longer than about a second. It then waits for a button.
        labels: words to show in place of a setting's name. A name's unit (`delay_ms`) is shown.
        name: what tells panels apart; by default the names of the two functions. A new panel
            closes the old one of its name, so a cell can be run again.
        **settings: for each parameter to move: a `Slider` or its (low, high), (low, high, step)
            for numbers, a list of choices, or True or False for a box to tick.

    Returns:
        The panel, which shows itself as a cell's last line.

    Raises:
        TypeError: where a function is none, a setting has no parameter, or a parameter no setting.
        ValueError: for a range that is empty or a start outside it.
    """
    if isinstance(draw, MovingChart):
        draw, axes = draw.draw, draw.axes
    for what, function in (("experiment", experiment), ("draw", draw)):
        if not callable(function):
            raise TypeError(f"explore() needs a function as its {what}, not {function!r}")
    check_names(experiment, settings, labels or {})
    ready = {setting: checked(setting, value) for setting, value in settings.items()}
    words = {setting: (labels or {}).get(setting) or label_of(setting) for setting in settings}
    name = name or f"{_name(experiment)}, {_name(draw)}"
    if name in _open_panels:
        _open_panels[name].close()
    panel = Panel(experiment, draw, axes, ready, words, slow, name)
    _open_panels[name] = panel
    return panel


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__qualname__", type(function).__qualname__)
