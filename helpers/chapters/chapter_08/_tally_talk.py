"""A client of `tally_server` that sends a device's name and is told its count."""

from __future__ import annotations

from helpers.chapters.chapter_08 import _tally_hints as hints
from helpers.chapters.chapter_08._echo_hints import NOT_STARTED
from helpers.chapters.chapter_08._echo_talk import SOON, WAIT, look
from helpers.chapters.chapter_08._lines import Talker
from helpers.chapters.chapter_08._standing import patiently, standing, the
from helpers.checks.stage import Silence
from helpers.checks.values import short
from helpers.checks.watched import Watched
from helpers.checks.wrong import Hints, Wrong


def talker(server: Watched) -> Talker:
    """A client that has connected."""
    return Talker(server.client(WAIT))


def counted(server: Watched, client: Talker, name: str, expected: int) -> None:
    """Send a name, and be told this count."""
    line = f"{name}\n".encode()
    client.say(line)
    got = told(server, client, name)
    if got != expected:
        raise Wrong(
            f"{the(client.name, begins=True)} sent {short(line)}, and expected the count "
            f"{expected}. It was told {got}."
        )


def told(server: Watched, client: Talker, name: str) -> int:
    """The count of the next answer, which must be one about this name."""
    line = hear(server, client, f"an answer about {name[:20]!r}")
    start = f"{name} ".encode()
    digits = line.removeprefix(start).removesuffix(b"\n")
    if not line.startswith(start) or not digits.isdigit():
        wanted = f"Expected the name {short(name.encode(), 30)}, a space, a count and a newline"
        raise Wrong(f"{wanted}, got {short(line)}.", hints=hints.NAME)
    return int(digits)


def hear(server: Watched, client: Talker, what: str, is_served: bool = False) -> bytes:
    """The next line.

    Args:
        server: the learner's.
        client: waits for it.
        what: it waits for, in words.
        is_served: whether it has been answered before.

    Raises:
        Wrong: where none comes.
    """
    try:
        line = patiently(server, client.sock, client.hear, SOON)
    except Silence as silence:
        look(server)
        if client.half:
            told = f"Of {what} came {short(client.half)}, without a newline. {silence}"
            raise Wrong(told, hints=hints.NEWLINE) from None
        told = f"{the(client.name, begins=True)} waited for {what}. {silence}"
        raise Wrong(told, hints=None if is_served else _why_silent(server)) from None
    if line is None:
        look(server)
        rest = f" after {short(client.half)}" if client.half else ""
        raise Wrong(
            f"{the(client.name, begins=True)} waited for {what}, and its connection ended{rest}."
        )
    return line


def _why_silent(server: Watched) -> Hints | None:
    alone = len(server.server._threads()) == 1 and server.server._main.is_alive()
    return NOT_STARTED if alone and server.accepted and not standing(server) else None
