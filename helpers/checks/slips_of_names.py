"""Names that are not there: forgotten modules, misspelt names, methods that an object hasn't."""

from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import math
import socket
import sys
import types
from collections.abc import Iterable
from typing import Any

from helpers.checks.slips import Place, Slip

# Where a name of Python's own is looked for, the likeliest first.
_MODULES = (
    "socket", "struct", "time", "threading", "selectors", "select", "json", "asyncio", "random",
    "statistics", "collections", "contextlib", "itertools", "functools", "queue", "errno", "sys",
    "os", "re",
)  # fmt: skip
_LIKELY = 4  # of them are looked at before those that the learner has imported
_OTHER_LANGUAGES = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None"}
_FOR_SOCKETS = {  # what learners look for, and what a socket has in its place
    "write": "sendall", "send_all": "sendall", "sendline": "sendall", "println": "sendall",
    "print": "sendall", "put": "sendall", "sendAll": "sendall", "send_to": "sendto",
    "read": "recv", "receive": "recv", "readline": "recv", "readlines": "recv", "get": "recv",
    "read_line": "recv", "recv_exactly": "recv", "recvall": "recv", "receive_from": "recvfrom",
    "recv_from": "recvfrom", "set_timeout": "settimeout", "timeout": "settimeout",
    "disconnect": "close", "stop": "close", "is_open": "fileno", "closed": "fileno",
}  # fmt: skip
_OF_SOCKETS = {
    "recv",
    "send",
    "sendall",
    "close",
    "settimeout",
    "makefile",
    "shutdown",
    "recv_into",
}
_OF_TEXT = {"decode", "strip", "split", "encode", "startswith", "endswith", "hex"}


def of_name(error: NameError, place: Place) -> Slip | None:
    """A name that Python does not know."""
    name = error.name
    if not name:
        return None
    if name in _OTHER_LANGUAGES:
        return Slip(
            f"Python writes `{_OTHER_LANGUAGES[name]}`.",
            (
                f"`{name}` is from another language: Python's word begins with a capital letter.",
                "The three words are True, False and None, and no others.",
                "Look for other places where the same word stands.",
            ),
        )
    if name in sys.stdlib_module_names:
        return Slip(
            _if_pythons(f"import {name}"),
            (
                f"`{name}` is a module of Python's, and no cell that has run imports it.",
                "An import holds for the whole notebook, from the moment at which its cell runs.",
                f"Import `{name}` at the top of this cell, then run the cell and the check again.",
            ),
        )
    if callable(getattr(math, name, None)) and not name.startswith("_"):
        line = f"from math import {name}"
        return Slip(_if_pythons(line), _without_import(name, "math"))
    if module := _module_of(name, place):
        return _without_module(name, module, place)
    if near := _nearest(name, place.names):
        return _misspelt(name, near)
    return Slip(
        "After a restart of the kernel, run the cells above again.",
        (
            f"Which line gives `{name}` its value, and has it run before this one?",
            "A name that a function gets a value for lives in that function only; a name of "
            "another cell exists once that cell has run.",
            f"Give `{name}` its value in this function, hand it over as an argument, or run the "
            "cell that defines it.",
        ),
    )


def of_unbound(error: UnboundLocalError, place: Place) -> Slip:
    """A variable that is read before it has a value."""
    name = error.name or _quoted(str(error))
    return Slip(
        f"The function gives `{name}` a value in some line, but that line has not run here.",
        (
            f"Which line gives `{name}` its first value, and can the function reach this line "
            "without it?",
            "An `if`, a `try` or a loop that is not entered leaves the variable without a value. "
            "A variable of the same name outside of the function does not count.",
            f"Give `{name}` a value at the top of the function, before the branch or the loop.",
        ),
    )


def of_attribute(error: AttributeError, place: Place) -> Slip | None:
    """A method or a name that an object hasn't."""
    name, owner = error.name, getattr(error, "obj", None)
    if not name:
        return None
    said = _owner_in_words(place)
    if owner is socket.socket or (inspect.isclass(owner) and issubclass(owner, socket.socket)):
        return _class_for_module(name)
    if inspect.ismodule(owner):
        return _of_module(name, owner)
    if isinstance(owner, socket.socket):
        return _of_socket(name, owner, said)
    if isinstance(owner, tuple) and name in _OF_SOCKETS | _OF_TEXT:
        return _of_tuple(name, said)
    if isinstance(owner, (bytes, bytearray)) and name in ("encode", "format", "isnumeric"):
        return _already("bytes", "encode", said)
    if isinstance(owner, str) and name in ("decode", "hex"):
        return _already("text", "decode", said)
    if owner is None:
        return of_nothing(said, f"asked for `{name}`")
    if inspect.iscoroutine(owner):
        return not_awaited(owner.__name__)
    if inspect.isroutine(owner):
        return _not_called(said or getattr(owner, "__name__", "it"), name)
    return _of_object(name, owner, said)


def of_nothing(said: str, what: str) -> Slip:
    """None where a value was wanted.

    Args:
        said: the expression that is None, as it is written; empty where it is not known.
        what: what was done with it, as "called" or "asked for `recv`".
    """
    it = f"`{said}`" if said else "A value of this line"
    return Slip(
        f"{it} is None there, so nothing, and can't be {what}.",
        (
            f"{it} is None: which line gave it that value?",
            "Many calls do their work and return nothing, as `sendall`, `bind`, `settimeout`, "
            "`append` and `sort` do; so does a function of your own that has no `return`.",
            "Print it in the line before. Then let the line that makes it keep what it needs, or "
            "return it.",
        ),
    )


def not_awaited(name: str) -> Slip:
    """A coroutine that nobody waits for.

    Args:
        name: the function's that was called; empty where it is not known.
    """
    it = f"`{name}`" if name else "An `async` function"
    return Slip(
        f"{it} was called without `await`: that gives a coroutine, and none of its lines has run.",
        (
            f"{it} was called without `await`, so what it gave is a coroutine, not a result.",
            "An `async` function does nothing when it is called. It runs once it is awaited, or "
            "once a task is made of it.",
            "Write `await` before the call, in a function that is `async` itself.",
        ),
    )


def _if_pythons(line: str) -> str:
    return (
        f"If you mean Python's, write `{line}` above your function. If a cell above defines it, "
        "run that cell again."
    )


def _without_import(name: str, module: str) -> tuple[str, str, str]:
    return (
        f"`{name}` belongs to the module `{module}`, and no cell that has run imports it.",
        "A name of a module is known after an import: with the module's name and a dot before "
        "it, or without them where it was imported by its own name.",
        "Import it at the top of this cell, then run the cell and the check again.",
    )


def _module_of(name: str, place: Place) -> str:
    """The module that holds a name: a likely one, or one that the learner has imported."""
    imported = [each for each in _MODULES if inspect.ismodule(place.names.get(each))]
    for module in dict.fromkeys([*_MODULES[:_LIKELY], *imported, *_MODULES]):
        if not name.startswith("_") and name in dir(importlib.import_module(module)):
            return module
    return ""


def _without_module(name: str, module: str, place: Place) -> Slip:
    if inspect.ismodule(place.names.get(module)):
        return Slip(
            f"`{name}` is a name of the module `{module}`.",
            (
                f"`{name}` lives in the module `{module}`: it needs `{module}.` before it.",
                "An import of a module makes one name known, the module's. All that is in it is "
                "reached by that name and a dot.",
                f"Write `{module}.{name}`, also wherever else the name stands.",
            ),
        )
    return Slip(
        f"{_if_pythons(f'import {module}').split('. ')[0]}, and `{module}.{name}` in this line. "
        "If a cell above defines it, run that cell again.",
        (
            f"`{name}` lives in the module `{module}`, which no cell that has run imports: it "
            f"needs the import, and `{module}.` before it.",
            "An import of a module makes one name known, the module's. All that is in it is "
            "reached by that name and a dot.",
            f"Import `{module}` at the top of this cell and write `{module}.{name}`.",
        ),
    )


def _nearest(name: str, others: Iterable[str]) -> str:
    known = [each for each in others if not each.startswith("_") and each != name]
    return next(iter(difflib.get_close_matches(name, known, 1, 0.75)), "")


def _misspelt(name: str, near: str, where: str = "") -> Slip:
    return Slip(
        f"Did you mean `{near}`?",
        (
            f"`{name}` is not known{where}, but `{near}` is: is it misspelt?",
            "Python takes each letter as it is written; capitals count as well.",
            f"Compare `{name}` with `{near}` letter by letter.",
        ),
    )


def _class_for_module(name: str) -> Slip:
    return Slip(
        "Here `socket` is the class, and not the module of the same name.",
        (
            "`from socket import *` (or `from socket import socket`) makes `socket` the class, "
            f"while `{name}` is looked for in the module.",
            "The module and the class in it have the same name. The last import that has run "
            "decides which of the two the name means.",
            "Import the module as a whole, by its name, and run that cell again. The class is "
            "then a name inside it.",
        ),
    )


def _of_module(name: str, module: types.ModuleType) -> Slip | None:
    known = [each for each in dir(module) if not each.startswith("_")]
    if near := _nearest(name, known):
        return _misspelt(name, near, f" to the module `{module.__name__}`")
    if name in dir(socket.socket) and module is socket:
        return Slip(
            f"`{name}` is a method of a socket, and `socket` here is the module.",
            (
                f"`{name}` was called on the module `socket`: which socket is meant?",
                "The module makes sockets; what is sent and received passes through one of them.",
                f"Call `{name}` on the variable that holds your socket.",
            ),
        )
    return Slip(
        f"The module `{module.__name__}` holds nothing of this name.",
        (
            f"There is no `{name}` in `{module.__name__}`: which module, or which object, has it?",
            f"`dir({module.__name__})` lists all that is in it.",
            "If you have a file of the same name as the module beside the notebook, Python may "
            "have imported that file: give it another name.",
        ),
    )


def _of_socket(name: str, sock: socket.socket, said: str) -> Slip:
    it = f"`{said}`" if said else "This object"
    near = _FOR_SOCKETS.get(name) or _nearest(name, dir(sock))
    rest = f"; `{near}` comes nearest to what you want" if near else ""
    return Slip(
        f"{it} is a socket, and a socket has no `{name}`{rest}.",
        (
            f"A socket has no method `{name}`{rest}.",
            "A socket sends with `send` and `sendall`, receives with `recv`, and takes and gives "
            "bytes; with datagrams it has `sendto` and `recvfrom`. Files have other methods.",
            f"Replace `{name}` by a method that a socket has, and see what that one returns.",
        ),
    )


def _of_tuple(name: str, said: str) -> Slip:
    it = f"`{said}`" if said else "This object"
    source = "recvfrom" if name in _OF_TEXT else "accept"
    pair = (
        "`recvfrom` returns the bytes and the sender's address"
        if source == "recvfrom"
        else "`accept` returns the connection and the peer's address"
    )
    return Slip(
        f"{it} is a tuple: {pair}, together.",
        (
            f"{it} is a tuple: {pair}, so two values at once.",
            f"A tuple has no `{name}`; the first of the two values has it.",
            "Give both values a name, with a comma between the two on the left of the equals sign.",
        ),
    )


def _already(kind: str, method: str, said: str) -> Slip:
    it = f"`{said}`" if said else "This value"
    other = "text" if kind == "bytes" else "bytes"
    return Slip(
        f"{it} is {kind} already: `{method}` is for {other}.",
        (
            f"{it} is {kind} already, and only {other} has a method `{method}`.",
            "Text (`str`) becomes bytes by `encode`; bytes become text by `decode`. What comes "
            "from a socket is bytes, what goes into one is bytes.",
            f"Leave `{method}` out here, or use its opposite if you want {other}.",
        ),
    )


def _not_called(said: str, name: str) -> Slip:
    return Slip(
        f"`{said}` is the function itself, and was not called.",
        (
            f"Parentheses are missing after `{said}`: without them it is the function, and not "
            "its result.",
            "A function runs only where parentheses follow its name, also if it has no arguments.",
            f"Call it first; what it returns may have a `{name}`.",
        ),
    )


def _of_object(name: str, owner: Any, said: str) -> Slip:
    kind = owner.__name__ if inspect.isclass(owner) else type(owner).__name__
    near = _nearest(name, dir(owner))
    if near:
        return _misspelt(name, near, f" to a value of the type {kind}")
    it = f"`{said}`" if said else "This value"
    return Slip(
        f"{it} is a value of the type {kind}, which has no `{name}`.",
        (
            f"{it} is of the type {kind}: did you expect another type here?",
            "The type of a value decides which methods it has. `type(…)` tells the type, `dir(…)` "
            "lists what it has.",
            f"Print it in the line before, and look for the line that made it a {kind}.",
        ),
    )


def _owner_in_words(place: Place) -> str:
    node = place.node
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Name, ast.Attribute)):
        return ast.unparse(node.value)
    return ""


def _quoted(message: str) -> str:
    parts = message.split("'")
    return parts[1] if len(parts) > 2 else "a variable"
