"""Six programs that are broken in one thing each: the course's own, with a line changed.

Each flaw shows itself on the wire, so that a right program can refuse it.
"""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import Any

from helpers.checks.interop import Program

_SOURCE = (Path(__file__).with_name("solutions.py")).read_text(encoding="utf-8")


def _changed(name: str, old: str, new: str) -> dict[str, Any]:
    """What the course's own program defines, with this text changed at its one place."""
    if _SOURCE.count(old) != 1:
        raise ValueError(f"{old!r} stands {_SOURCE.count(old)} times in solutions.py, not once")
    code, file = _SOURCE.replace(old, new), f"<{name}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": "broken"}
    exec(compile(code, file, "exec", dont_inherit=True), names)
    return names


def _server(name: str, flaw: str, old: str, new: str) -> Program:
    names = {"thermostat_server": _changed(name, old, new)["thermostat_server"]}
    return Program(name, names, frozenset(names), flaw)


def _app(name: str, flaw: str, old: str, new: str) -> Program:
    names = {"Thermostat": _changed(name, old, new)["Thermostat"]}
    return Program(name, names, frozenset(names), flaw)


PROGRAMS = (
    _server(
        "server A",
        "chooses version 2 and sends values of version 1",
        'VALUE.pack(celsius) if version == 1 else VALUE_AND_UNIT.pack(celsius, b"C")',
        "VALUE.pack(celsius)",
    ),
    _server(
        "server B",
        "ends the conversation after each refusal",
        "return self.args[0] in (NO_VERSION, BAD_FRAME, NO_HELLO)",
        "return True",
    ),
    _server(
        "server C",
        "answers SET_TARGET with the wrong number",
        "frames.send(ANSWER | kind, number, _answer(kind, body, version, room))",
        "frames.send(ANSWER | kind, number + (kind == SET_TARGET), "
        "_answer(kind, body, version, room))",
    ),
    _app(
        "app D",
        "counts the length field in the length",
        "HEAD.pack(3 + len(body), kind, number)",
        "HEAD.pack(7 + len(body), kind, number)",
    ),
    _app(
        "app E",
        "speaks version 3 only",
        "self._ask(HELLO, bytes(sorted(VERSIONS)))",
        "self._ask(HELLO, bytes([3]))",
    ),
    _app(
        "app F",
        "never says HELLO",
        "body = self._greet()",
        "body = bytes([1])",
    ),
)
