"""Clients of the telemetry server that a learner has written, in chapter 07."""

from __future__ import annotations

from collections.abc import Callable

from helpers.chapters.chapter_07._lines import Talker
from helpers.chapters.chapter_07.beliefs import BLOCKING
from helpers.checks.loops import LoopServer
from helpers.checks.stage import Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

WAIT = 1.4  # seconds that a client waits for an answer: long, on any machine


def started(function: Callable, stage: Stage, port: int = 0) -> LoopServer:
    """The learner's server at work."""
    return LoopServer(function, stage, BLOCKING, port=port)


def talker(server: LoopServer) -> Talker:
    """A new client."""
    return Talker(server.client(WAIT))


def hear(server: LoopServer, client: Talker, sent: str) -> bytes:
    """The next answer.

    Args:
        sent: what it is expected for, as a part of a sentence.

    Raises:
        Wrong: where none comes.
    """
    try:
        got = client.hear()
    except Silence as silence:
        half = f" Only {short(client.half)} came, without a newline." if client.half else ""
        raise server.blocked(f"The {client.name} expected {sent}.{half} {silence}") from None
    if got is None:
        raise Wrong(f"The {client.name} expected {sent}, and its connection had ended.")
    return got


def expect(server: LoopServer, client: Talker, line: bytes, answer: bytes) -> None:
    """Expect this answer to a line that was sent."""
    got = hear(server, client, f"{short(answer)} for {short(line)}")
    if got != answer:
        told = f"For the line {short(line)} the {client.name} expected {short(answer)}"
        raise Wrong(f"{told}, got {short(got)}.")


def ask(server: LoopServer, client: Talker, line: bytes, answer: bytes) -> None:
    """Send a line, and expect this answer to it."""
    client.say(line)
    expect(server, client, line, answer)


def until_the_end(server: LoopServer, client: Talker) -> None:
    """Expect that a client that has ended its side hears no more counts, and the end."""
    try:
        while (got := client.hear()) is not None:
            if got != b"error\n":
                raise Wrong(
                    f"The {client.name} had ended its side, and got {short(got)}. What came "
                    "without a newline is no line: nobody knows whether b'lamp 2' was to be 2 or "
                    "21.5.",
                    hints=NOT_WHOLE,
                )
    except Silence as silence:
        told = f"The {client.name} has ended its side, and its connection was to be closed."
        wrong = server.blocked(f"{told} {silence}")
        raise Wrong(str(wrong), wrong.misconception, None if wrong.misconception else END) from None


NOT_WHOLE: Hints = (
    "What does your code take for a line when the stream ends?",
    "A line is whole when its newline has come. What is left at the end of a stream is none.",
    "Look whether what you have read ends with the newline, before you look at anything else.",
)
END: Hints = (
    "What does your code do when the client has ended its side?",
    "Reading gives b'' then, or an error that says that the rest will not come.",
    "Leave the loop of that client then, and close its connection on every way out.",
)
