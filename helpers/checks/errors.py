"""Which slip is behind an error of Python's own: a table by the error's class."""

from __future__ import annotations

import ast
import json
import struct
from collections.abc import Callable
from typing import Any

from helpers.checks.slips import Place, Slip, raised_on_purpose
from helpers.checks.slips_of_attributes import of_attribute
from helpers.checks.slips_of_names import of_name, of_unbound
from helpers.checks.slips_of_sockets import of_blocking, of_system
from helpers.checks.slips_of_types import of_type
from helpers.checks.slips_of_values import of_runtime, of_struct, of_value
from helpers.checks.values import short

# What only a slip in the program itself can raise: a case's hints, about what passes between two
# peers, would mislead. OSError is not among them, as cases are about errors of the network.
_OF_THE_PROGRAM = (
    NameError, AttributeError, TypeError, LookupError, ArithmeticError, RecursionError,
    struct.error, SyntaxError, ImportError,
)  # fmt: skip


def find_slip(error: BaseException, place: Place | None) -> Slip | None:
    """What a learner did that made this error; None where it is not known.

    Args:
        error: that passed through a line of the learner's.
        place: the learner's line, as `slips.place_of_error` finds it.
    """
    if place is None or raised_on_purpose(error, place):
        return None
    for kind in type(error).__mro__:
        if find := _FINDERS.get(kind):
            return find(error, place)
    return None


def is_of_the_program(error: BaseException, place: Place | None) -> bool:
    """Whether the hints of a case would mislead: Python could not go on with the line itself."""
    return isinstance(error, _OF_THE_PROGRAM) and not raised_on_purpose(error, place)


def _of_index(error: IndexError, place: Place) -> Slip:
    if beyond := _one_beyond(place):
        return Slip(
            f"`{beyond}` is beyond the last element.",
            (
                f"`{beyond}` goes one too far: the last element has no next one.",
                "A loop that looks at an element and at the next one has one round fewer than "
                "there are elements.",
                "Let the loop end one element earlier, or go through both side by side, as `zip` "
                "does.",
            ),
        )
    return Slip(
        "There are fewer elements than the index says.",
        (
            "The number in the brackets is larger than the last place: what is in there, at this "
            "moment?",
            "The first place has the number 0. What was received may be empty, or shorter than "
            "you expect; a slice (`[a:b]`) of something too short gives what there is.",
            "Print the value and its length in the line before, and ask for the length first.",
        ),
    )


def _one_beyond(place: Place) -> str:
    """The index of the line, where it is a sum, as `i + 1`; else empty."""
    index = place.node.slice if isinstance(place.node, ast.Subscript) else None
    if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add):
        return ast.unparse(index)
    return ""


_REGISTERED_TWICE = Slip(
    "The selector has this socket already.",
    (
        "This socket was registered before, and has not been unregistered since: what do you want "
        "to change for it?",
        "A selector takes each socket once. `register` begins to watch it, for some events.",
        "`modify` changes the events of a socket that is registered; its arguments are the same.",
    ),
)


def _of_key(error: KeyError, place: Place) -> Slip:
    if error.args and str(error.args[0]).endswith("is already registered"):
        return _REGISTERED_TWICE
    key = short(error.args[0]) if error.args else "the key"
    return Slip(
        "The dictionary, or the selector, has no such key.",
        (
            f"{key} is not in there, at this moment: has it been put in, or was it taken out?",
            "A key must be there before it is asked for, in exactly this type: 1, '1' and b'1' "
            "are three keys.",
            "Ask with `in` first, or use `get`, which has a value for keys that are missing. If "
            "your own code has taken the key out, leave the function, or this round of the loop.",
        ),
    )


def _of_zero(error: ZeroDivisionError, place: Place) -> Slip:
    return Slip(
        "What it divides by is zero here.",
        (
            "What stands below the line of the fraction is zero: for which arguments?",
            "An empty list has the length 0; nothing sent, nothing received and no time passed "
            "are cases of their own.",
            "Decide what the answer is in that case, and look for it before you divide.",
        ),
    )


def _of_decoding(error: UnicodeDecodeError, place: Place) -> Slip:
    return Slip(
        "These bytes are not, or not yet, text in that encoding.",
        (
            "The bytes that are decoded here are no whole text: either a character is cut in two, "
            "or they are no text at all.",
            "A character of UTF-8 has one to four bytes, and what `recv` returns may end in the "
            "midst of one. Packed numbers are no text, whatever the encoding.",
            "Decode when the message is complete, and only what is text.",
        ),
    )


def _of_encoding(error: UnicodeEncodeError, place: Place) -> Slip:
    return Slip(
        "That encoding has no bytes for one of the characters.",
        (
            f"The encoding {error.encoding} does not know each character of this text.",
            "ASCII has 128 characters, and Latin-1 has 256. UTF-8 has them all.",
            "Use the encoding that the text of the exercise asks for.",
        ),
    )


def _of_recursion(error: RecursionError, place: Place) -> Slip:
    return Slip(
        "The function calls itself again and again.",
        (
            "The function calls itself, directly or by another one, and no call ever returns.",
            "Each call waits for the one that it has made; after about 1,000 Python gives up.",
            "Use a loop (`while` or `for`) for what is to be done again.",
        ),
    )


def _of_json(error: json.JSONDecodeError, place: Place) -> Slip:
    return Slip(
        "The text is no complete JSON value.",
        (
            "What is read as JSON here is not one whole value: print it, as `repr` shows it.",
            "One `recv` may bring half a message, or one and a half. JSON has double quotes, and "
            "`true`, `false` and `null` in lower case.",
            "Cut the stream into whole messages first, and read each by itself.",
        ),
    )


def _of_exit(error: SystemExit, place: Place) -> Slip:
    return Slip(
        "`exit` and `quit` end a whole program, and here the function.",
        (
            "Which line ends the program, by `exit`, `quit` or `sys.exit`?",
            "A function ends by `return`, or at its last line; its caller goes on then.",
            "Leave the loop by `break`, or the function by `return`.",
        ),
    )


_FINDERS: dict[type, Callable[[Any, Place], Slip | None]] = {
    UnboundLocalError: of_unbound,
    NameError: of_name,
    AttributeError: of_attribute,
    TypeError: of_type,
    json.JSONDecodeError: _of_json,
    UnicodeDecodeError: _of_decoding,
    UnicodeEncodeError: _of_encoding,
    ValueError: of_value,
    struct.error: of_struct,
    IndexError: _of_index,
    KeyError: _of_key,
    ZeroDivisionError: _of_zero,
    RecursionError: _of_recursion,
    RuntimeError: of_runtime,
    BlockingIOError: of_blocking,
    OSError: of_system,
    TimeoutError: lambda error, place: None,
    ConnectionResetError: lambda error, place: None,
    ConnectionAbortedError: lambda error, place: None,
    SystemExit: _of_exit,
}
