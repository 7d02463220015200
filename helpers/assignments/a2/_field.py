"""Where a learner's sender and receiver are tried: threads for them, links, and what came of it."""

from __future__ import annotations

import contextlib
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from helpers.assignments.a2 import _hints as hints
from helpers.assignments.a2 import solutions
from helpers.checks.kinds import names_of
from helpers.checks.stage import YOU, PeerSocket, Stage
from helpers.checks.stubs import is_stub
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, NotThere, Wrong
from helpers.link.link import Link
from helpers.servers.owner import ServerStopped

SENDER, RECEIVER = "send_firmware", "receive_firmware"
LOOK = 0.02  # seconds between two looks at what is going on
_numbers = itertools.count(1)


def program(function: Callable, name: str) -> Callable:
    """The learner's function of this name.

    Raises:
        NotThere: where it is not there yet.
    """
    found = names_of(function).get(name) or getattr(sys.modules.get("program"), name, None)
    if getattr(function, "__name__", "") == name:
        found = function
    if found is None or is_stub(found):
        raise NotThere(f"There is no `{name}` yet.")
    return found


class Running:
    """A call of a learner's function, or of ours, in a thread of its own.

    Attributes:
        result, error: what came of it.
        began: the moment of the call, and `seconds` that it took.
    """

    def __init__(self, stage: Stage, function: Callable, *args: Any) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.began, self.seconds = time.monotonic(), 0.0
        self._stage, self._call = stage, (function, *args)
        self.thread: threading.Thread = stage.script(self._run)

    @property
    def over(self) -> bool:
        """Whether it has come back."""
        return not self.thread.is_alive()

    def wait(self, seconds: float | None = None, unless: Callable[[], Any] = lambda: None) -> bool:
        """Wait for its end, for so long at the most, and until `unless` says something."""
        ends = None if seconds is None else time.monotonic() + seconds
        while not self.over and not unless():
            if ends is not None and time.monotonic() > ends:
                break
            self.thread.join(LOOK)
        return self.over

    def end(self) -> None:
        """End it, where it still runs."""
        if not self.over and self._stage.attempt is not None:
            self._stage.attempt.let_go([self.thread])

    def _run(self) -> None:
        try:
            self.result = self._stage.call(*self._call)
        except ServerStopped:
            raise
        except BaseException as error:
            self.error = error
        finally:
            self.seconds = time.monotonic() - self.began


def a_name() -> str:
    """A name that no other link has: several run at once."""
    return f"firmware {next(_numbers)}"


@contextlib.contextmanager
def link_to(address: tuple[str, int], **settings: Any) -> Iterator[Link]:
    """A link to a receiver, which is stopped at the end whatever is on its way."""
    link = Link(address, name=a_name(), **settings)
    try:
        yield link
    finally:
        link.stop()


class Crossing:
    """An image that crosses a link, from a sender to a receiver, each in a thread.

    As a context manager it ends what still runs.

    Attributes:
        sending, receiving: the two calls.
        link: between them.
    """

    def __init__(
        self, stage: Stage, send: Callable, receive: Callable, image: bytes, **settings: Any
    ) -> None:
        self.image = image
        mine, theirs = stage.socket_udp(YOU), stage.socket_udp(YOU)
        self.link = Link(theirs.getsockname(), name=a_name(), **settings)
        self.receiving = Running(stage, receive, theirs)
        self.sending = Running(stage, send, mine, self.link.address, image)

    def __enter__(self) -> Crossing:
        return self

    def __exit__(self, *_: object) -> None:
        self.sending.end()
        self.receiving.end()
        self.link.stop()


def ours_sends(sock: PeerSocket, address: tuple[str, int], image: bytes) -> Any:
    """The course's own sender."""
    return solutions.send_firmware(sock, address, image)


def sent(
    run: Running, where: str, belief: Misconception | None = None, tips: Hints | None = None
) -> Any:
    """What a learner's sender has returned: it must have succeeded.

    Args:
        run: its call, which is over.
        where: on which link, or what the receiver did, as a part of a sentence.
        belief: behind a failure.
        tips: hints for a failure.

    Raises:
        Wrong: where it has raised a ConnectionError, or returned no such object.
    """
    if isinstance(run.error, (ConnectionError, TimeoutError)):
        told = f"send_firmware raised {type(run.error).__name__} ({run.error}) after "
        raise Wrong(f"{told}{run.seconds:.1f} s, {where}.", belief, tips)
    if run.error is not None:
        raise run.error
    stats = run.result
    for name, kind in (("transmissions", int), ("seconds", (int, float))):
        value = getattr(stats, name, None)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Wrong(
                f"send_firmware must return an object with the attributes `transmissions` (a whole "
                f"number) and `seconds`; it returned {short(stats)}.",
                hints=hints.SENDING,
            )
    return stats


def received(
    run: Running,
    image: bytes,
    where: str,
    belief: Misconception | None = None,
    tips: Hints | None = None,
) -> None:
    """A learner's receiver must have returned this image; see `sent`.

    Raises:
        Wrong: for another one, an error of the network, or something else.
    """
    if isinstance(run.error, (ConnectionError, TimeoutError)):
        told = f"receive_firmware raised {type(run.error).__name__} ({run.error}) after "
        raise Wrong(f"{told}{run.seconds:.1f} s, {where}.", belief, tips)
    if run.error is not None:
        raise run.error
    got = run.result
    if not isinstance(got, bytes):
        told = f"receive_firmware must return bytes; it returned {short(got)}."
        raise Wrong(told, hints=hints.RECEIVING)
    if got != image:
        pairs = enumerate(zip(got, image, strict=False))
        place = next((n for n, (a, b) in pairs if a != b), min(len(got), len(image)))
        raise Wrong(
            f"receive_firmware returned a wrong image, {where}: {len(got):,} bytes of "
            f"{len(image):,}, and from byte {place:,} on they differ.",
            belief,
            tips,
        )


def failed_clearly(run: Running, name: str, where: str, belief: Misconception | None) -> None:
    """A call must have ended with ConnectionError, with a text.

    Raises:
        Wrong: where it has returned, or raised something else.
    """
    if isinstance(run.error, ConnectionError) and str(run.error).strip():
        return
    if run.error is None:
        told = f"{name} returned {short(run.result)}, {where}; expected ConnectionError."
        raise Wrong(told, belief, hints.FAILING)
    what = f"{type(run.error).__name__}: {run.error}" if str(run.error) else repr(run.error)
    told = f"{name} raised {what}, {where}; expected ConnectionError with a text that says why."
    raise Wrong(told, None, hints.FAILING)
