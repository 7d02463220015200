"""Methods and names that an object hasn't: of sockets, tuples, bytes, text, modules and None."""

from __future__ import annotations

import ast
import inspect
import socket
import types
from typing import Any

from helpers.checks.slips import Place, Slip, misspelt, nearest, not_awaited, of_nothing

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
    if near := nearest(name, known):
        return misspelt(name, near, f" to the module `{module.__name__}`")
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
    near = _FOR_SOCKETS.get(name) or nearest(name, dir(sock))
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
    near = nearest(name, dir(owner))
    if near:
        return misspelt(name, near, f" to a value of the type {kind}")
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
