"""What one case works with: its peers, their sockets and one trace of all that passed."""

from __future__ import annotations

import contextlib
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from helpers.checks.closing import ENOUGH, Closed, close_listener
from helpers.checks.ending import Ending
from helpers.checks.peers import PATIENCE, PEER, PeerSocket, Script, Silence
from helpers.checks.results import taken
from helpers.checks.time_out import time_out
from helpers.checks.wrong import Wrong
from helpers.servers.ending import end_threads
from helpers.servers.owner import READ, WRITE, Owner, ServerStopped
from helpers.servers.server_output import Household, join_household
from helpers.servers.servers import Server, run_server
from helpers.trace.closes import OWN, PEERS, expect_close, forget_closes
from helpers.trace.trace import Trace

__all__ = ["PATIENCE", "PEER", "YOU", "PeerSocket", "Script", "Silence", "Stage"]

YOU = "you"  # the learner's side in the trace

Entered = TypeVar("Entered")


class _Peers(Owner):
    """The owner of all sockets that a stage has made itself."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("peer", stage.trace)
        self.peer_name = stage.name_of


class Stage:
    """The peers of one case. It owns all that it makes, and `close` (the runner's) closes it.

    What a case needs of the learner's side, too: `time_out` lets the timeouts that it has brought
    along run out, `close_listener` ends a server as its caller may.

    Args:
        household: keeps what the case's threads print, and counts those that they start.

    Attributes:
        trace: all that passed in this case, as the check's own ends saw it. The learner's side
            is called "you".
        ended: set when the case is over; every pause ends then.
        early: ends waits of the learner's code outside of servers, for `time_out`.
        loops: of asyncio, that run the learner's code; who starts one for it adds it here.
        set_clock: called with whole seconds, it lets the wall clock (`time.time`, `time_ns`) that
            the case's threads read be so many fast, or slow; the runner gives it, and puts the
            clock right when the case is over.
    """

    def __init__(self, household: Household | None = None) -> None:
        self.trace = Trace()
        self.ended: Ending = getattr(household, "ended", None) or Ending()
        self.servers: list[Server] = []  # the learner's
        self.peers: list[Server] = []  # the check's own
        self.scripts: list[Script] = []
        self.household = household
        self._owner = _Peers(self)
        self.early = self._owner.early
        if household is not None:
            household.early = self.early  # type: ignore[attr-defined]
        self.loops: list[Any] = []
        self._entered = contextlib.ExitStack()
        self._sockets: list[PeerSocket] = []  # held: one that a case drops must stay open
        self._names: dict[Any, str] = {}
        self._note = ""
        self._clients = self._strangers = 0
        self._lock = threading.Lock()
        self.still_open: Callable[[], list[str]] = list  # what the runner knows about sockets
        self.set_clock: Callable[[float], None] = lambda seconds: None  # the runner's
        self.asks_async = True
        self.attempt: Any = None  # the runner's, for a case that calls the function in threads

    # Peers

    def serve(self, serve: Callable[[socket.socket], None], kind: str = "tcp") -> Server:
        """Run the check's own peer: a plain blocking server function, as `run_server` takes it.

        What passes over its sockets is recorded, the server as "server", its clients as "you".
        An error of its own is the case's error; one of a broken connection is not.
        """
        server = self._run(serve, kind)
        server._owner.trace = self.trace
        server._owner.peer_name = self.name_of
        self.peers.append(server)
        return server

    def run(self, function: Callable[[socket.socket], None], kind: str = "tcp") -> Server:
        """Run the learner's server function.

        Its error, unless it comes from being stopped, is the case's error. Its clients, of
        `client`, are what is recorded.
        """
        server = self._run(function, kind)
        if take_prints_of := getattr(self.household, "take_prints_of", None):
            take_prints_of(server)
        self._names[server._address] = YOU
        self.servers.append(server)
        return server

    def client(
        self,
        server: Server | tuple[str, int],
        timeout: float | None = PATIENCE,
        name: str = "",
    ) -> PeerSocket:
        """A connected client of the learner's server, recorded as "client", "client 2" and so on.

        Args:
            server: the learner's, or its address.
            timeout: seconds that each of its calls may wait, as `settimeout` takes it.
            name: in the trace, in place of "client" and its number.

        Raises:
            Wrong: where nobody listens any more.
            ServerCrashed: where the server's function has failed.
            Silence: later, from its calls, when it has waited for `timeout` in vain.
        """
        address = server.address if isinstance(server, Server) else server
        try:
            plain = socket.create_connection(address, timeout)
        except OSError as error:
            self._explain_refusal(server, error)
            raise
        with self._lock:
            self._clients += 1
            name = name or ("client" if self._clients == 1 else f"client {self._clients}")
        expect_close(self.trace, PEERS, plain.getsockname(), YOU, name)
        sock = self._adopt(plain, name, address)
        sock.server = server if isinstance(server, Server) else None
        sock.settimeout(timeout)
        sock._record("connect")
        return sock

    def connection(self, peer: str = "peer") -> tuple[PeerSocket, PeerSocket]:
        """A connected TCP pair: the learner's function gets the first, the check has the second.

        What the check's end sends and receives is recorded, under the name `peer`.
        """
        with socket.create_server(("127.0.0.1", 0)) as listener:
            mine = socket.create_connection(listener.getsockname(), PATIENCE)
            other, _ = listener.accept()
        for each in (mine, other):
            each.settimeout(None)
        self._names[mine.getsockname()] = YOU
        self._names[other.getsockname()] = peer
        expect_close(self.trace, OWN, mine.getsockname(), YOU, peer)
        address = mine.getsockname()
        return self._adopt(mine, "", other.getsockname()), self._adopt(other, peer, address)

    def socket_udp(self, name: str) -> PeerSocket:
        """A UDP socket bound to a free port of 127.0.0.1, recorded under a name.

        The one named "you", for the learner's function, is not recorded: the others are.
        """
        plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        plain.settimeout(None)
        plain.bind(("127.0.0.1", 0))
        self._names[plain.getsockname()] = name
        return self._adopt(plain, "" if name == YOU else name)

    def script(self, function: Callable[..., Any], *args: Any) -> Script:
        """Run a part of the peer beside the learner's function, in a thread.

        Its error is the case's, except that of a connection which the learner's side has ended.
        """
        script = Script(function, args)
        if self.household is not None:
            join_household(script, self.household)
        self.scripts.append(script)
        script.start()
        return script

    def enter(self, context: contextlib.AbstractContextManager[Entered]) -> Entered:
        """Enter a context, as a Link, that is left when the case is over."""
        return self._entered.enter_context(context)

    # The learner's function

    def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call the learner's function and take its result to the end.

        Returns:
            What it returns; of a generator or another iterator its items, as a list; of a
            coroutine its result, from a loop of its own in this thread.

        Raises:
            Wrong: for a generator that gives more than 100,000 items.
        """
        return taken(function(*args, **options), self.asks_async)

    def opened(self) -> list[str]:
        """The sockets that the learner's code has opened and not closed, each in a few words."""
        return self.still_open()

    def close_listener(self, server: Server, seconds: float = ENOUGH) -> Closed:
        """Close the listener of the learner's server, as its caller may, and see what it does.

        The call of `accept` that waits, and each later one, raises OSError with EBADF ("Bad file
        descriptor"), as Python's sockets do. A function that waits in a selector is woken as well;
        one that looks at the listener finds it closed. Clients stay as they are.

        Args:
            server: a TCP server, as `run` returns it.
            seconds: to wait for the function's end, at the most; less where it calls `accept`
                on and on.

        Returns:
            What the function did: `returned`, `spins`, `accepts`, `place`, and `error`, with which
            it has ended; whether it may end with one is for the case to say.

        Raises:
            Wrong: where the function had returned before.
            ServerCrashed: where it had failed.
        """
        return close_listener(server, seconds)

    # Time and words

    def time_out(self) -> int:
        """Let the timeouts that the learner's code has brought along run out now.

        First the servers get a moment to come to where they wait; where the function runs in the
        case's thread (this is called by a script then), a moment is left for it to begin to wait.
        Then each wait of the learner's code that has a timeout ends as if that had run out, once.
        It ends its wait the usual way: with TimeoutError, an empty list, a task that is cancelled.
        What the program does then, it has done when this returns, if that takes no longer than a
        moment (0.3 s). A right program that looks from time to time is not harmed.

        It ends waits on the sockets of `run`, `connection` and `socket_udp` (`settimeout`), in
        `select.select`, `select.poll` and selectors, and timers of an asyncio loop (`wait_for`,
        `timeout`, `sleep`, `call_later`). It leaves alone what waits without a timeout, the
        check's own peers, sockets that the function has opened itself, and what takes its time
        from elsewhere: `time.sleep`, `Event.wait`, `Queue.get`, `Thread.join`.

        Returns:
            How many waits it has ended; of a loop how many timers. 0 where nobody waits with a
            timeout within a moment.
        """
        return time_out(self)

    def pause(self, seconds: float = 0.05) -> None:
        """Wait between two pieces, so that they arrive apart; ends with the case."""
        if self.ended.wait(seconds):
            raise ServerStopped

    def note(self, text: str) -> None:
        """Say what the peer does now: a function that hangs is told so, after its line.

        Args:
            text: as "the peer had sent everything and was waiting for you".
        """
        self._note = text

    def again(self) -> None:
        """Forget what has passed: the case tries a second time, and only that is recorded."""
        for server in self.peers:
            server._owner.trace = Trace(limit=0)
        self.trace.clear()
        with self._lock:
            self._clients = self._strangers = 0

    def situation(self) -> str:
        """What the peer was doing, as a part of a sentence; empty where nothing is known."""
        if self._note:
            return self._note
        events = self.trace.events
        theirs = [event for event in events if event.target == YOU and event.source != YOU]
        peer = f"the {theirs[-1].source}" if theirs else "the peer"
        waits = self._waits()
        if any(event.kind in ("end", "close") for event in theirs):
            return f"{peer} had sent everything and ended its side"
        if WRITE in waits:
            return f"{peer} was sending and waited until you receive"
        if any(script.is_alive() for script in self.scripts) and READ not in waits:
            return ""
        said = any(event.kind in ("data", "datagram") for event in theirs)
        if said:
            return f"{peer} had sent everything and was waiting for you"
        return f"{peer} was waiting for you" if READ in waits else ""

    def name_of(self, address: Any) -> str:
        """A peer's name in the trace; whoever is not known is the learner's: "you", "you 2"."""
        with self._lock:
            key = address[:2] if isinstance(address, tuple) else address
            if key not in self._names:
                self._strangers += 1
                name = YOU if self._strangers == 1 else f"{YOU} {self._strangers}"
                self._names[key] = name
                expect_close(self.trace, OWN, key, name, "server")
            return self._names[key]

    # The end

    def stop(self) -> None:
        """The case is over: nothing more is recorded, and every wait of its threads ends."""
        quiet = Trace(limit=0)
        self._owner.trace = quiet
        for server in self.peers:
            server._owner.trace = quiet
        self.ended.set()
        self._owner.wake()

    def close_peers(self) -> None:
        """Let all clients of the learner's server leave, and all peers of its connections."""
        for sock in self._owner.open_sockets():
            with contextlib.suppress(OSError):
                sock._real_close()

    def end_threads(self) -> None:
        """Make every server's threads end, as far as they do within about 0.1 s each.

        Their sockets stay open: nothing wakes a selector that waits for one that is closed.
        """
        for server in (*self.servers, *self.peers):
            with contextlib.suppress(OSError):
                server._settle()
                end_threads(server._owner, server._threads, 0.1)

    def end_servers(self) -> None:
        """Stop every server; its errors from now on count for nothing."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the runner says which threads have not ended
            for server in (*self.servers, *self.peers):
                with contextlib.suppress(OSError):
                    server._end(0.1)
                server._take_crash()

    def close(self) -> None:
        """Stop every server and close every socket of this stage, within about half a second.

        No error of the learner's making gets out of it.
        """
        self.stop()
        forget_closes(self.trace)
        with contextlib.suppress(Exception):
            self._entered.close()
        self.end_servers()
        for script in self.scripts:
            script.join(0.1)
        self.close_peers()
        self._owner.close()

    def crashes(self) -> Iterator[tuple[bool, BaseException]]:
        """The errors of servers and scripts that nobody was told: (the learner's?, the error)."""
        for server in self.servers:
            if (crash := server._take_crash()) is not None:
                yield True, crash.__cause__
        errors = [crash.__cause__ for each in self.peers if (crash := each._take_crash())]
        errors += [script.error for script in self.scripts if script.error is not None]
        for error in errors:
            if isinstance(error, Wrong) or not isinstance(error, (ConnectionError, TimeoutError)):
                yield False, error

    # Inside

    def _run(self, function: Callable[[socket.socket], None], kind: str) -> Server:
        number = len(self.servers) + len(self.peers) + 1
        name = getattr(function, "__name__", type(function).__name__)
        return run_server(function, kind, name=f"{PEER}{name} {number}")

    def _adopt(self, plain: socket.socket, name: str, peer: Any = None) -> PeerSocket:
        sock = PeerSocket.adopt(plain, self._owner)
        self._sockets.append(sock)
        if sock.type == socket.SOCK_STREAM:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a piece goes at once
        sock.name, sock._peer = name, peer
        sock.may_end_early = not name
        return sock

    def _explain_refusal(self, server: Server | tuple, error: OSError) -> None:
        if not isinstance(server, Server):
            return
        server.settle(0.2)  # a function that fails or returns may need a moment to do so
        if not server.running:
            raise Wrong(
                "Your server function has returned, so nobody listens any more: it is to serve "
                "one client after another, for ever."
            ) from None

    def _waits(self) -> set[str]:
        """What the check's own threads wait for: READ, WRITE."""
        ours = {script.ident for script in self.scripts}
        waits = {event for ident, (_, event) in list(self._owner.parked.items()) if ident in ours}
        for server in self.peers:
            waits |= {event for _, event in list(server._owner.parked.values())}
        return waits
