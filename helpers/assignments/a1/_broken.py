"""Six programs that are broken in one thing each: the course's own, with a line changed.

Each flaw shows itself on the wire, so that a right program can refuse it.
"""

from __future__ import annotations

from functools import partial

from helpers.assignments.a1 import solutions
from helpers.checks.interop import broken

_server = partial(broken, solutions, "thermostat_server")
_app = partial(broken, solutions, "Thermostat")

PROGRAMS = (
    _server(
        "server A",
        "chooses version 2 and sends values of version 1",
        (
            'VALUE.pack(celsius) if version == 1 else VALUE_AND_UNIT.pack(celsius, b"C")',
            "VALUE.pack(celsius)",
        ),
    ),
    _server(
        "server B",
        "ends the conversation after each refusal",
        (
            "return self.args[0] in (NO_VERSION, BAD_FRAME, NO_HELLO)",
            "return True",
        ),
    ),
    _server(
        "server C",
        "answers SET_TARGET with the wrong number",
        (
            "frames.send(ANSWER | kind, number, _answer(kind, body, version, room))",
            "frames.send(ANSWER | kind, number + (kind == SET_TARGET), "
            "_answer(kind, body, version, room))",
        ),
    ),
    _app(
        "app D",
        "counts the length field in the length",
        (
            "HEAD.pack(3 + len(body), kind, number)",
            "HEAD.pack(7 + len(body), kind, number)",
        ),
    ),
    _app(
        "app E",
        "speaks version 3 only",
        (
            "self._ask(HELLO, bytes(sorted(VERSIONS)))",
            "self._ask(HELLO, bytes([3]))",
        ),
    ),
    _app(
        "app F",
        "never says HELLO",
        (
            "body = self._greet()",
            "body = bytes([1])",
        ),
    ),
)
