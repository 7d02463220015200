"""A number or a choice that the learner commits to before a run, and that later plots show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.look.asked import Asked
from helpers.look.choice import (
    check_name,
    close_all,
    letter_buttons,
    mark_chosen,
)
from helpers.look.field import keep_button, text_field
from helpers.look.palette import INK, PURPLE
from helpers.study import at_work, progress
from helpers.study.sureness import SAID, sure_row
from helpers.study.wanted import Wanted, plain, short_number
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel without predictions starts sooner
    import ipywidgets
    from matplotlib.axes import Axes

YOURS, KEPT = "your prediction", "Your prediction:"

_open: dict[str, Prediction] = {}


def predict(
    name: str,
    question: str,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    choices: Sequence[str] = (),
) -> Prediction:
    """Ask for a prediction; a cell that follows gets it by `predicted(name)`.

    It is kept with the learner's progress: running the cell again, or after a restart, shows it.
    It may be changed. Without one, every cell that follows runs all the same.

    Args:
        name: the chapter's number and a few words, as in "05 round trips".
        question: what to predict, in a sentence or two; code in backticks.
        low: the lowest number that makes sense, if there is one.
        high: the highest.
        unit: what follows the number, such as "ms" or "of 100".
        choices: texts to choose from, in place of a number.

    Raises:
        TypeError: where numbers or choices are none.
        ValueError: for a name without a chapter, an empty range, or choices that are no choice.
    """
    check_name(name, "05 round trips")
    if not isinstance(question, str) or not question.strip():
        raise ValueError("a prediction needs a question")
    wanted = Wanted(low, high, unit, tuple(choices))
    with uninterrupted():  # or controls without the rest of their question would stay
        if name in _open:
            _open.pop(name).close()
        _open[name] = Prediction(name, question, wanted)
        _open[name].show()
    return _open[name]


def predicted(name: str) -> Prediction | Unasked:
    """The prediction of this name, for a cell that sets what it measured beside it.

    Where the cell that asks was not run, there is none, and the cell goes on all the same.
    """
    asked = _open.get(name)
    return Unasked() if asked is None else asked


class Unasked:
    """A prediction whose cell was not run: what was measured is told alone, and nothing drawn."""

    value = None

    def __repr__(self) -> str:
        return "No prediction yet."

    def __bool__(self) -> bool:
        return False

    def compare(self, measured: float | str) -> str:
        """What was measured, as a sentence."""
        shown = measured if isinstance(measured, str) else short_number(plain(measured))
        return f"Measured: {shown}."

    def draw(self, *_: object, **__: object) -> str:
        """Draw nothing."""
        return ""


class Prediction:
    """What the learner predicts, as `predict` returns it; ask for `value` where it is used.

    Attributes:
        name: what it is kept under.
        value: the number or the choice, or None without an answer.
        wanted: what may be predicted.
    """

    def __init__(self, name: str, question: str, wanted: Wanted) -> None:
        self.name, self.question, self.wanted = name, question, wanted
        self.unit, self.choices = wanted.unit, wanted.choices
        self.value = self.wanted.checked(progress.prediction(name))
        self._asked = Asked("Predict", name, question, self.choices)
        self.feedback = self._asked.feedback
        self._box, self._parts = self._controls()
        self._sure: ipywidgets.Box | None = None  # its row, once there is something to be sure of
        if self.value is not None:
            self._tell(aloud=False)

    def show(self) -> None:
        """Show the question and its controls in the cell that runs."""
        self._asked.show(self._box)

    def close(self) -> None:
        """Take the controls away; the value stays."""
        close_all(self._box, self.feedback.widget, *self._parts)

    def _ipython_display_(self) -> None:
        """Show nothing at a cell's end: the question and its controls are there already."""

    def __repr__(self) -> str:
        if self.value is None:
            return "No prediction yet."
        return f"Your prediction: {self.wanted.words(self.value)}."

    def __bool__(self) -> bool:
        return self.value is not None

    def compare(self, measured: float | str) -> str:
        """A sentence that sets the prediction beside what was measured.

        Args:
            measured: a number in the prediction's unit, or one of its choices.

        Raises:
            TypeError: where it is no number, and a number was asked for.
            ValueError: where it is none of the choices.
        """
        if self.choices and measured not in self.choices:
            raise ValueError(f"{measured!r} is none of the choices: {', '.join(self.choices)}")
        if not self.choices:
            measured = plain(measured)
        progress.keep_measured(self.name, measured)
        result = f"Measured: {self.wanted.words(measured)}."
        if self.value is None:
            return result
        if self.value == measured:
            return f"{result} You predicted exactly that."
        gap = ""
        if not self.choices:
            distance = plain(abs(self.value - measured))
            side = "more" if self.value > measured else "less"
            gap = f", {short_number(distance)} {side}"
        return f"{result} You predicted {self.wanted.words(self.value)}{gap}."

    def draw(self, axes: Axes, x: float | None = None, *, on: str = "y", scale: float = 1.0) -> str:
        """Mark the prediction on axes; nothing where there is none.

        Args:
            axes: what to draw on. Call `axes.legend()` afterwards: the mark has a label for it.
            x: where the point of the prediction stands. Without it a line is drawn.
            on: the axis that the number is on: "y" for a level line, "x" for an upright one.
            scale: what to multiply by, as 0.01 for a percentage on an axis from 0 to 1.

        Returns:
            A sentence for the picture's alternative text, or "" where nothing was drawn.

        Raises:
            TypeError: where the prediction is a choice.
            ValueError: where `on` is no axis.
        """
        if self.choices:
            raise TypeError(f"{self.name} is a choice, and only a number can be drawn")
        if on not in ("x", "y"):
            raise ValueError(f'on must be "x" or "y", not {on!r}')
        if self.value is None:
            return ""
        value = self.value * scale
        style = {"color": PURPLE, "label": YOURS, "zorder": 4}
        if x is not None:
            axes.plot(
                [x],
                [value],
                "*",
                markersize=16,
                markeredgecolor=INK,
                markeredgewidth=0.6,
                clip_on=False,
                **style,
            )
        elif on == "x":
            axes.axvline(value, linestyle=(0, (6, 3)), linewidth=2, **style)
        else:
            axes.axhline(value, linestyle=(0, (6, 3)), linewidth=2, **style)
        mark = "A star" if x is not None else "A dashed line"
        return f"{mark} marks your prediction, {self.wanted.words(self.value)}."

    def keep(self, value: float | str) -> None:
        """Keep a prediction, as the Keep button and the choices do.

        Raises:
            ValueError: where it is out of range, or none of the choices.
        """
        checked = self.wanted.checked(value)
        if checked is None:
            raise ValueError(f"{value!r} is not {self.wanted.described()}")
        self.value = checked
        at_work.answered()
        self._tell(progress.keep_prediction(self.name, checked))

    def _controls(self) -> tuple[ipywidgets.Box, list[ipywidgets.DOMWidget]]:
        with uninterrupted():
            import ipywidgets

        if self.choices:
            self.buttons = letter_buttons(self.choices, self._chosen)
            parts = list(self.buttons.values())
        else:
            self.field = text_field(
                f"Your prediction{f' ({self.unit})' if self.unit else ''}:",
                str(self.value) if self else "",
                self.wanted.described(short=True),
                self.question.replace("`", ""),
                36 + len(self.unit),
            )
            self.field.observe(self._typed, "value")
            self.button = keep_button("Keep this prediction")
            self.button.on_click(self._typed)
            parts = [self.field, self.button]
        row = ipywidgets.HBox(parts, layout={"flex_flow": "row wrap"})
        return ipywidgets.VBox([row, self.feedback.widget]), [row, *parts]

    def _chosen(self, choice: str) -> None:
        try:
            self.keep(choice)
        except Exception as error:  # a front end shows no error of a callback
            self.feedback.say_error(error)

    def _typed(self, _: object) -> None:
        try:
            text = self.field.value
            number = self.wanted.typed(text)
            if self.wanted.checked(number) is None:
                kept = f" Still kept: {self.wanted.words(self.value)}." if self else ""
                self.feedback.say(
                    "Not kept.", f"Type {self.wanted.described()}.{kept}", state="note"
                )
            elif number != self.value or not self.feedback.text.startswith(KEPT):
                self.keep(number)
        except Exception as error:
            self.feedback.say_error(error)

    def _tell(self, problem: str = "", aloud: bool = True) -> None:
        if self.choices:
            mark_chosen(self.buttons, self.value)
        then = problem or "Now run the cells below."
        sure = SAID.get(self._ask_how_sure(), "")
        said = f"{self.wanted.words(self.value)}. {sure}".strip()
        self._asked.answered(KEPT, said, then, aloud)

    def _ask_how_sure(self) -> str:
        """Ask for it until the result is known; return what was answered, or ""."""
        first = progress.first_prediction(self.name) or {"measured": None}
        is_open = "measured" not in first
        if is_open and self._sure is None:
            self._sure, self._levels = sure_row(self._is_sure)
            self._box.children = [*self._box.children, self._sure]
            self._parts += [self._sure, *self._sure.children]
        if self._sure is not None:
            self._sure.layout.display = None if is_open else "none"
            mark_chosen(self._levels, first.get("sure"))
        return str(first.get("sure", ""))

    def _is_sure(self, level: str) -> None:
        try:
            at_work.answered()
            self._tell(progress.keep_sure(self.name, level))
        except Exception as error:  # a front end shows no error of a callback
            self.feedback.say_error(error)
