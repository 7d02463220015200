"""The cases of `telemetry_server` about lines: cut anywhere, bad, or long."""

from __future__ import annotations

from collections.abc import Callable

from helpers.chapters.chapter_08._lines import Talker, pieces
from helpers.chapters.chapter_08._standing import the
from helpers.chapters.chapter_09 import _telemetry_hints as hints
from helpers.chapters.chapter_09._devices import ask, expect, hear, started, talker
from helpers.checks.loops import LoopServer
from helpers.checks.stage import Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

AFTER = 0.3  # seconds for what may come after a wrong answer

MIXED = b"door 1\nlamp 31\nnothing\nlamp 32\n\ndoor 2\n"
ANSWERS = (b"ok door 1\n", b"ok lamp 31\n", b"error\n", b"ok lamp 32\n", b"error\n", b"ok door 2\n")


def together(function: Callable, stage: Stage) -> None:
    """Lines in one segment, and lines cut anywhere."""
    with started(function, stage) as server:
        client = talker(server)
        readings = [b"lamp %d\n" % number for number in range(30)]
        answers = [b"ok lamp %d\n" % number for number in range(1, 31)]
        _in_order(server, client, readings, answers)
        _in_order(server, client, MIXED.splitlines(keepends=True), list(ANSWERS))
        line = "küche 21.5\n".encode()
        for piece in pieces(line + line, 1, 2, 9, len(line) - 1, len(line) + 2):
            client.say(piece)
            server.settle()
        expect(server, client, line, "ok küche 1\n".encode())
        expect(server, client, line, "ok küche 2\n".encode())


def _in_order(server: LoopServer, client: Talker, lines: list[bytes], answers: list[bytes]) -> None:
    """Send all these lines at once, and expect these answers in this order."""
    client.say(b"".join(lines))
    got: list[bytes] = []
    for line, answer in zip(lines, answers, strict=True):
        got.append(hear(server, client, f"{short(answer)} for {short(line)}"))
        if got[-1] == answer:
            continue
        told = f"For the line {short(line)} {the(client.name)} expected {short(answer)}"
        cause = _why_not(server, client, answers, got)
        raise Wrong(f"{told}, got {short(got[-1])}.", hints=cause)


def _why_not(
    server: LoopServer, client: Talker, answers: list[bytes], got: list[bytes]
) -> Hints | None:
    """What is wrong where the last of some answers is not the expected one."""
    expected = answers[len(got) - 1]
    client.sock.settimeout(AFTER)
    try:
        while len(got) < len(answers) and (more := client.hear()) is not None:
            got.append(more)
    except Silence:
        return hints.NO_ANSWER if expected == b"error\n" else hints.PIECES
    if sorted(got) == sorted(answers):
        return hints.ORDER
    return hints.PIECES if got[0] == b"error\n" else None


BAD = (
    b"lamp\n",
    b"lamp warm\n",
    b"\n",
    b"21.5\n",
    b"lamp nan\n",
    b"lamp -inf\n",
    b"lamp 1e999\n",
    b"lamp Infinity\n",
    b"lamp 21,5\n",
    b"lamp 0x15\n",
    b"lamp \xff\n",
    b"\xff\xfe 21.5\n",
    b"la\xffmp 21.5\n",
    b"lamp 21\xff.5\n",
    b"lamp 21.5 C\n",
)
NOT_FINITE = (b"nan", b"inf", b"Inf", b"1e999")


def bad(function: Callable, stage: Stage) -> None:
    """Bad lines, each between good ones."""
    with started(function, stage) as server:
        client = talker(server)
        ask(server, client, b"lamp 1\n", b"ok lamp 1\n")
        for count, line in enumerate(BAD, start=2):
            cause = hints.FINITE if any(each in line for each in NOT_FINITE) else hints.NO_READING
            cause = hints.UTF8 if b"\xff" in line else cause
            ask(server, client, line, b"error\n", cause)
            ask(server, client, b"lamp 1\n", b"ok lamp %d\n" % count, hints.BAD_COUNTED)


def long(function: Callable, stage: Stage) -> None:
    """Lines of 1,000 bytes and a little more, of 900, and of 300,000."""
    with started(function, stage) as server:
        client = talker(server)
        name = b"n" * 997
        line = name + b" 1\n"
        ask(server, client, line, b"ok " + name + b" 1\n", hints.LONG_ENOUGH)
        # 1,001 with the newline, and 1,000 without it, may be meant in two ways.
        ask(server, client, b"nn" + line, b"error\n", hints.TOO_LONG)
        name = b"n" * 890
        _one_answer(server, client, 1002, name + b" 1\n", b"ok " + name + b" 1\n")
        line = b"m" * 300_000 + b" 1\n"
        client.say(line)
        expect(server, client, line, b"error\n", hints.TOO_LONG)
        _one_answer(server, client, len(line), b"lamp 1\n", b"ok lamp 1\n")


def _one_answer(server: LoopServer, client: Talker, size: int, line: bytes, answer: bytes) -> None:
    """Send a line after one of so many bytes, which has its answer; expect no second one to it."""
    client.say(line)
    got = hear(server, client, f"an answer to {short(line)} after a line of {size:,} bytes")
    if got == b"error\n":
        client.sock.settimeout(AFTER)
        try:
            more = client.hear()
        except Silence:
            more = None
        raise Wrong(
            f"A line of {size:,} bytes came, and then {short(line)}. Expected one b'error\\n', "
            f"then {short(answer)}; the second answer was b'error\\n', too.",
            hints=hints.ONE_LINE if more else hints.LONG_ENOUGH,
        )
    if got != answer:
        raise Wrong(f"Expected {short(answer)}, got {short(got)}.", hints=hints.AS_IT_IS)
