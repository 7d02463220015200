"""What a learner's function leaves behind: put back or ended where that can be, else named."""

from __future__ import annotations

import builtins
import contextlib
import gc
import getpass
import os
import select
import socket
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from helpers.checks import selects
from helpers.checks.descriptors import descriptors, no_sockets
from helpers.checks.ending import Ending
from helpers.checks.sockets_opened import SocketLog, address_of
from helpers.learner_code import is_learners
from helpers.servers.owner import ServerStopped
from helpers.servers.server_output import household_of_this_thread

# Whose names a check looks at before and after.
_SPACES: dict[str, Any] = {
    "socket.socket": socket.socket,
    "threading.Thread": threading.Thread,
    "threading": threading,
    "socket": socket,
    "time": time,
    "select": select,
    "struct": struct,
    "builtins": builtins,
    "getpass": getpass,
    **selects.SELECTORS,
}
_LIMITS = ("setrecursionlimit", "setswitchinterval")
_STREAMS = ("stdout", "stderr", "stdin", "excepthook")
_PRISTINE = {  # as Python has them, before a learner's cell can have changed them
    label: {name: value for name, value in vars(_SPACES[label]).items() if callable(value)}
    for label in ("socket.socket", "time")
}
_ABSENT = object()


class Guard:
    """Watches over what a case's threads could do to the rest of the kernel.

    From `begin` to `put_back`, `time.sleep` in a check's threads ends with the case, `time.time`
    is a clock that the case may set, what waits in a selector with a timeout may be let go early,
    `input`, `exit` and `quit` do not reach the notebook, and limits of the whole interpreter stay
    as they are. Afterwards all names are what they were.

    Args:
        globals_: the names of the learner's module, which may hold some of those functions too.
        ended: set when the case is over.
        is_ours: tells whether the calling thread belongs to this check.
    """

    def __init__(
        self,
        globals_: MutableMapping[str, Any],
        ended: Ending,
        is_ours: Callable[[], bool],
    ) -> None:
        self.sockets = SocketLog(is_ours)
        self.replaced: list[str] = []  # names that the learner's code has replaced
        self._globals = globals_
        self._ended = ended
        self._is_ours = is_ours
        self._left: list[str] = []
        self._held: list[socket.socket | None] = []
        self._clock_is_off = 0.0  # seconds by which the check's threads see a wrong wall clock
        self._before: dict[str, dict[str, Any]] = {}
        self._expected: dict[str, dict[str, Any]] = {}
        self._settings: list[Setting] = []
        self._aliases: dict[str, tuple[Any, Any]] = {}  # name: (the learner's, what stands in)

    def begin(self) -> None:
        """Note how things are, and put the stand-ins in their places."""
        self._settings = _settings()
        self._descriptors, self._no_sockets = descriptors(), len(no_sockets())
        self._before = {label: _names(space) for label, space in _SPACES.items()}
        self._before["sys"] = {name: getattr(sys, name) for name in (*_STREAMS, *_LIMITS)}
        self._expected = {label: dict(names) for label, names in self._before.items()}
        for label, name, stand_in in self._stand_ins():
            real = self._expected[label].get(name, _ABSENT)
            if real is not _ABSENT:
                self._expected[label][name] = stand_in
                setattr(_space(label), name, stand_in)
                self._replace_aliases(real, stand_in)
        for name in ("exit", "quit"):
            if name in self._globals and not _is_ordinary(self._globals[name]):
                self._replace_alias(name, self._stand_in_for_exit)

    def set_clock(self, seconds: float) -> None:
        """Let the wall clock of the check's threads be so many seconds fast, or slow where < 0."""
        self._clock_is_off = seconds

    def put_back(self) -> None:
        """Make all names and settings what they were; a second call does nothing."""
        for label, expected in self._expected.items():
            self._put_back(label, expected)
        for name, (real, stand_in) in self._aliases.items():
            if self._globals.get(name) is stand_in:
                self._globals[name] = real
        self._expected, self._aliases = {}, {}
        settings, self._settings = self._settings, []
        for words, put_back, value, now in _changed(settings):
            put_back(value)
            self._left.append(f"{words} was left at {now}; it is {value} again.")

    def look(self) -> list[str]:
        """Close what was left open; returns what was not as it should be, a sentence each."""
        self._close_sockets()
        self._left += self._other_descriptors()
        return self._left

    def _put_back(self, label: str, expected: dict[str, Any]) -> None:
        space, before = _space(label), self._before[label]
        now = vars(space)
        # A class has no names but its own; to a module anybody may have added some.
        names = expected.keys() | now.keys() if isinstance(space, type) else expected.keys()
        for name in list(names):
            current = now.get(name, _ABSENT)
            if current is not expected.get(name, _ABSENT):
                self.replaced.append(f"{label}.{name}")
                self._left.append(f"{label}.{name} had been replaced; it is the usual one again.")
            original = before.get(name, _ABSENT)
            if current is original:
                continue
            if original is _ABSENT:
                delattr(space, name)
            else:
                setattr(space, name, original)

    def _stand_ins(self) -> Iterator[tuple[str, str, Any]]:
        yield "time", "sleep", self._stand_in_for_sleep(time.sleep)
        yield "time", "time", self._stand_in_for_clock(time.time, 1)
        yield "time", "time_ns", self._stand_in_for_clock(time.time_ns, 1_000_000_000)
        yield "builtins", "input", self._stand_in_for_input("input", builtins.input)
        yield "getpass", "getpass", self._stand_in_for_input("getpass", getpass.getpass)
        for name in ("exit", "quit"):
            yield "builtins", name, self._stand_in_for_exit
        for name in _LIMITS:
            yield "sys", name, self._stand_in_for_limit(name, getattr(sys, name))
        yield from selects.stand_ins(self._is_ours)
        for name, method in self.sockets.replacements().items():
            yield "socket.socket", name, method

    def _stand_in_for_sleep(self, real: Callable[[float], None]) -> Callable[[float], None]:
        def sleep(seconds: float) -> None:
            sensible = isinstance(seconds, (int, float)) and seconds > 0
            if not (sensible and self._is_ours()):
                real(seconds)
                return
            ended = getattr(household_of_this_thread(), "ended", self._ended)
            if ended.wait(seconds):
                raise ServerStopped

        return sleep

    def _stand_in_for_clock(self, real: Callable[[], Any], second: int) -> Callable[[], Any]:
        def clock() -> Any:
            off = self._clock_is_off
            return real() + round(off) * second if off and self._is_ours() else real()

        return clock

    def _stand_in_for_input(self, name: str, real: Callable[..., str]) -> Callable[..., str]:
        def ask(*prompt: Any, **options: Any) -> str:
            if self._is_ours():
                raise RuntimeError(f"nobody types while a check runs: leave {name}() out")
            return real(*prompt, **options)

        return ask

    def _stand_in_for_exit(self, code: object = None, *_: object, **__: object) -> None:
        raise SystemExit(*([] if code is None else [code]))

    def _stand_in_for_limit(self, name: str, real: Callable[[Any], None]) -> Callable:
        def ignore(value: Any) -> None:
            # A link of the check's own sets it too, and puts it back.
            if not (self._is_ours() and is_learners(sys._getframe(1).f_code.co_filename)):
                real(value)
                return
            told = f"sys.{name} holds for the whole notebook; in a check it does nothing."
            if told not in self._left:
                self._left.append(told)

        return ignore

    def _replace_aliases(self, real: Any, stand_in: Any) -> None:
        for name in [name for name, value in self._globals.items() if value is real]:
            self._replace_alias(name, stand_in)

    def _replace_alias(self, name: str, stand_in: Any) -> None:
        self._aliases[name] = (self._globals[name], stand_in)
        self._globals[name] = stand_in

    def _close_sockets(self) -> None:
        if self._held or self.sockets.still_open():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # of those that this closes
                self._held.clear()
                gc.collect()  # what only a cycle holds is not left behind, but waits for this
        for each in self.sockets.still_open():
            sock = each.open_socket
            if sock is None:
                continue
            self._left.append(
                f"The {each.what} of {each.place} was left open{address_of(sock)}. Code that opens "
                "a socket must close it, best by `with`. The check has closed it."
            )
            with contextlib.suppress(OSError):
                sock._real_close()

    def wake_sockets(self) -> None:
        """End what threads wait for on the learner's own sockets."""
        # A thread that is ended by force may not come to close its own, `with` or not. That is no
        # fault of the learner's code: `look` lets go of them in silence.
        self._held += [each.open_socket for each in self.sockets.still_open()]
        for each in self.sockets.still_open():
            if (sock := each.open_socket) is not None:
                with contextlib.suppress(OSError):
                    sock.settimeout(0.0)
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                _ring(sock)

    def held(self) -> int:
        """How many files the learner's code holds open that it has opened in this case.

        What the check's own side may have, as the selectors of asyncio's loops, is a handful.
        """
        others = len(no_sockets()) - self._no_sockets
        return len(self.sockets.still_open()) + max(0, others)

    def _other_descriptors(self) -> list[str]:
        if descriptors() <= self._descriptors:
            return []
        gc.collect()
        return [
            f"{what} was left open, and stays so: close what you open, best by `with`."
            for what in sorted({what for what, _, _ in descriptors() - self._descriptors})
        ]


def put_back_pristine() -> list[str]:
    """Undo what earlier cells did to `socket.socket` and `time`; a sentence for each name."""
    told = []
    for label, pristine in _PRISTINE.items():
        space = _SPACES[label]
        for name, value in list(vars(space).items()):
            if value is pristine.get(name, _ABSENT) or (name not in pristine and label == "time"):
                continue
            if name in pristine:
                setattr(space, name, pristine[name])
            elif callable(value):
                delattr(space, name)
            else:
                continue
            told.append(f"{label}.{name} was not Python's own; it is again.")
    return told


def _space(label: str) -> Any:
    return sys if label == "sys" else _SPACES[label]


def _is_ordinary(value: Any) -> bool:
    """Whether it is a learner's own value, and not what IPython or `site` calls exit."""
    return type(value).__name__ not in ("ExitAutocall", "ZMQExitAutocall", "Quitter")


def _names(space: Any) -> dict[str, Any]:
    """The names to watch: all of a class, the public functions and classes of a module."""
    if isinstance(space, type):
        return dict(vars(space))
    public = ((name, value) for name, value in vars(space).items() if not name.startswith("_"))
    return {name: value for name, value in public if callable(value)}


Setting = tuple[str, Callable[[Any], None], Any]


def _settings() -> list[Setting]:
    return [
        ("socket.setdefaulttimeout", socket.setdefaulttimeout, socket.getdefaulttimeout()),
        ("The working folder", os.chdir, os.getcwd()),
        ("The garbage collector", _set_collector, gc.isenabled()),
    ]


def _set_collector(on: bool) -> None:
    (gc.enable if on else gc.disable)()


def _changed(before: list[Setting]) -> Iterator[tuple[str, Callable[[Any], None], Any, Any]]:
    for (words, put_back, value), (_, _, now) in zip(before, _settings(), strict=False):
        if now != value:
            yield words, put_back, value, now


def _ring(sock: socket.socket) -> None:
    """Send something to a listening or UDP socket: elsewhere than on Linux only that wakes it."""
    with contextlib.suppress(OSError, ValueError):
        address = sock.getsockname()
        if not isinstance(address, tuple) or not address[1]:
            return
        with socket.socket(sock.family, sock.type) as bell:
            bell.settimeout(0.05)
            bell.connect(address)
            bell.send(b"")
