"""The case of `threaded_echo` with fifty clients that fall silent."""

from __future__ import annotations

import random

from helpers.chapters.chapter_08 import _echo_hints as hints
from helpers.chapters.chapter_08._echo_talk import WAIT, echo, read
from helpers.chapters.chapter_08._standing import is_met, served, spins, standing
from helpers.chapters.chapter_08.beliefs import BACKLOG, CALLED, ONE_CORE
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.watched import Watched
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.learner_code import frames_of_all_threads

MANY = 50  # clients
SETTLE = 0.05  # seconds
AFTER = 0.3  # seconds for one that has waited already, when another has gone

# What keeps the second client from its echo, by where the server's threads stand.
ONE_AT_A_TIME: dict[str, tuple[Misconception, Hints | None]] = {
    "called": (CALLED, None),
    "run": (BACKLOG, hints.RUNS),
    "join": (BACKLOG, hints.JOINS),
    "lock": (BACKLOG, hints.LOCKED),
    "same": (BACKLOG, hints.SAME_THREAD),
}


@served()
def many(server: Watched, stage: Stage) -> None:
    """Fifty clients say a word each and then nothing; one more comes; then all go."""
    clients = _come(server)
    working = _threads(server)
    if working < MANY * 0.8:  # a thread of the notebook's own may have ended meanwhile
        raise Wrong(
            f"{MANY + 1} clients are served, by no more than {max(working, 1)} threads. Expected a "
            "thread for each.",
            hints=hints.NOT_ITS_OWN,
        )
    _go_on_after(server, stage, clients)
    for client in clients:
        client.close()
    _leave(server, stage)


def _come(server: Watched) -> list[PeerSocket]:
    """Fifty-one clients, each of which says a word and has its echo."""
    clients: list[PeerSocket] = []
    for number in range(1, MANY + 2):
        try:
            client = server.client(WAIT)
        except Wrong as wrong:
            raise Wrong(str(wrong), hints=hints.RETURNED) from None
        try:
            echo(server, client, b"client %d" % number)
        except Wrong as wrong:
            held_up = standing(server)
            client.settimeout(AFTER)
            raise rationed(server, clients, client, number, wrong, held_up) from None
        clients.append(client)
    return clients


def _threads(server: Watched) -> int:
    """How many threads there are now beyond those of the time before the function began."""
    return len(frames_of_all_threads()) - server.threads_before


def rationed(
    server: Watched,
    served: list[PeerSocket],
    client: PeerSocket,
    number: int,
    wrong: Wrong,
    held_up: str,
) -> Wrong:
    """What a client that waits in vain among those that are served says about the server."""
    if not served or not server.server.running or wrong.hints:
        return wrong
    if "in vain" not in str(wrong):
        return Wrong(f"Client {number} was turned away. {wrong}", hints=hints.TURNED_AWAY)
    for other in served:
        other.close()
    try:
        got = read(server, client, 1)
    except (Silence, ConnectionError):
        got = b""
    if not got:
        return wrong
    if len(served) == 1:
        told = (
            "One client had its answer and then said nothing. A second one was connected, and got "
            "its answer only when the first had gone: your server serves one after another."
        )
        belief, cause = ONE_AT_A_TIME.get(held_up, (BACKLOG, None))
        return Wrong(told, belief, cause)
    told = (
        f"{len(served)} clients had their answers and then said nothing. Client {number} was "
        "connected, and got its own only when the others had gone: your server serves "
        f"{len(served)} at a time."
    )
    return Wrong(told, ONE_CORE, hints.RATIONED)


def _go_on_after(server: Watched, stage: Stage, clients: list[PeerSocket]) -> None:
    """Ten clients speak again after a silence, and one more comes."""
    sockets = [server.server._socket, *server.open_connections()]
    listeners, *others = [sock.gettimeout() or 0.0 for sock in sockets]
    if listeners or any(others):
        stage.time_out()
    try:
        for client in random.Random(7).sample(clients, 10):
            echo(server, client, b"still here")
    except Wrong as wrong:
        cause = hints.OWN_TIMEOUT if any(others) else hints.NOT_ITS_CONNECTION
        raise Wrong(str(wrong), wrong.misconception, wrong.hints or cause) from None
    try:
        clients.append(server.client(WAIT))
        echo(server, clients[-1], b"a late one")
    except (Wrong, OSError) as error:
        if not listeners:
            raise
        told = f"After a silence nobody else can come. {error}"
        raise Wrong(told, hints=hints.LISTENER_TIMEOUT) from None


def _leave(server: Watched, stage: Stage) -> None:
    """Expect that all connections are closed, now that all clients have gone, and threads ended."""
    if not is_met(server, lambda: not server.open_connections(), WAIT):
        raise Wrong(
            f"{MANY + 2} clients have closed their connections, and "
            f"{len(server.open_connections())} of them are still open in your server.",
            hints=hints.CLOSE,
        )
    if not is_met(server, lambda: _threads(server) <= MANY * 0.4, WAIT):
        raise Wrong(
            f"All clients have gone, and {_threads(server)} threads are still there. Expected each "
            "to end with its client.",
            hints=hints.STAYS,
        )


@served()
def rest(server: Watched, stage: Stage) -> None:
    """Twelve clients say nothing: their server has nothing to do."""
    clients = [server.client(WAIT) for _ in range(12)]
    for client in clients:
        echo(server, client, b"good night")
    server.settle(SETTLE)
    if spins(server.server._threads):
        raise Wrong(
            f"{len(clients)} clients say nothing, and your server's threads keep a processor busy "
            "all the time.",
            hints=hints.SPINS,
        )
