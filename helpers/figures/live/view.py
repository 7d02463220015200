"""The view itself: a widget, the thread that tells it what is new, and what is left of a run."""

from __future__ import annotations

import functools
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from IPython.display import publish_display_data

from helpers.figures.live.flight import Flight
from helpers.look.saved import in_their_place, view_of, while_they_are_there
from helpers.trace.diagram import sequence_diagram
from helpers.trace.trace import Trace
from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # imported where first used: not every front end has it, and not every kernel
    import anywidget

FOLDER = Path(__file__).parent
TICK = 0.016  # seconds between two messages to a view, at the least
REPEAT = 20  # ticks after which a page that can't say hello during a cell is told all again
FASTEST, SLOWEST = 0.01, 3.0  # seconds that the slider lets a link delay
HELD = 1.0  # seconds that one press holds a packet back
HERE = "Run this cell to watch the packets cross, and to stop one on its way by a click or a key."
MISSING = (
    "The live view needs the package anywidget, which this Python does not have, so the run is "
    "shown as a diagram below. (To install it: pip install anywidget)"
)
OVER = "The run is over."
LATE = "Too late: {} is not on its way any more."


class LiveView:
    """A live view of a link, as `live` returns it.

    Attributes:
        widget: what is on the page; None where anywidget is missing.
        said: what the last click or key has led to, in words.
    """

    def __init__(
        self,
        link: Any,
        title: str,
        words: Callable[[bytes], str] | None,
        roles: tuple[str, str] | None,
        to_scale: bool = False,
    ) -> None:
        self._link, self._title = link, title
        self._drawn = {"words": words, "to_scale": to_scale, **({"roles": roles} if roles else {})}
        self._roles = roles or ("client", "server")
        self._name = f"live {link.name}"
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._heard = False
        self._place: dict[str, str] = {}
        self.said = ""
        link.trace.newest = True
        self._flight = Flight(link, words, self._roles)
        self.widget = _make_widget(self._setup())
        if self.widget is not None:
            self.widget.on_msg(self._asked)

    def show(self) -> None:
        """Put it on the page, and follow the link from now on, until that stops."""
        if self._thread is not None:
            return
        line = HERE if self.widget is not None else MISSING
        placed = in_their_place(self._name, line)
        publish_display_data({"text/html": placed, "text/plain": line})
        if self.widget is not None:
            publish_display_data(view_of(self.widget))
        if self._place:
            publish_display_data({"text/html": "", "text/plain": ""}, transient=self._place)
        self._thread = threading.Thread(target=self._follow, name=self._name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take it from the page; its thread has ended then."""
        self._end()
        if self.widget is not None:
            self.widget.layout.close()
            self.widget.close()

    def __enter__(self) -> Self:
        self.show()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        publish_display_data(self.diagram()._repr_mimebundle_())

    def _ipython_display_(self) -> None:
        """At a cell's end: the diagram's place is kept, and filled when the link stops."""
        if self._thread is not None:
            return
        self._place = {"display_id": f"live-{uuid.uuid4().hex}"}
        if self._link.runs:
            self.show()
        else:
            publish_display_data(self.diagram()._repr_mimebundle_())

    def diagram(self) -> Any:
        """What has crossed so far, as a sequence diagram."""
        trace = self._link.trace
        return sequence_diagram(trace, self._title or finding(trace), **self._drawn)

    def _setup(self) -> dict[str, Any]:
        """What a view on the page must know before it is told any news."""
        return {
            "delay": self._link.up.settings.get("delay", 0.0),
            "roles": list(self._roles),
            "fastest": FASTEST,
            "slowest": SLOWEST,
            "style": while_they_are_there(self._name),
        }

    def _follow(self) -> None:
        turn = 0
        while not self._over.wait(TICK) and self._link.runs:
            turn += 1
            if not self._heard and turn % REPEAT == 0:
                self._flight.tell_all_again()
            self._tell()
        self._tell(over=True)
        if self._place and not self._link.runs:
            bundle = self.diagram()._repr_mimebundle_()
            publish_display_data(bundle, transient=self._place, update=True)

    def _end(self) -> None:
        self._over.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def _tell(self, **more: Any) -> None:
        """Send what is new, and this."""
        with self._lock:
            news = {**self._flight.news(), **more}
            if news and self.widget is not None and self.widget.comm is not None:
                self.widget.send({**news, "paused": self._link.paused})

    def _asked(self, _: object, content: dict[str, Any], __: object) -> None:
        """Do what a click or a key on the page asks for; JupyterLab calls this beside the cell."""
        if content.get("do") == "hello":
            self._heard = True
            self._flight.tell_all_again()
            over = {"over": True} if not self._following else {}
            self._tell(hello=True, said="", **over)
            return
        try:
            self.said = self._do(**content)
        except Exception as error:  # else it would reach a log only
            self.said = f"This failed. {type(error).__name__}: {error}"
        self._tell(said=self.said)

    @property
    def _following(self) -> bool:
        return self._thread is not None and self._thread.is_alive() and not self._over.is_set()

    def _do(self, do: str, packet: int = 0, seconds: float = 0.0) -> str:
        """Act on the link; return what is to be said. What has an end of its own, news will say."""
        link = self._link
        if not (self._following and link.runs):
            return OVER
        label = self._flight.label(packet)
        if do == "pause":
            link.pause()
            return "The link holds all packets."
        if do == "go":
            link.resume()
            return "The link goes on."
        if do == "step":
            link.pause()
            return "" if link.step() else "No packet is on its way."
        if do == "delay":
            seconds = min(SLOWEST, max(FASTEST, float(seconds)))
            link.set(delay=seconds)
            return f"The link delays by {in_time(seconds)} from the next packet on."
        if do == "kill":
            return "" if link.kill(packet) else LATE.format(label)
        if do == "double":
            return f"A copy of {label} follows." if link.double(packet) else LATE.format(label)
        if do == "hold":
            done = link.hold(packet, HELD)
            return f"{label} is held for {HELD:g} s." if done else LATE.format(label)
        return ""


def finding(trace: Trace) -> str:
    """A title for what a hand has done to a run."""
    killed = sum(event.cause == "by hand" for event in trace.events)
    if not killed:
        return "No packet was killed by hand"
    return f"{killed} packet{'s were' if killed > 1 else ' was'} killed by hand"


def in_time(seconds: float) -> str:
    """A delay in words, as the slider's readout has it: "250 ms" or "1.5 s"."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _make_widget(setup: dict[str, Any]) -> anywidget.AnyWidget | None:
    """The widget, or None where it can't be had: a run needs no view. The caller closes it."""
    made = _widget_class()
    if made is None:
        return None
    widget = made(setup=setup)
    if hasattr(widget.comm, "_reply_subshell_for"):
        # From 7.4 on, ipykernel brings what a view sends to the shell that has sent to it last,
        # which is the cell's, where it would wait for the cell's end. A front end names the
        # subshell that it means, and that is where it belongs.
        widget.comm._reply_subshell_for = _as_asked
    return widget


def _as_asked(_: object, subshell: str | None) -> str | None:
    return subshell


@functools.cache
def _widget_class() -> type[anywidget.AnyWidget] | None:
    try:
        with uninterrupted():
            import anywidget
            import traitlets
    except ImportError:
        return None

    class LiveWidget(anywidget.AnyWidget):
        """The page's side of it is `view.js`."""

        _esm = (FOLDER / "view.js").read_text(encoding="utf-8")
        _css = (FOLDER / "view.css").read_text(encoding="utf-8")
        setup = traitlets.Dict().tag(sync=True)

    return LiveWidget
