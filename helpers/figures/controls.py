"""Settings that a reader moves: what they may be, and the control that each gets."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # imported where first used: a kernel without sliders starts sooner
    import ipywidgets

# The choice that is on differs by more than its shade, which the dark theme hardly shows; and the
# keyboard's place is seen.
LOOKS = """<style>
.course-controls .widget-toggle-button.mod-active { font-weight: bold; text-decoration: underline;
  outline: 2px solid currentColor; outline-offset: -2px; }
.course-controls button:focus-visible { outline: 3px solid var(--jp-brand-color1, #1976d2);
  outline-offset: 1px; }
</style>"""
WHOLE_WIDTH = "calc(100% - 4px)"  # ipywidgets puts a margin of 2 px round each control
UNITS = {"ms": "ms", "s": "s", "bytes": "bytes", "percent": "%"}


@dataclass(frozen=True)
class Slider:
    """A range of numbers to slide over: whole numbers where all of these are whole.

    Args:
        low: the lowest value.
        high: the highest value.
        step: from one value to the next; by default 1, or a twentieth of the range.
        start: the value to begin with, by default the lowest.

    Raises:
        ValueError: where the range is empty, the step is not above 0, or the start is outside.
        TypeError: where one of them is not a number.
    """

    low: float
    high: float
    step: float | None = None
    start: float | None = None

    def __post_init__(self) -> None:
        for given in (self.low, self.high, self.step, self.start):
            if given is not None and (
                isinstance(given, bool) or not isinstance(given, int | float)
            ):
                raise TypeError(f"a slider's low, high, step and start are numbers, not {given!r}")
        if not self.low < self.high:
            raise ValueError(f"low must be below high, and {self.low} is not below {self.high}")
        whole = all(isinstance(bound, int) for bound in (self.low, self.high))
        if self.step is None:
            object.__setattr__(self, "step", 1 if whole else (self.high - self.low) / 20)
        if self.start is None:
            object.__setattr__(self, "start", self.low)
        if not self.step > 0:
            raise ValueError(f"the step must be above 0, not {self.step}")
        if not self.low <= self.start <= self.high:
            raise ValueError(
                f"the start must be from {self.low} to {self.high}, and it is {self.start}"
            )

    @property
    def whole(self) -> bool:
        """Whether it gives whole numbers."""
        return all(isinstance(n, int) for n in (self.low, self.high, self.step, self.start))

    @property
    def decimals(self) -> int:
        """How many digits after the point its values have."""
        exponents = [
            Decimal(f"{n:.6g}").normalize().as_tuple().exponent
            for n in (self.low, self.step, self.start)
        ]
        return max(0, *(-exponent for exponent in exponents))


Setting = Slider | tuple | Sequence[Any] | bool


def label_of(name: str) -> str:
    """The words for a setting's name, with its unit: `delay_ms` is "delay (ms)"."""
    *words, last = name.split("_")
    if words and last in UNITS:
        return f"{' '.join(words)} ({UNITS[last]})"
    return name.replace("_", " ")


def check_names(
    experiment: Callable[..., Any], settings: Mapping[str, Setting], labels: Mapping[str, str]
) -> None:
    """Raise TypeError where settings and the experiment's parameters do not fit together."""
    name_of = getattr(experiment, "__qualname__", type(experiment).__qualname__)
    parameters = inspect.signature(experiment).parameters.values()
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters)
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    for name in settings:
        if name not in named and not takes_any:
            known = ", ".join(named) or "none"
            raise TypeError(f"explore(): {name_of} has no parameter {name!r} (it has: {known})")
    for each in parameters:
        variable = each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
        if each.default is each.empty and not variable and each.name not in settings:
            raise TypeError(
                f"explore(): {name_of} needs a value for {each.name!r}: give it a slider "
                "or a default"
            )
    for name in labels:
        if name not in settings:
            raise TypeError(f"explore(): there is a label for {name!r}, and no such setting")


def checked(name: str, setting: Setting) -> Setting:
    """A setting in the form that the panel works with: a Slider, a list or a bool."""
    try:
        if isinstance(setting, tuple) and len(setting) in (2, 3):
            return Slider(*setting)
    except (TypeError, ValueError) as error:
        raise type(error)(f"explore(): {name}: {error}") from None
    if isinstance(setting, Slider | bool) or (isinstance(setting, list) and setting):
        return setting
    raise TypeError(
        f"explore(): {name} must be a Slider, (low, high), (low, high, step), a list of choices, "
        f"True or False, not {setting!r}"
    )


def start_of(setting: Setting) -> Any:
    """The value that a setting begins with."""
    if isinstance(setting, Slider):
        return plain(setting, setting.start)
    return setting[0] if isinstance(setting, list) else setting


def plain(setting: Setting, value: Any) -> Any:
    """A control's value as the experiment gets it, without a slider's noise."""
    if not isinstance(setting, Slider) or setting.whole:
        return value
    return round(float(value), setting.decimals)  # a slider says 0.15000000000000002


def check_value(name: str, setting: Setting, value: Any) -> None:
    """Raise ValueError where a setting can't take a value."""
    if isinstance(setting, Slider) and not setting.low <= value <= setting.high:
        raise ValueError(f"{name} must be from {setting.low} to {setting.high}, not {value!r}")
    if isinstance(setting, list) and value not in setting:
        raise ValueError(f"{name} must be one of {', '.join(map(str, setting))}, not {value!r}")


def make_control(setting: Setting, label: str, width: str) -> ipywidgets.ValueWidget:
    """The ipywidgets control of a setting; the caller closes it."""
    import ipywidgets

    common: dict[str, Any] = {"description": label, "style": {"description_width": width}}
    common["tooltip"] = in_words(label, setting)
    if isinstance(setting, bool):
        return ipywidgets.Checkbox(setting, **common)
    if isinstance(setting, list):
        # Not a Dropdown: JupyterLab takes the arrow keys away from it.
        common["style"]["button_width"] = "auto"
        del common["tooltip"]  # it has one for each button
        in_a_row = {"width": "max-content", "max_width": WHOLE_WIDTH}
        buttons = ipywidgets.ToggleButtons(options=setting, layout=in_a_row, **common)
        for style in ("jupyter-widgets", "widget-inline-hbox"):  # the label beside the buttons
            buttons.add_class(style)
        return buttons
    wide = {"layout": {"width": "32em", "max_width": WHOLE_WIDTH}}
    bounds = {"min": setting.low, "max": setting.high, "step": setting.step, "value": setting.start}
    if setting.whole:
        return ipywidgets.IntSlider(**bounds, **common, **wide)
    form = f".{setting.decimals}f"
    return ipywidgets.FloatSlider(readout_format=form, **bounds, **common, **wide)


def make_box(controls: list[ipywidgets.Widget], style: str = "") -> ipywidgets.VBox:
    """Put controls one below the other, with rules of style that hold as long as they are there;
    the caller closes the box and its children."""
    import ipywidgets

    looks = ipywidgets.HTML(LOOKS + style, layout={"display": "none"})
    box = ipywidgets.VBox([*controls, looks], layout={"margin": "0 0 0.5em 0"})
    box.add_class("course-controls")
    return box


def in_words(label: str, setting: Setting) -> str:
    """What a reader without a kernel is told of a setting."""
    if isinstance(setting, Slider):
        return f"{label} from {setting.low} to {setting.high}, first {setting.start}"
    if isinstance(setting, list):
        return f"{label}: {', '.join(map(str, setting))}"
    return f"{label}: {'on' if setting else 'off'} at first"
