"""The cases of `tally_server`: clients that count one device together, and difficult ones."""

from __future__ import annotations

import contextlib
import functools
import inspect
import socket
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from helpers.chapters.chapter_08 import _tally_hints as hints
from helpers.chapters.chapter_08._echo import daemons_of, ends_with_its_listener
from helpers.chapters.chapter_08._echo_hints import CLOSE_AFTER_RESET, GONE_LISTENER
from helpers.chapters.chapter_08._echo_many import ONE_AT_A_TIME, rationed
from helpers.chapters.chapter_08._echo_talk import WAIT, look
from helpers.chapters.chapter_08._lines import Talker, pieces
from helpers.chapters.chapter_08._standing import is_met, rests, served, standing
from helpers.chapters.chapter_08._tally_talk import counted, hear, talker, told
from helpers.chapters.chapter_08._totals import SlowTotals
from helpers.chapters.chapter_08.beliefs import GIL, GOODBYE, HOLDING, LOCK_EACH
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.values import short
from helpers.checks.watched import Watched
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.servers.server_function import check_function
from helpers.servers.waiting import WRITE

SILENT = 40  # clients
TWENTY = 20
LONG = "x" * 900  # a name whose answers fill buffers soon
MUCH = 4_000_000  # bytes that a client sends without reading
SMALL = 16_384  # bytes, of the system's buffers that are to be full soon

Totals = MutableMapping[str, int]


def tallied(
    make: Callable[[], Totals] = dict, send_buffer: int | None = None
) -> Callable[[Callable[[Watched, Totals], None]], Callable[[Callable, Stage], None]]:
    """Make a case of a function that gets the learner's server at work, and what it counts in.

    Args:
        make: gives the mapping.
        send_buffer: bytes of the system's send buffer of each connection; None for the usual.
    """

    def wrap(run: Callable[[Watched, Totals], None]) -> Callable[[Callable, Stage], None]:
        @functools.wraps(run)
        def case(function: Callable, stage: Stage) -> None:
            if not callable(function) or inspect.isgeneratorfunction(function):
                check_function(function)
            totals = make()

            @functools.wraps(function)
            def serve(listener: socket.socket) -> Any:
                return function(listener, totals)

            serve.__signature__ = inspect.signature(lambda listener: None)

            @functools.wraps(run)
            def tried(server: Watched, stage: Stage) -> None:
                run(server, totals)

            served(send_buffer)(tried)(serve, stage)

        del case.__wrapped__  # its arguments are others
        return case

    return wrap


@tallied(lambda: {"lamp": 41})
def line_by_line(server: Watched, totals: Totals) -> None:
    """One client, some names, in pieces; at last half a line."""
    client = talker(server)
    client.say(b"lamp\n")
    got = told(server, client, "lamp")
    if got != 42:
        raise Wrong(
            "`totals` was {'lamp': 41}, and a client sent b'lamp\\n'. Expected the count 42, got "
            f"{got}.",
            hints=(hints.KEYS if b"lamp" in totals else hints.OWN_COUNTS) if got == 1 else None,
        )
    try:
        counted(server, client, "door", 1)
    except Wrong as wrong:
        if standing(server) != "lock":
            raise
        raise Wrong(str(wrong), hints=hints.GIVE_BACK) from None
    _in_pieces(server, client)
    client.say(b"half a na")
    client.end()
    _expect_end(server, client)
    expected = {"lamp": 44, "door": 2, "Küche 2": 1}
    if any(isinstance(key, bytes) for key in totals):
        raise Wrong(f"Expected {expected} in `totals`, found {short(totals)}.", hints=hints.KEYS)
    if dict(totals) != expected:
        half = any("half" in str(key) for key in totals)
        raise Wrong(
            f"The client ended with half a line. Expected {expected} in `totals`, found "
            f"{short(dict(totals), 80)}.",
            hints=hints.HALF if half else None,
        )


def _in_pieces(server: Watched, client: Talker) -> None:
    """Three lines whose pieces end anywhere, one of them inside a character."""
    data = "lamp\ndoor\nlamp\nKüche 2\n".encode()
    try:
        for piece in pieces(data, 2, 12, 17, data.index("ü".encode()) + 1):
            client.say(piece)
            server.settle(0.02)
        for name, count in (("lamp", 43), ("door", 2), ("lamp", 44), ("Küche 2", 1)):
            got = told(server, client, name)
            if got != count:
                raise Wrong(f"Expected `{name} {count}`, got the count {got}.")
    except Wrong as wrong:
        problem = f"A client sent {short(data, 60)} in pieces. {wrong}"
        cause = hints.PIECES if wrong.hints in (None, hints.NAME) else wrong.hints
        raise Wrong(problem, wrong.misconception, cause) from None


def _expect_end(server: Watched, client: Talker) -> None:
    try:
        line = hear(server, client, "the end of the server's side", is_served=True)
    except Wrong as wrong:
        if "ended" in str(wrong):
            return
        if client.half or wrong.hints:
            raise
        problem = f"A client has ended its side and has its answers. {wrong}"
        raise Wrong(problem, hints=hints.CLOSE) from None
    raise Wrong(
        f"A client sent b'half a na' and ended its side. Expected no answer, got {short(line)}.",
        hints=hints.HALF,
    )


@tallied(SlowTotals)
def at_once(server: Watched, totals: SlowTotals) -> None:
    """Twenty clients name the same device at the same moment."""
    with totals.threads_that_linger():
        clients = [talker(server) for _ in range(TWENTY)]
        totals.server = server
        for client in clients:
            client.say(b"lamp\n")
        counts = []
        for client in clients:
            try:
                counts.append(told(server, client, "lamp"))
            except Wrong as wrong:
                raise _held_up(server, wrong) from None
    every = f"{TWENTY} clients sent b'lamp\\n' at the same moment"
    final = totals.get("lamp", 0)
    each_once = sorted(counts) == list(range(1, TWENTY + 1))
    if final < TWENTY and each_once:
        raise Wrong(
            f"{every}, and were told the counts from 1 to 20. Found {final} in `totals`.",
            hints=hints.OWN_COUNTS,
        )
    if final < TWENTY:
        belief, cause = _of_the_lock(totals)
        lost = "1 update was" if final == TWENTY - 1 else f"{TWENTY - final} updates were"
        problem = f"{every}. Expected 20 in `totals`, found {final}: {lost} lost."
        raise Wrong(problem, belief, cause)
    if not each_once:
        raise Wrong(
            f"{every}, and `totals` has {final}. Expected that each is told another count from 1 "
            f"to 20, got {short(sorted(counts), 80)}.",
            hints=hints.TOLD_LATER,
        )


def _of_the_lock(totals: SlowTotals) -> tuple[Misconception | None, Hints]:
    """The belief behind a lost update, by the locks that were in hand."""
    first, second, *_ = [*totals.together, [], []]
    shared = any(one is other for one in first for other in second)
    if not shared and (totals.makes_locks or (first and second)):
        return LOCK_EACH, hints.EACH
    if totals.locked_writes:
        return None, hints.ONLY_WRITE
    return GIL, hints.GAP


def _held_up(server: Watched, wrong: Wrong) -> Wrong:
    """What to say where one of several clients has waited in vain."""
    if wrong.hints or "in vain" not in str(wrong):
        return wrong
    belief, cause = ONE_AT_A_TIME.get(standing(server), (None, None))
    return Wrong(str(wrong), belief, cause)


@tallied()
def silent(server: Watched, totals: Totals) -> None:
    """Forty clients name a device each and fall silent; one more comes; all go."""
    clients: list[PeerSocket] = []
    for number in range(1, SILENT + 2):
        client = talker(server)
        try:
            counted(server, client, f"device {number}", 1)
        except Wrong as wrong:
            held_up = standing(server)
            client.sock.settimeout(0.3)
            raise rationed(server, clients, client.sock, number, wrong, held_up) from None
        clients.append(client.sock)
    for client in clients:
        client.close()
    if not is_met(server, lambda: not server.open_connections(), WAIT):
        raise Wrong(
            f"{len(clients)} clients have gone, and {len(server.open_connections())} of their "
            "connections are still open in your server.",
            hints=hints.CLOSE,
        )


@tallied(send_buffer=SMALL)
def deaf(server: Watched, totals: Totals) -> None:
    """One client sends many lines and reads no answer; another one counts on; the first reads."""
    deaf, other = talker(server), talker(server)
    try:
        counted(server, deaf, "door", 1)
        counted(server, other, "lamp", 1)
    except Wrong as wrong:
        raise _held_up(server, wrong) from None
    deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    line = f"{LONG}\n".encode()
    sent = _fill(server, deaf.sock, line)
    try:
        for count in (2, 3, 4):
            counted(server, other, "lamp", count)
        counted(server, talker(server), "window", 1)
        is_full = False
        while not is_full:
            more = _fill(server, deaf.sock, line, sent)
            # Also then: a server that had lines left to read may have got stuck in the meantime.
            is_full, sent, count = more == sent, more, count + 1
            counted(server, other, "lamp", count)
    except Wrong as wrong:
        if wrong.hints or "in vain" not in str(wrong):
            raise
        is_locked = standing(server) == "lock"
        problem = f"One client reads none of its answers. {wrong}"
        if is_locked:  # the line that accepts is not to blame
            waited = problem.partition("; your server was in ")[0].rstrip(".")
            problem = f"{waited}, while a thread of your server waited for a lock."
        raise Wrong(
            problem,
            HOLDING if is_locked else None,
            hints.WHILE_SENDING if is_locked else hints.CHAIN,
        ) from None
    lines = sent // len(line)
    for expected in range(1, lines + 1):
        got = told(server, deaf, LONG)
        if got != expected:
            raise Wrong(
                f"A client sent {lines} lines with one name before it read its answers. Expected "
                f"the counts in order; after {expected - 1} came {got}.",
                hints=hints.NOT_IN_ORDER,
            )


def _fill(server: Watched, client: PeerSocket, line: bytes, sent: int = 0) -> int:
    """Send this line again and again until nothing more is taken and the server rests.

    Args:
        server: the learner's.
        client: sends.
        line: what it sends.
        sent: how many bytes it has sent so before.

    Returns:
        How many bytes it has sent so in all.
    """
    quiet, end = 0, time.monotonic() + WAIT
    client.settimeout(0.0)
    while sent < MUCH and time.monotonic() < end:
        try:
            sent += client.send(line[sent % len(line) :])
            quiet = 0
        except BlockingIOError:
            quiet += 1
            if quiet >= (10 if _is_stuck(server) else 150) and rests(server):
                break
            time.sleep(0.002)
        except ConnectionError:
            break
    client.settimeout(WAIT)
    return sent


def _is_stuck(server: Watched) -> bool:
    """Whether a thread of the server waits until a client takes more.

    If none does, the system may only let a full connection rest, for a fifth of a second.
    """
    return any(event == WRITE for _, event in list(server.server._owner.parked.values()))


@tallied()
def resets(server: Watched, totals: Totals) -> None:
    """Two clients reset, one in the middle of a line; another goes on, and one more comes."""
    tidy = talker(server)
    counted(server, tidy, "door", 1)
    tidy.sock.close()
    if not is_met(server, lambda: not server.open_connections(), WAIT):
        raise Wrong(
            "A client has ended its side, and its connection is still open in your server.",
            hints=hints.CLOSE,
        )
    first, second, third = (talker(server) for _ in range(3))
    for count, client in enumerate((first, second, third), start=1):
        try:
            counted(server, client, "lamp", count)
        except Wrong as wrong:
            raise _held_up(server, wrong) from None
    first.say(b"door\n" * 400)
    first.vanish()
    second.say(b"half a na")
    second.vanish()
    try:
        counted(server, third, "lamp", 4)
        server.settle(0.2)
        counted(server, talker(server), "lamp", 5)
    except (Wrong, OSError) as error:
        look(server)
        if server.closed_listener or server.server._socket.fileno() < 0:
            problem = "Two clients have reset, and nobody else can come: the listener is closed."
            raise Wrong(problem, hints=GONE_LISTENER) from None
        raise error from None
    if not is_met(server, lambda: len(server.open_connections()) <= 2, WAIT):
        raise Wrong(
            "Two clients have reset their connections, and your server still holds "
            f"{len(server.open_connections()) - 2} of them open.",
            GOODBYE,
            CLOSE_AFTER_RESET,
        )


@tallied()
def closed(server: Watched, totals: Totals) -> None:
    """The listener is closed while a client is connected; then that client goes, too."""
    started = daemons_of(server)
    client = talker(server)
    counted(server, client, "lamp", 1)
    with contextlib.suppress(ConnectionError):
        ends_with_its_listener(server, client.sock, started)
