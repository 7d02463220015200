"""The check of `lamp_server`: apps that are quick, slow, rude, or gone."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

from helpers.chapters.chapter_03._app import App, line_of
from helpers.chapters.chapter_03.beliefs import DECODED, END_INSIDE, ONE_RECV
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


def _three_commands(function: Callable, stage: Stage) -> None:
    app = App(stage, stage.run(function))
    for identity, wanted, state in ((1, "toggle", "on"), (2, "on", "on"), ("c", "off", "off")):
        app.tell(identity, wanted, state)
    app.end()


def _together(function: Callable, stage: Stage) -> None:
    app = App(stage, stage.run(function), ONE_RECV)
    states = ["on", "off", "on", "off", "on"]
    app.send(b"".join(line_of(number, "toggle") for number in range(5)))
    for number, state in enumerate(states):
        app.expect(number, state)


def _in_pieces(function: Callable, stage: Stage) -> None:
    app = App(stage, stage.run(function), ONE_RECV)
    line = line_of(1, "on")
    app.send(line[:1], line[1:2], line[2:9], line[9:-1], line[-1:])
    app.expect(1, "on")
    line = line_of(2, "toggle") + line_of(3, "toggle")
    app.send(line[:9], line[9:35], line[35:])
    app.expect(2, "off")
    app.expect(3, "on")


def _cut_character(function: Callable, stage: Stage) -> None:
    app = App(stage, stage.run(function), ONE_RECV)
    line = line_of("café 1", "toggle")
    cut = line.index("é".encode()) + 1
    app.send(line_of(1, "on") + line[: cut - 3])
    app.expect(1, "on")
    app.send(line[cut - 3 : cut], line[cut:])
    answer = app.hear("an answer to the command of the id 'café 1'")
    if answer != {"id": "café 1", "state": "off"}:
        spoilt = "error" in answer or "\ufffd" in str(answer.get("id")) or answer["id"] == "caf 1"
        told = f"Expected {{'id': 'café 1', 'state': 'off'}}, got {short(answer)}."
        raise Wrong(told, DECODED if spoilt else None)


def _nonsense(function: Callable, stage: Stage) -> None:
    app = App(stage, stage.run(function))
    app.tell(1, "on", "on")
    for line, *identities in (
        (b"lamp, on!", None),
        (b"", None),
        (b"[1, 2]", None),
        (b"7", None),
        (b'{"set": "off"}', None),
        (b'{"id": 2}', 2),
        (b'{"id": 3, "set": "blue"}', 3),
        (b'{"id": 4, "set": ["off"]}', 4),
        (b'{"id": [5], "set": "off"}', None, [5]),
    ):
        app.send(line + b"\n")
        app.expect_error(line, *identities)
    app.tell(3, "toggle", "off")


def _same_id(function: Callable, stage: Stage) -> None:
    app = App(stage, stage.run(function))
    app.tell(1, "toggle", "on")
    app.tell(1, "toggle", "on")
    app.tell(2, "toggle", "off")
    app.tell(1, "toggle", "on")  # the answer of then, and the lamp stays off
    app.tell(3, "toggle", "on")


def _asks_again(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    first = App(stage, server)
    first.tell("a", "toggle", "on")
    first.vanish()
    second = App(stage, server)
    second.tell("a", "toggle", "on")
    second.tell("b", "toggle", "off")
    second.tell("c", "toggle", "on")
    second.end()
    third = App(stage, server)
    third.send(line_of("d", "toggle"))
    answer = third.hear("an answer to the third app")
    if answer == {"id": "d", "state": "on"}:
        raise Wrong(
            "An app left the lamp on. The next app's toggle was to switch it off, and switched it "
            "on: the lamp had forgotten its state."
        )
    if answer != {"id": "d", "state": "off"}:
        raise Wrong(f"Expected {{'id': 'd', 'state': 'off'}}, got {short(answer)}.")


def _half_a_command(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    line = line_of("half", "on").removesuffix(b"\n")
    app = App(stage, server)
    app.tell("first", "off", "off")
    app.send(line[:12], line[12:])
    with contextlib.suppress(ConnectionError):
        app.sock.shutdown(socket.SHUT_WR)
    app.until_the_end("The app has ended its side in the middle of a command.")
    after = App(stage, server)
    after.send(line_of("whole", "toggle"))
    answer = after.hear("an answer to the next app's command")
    if answer == {"id": "whole", "state": "off"}:
        raise Wrong(
            "An app sent a command without its newline, and ended. The next app's toggle was to "
            "switch the lamp on, and switched it off: the lamp had obeyed the half line.",
            END_INSIDE,
        )
    if answer != {"id": "whole", "state": "on"}:
        raise Wrong(f"Expected {{'id': 'whole', 'state': 'on'}}, got {short(answer)}.")


def _vanishes(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    for number in range(3):
        app = App(stage, server)
        app.send(line_of(number, "on"), line_of(f"{number} b", "off"))
        app.vanish()
    app = App(stage, server)
    app.send(b"".join(line_of(f"{number} c", "on") for number in range(20)))
    app.sock.close()  # its system resets when the first answer comes, and the others fail
    App(stage, server).tell("after", "on", "on")


def _endless(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    app = App(stage, server)
    app.tell(1, "on", "on")
    app.send(b"x" * 1200)
    app.until_the_end("The app has sent 1,200 bytes without a newline.")
    app.sock.close()
    App(stage, server).tell(2, "toggle", "off")


def _not_text(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    app = App(stage, server)
    app.send(b'{"id": "\xff", "set": "on"}\n')
    app.until_the_end("The app has sent a line that is not UTF-8.")
    app.sock.close()
    App(stage, server).tell(1, "toggle", "on")


PROTOCOL = (
    "Follow one command through your code: which line of yours reads it, obeys, answers?",
    "Read the protocol's five points again. Which of them does this case try?",
    "Compare the answer that came with the one that was expected, member by member.",
)
FRAMES = (
    "Look at the diagram: what had come when the lamp answered, or failed?",
    "You have written a function that yields whole lines, however they come.",
    "Let the lamp see whole lines only.",
)
NONSENSE = (
    "Which line did the lamp fail at, and what is it: no JSON, no object, no id, no known wish?",
    "Whatever a peer sends must not surprise your code: each step that reads a value out of the "
    "line can fail.",
    "First find out whether it is a command at all; answer with an error where it is not, and go "
    "on with the next line.",
)
REMEMBER = (
    "What does the lamp know of the commands that it has obeyed?",
    "The id says whether a command is new; the same id gets the very answer of the first time.",
    "Keep the answer of each id that was obeyed. Keep it, like the lamp's state, where it "
    "outlasts the connection.",
)
SURVIVE = (
    "One app has gone in the middle of things. Which line of yours was at work, and what came?",
    "An error that belongs to one conversation must end that one, and no other.",
    "Put a `try` round one conversation, inside the loop that accepts. Think of an early end and "
    "of a reset, while reading and while answering.",
)
NOT_OBEYED = (
    "What is a command without its newline?",
    "Nobody knows what would have followed. The protocol's fifth point says what becomes of it.",
    "Obey whole lines only; what is left at the end of the stream is dropped.",
)
LIMIT = (
    "How much is the lamp willing to collect before a newline comes?",
    "The protocol's fifth point names a limit, and what follows.",
    "End that conversation; the lamp goes on with the next app.",
)

EXERCISE = Exercise(
    cases=(
        Case(
            "three commands, one after another",
            "An app sends three commands, each after the answer to the one before, and ends.",
            _three_commands,
            PROTOCOL,
        ),
        Case(
            "five commands in one segment",
            "An app sends five commands at once.",
            _together,
            FRAMES,
            if_it_raises={"JSONDecodeError": ONE_RECV},
        ),
        Case(
            "commands cut anywhere",
            "An app sends a command in five pieces, then two commands in three.",
            _in_pieces,
            FRAMES,
            if_it_raises={"JSONDecodeError": ONE_RECV},
        ),
        Case(
            "an id with a character cut in two",
            "An app sends a command and a piece of another, which is cut inside its é.",
            _cut_character,
            FRAMES,
            if_it_raises={"UnicodeDecodeError": DECODED, "JSONDecodeError": ONE_RECV},
        ),
        Case(
            "nonsense between commands",
            "An app sends nine lines that are no commands, each after the answer to the last.",
            _nonsense,
            NONSENSE,
        ),
        Case(
            "the same id again",
            "An app sends a toggle twice, another one, and the first a third time.",
            _same_id,
            REMEMBER,
        ),
        Case(
            "the same id from another connection",
            "An app toggles, resets, comes back with the same toggle, and then comes another.",
            _asks_again,
            REMEMBER,
        ),
        Case(
            "half a command and an end",
            "An app sends a command, then one without its newline, and ends its side.",
            _half_a_command,
            NOT_OBEYED,
            if_it_raises={"JSONDecodeError": ONE_RECV},
        ),
        Case(
            "apps that vanish",
            "Three apps send commands and reset before they read the answers; a fourth closes.",
            _vanishes,
            SURVIVE,
        ),
        Case(
            "a line without an end",
            "An app sends 1,200 bytes without a newline.",
            _endless,
            LIMIT,
        ),
        Case(
            "a line that is not UTF-8",
            "An app sends a line that is no text.",
            _not_text,
            SURVIVE,
        ),
    ),
    survives="What it survives now: "
    "commands in any pieces, nonsense, the same command twice, and apps that vanish",
)
