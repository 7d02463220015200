"""Lamps that are wrong in one belief each: what `judge_lamp` must find, and `lamp_server` avoid."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable

Obey = Callable[[str], dict]

LIMIT = 1000  # bytes of a line


def lamp() -> Obey:
    """A function from a line of JSON to the lamp's answer, right in every way."""
    state, done = ["off"], {}

    def obey(line: str) -> dict:
        try:
            command = json.loads(line)
            identity = command["id"]
            if type(identity) not in (int, str):
                raise TypeError(identity)
            if identity in done:
                return done[identity]
        except (ValueError, TypeError, KeyError, RecursionError):
            return {"id": None, "error": "no command"}
        wanted = command.get("set")
        if wanted not in ("on", "off", "toggle"):
            return {"id": identity, "error": "no such wish"}
        state[0] = ("off" if state[0] == "on" else "on") if wanted == "toggle" else wanted
        done[identity] = {"id": identity, "state": state[0]}
        return done[identity]

    return obey


def send_line(connection: socket.socket, answer: dict) -> None:
    """Send an answer as the protocol says it."""
    connection.sendall(json.dumps(answer).encode() + b"\n")


def converse(connection: socket.socket, obey: Obey, limit: int = LIMIT) -> None:
    """One conversation of a right lamp."""
    rest = b""
    while (piece := connection.recv(4096)) and len(rest) <= limit:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if len(line) > limit:
                return
            send_line(connection, obey(line.decode()))
        if len(rest) > limit:
            return


def serve_lines(
    listener: socket.socket,
    obey: Obey,
    conversation: Callable[[socket.socket, Obey], None] = converse,
    catch: tuple[type[Exception], ...] = (OSError, ValueError),
) -> None:
    """Serve one app after another."""
    while True:
        connection, _ = listener.accept()
        with connection:
            with contextlib.suppress(*catch):
                conversation(connection, obey)


# The six of `judge_lamp`


def answers_pieces_with_errors(listener: socket.socket) -> None:
    """It believes that one recv is one command."""
    obey = lamp()
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while len(piece := connection.recv(1024)) in range(1, LIMIT + 1):
                    send_line(connection, obey(piece.decode(errors="replace")))
            except OSError:
                pass


def obeys_half_a_line(listener: socket.socket) -> None:
    """It believes that what stands before the end of a stream is a whole command."""

    def converse_to_the_end(connection: socket.socket, obey: Obey) -> None:
        with connection.makefile("rb") as stream:
            while line := stream.readline(LIMIT + 1):
                if len(line.removesuffix(b"\n")) > LIMIT:
                    break
                send_line(connection, obey(line.decode()))

    serve_lines(listener, lamp(), converse_to_the_end)


def obeys_every_time(listener: socket.socket) -> None:
    """It believes that a command which comes again is another command."""
    state = "off"

    def obey(line: str) -> dict:
        nonlocal state
        answer = lamp()(line)
        if "state" in answer:
            wanted = json.loads(line)["set"]
            toggled = "off" if state == "on" else "on"
            state = answer["state"] = toggled if wanted == "toggle" else wanted
        return answer

    serve_lines(listener, obey)


def forgets_ids_between_conversations(listener: socket.socket) -> None:
    """It believes that what it has obeyed matters to one conversation only."""
    states = {"now": "off"}

    def converse_anew(connection: socket.socket, _: Obey) -> None:
        obey = lamp()
        obey(json.dumps({"id": "before", "set": states["now"]}))

        def keep_state(line: str) -> dict:
            answer = obey(line)
            states["now"] = answer.get("state", states["now"])
            return answer

        converse(connection, keep_state)

    serve_lines(listener, lamp(), converse_anew)


def hangs_up_at_nonsense(listener: socket.socket) -> None:
    """It believes that a line which is no command ends the conversation."""
    obey = lamp()

    def strict(line: str) -> dict:
        answer = obey(line)
        if "error" in answer:
            raise ValueError(line)
        return answer

    serve_lines(listener, strict)


def collects_without_a_limit(listener: socket.socket) -> None:
    """It believes that every line ends some day."""
    serve_lines(listener, lamp(), lambda connection, obey: converse(connection, obey, 10**9))
