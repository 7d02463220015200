"""What the check of `lamp_server` tries: apps that are quick, slow, rude, or gone."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_03 import _hints_lamp as lamp
from helpers.chapters.chapter_03._app import App, line_of
from helpers.chapters.chapter_03.beliefs import DECODED, END_INSIDE, ONE_RECV
from helpers.checks.processor import spins
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong
from helpers.learner_code import is_learners

QUIET = 0.03  # seconds in which a lamp that waits has nothing to do
BUSY = 100  # calls in that time that no lamp makes which waits
AGAIN = 30  # calls of accept on a closed listener


class _Watch:
    """Counts how often the lines of a learner's lamp call accept, and recv of what it returns."""

    def __init__(self, function: Callable) -> None:
        self.function, self.calls = function, 0

    def lamp_server(self, listener: Any) -> None:
        accept = self._counted(listener.accept)

        def accepting() -> tuple:
            connection, peer = accept()
            connection.recv = self._counted(connection.recv)
            return connection, peer

        listener.accept = accepting
        self.function(listener)

    def _counted(self, call: Callable) -> Callable:
        def counting(*args: Any) -> Any:
            caller = sys._getframe(1)
            if caller.f_code.co_name == "accepting":
                caller = caller.f_back or caller
            self.calls += is_learners(caller.f_code.co_filename)
            return call(*args)

        return counting

    def look(self, stage: Stage, who: str) -> None:
        """Raise Wrong where the lamp is busy while it has nothing to do."""
        self.calls, began = 0, time.perf_counter()
        stage.pause(QUIET)
        # On a machine that has much to do the lamp may get no processor in so short a time.
        if self.calls > BUSY or (spins(stage.servers[-1]._threads) and self.calls > BUSY):
            quiet = max(QUIET, time.perf_counter() - began)
            told = f"{who} for {quiet:.2f} s. Meanwhile the lamp called accept or recv {self.calls}"
            raise Wrong(f"{told} times.", hints=lamp.SPINS)


def three_commands(function: Callable, stage: Stage) -> None:
    """Commands one by one, the app's end, and the next app."""
    watch = _Watch(function)
    server = stage.run(watch.lamp_server)
    watch.look(stage, "Nobody came")
    app = App(stage, server)
    app.tell(1, "toggle", "on", lamp.AT_FIRST)
    watch.look(stage, "The app was silent")
    app.tell(2, "on", "on")
    app.tell("c", "off", "off")
    app.end()
    App(stage, server).tell(4, "toggle", "on")


def together(function: Callable, stage: Stage) -> None:
    """Commands in one segment."""
    app = App(stage, stage.run(function), ONE_RECV)
    states = ["on", "off", "on", "off", "on"]
    app.send(b"".join(line_of(number, "toggle") for number in range(5)))
    for number, state in enumerate(states):
        app.expect(number, state)


def in_pieces(function: Callable, stage: Stage) -> None:
    """Commands in pieces that end anywhere."""
    app = App(stage, stage.run(function), ONE_RECV)
    line = line_of(1, "on")
    app.send(line[:1], line[1:2], line[2:9], line[9:-1], line[-1:])
    app.expect(1, "on")
    line = line_of(2, "toggle") + line_of(3, "toggle")
    app.send(line[:9], line[9:35], line[35:])
    app.expect(2, "off")
    app.expect(3, "on")


def cut_character(function: Callable, stage: Stage) -> None:
    """An id whose é comes in two pieces."""
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


def same_id(function: Callable, stage: Stage) -> None:
    """An id that comes again, at once and much later."""
    app = App(stage, stage.run(function))
    app.tell(1, "toggle", "on")
    app.tell(1, "toggle", "on", lamp.KNOWN, lamp.HANGS_UP, lamp.SILENT_AGAIN)
    app.tell(2, "toggle", "off", lamp.KNOWN)
    app.tell(1, "toggle", "on", lamp.OF_THEN)  # and the lamp stays off
    app.tell(3, "toggle", "on", lamp.KNOWN)
    app.send(b"".join(line_of(f"more {number}", "off") for number in range(40)))
    for number in range(40):
        app.expect(f"more {number}", "off")
    app.tell(1, "toggle", "on", lamp.FORGOTTEN)
    app.tell(4, "toggle", "on", lamp.FORGOTTEN)


def nonsense(function: Callable, stage: Stage) -> None:
    """Lines that are no commands."""
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
        (b'{"id": 1.5, "set": "off"}', None, 1.5),
    ):
        app.send(line + b"\n")
        app.expect_error(line, *identities, hints=lamp.NO_ID if b'"id": 1.5' in line else None)
    app.tell(3, "toggle", "off", lamp.STATE_KEPT, lamp.HANGS_UP, lamp.NOT_OBEYED)


def alike(function: Callable, stage: Stage) -> None:
    """Ids that Python may take for the same, and some that are none."""
    app = App(stage, stage.run(function))
    app.tell(1, "toggle", "on")
    app.tell("1", "toggle", "off", lamp.ALIKE)
    app.tell("true", "toggle", "on", lamp.ALIKE)
    for line, *identities in (
        (b'{"id": true, "set": "off"}', None, True),
        (b'{"id": false, "set": "off"}', None, False),
        (b'{"id": null, "set": "off"}', None),
    ):
        app.send(line + b"\n")
        hints = lamp.NO_ID if b"null" in line else lamp.NO_NUMBER
        app.expect_error(line, *identities, hints=hints)
    app.tell(0, "toggle", "off", lamp.NO_NUMBER)


def asks_again(function: Callable, stage: Stage) -> None:
    """A known id on another connection."""
    server = stage.run(function)
    first = App(stage, server)
    first.tell("a", "toggle", "on")
    first.vanish()
    second = App(stage, server)
    second.tell("a", "toggle", "on", lamp.OUTLAST, lamp.OUTLAST, lamp.OUTLAST)
    second.tell("b", "toggle", "off", lamp.STATE_OUTLASTS)
    second.tell("c", "toggle", "on")
    second.end()
    third = App(stage, server)
    third.send(line_of("d", "toggle"))
    answer = third.hear("an answer to the third app")
    if answer == {"id": "d", "state": "on"}:
        raise Wrong(
            "An app left the lamp on. The next app's toggle was to switch it off, and switched it "
            "on: the lamp had forgotten its state.",
            hints=lamp.STATE_OUTLASTS,
        )
    if answer != {"id": "d", "state": "off"}:
        raise Wrong(f"Expected {{'id': 'd', 'state': 'off'}}, got {short(answer)}.")


def half_a_command(function: Callable, stage: Stage) -> None:
    """A command without its newline, and the end."""
    server = stage.run(function)
    line = line_of("half", "on").removesuffix(b"\n")
    app = App(stage, server)
    app.tell("first", "off", "off")
    app.send(line[:12], line[12:])
    with contextlib.suppress(ConnectionError):
        app.sock.shutdown(socket.SHUT_WR)
    told = "The app has ended its side in the middle of a command."
    app.until_the_end(told, lamp.NOT_CLOSED)
    after = App(stage, server)
    after.send(line_of("whole", "toggle"))
    answer = after.hear("an answer to the next app's command")
    if answer == {"id": "whole", "state": "off"}:
        raise Wrong(
            "An app sent a command without its newline, and ended. The next app's toggle was to "
            "switch the lamp on, and switched it off: the lamp had obeyed the half line.",
            END_INSIDE,
            lamp.HALF,
        )
    if answer != {"id": "whole", "state": "on"}:
        raise Wrong(f"Expected {{'id': 'whole', 'state': 'on'}}, got {short(answer)}.")


def vanishes(function: Callable, stage: Stage) -> None:
    """Apps that reset or close before they have read."""
    server = stage.run(function)
    for number in range(3):
        app = App(stage, server)
        app.send(line_of(number, "on"), line_of(f"{number} b", "off"))
        app.vanish()
    for closer in range(5):
        app = App(stage, server)
        app.send(b"".join(line_of(f"{closer} {number}", "on") for number in range(60)))
        with contextlib.suppress(ConnectionError):
            app.sock.shutdown(socket.SHUT_WR)  # what comes of its answers is then a BrokenPipeError
        app.sock.close()  # its system resets when the first answer comes, and the others fail
    App(stage, server).tell("after", "on", "on")


def of_size(size: int, identity: Any, wanted: str) -> bytes:
    """A command whose line has so many bytes, its newline not counted: JSON may hold spaces."""
    text = json.dumps({"id": identity, "set": wanted})
    return (text[:-1] + " " * (size - len(text)) + "}\n").encode()


def longest(function: Callable, stage: Stage) -> None:
    """Lines of exactly the limit."""
    app = App(stage, stage.run(function))
    app.send(of_size(1000, 1, "on"))
    app.expect(1, "on", lamp.STATES, lamp.LONGEST)
    line = of_size(1000, 2, "toggle")
    app.send(line[:-1], line[-1:])
    app.expect(2, "off", lamp.STATES, lamp.LONGEST)


def too_long(function: Callable, stage: Stage) -> None:
    """A whole line of a byte over the limit."""
    server = stage.run(function)
    app = App(stage, server)
    app.send(of_size(1001, "long", "on") + line_of("after", "on"))
    told = "The app has sent a line of 1,001 bytes, and a command after it."
    app.until_the_end(told, lamp.LIMIT_WHOLE, ("long", "after"))
    app.sock.close()
    App(stage, server).tell(2, "toggle", "on", lamp.LIMIT_WHOLE)


def endless(function: Callable, stage: Stage) -> None:
    """A byte over the limit, and no newline."""
    server = stage.run(function)
    app = App(stage, server)
    app.tell(1, "on", "on")
    app.send(b"x" * 1001)
    app.until_the_end("The app has sent 1,001 bytes without a newline.", lamp.LIMIT)
    app.sock.close()
    App(stage, server).tell(2, "toggle", "off")


def not_text(function: Callable, stage: Stage) -> None:
    """A line that is not UTF-8, between two commands."""
    server = stage.run(function)
    app = App(stage, server)
    app.send(line_of(1, "on") + b'{"id": "\xff", "set": "on"}\n' + line_of("after", "off"))
    app.expect(1, "on")
    told = "The app has sent a line that is not UTF-8, and a command after it."
    app.until_the_end(told, lamp.NOT_TEXT, ("after",))
    app.sock.close()
    App(stage, server).tell(2, "toggle", "off")


def slow(function: Callable, stage: Stage) -> None:
    """An app that takes its time, while the lamp's own timeouts run out."""
    server = stage.run(function)
    stage.time_out()  # of a listener
    app = App(stage, server)
    line = line_of(1, "on")
    app.send(line[:9])
    server.settle(0.2)
    stage.time_out()
    app.send(line[9:])
    app.expect(1, "on", lamp.STATES, lamp.TIMED_OUT, lamp.TIMED_OUT)


def listener_closed(function: Callable, stage: Stage) -> None:
    """A listener that its caller closes."""
    watch = _Watch(function)
    server = stage.run(watch.lamp_server)
    app = App(stage, server)
    app.tell(1, "on", "on")
    app.end()
    watch.calls = 0
    closed = stage.close_listener(server, 0.3)
    if closed.spins and watch.calls > AGAIN:  # a loop of asyncio is not the learner's to end
        told = "The listener was closed, as its caller may do. Since then the lamp has called "
        told += f"accept {closed.accepts} times, in {closed.place}, and each call has failed."
        raise Wrong(told, hints=lamp.ACCEPT_FAILS)
