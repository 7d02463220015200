"""A learner's coroutine that starts an asyncio server, in an event loop and thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from helpers.checks.escape import loops_of, waiting_coroutine
from helpers.checks.loop_ending import clear_away, end_gently
from helpers.checks.stage import PATIENCE, PeerSocket, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong
from helpers.learner_code import (
    frames_of_all_threads,
    has_learners_frame,
    is_learners,
    line_of_frame,
    place_of,
)
from helpers.servers.crashes import ServerCrashed

START = 1.4  # seconds in which a server listens, on any machine
PING = 0.2  # seconds in which a loop that is free answers, on any machine


class LoopServer:
    """A learner's asyncio server at work, for a case's clients. As a context manager it is ended.

    Its loop runs in a thread of the stage's. At the end the server is closed, all tasks are
    cancelled, the connections cut, the loop closed, whatever the learner's code has done.

    Args:
        function: the learner's coroutine function, of a host and a port.
        stage: of the case.
        belief: behind code that blocks the loop.
        host, port: to call it with.

    Raises:
        Wrong: where it does not return a server that listens there.
        Exception: whatever the function raises.
    """

    def __init__(
        self,
        function: Callable[[str, int], Any],
        stage: Stage,
        belief: Misconception,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._function, self._arguments = function, (host, port)
        self._stage, self._belief = stage, belief
        self._slept: list[tuple[float, str]] = []
        self._tasks: list[asyncio.Task] = []
        self._errors: list[BaseException] = []  # of callbacks, which belong to no task
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Any = None
        self._failure: BaseException | None = None
        self._ready = threading.Event()
        self._watch_sleep()
        self._script = stage.script(self._run)
        try:
            self._await_server()
        except BaseException:
            self.close()
            raise

    @property
    def address(self) -> tuple[str, int]:
        """Where clients find it."""
        return self._address

    @property
    def place(self) -> str:
        """The learner's line that the loop is in, or that the first of its tasks waits in."""
        frame = frames_of_all_threads().get(self._script.ident)
        if not self._is_in_learners_code() and self._loop is not None:
            for loop in loops_of(frame):
                waiting = waiting_coroutine(loop)
                if waiting is not None:
                    return line_of_frame(waiting)
        return place_of(self._script)

    def client(self, timeout: float | None = PATIENCE, name: str = "") -> PeerSocket:
        """A connected client, as `Stage.client` makes them.

        Raises:
            Wrong: where nobody listens any more.
        """
        try:
            sock = self._stage.client(self._address, timeout, name)
        except ConnectionError:
            raise Wrong("Nobody listens at the server's address any more.") from None
        sock.server = self
        return sock

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the loop busy meanwhile, so that all that comes in is there at once afterwards."""
        entered, leave = threading.Event(), threading.Event()

        def stand_still() -> None:
            entered.set()
            leave.wait(PATIENCE)

        self._loop.call_soon_threadsafe(stand_still)
        if not entered.wait(PATIENCE):
            raise self.blocked("It was to go on with other work.")
        try:
            yield
        finally:
            leave.set()

    def is_free(self) -> bool:
        """Whether the loop still runs what it is given, within a time that is long for it."""
        heard = threading.Event()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(heard.set)
        return heard.wait(PING)

    def settle(self) -> None:
        """Let the loop take in what has been sent to it."""
        for _ in range(2):  # in its first round it may have looked before
            self.is_free()

    def small_send_buffer(self, size: int) -> None:
        """Give the connections to come a small send buffer of the system's, in bytes."""
        for sock in self._server.sockets:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    def blocked(self, told: str) -> Wrong:
        """What to raise where a client waited in vain: with the belief, if the loop is stuck."""
        if not self.is_free() and self._is_in_learners_code():
            told += f" The whole loop stands still in {self.place}, and with it every client."
            return Wrong(told, self._belief)
        return Wrong(told)

    def close(self) -> None:
        """End the loop and its thread. A thread that does not end is left to the runner."""
        with contextlib.suppress(RuntimeError, AttributeError):
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._script.join(0.2)
        self._tasks.clear()  # a task that was cancelled holds what it was to work with

    def __enter__(self) -> LoopServer:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        try:
            if error is None or (isinstance(error, (Wrong, OSError)) and not _belief_of(error)):
                self._explain(error)
        finally:
            self.close()

    # What went wrong

    def _explain(self, error: BaseException | None) -> None:
        """Raise what says more than `error`: that the loop was put to sleep, or an error in it."""
        if error is not None:
            for own in self._learners_errors():
                raise ServerCrashed("the server's code failed") from own
        if self._slept:
            seconds, place = self._slept[0]
            told = f"{error} " if error is not None else ""
            raise Wrong(
                f"{told}Your code slept for {seconds:g} s in {place}. That puts the whole loop to "
                "sleep: all other clients waited too.",
                self._belief,
            )

    def _learners_errors(self) -> list[BaseException]:
        """The errors of tasks and callbacks; not those of connections that a client has ended."""
        done = [task for task in self._tasks if task.done() and not task.cancelled()]
        errors = [*(task.exception() for task in done), *self._errors]
        return [
            each
            for each in errors
            if isinstance(each, Exception)
            and not isinstance(each, ConnectionError)
            and has_learners_frame(each)
        ]

    def _is_in_learners_code(self) -> bool:
        frame = frames_of_all_threads().get(self._script.ident)
        while frame is not None:
            if is_learners(frame.f_code.co_filename):
                return True
            frame = frame.f_back
        return False

    def _watch_sleep(self) -> None:
        """Note each `time.sleep` in the loop's thread: in a check it waits for the case's end."""
        wait = self._stage.ended.wait

        def noting(seconds: float) -> bool:
            if threading.current_thread() is self._script:
                self._slept.append((seconds, place_of(self._script)))
            return wait(seconds)

        self._stage.ended.wait = noting  # type: ignore[method-assign]

    # The start

    def _await_server(self) -> None:
        if not self._ready.wait(START):
            told = (
                f"It has not returned: after {START:g} s it is still in {self.place}. Expected "
                "the asyncio.Server at once."
            )
            wrong = self.blocked(told)
            raise Wrong(told, wrong.misconception, None if wrong.misconception else NOT_BACK)
        if self._failure is not None:
            raise self._failure
        server, host = self._server, self._arguments[0]
        if not isinstance(server, asyncio.AbstractServer):
            raise Wrong(f"Expected an asyncio.Server, got {short(server)}.", hints=NO_SERVER)
        sockets = getattr(server, "sockets", ())
        if not sockets or not server.is_serving():
            raise Wrong("It returned a server that does not listen.", hints=NO_SERVER)
        self._address = sockets[0].getsockname()[:2]
        wanted = self._arguments[1]
        if self._address[0] != host or (wanted and self._address[1] != wanted):
            there = f"port {wanted}" if wanted else "a free port"
            raise Wrong(
                f"It was to listen on {host}, {there}, and listens on {self._address[0]}, port "
                f"{self._address[1]}.",
                hints=ELSEWHERE,
            )

    async def _start(self) -> None:
        try:
            result = self._function(*self._arguments)
            if not inspect.isawaitable(result):
                raise Wrong(
                    f"Expected a coroutine, as `async def` makes it; calling it gave "
                    f"{short(result)}."
                )
            self._server = await result
        except BaseException as error:
            self._failure = error
            if not isinstance(error, Exception):
                raise
        finally:
            self._ready.set()

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        self._loop = loop
        self._stage.loops.append(loop)
        try:
            loop.set_exception_handler(self._note)
            loop.set_task_factory(self._make_task)
            self._make_task(loop, self._start())
            loop.run_forever()
            if not self._stage.ended.is_set():
                end_gently(loop, self._server)
        finally:
            clear_away(loop, self._server)

    def _make_task(self, loop: Any, coroutine: Coroutine, **options: Any) -> asyncio.Task:
        task = asyncio.Task(coroutine, loop=loop, **options)
        self._tasks.append(task)
        return task

    def _note(self, _: Any, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            self._errors.append(error)


def _belief_of(error: BaseException) -> Misconception | None:
    return getattr(error, "misconception", None)


NOT_BACK = (
    "What does your function wait for, and who is to serve the clients meanwhile?",
    "Once a server is started, the loop serves its clients by itself as long as it runs.",
    "Return what the call that starts the server gives you; to wait for its end is the caller's.",
)
NO_SERVER = (
    "What does your function return, and is it still open then?",
    "The caller gets the server, asks it for its port, and closes it one day.",
    "Return the object that asyncio gives you when it starts to listen, as it is: without a "
    "`with` round it, and without closing it.",
)
ELSEWHERE = (
    "What do host and port say?",
    "They are where the server listens: nowhere else, and port 0 is any free one.",
    "Hand both on, as they are, to what starts the server.",
)
