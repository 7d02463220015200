"""Controls round an experiment and the one picture that they redraw in place."""

from __future__ import annotations

import asyncio
import contextlib
import html
import signal
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from IPython import get_ipython
from IPython.display import publish_display_data

from helpers.exiting import exit_ends_this_only
from helpers.figures.controls import (
    Setting,
    check_value,
    in_words,
    make_box,
    make_control,
    plain,
    start_of,
)
from helpers.figures.kept_figure import KeptFigure
from helpers.learner_code import learners_part
from helpers.look.picture import image_bundle
from helpers.look.saved import in_their_place, view_of, while_they_are_there
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: a kernel without sliders starts sooner
    import ipywidgets
    from matplotlib.axes import Axes

ANEW = (
    '<div role="alert" style="line-height: 1.5; white-space: normal">The page was loaded anew, and '
    "the picture below no longer follows. Run this cell again.</div>"
)
IN_LINE = 0.01  # seconds; a change that comes so soon after a run has waited in line for it


class Panel:
    """The controls of an experiment and its picture, as `explore` returns them.

    Each control is there under its setting's name: `panel.loss.value = 0.5` moves it. An error
    that such a move in a cell leads to is raised there, beside being shown in the panel.

    Attributes:
        controls: the ipywidgets controls by name.
        data: what the experiment returned last.
    """

    def __init__(
        self,
        experiment: Callable[..., Any],
        draw: Callable[..., Any],
        axes: Axes | None,
        settings: dict[str, Setting],
        words: dict[str, str],
        slow: bool,
        name: str,
    ) -> None:
        self._name = f"sliders {name}"
        self._experiment, self._settings, self._words = experiment, settings, words
        self._figure = KeptFigure(axes, draw) if axes is not None else None
        self._draw = draw
        self._lock = threading.RLock()  # one run at a time, whoever asks for it
        self._display_id, self._displayed = f"explore-{uuid.uuid4().hex}", False
        self._loop, self._asked, self._ended = _main_loop(), False, 0.0
        self._held = self._closed = False
        start = {name: start_of(value) for name, value in settings.items()}
        self._bundle = self._run(start, small=True)  # a notebook is saved with this one

        with uninterrupted():
            import ipywidgets

        width = f"{max(map(len, words.values()), default=0) + 1}ch"
        self.controls = {
            name: make_control(settings[name], words[name], width) for name in settings
        }
        for control in self.controls.values():
            control.observe(self._moved, "value")
        self._button = ipywidgets.Button(description="Run", tooltip="Run at these settings")
        self._button.on_click(lambda _: self._request())
        self._note = ipywidgets.HTML(layout={"display": "none"})
        run = [self._button] if slow else []
        there = while_they_are_there(self._name)
        self._box = make_box([*self.controls.values(), *run, self._note], there)
        self._slow, self._page = slow, ""

    def __getattr__(self, name: str) -> ipywidgets.ValueWidget:
        try:
            return self.__dict__["controls"][name]
        except KeyError:
            raise AttributeError(f"this panel has no control and no attribute {name!r}") from None

    @property
    def values(self) -> dict[str, Any]:
        """What the controls are set to, by name, as the experiment gets it."""
        return {
            name: plain(self._settings[name], each.value) for name, each in self.controls.items()
        }

    def set(self, **values: Any) -> None:
        """Move several controls at once, and run the experiment once.

        Raises:
            TypeError: for a control that the panel does not have.
            ValueError: for a value that its control can't take; nothing is moved then.
            Exception: whatever the experiment raises.
        """
        for name, value in values.items():
            if name not in self.controls:
                known = ", ".join(self.controls)
                raise TypeError(f"this panel has no control {name!r} (it has: {known})")
            check_value(name, self._settings[name], value)
        with self._lock:
            self._held = True
            try:
                for name, value in values.items():
                    self.controls[name].value = value
            finally:
                self._held = False
            self._refresh()

    def close(self) -> None:
        """Take the controls away; the last picture stays."""
        self._closed = True
        for widget in {self._box, self._button, *self._box.children, *self.controls.values()}:
            widget.layout.close()
            if hasattr(widget, "style"):
                widget.style.close()
            widget.close()

    def __repr__(self) -> str:
        ranges = "; ".join(
            in_words(self._words[name], setting) for name, setting in self._settings.items()
        )
        return f"Run this cell to move the sliders: {ranges}."

    def _ipython_display_(self) -> None:
        line = in_their_place(self._name, html.escape(repr(self)))
        publish_display_data({"text/html": line, "text/plain": repr(self)})
        publish_display_data(view_of(self._box))
        publish_display_data(self._bundle, transient={"display_id": self._display_id})
        self._displayed, self._page = True, _session()

    def _moved(self, _: object) -> None:
        if self._held:
            return
        self._look_for_the_page()
        if self._slow:
            self._button.button_style = "primary"  # the picture is not of these settings
        else:
            self._request()

    def _look_for_the_page(self) -> None:
        """Say so where a page moves the controls that has never had the picture to change.

        That is one that was loaded anew: it gets the controls from the kernel, and the picture from
        the file.
        """
        page = "" if _in_a_cell() else _session()
        lost = bool(page and self._page and page != self._page)
        self._note.value = ANEW if lost else ""
        self._note.layout.display = None if lost else "none"

    def _request(self) -> None:
        """Run, once for all the changes that came while the last run went on.

        JupyterLab answers controls in a thread of its own, beside the cells (a kernel subshell);
        experiments run in the main thread all the same, where the learner can interrupt them.
        Other front ends send a control's next value when the run for the last one has ended.
        """
        if _in_a_cell() or not self._loop or self._loop.is_closed():
            self._refresh()
            return
        beside = threading.current_thread() is not threading.main_thread()
        if not beside and not self._asked and time.monotonic() - self._ended > IN_LINE:
            self._refresh()
        elif not self._asked:
            self._asked = True
            if beside:
                self._loop.call_soon_threadsafe(self._answer)
            else:  # it has waited for the last run, so there may be newer ones behind it
                self._loop.call_later(IN_LINE, self._answer)

    def _answer(self) -> None:
        self._asked = False  # from here on a change asks for another run
        if not self._closed:
            with _interruptible():
                self._refresh(in_a_cell=False)

    def _refresh(self, in_a_cell: bool | None = None) -> None:
        """Run at the present settings and show what comes of it, a picture or an error."""
        in_a_cell = _in_a_cell() if in_a_cell is None else in_a_cell
        with self._lock, self._busy():
            values = self.values
            try:
                self._show(self._run(values))
            except BaseException as error:  # an interrupt or sys.exit() would end the kernel
                self._show(self._error_bundle(error, values))
                if in_a_cell:
                    raise
            finally:
                self._ended = time.monotonic()

    @contextlib.contextmanager
    def _busy(self) -> Iterator[None]:
        if self._slow:
            self._button.description, self._button.disabled = "Running …", True
        try:
            yield
        finally:
            if self._slow:
                self._button.description, self._button.disabled = "Run", False
                self._button.button_style = ""

    def _run(self, values: dict[str, Any], small: bool = False) -> dict[str, str]:
        with exit_ends_this_only():
            self.data = self._experiment(**values)
        if self._figure:
            png, alt = self._figure.picture(self.data, small)
            return image_bundle(png, alt, *self._figure.size)
        picture = self._draw(self.data)
        if not hasattr(picture, "_repr_mimebundle_"):
            raise TypeError(f"draw(data) must return a Picture, not {picture!r}")
        return picture._repr_mimebundle_()

    def _show(self, bundle: dict[str, str]) -> None:
        self._bundle = bundle
        if self._displayed:
            publish_display_data(bundle, transient={"display_id": self._display_id}, update=True)

    def _error_bundle(self, error: BaseException, values: dict[str, Any]) -> dict[str, str]:
        at = ", ".join(f"{self._words[name]} = {value}" for name, value in values.items())
        text = f"This run failed, with {at}:\n{_error_text(error)}"
        width, height = self._figure.size if self._figure else (640, 200)
        # As large as the picture whose place it takes, so that nothing below it jumps.
        block = (
            f'<div role="alert" style="box-sizing: border-box; min-height: {height}px; '
            f"max-width: {width}px; padding: 0.5em 1em; border-left: 4px solid "
            f'var(--jp-error-color1, #b3261e)"><pre style="white-space: pre-wrap; '
            f'word-break: normal; overflow-wrap: anywhere">'
            f"{html.escape(text)}</pre></div>"
        )
        return {"text/html": block, "text/plain": text}


def _error_text(error: BaseException | None) -> str:
    lines = []
    while error is not None:
        lines.append("".join(traceback.format_exception_only(error)).rstrip())
        frames = traceback.extract_tb(learners_part(error.__traceback__))
        lines += [f"    in {f.name}, line {f.lineno}: {f.line or ''}".rstrip(": ") for f in frames]
        error = error.__cause__
        lines += ["because of:"] if error else []
    return "\n".join(lines)


def _main_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs cells, or None where there is none to come back to."""
    if threading.current_thread() is not threading.main_thread():
        return None
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let the learner's interrupt through; between two cells a kernel ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _in_a_cell() -> bool:
    """Whether a cell's code runs at this moment, rather than the answer to a moved slider."""
    return _header().get("msg_type") != "comm_msg"


def _session() -> str:
    """What tells the page that asks from any other, also from itself after it was loaded anew."""
    return _header().get("session", "")


def _header() -> dict[str, Any]:
    """The header of the message that the kernel answers at this moment."""
    return getattr(get_ipython(), "get_parent", dict)().get("header", {})
