"""Values of a learner's function as short text, whatever they are and however large."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import fractions
import inspect
import ipaddress
import itertools
import pathlib
import socket
import types
from typing import Any

WIDTH = 80  # characters of a value that a message shows
_MOST_ITEMS = 12
_DEEPEST = 3
# Types whose repr is short and can't fail. Only exactly these: a subclass may have its own.
_PLAIN = {
    type(None), bool, float, complex, type(...), type(NotImplemented), range, memoryview,
    datetime.date, datetime.time, datetime.datetime, datetime.timedelta,
    decimal.Decimal, fractions.Fraction,
    ipaddress.IPv4Address, ipaddress.IPv6Address,
    pathlib.PosixPath, pathlib.WindowsPath,
}  # fmt: skip
_BRACKETS = {list: "[]", tuple: "()", set: "{}", frozenset: ("frozenset({", "})"), dict: "{}"}


def short(value: Any, width: int = WIDTH) -> str:
    """A value as one line of about `width` characters, as `repr` would begin it.

    Nothing large is built on the way, and no code of the learner's own is asked: an object of
    the learner's class is named by its class. Long text and bytes end in their full length.
    """
    return _short(value, width, 0)


def cut(text: str, width: int) -> str:
    """Text of at most `width` characters; what is longer ends in …."""
    return text if len(text) <= width else text[: width - 1] + "…"


def _short(value: Any, width: int, depth: int) -> str:
    kind = type(value)
    if kind in (str, bytes, bytearray):
        return _cut_sequence(value, width)
    if kind is int:
        return repr(value) if value.bit_length() < 256 else f"an int of {value.bit_length():,} bits"
    if kind in _PLAIN:
        return cut(repr(value), width)
    if kind in _BRACKETS:
        return _container(value, kind, width, depth)
    if kind is socket.socket or (kind.__module__.startswith("helpers.") and _is_socket(kind)):
        return "a socket"
    if kind is types.SimpleNamespace:
        return f"a {kind.__name__}"
    if isinstance(value, enum.Enum):
        return f"{kind.__name__}.{value._name_}"
    if isinstance(value, BaseException):
        arguments = ", ".join(_short(each, width, depth + 1) for each in value.args[:3])
        return cut(f"{kind.__name__}({arguments})", width)
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if inspect.isgenerator(value) or inspect.iscoroutine(value):
        what = "generator" if inspect.isgenerator(value) else "coroutine"
        return f"the {what} {value.__name__}"
    if inspect.isroutine(value):
        return f"the function {value.__name__}"
    if isinstance(value, types.ModuleType):
        return f"the module {value.__name__}"
    if dataclasses.is_dataclass(value) or hasattr(kind, "_fields"):
        return _fields(value, width, depth)
    if kind.__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        return cut(repr(value), width)
    return cut(f"an object of the class {kind.__name__}", width)


def _is_socket(kind: type) -> bool:
    """Whether it is a class of sockets: those of the course are ordinary ones to a learner."""
    return issubclass(kind, socket.socket)


def _cut_sequence(value: str | bytes | bytearray, width: int) -> str:
    if len(value) <= width:  # more than `width` it may be by its escapes only
        text = repr(value)
        if len(text) <= width:
            return text
    text = repr(value[:width])
    # A cut must not fall inside an escape such as \xff: count what whole characters take.
    kept = width
    while kept > 1 and len(text) > width - 14:
        kept -= max(1, (len(text) - (width - 14)) // 4)
        text = repr(value[:kept])
    unit = "characters" if isinstance(value, str) else "bytes"
    return f"{text}… ({len(value):,} {unit})"


def _container(value: Any, kind: type, width: int, depth: int) -> str:
    opening, closing = _BRACKETS[kind]
    if not value:
        return repr(value)
    if depth >= _DEEPEST:
        return f"{opening}…{closing}"
    parts: list[str] = []
    length = 0
    for item in itertools.islice(kind.__iter__(value), _MOST_ITEMS):
        text = _short(item, width, depth + 1)
        if kind is dict:
            text += ": " + _short(dict.__getitem__(value, item), width, depth + 1)
        if parts and length + len(text) > width:
            break
        parts.append(text)
        length += len(text) + 2
    if len(parts) < len(value):
        return f"{opening}{', '.join(parts)}, …{closing} ({len(value):,} in all)"
    comma = "," if kind is tuple and len(value) == 1 else ""
    return f"{opening}{', '.join(parts)}{comma}{closing}"


def _fields(value: Any, width: int, depth: int) -> str:
    """A dataclass or named tuple, by its fields."""
    kind = type(value)
    if depth >= _DEEPEST:
        return f"{kind.__name__}(…)"
    names = getattr(kind, "_fields", None) or [each.name for each in dataclasses.fields(value)]
    parts = []
    for name in itertools.islice(names, _MOST_ITEMS):
        held = getattr(value, "__dict__", {}).get(name, ...)
        if held is ... and isinstance(value, tuple):
            held = tuple.__getitem__(value, names.index(name))
        parts.append(f"{name}={_short(held, width, depth + 1)}")
    return cut(f"{kind.__name__}({', '.join(parts)})", 2 * width)
