"""A learner's server function, run in a thread that can be replaced, watched and stopped."""

from __future__ import annotations

import atexit
import concurrent.futures.thread  # noqa: F401 (its exit hook must be registered before ours)
import errno
import socket
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from helpers.exiting import ExitCalled, exit_ends_this_only
from helpers.learner_code import place_of
from helpers.servers.crashes import Crashes, ServerCrashed, show_crashes
from helpers.servers.ending import end_threads
from helpers.servers.listening import open_server_socket, reachable
from helpers.servers.names import free_name, numbered, which_cell
from helpers.servers.owner import Owner, ServerStopped
from helpers.servers.served_socket import ServedSocket
from helpers.servers.server_function import check_function
from helpers.servers.server_output import Log, join_household, route_output
from helpers.servers.settling import wait_until_settled
from helpers.trace.trace import Trace
from helpers.uninterrupted import uninterrupted

SHOWN = 20  # lines of a server's prints that the end of a `with` block shows
_running: dict[str, Server] = {}
_registry = threading.RLock()
_hooks: set[str] = set()


def run_server(
    serve: Callable[[socket.socket], None],
    kind: str = "tcp",
    host: str = "127.0.0.1",
    port: int = 0,
    name: str | None = None,
) -> Server:
    """Run `serve(sock)` in a thread; returns at once, with the socket ready for clients.

    Servers of the same name that an earlier cell has started are stopped first, so a cell can be
    run again. A second one of a cell's own gets a number: "echo", "echo 2".

    Args:
        serve: a function of one argument, the listening socket ("tcp") or the bound one
            ("udp"). It may block and loop for ever. When it ends, its socket is closed.
        kind: "tcp" or "udp".
        host: the address to listen on. Any other than this machine's own (127.0.0.0/8, ::1)
            gets a warning.
        port: 0 for any free port, or a port number.
        name: the server's name, by default that of the function.

    Returns:
        The running server. The caller stops it, by `stop()` or as a context manager. All
        sockets that it accepts are closed then.

    Raises:
        TypeError: when `serve` can't be called with one argument, or the port is no number.
        ValueError: for an unknown kind or a port out of range.
        OSError: when the port is taken, reserved, or the host is not one of this machine's.
    """
    check_function(serve)
    name = name or getattr(serve, "__name__", type(serve).__name__)
    route_output()
    _install_hooks()
    with uninterrupted(), _registry:
        cell = which_cell()
        known = [_running[each] for each in numbered(name, list(_running))]
        old = [each for each in known if cell is None or each._cell != cell]
        for each in old:
            if port and each._address[1] == port:
                _retire(each)
        sock = _open(kind, host, port)
        for each in old:
            _retire(each)
        name = free_name(name, _running)
        server = _running[name] = Server(serve, sock, kind, name)
        server._cell = cell
        return server


def stop_all(prefix: str = "") -> None:
    """Stop every server that still runs and whose name begins with the prefix."""
    for server in list(_running.values()):
        if server.name.startswith(prefix):
            server._end()


class Server:
    """A running server, as `run_server` returns it. As a context manager it stops at the end.

    Each use of it first raises ServerCrashed if its function has failed since the last use.
    """

    def __init__(self, serve: Callable[[Any], None], sock: socket.socket, kind: str, name: str):
        self.name = name
        self.kind = kind
        self._log = Log()
        self._cell: object = None  # the cell that has started it
        self._replaced = False
        self._address = reachable(sock.getsockname())
        self._owner = Owner("server", Trace())
        self.early = self._owner.early
        self._socket = ServedSocket.adopt(sock, self._owner)
        self._serve = serve
        self._crashes = Crashes(name)
        self._children: list[threading.Thread] = []
        self._main = threading.Thread(target=self._run, name=f"server {name}", daemon=True)
        join_household(self._main, self)
        self._main.start()

    @property
    def address(self) -> tuple[str, int]:
        """Where clients find it: (host, port), also for IPv6, as `create_connection` takes it.

        Raises:
            RuntimeError: where another server of its name has taken its place.
        """
        self._raise_crash()
        if self._replaced and self._address not in [each._address for each in _all()]:
            raise RuntimeError(
                f"nobody listens there: this server {self.name!r} was stopped when another of its "
                'name was started; give each a name of its own, as in run_server(echo, name="left")'
            )
        return self._address

    @property
    def log(self) -> Log:
        """What the server has printed, in order."""
        self._raise_crash()
        return self._log

    @property
    def trace(self) -> Trace:
        """What has passed over its sockets, as the server's side saw it."""
        self._raise_crash()
        return self._owner.trace

    @property
    def running(self) -> bool:
        """Whether its function is still at work."""
        self._raise_crash()
        return self._main.is_alive() and not self._owner.stopping

    @property
    def place(self) -> str:
        """The line that its function is in at this moment, as "line 4: `listener.accept()`"."""
        return place_of(self._main) if self._main.is_alive() else "no line: it has ended"

    def settle(self, timeout: float = 1.0) -> bool:
        """Wait until the server has dealt with all that has reached it; True if it has.

        Args:
            timeout: seconds to wait at the most, for a server that works on and on.
        """
        settled = wait_until_settled(self._owner, self._threads, timeout)
        self._raise_crash()
        return settled

    def show(self, most: int | None = None) -> None:
        """Print the lines that the server has printed and that were not shown yet.

        Args:
            most: how many of them; of the others it is said where they are. None for all.
        """
        lines = self._log.unseen()
        for line in lines[:most]:
            print(f"[{self.name}] {line}")
        if (rest := len(lines) - len(lines[:most])) > 0:
            print(f"[{self.name}] ... and {rest:,} lines more: its `log` has them")
        self._raise_crash()

    def stop(self, timeout: float = 2.0) -> None:
        """End the server: wake its threads, join them, close its socket and all it accepted.

        Args:
            timeout: seconds to wait at the most. A thread that is still at work then is named
                in a warning, with the line that it is in; its sockets are closed all the same.

        Raises:
            ServerCrashed: if its function has failed since the last use.
        """
        self._end(timeout)
        self._raise_crash()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        try:
            if error is None:
                wait_until_settled(self._owner, self._threads, 1.0)
        finally:
            self._end()
        if isinstance(error, OSError):
            self._crashes.add_note(f"Meanwhile the client met {type(error).__name__}: {error}")
        interrupted = isinstance(error, KeyboardInterrupt)
        self.show(SHOWN) if not interrupted else self._show_interrupted()

    def __repr__(self) -> str:
        state = "running" if self._main.is_alive() and not self._owner.stopping else "stopped"
        host, port = self._address
        return f"<Server {self.name!r}: {self.kind} on {host} port {port}, {state}>"

    def keep_output(self, text: str) -> None:
        """Take what one of this server's threads has printed."""
        self._log.write(text)

    def take_in(self, thread: threading.Thread) -> None:
        """Count a thread that one of this server's is about to start among its own."""
        run = thread.run

        def run_watched() -> None:
            try:
                with exit_ends_this_only():
                    run()
            except SystemExit as error:  # as in any thread of Python's, it ends in silence
                if isinstance(error, ExitCalled):
                    self._note_crash(error)
            except BaseException as error:
                self._note_crash(error)

        thread.run = run_watched
        thread.daemon = True  # it must not keep the kernel alive
        join_household(thread, self)
        self._children = [each for each in self._children if each.ident is None or each.is_alive()]
        self._children.append(thread)

    def _threads(self) -> list[threading.Thread]:
        return [thread for thread in (self._main, *self._children) if thread.is_alive()]

    def _run(self) -> None:
        """The main thread: as a process that ends closes its sockets, so does this."""
        failed = False
        try:
            with exit_ends_this_only():
                self._serve(self._socket)
        except ServerStopped:
            pass
        except BaseException as error:
            failed = True
            self._note_crash(error)
        finally:
            if not self._owner.stopping:
                self._socket.close()
                if failed or self._threads() == [self._main]:
                    self._owner.wake()  # a thread that waits on a socket holds it open
                    self._owner.close_sockets()

    def _note_crash(self, error: BaseException) -> None:
        if self._owner.closing and isinstance(error, (OSError, ValueError)):
            return  # its sockets were closed under it: no fault of the function
        self._crashes.note(error)

    def _show_interrupted(self) -> None:
        """Say in a line, in place of an error, what an interrupt of its client may have caused."""
        crash = self._take_crash()
        self.show(SHOWN)
        if crash is not None:
            error = crash.__cause__
            line = traceback.extract_tb(error.__traceback__)[-1].lineno
            print(
                f"[{self.name}] failed in line {line} with {type(error).__name__}: {error} "
                "(perhaps because the interrupt has ended its client)"
            )

    def _take_crash(self) -> ServerCrashed | None:
        """The failure that was not reported yet; from now on it has been."""
        return self._crashes.take()

    def _raise_crash(self) -> None:
        crash = self._take_crash()
        if crash is not None:
            raise crash

    def _settle(self) -> None:
        # A failure closes the connections before it is noted: let the thread get that far.
        wait_until_settled(self._owner, self._threads, 0.1)

    def _end(self, timeout: float = 2.0) -> None:
        with uninterrupted():
            self._settle()
            try:
                for thread in end_threads(self._owner, self._threads, timeout):
                    warnings.warn(
                        f"the server {self.name!r} was stopped and its sockets are closed, but its "
                        f"thread {thread.name!r} does not end: it is still in {place_of(thread)}",
                        RuntimeWarning,
                        stacklevel=3,
                    )
            finally:
                self._owner.close()
                with _registry:
                    if _running.get(self.name) is self:
                        del _running[self.name]


def _all() -> list[Server]:
    return list(_running.values())


def _open(kind: str, host: str, port: int) -> socket.socket:
    try:
        return open_server_socket(kind, host, port)
    except OSError as error:
        mine = [each.name for each in _running.values() if port and each._address[1] == port]
        if error.errno == errno.EADDRINUSE and mine:
            raise OSError(
                errno.EADDRINUSE,
                f"port {port} is held by your own server {mine[0]!r}: stop that one first, "
                "or leave the port out",
            ) from None
        raise


def _retire(server: Server) -> None:
    """Stop a server that another replaces, and show its failure if nobody saw it."""
    server._end()
    server._replaced = True
    crash = server._take_crash()
    if crash is not None:
        print(
            f"The server {server.name!r}, which is now replaced, had failed:",
            file=sys.stderr,
        )
        traceback.print_exception(crash.__cause__)


def _install_hooks() -> None:
    """Once in a process: show failures after each notebook cell, stop servers at its end."""
    if "exit" not in _hooks:
        _hooks.add("exit")
        # Pools' threads are joined at exit before `atexit` runs; servers must have ended then.
        getattr(threading, "_register_atexit", atexit.register)(_stop_at_exit)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and "cell" not in _hooks:
        _hooks.add("cell")
        shell.events.register("post_run_cell", lambda result=None: show_crashes(shell))


def _stop_at_exit() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a thread that would not end does so with the process
        for server in list(_running.values()):
            server._end(0.5)
