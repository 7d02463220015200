"""Operations on a type that does not know them, and calls with other arguments: by the message."""

from __future__ import annotations

import ast
import inspect
import re

from helpers.checks.slips import Place, Row, Slip, by_message, not_awaited, of_nothing

_BYTES = (
    "A socket takes and gives bytes, and bytes don't mix with text (`str`). Text becomes bytes by "
    "`encode`, bytes become text by `decode`."
)
_TYPES: tuple[Row, ...] = (
    (
        r"a bytes-like object(?: is required)?, not '?str'?|can't concat str to (bytes|bytearray)"
        r"|first arg must be bytes.*not str|argument should be .*bytes.*not 'str'"
        r"|sequence item \d+: expected a bytes-like object, str found"
        r"|string argument without an encoding|encoding without a string argument"
        r"|decoding to str: need a bytes-like object, str found",
        "This line has text (`str`) where bytes are wanted.",
        "This line puts text (`str`) where bytes are wanted: one of the two has to be changed.",
        _BYTES,
        "Encode the text first, or put a `b` before the quotes of a constant. Where a `decode` has "
        "made the text, it may have come too early.",
    ),
    (
        r"can only concatenate str .*bytes|must be str, not bytes|as left operand, not bytes"
        r"|first arg must be str.*not bytes|expected str instance, bytes found"
        r"|cannot use a (string|bytes) pattern",
        "This line puts bytes where text (`str`) is wanted.",
        "This line puts bytes where text (`str`) is wanted: one of the two has to be changed.",
        _BYTES,
        "Decode the bytes first, once they are complete, or keep everything in bytes.",
    ),
    (
        r"a bytes-like object is required, not '(?P<kind>\w+)'"
        r"|can't concat (?P<kind2>\w+) to bytes",
        "This line puts another type where bytes are wanted.",
        "Here stands a value of the type {kind}{kind2}, and only bytes can be sent or appended.",
        "Numbers become bytes by `struct.pack` or `to_bytes`, text by `encode`. One element of a "
        "bytes object is an int, a slice of it is bytes.",
        "Turn the value into bytes before this line.",
    ),
    (
        r"can only concatenate str \(not \"(?P<kind>\w+)\"\)",
        "Python does not turn a value into text by itself.",
        "A text and a value of the type {kind} are added here: they can't be.",
        "Numbers become text by `str(…)`, or in an f-string, between braces.",
        "Change one of the two before you add them.",
    ),
    (
        r"(connect|connect_ex|bind)\(\) takes exactly one argument \((?P<given>\d+) given\)",
        "An address is one argument: a tuple of a host and a port.",
        "An address is one argument, a tuple of host and port; here two arguments were given.",
        "A tuple has parentheses of its own, inside those of the call.",
        "Put host and port together into a tuple, or hand on the address as you got it.",
    ),
    (
        r"address must be (a )?(2-item )?tuple|AF_INET6? address must be|wrong format for address",
        "An address is a tuple of a host and a port.",
        "The address that is handed over here is no tuple of a host and a port.",
        "An address of IPv4 has two elements: the host as text, and the port as a whole number.",
        "Print the address in the line before, and compare.",
    ),
    (
        r"'str' object cannot be interpreted as an integer|an integer is required \(got type str\)",
        "This line has text where a whole number is wanted.",
        "Here stands a number as text, in quotes or read from somewhere; a whole number is wanted.",
        "A port, a size and a count are numbers (`int`), not text. `int(…)` makes a number of "
        "text.",
        "Change it to a number before this line.",
    ),
    (
        r"'(?P<kind>float|bytes|NoneType|tuple|list)' object cannot be interpreted as an integer",
        "This line needs a whole number.",
        "Here stands a value of the type {kind}, where a whole number is wanted.",
        "A size, a count, a port are of the type int. A division by `/` gives a float, one by "
        "`//` an int.",
        "Print the value in the line before, and see where it comes from.",
    ),
    (
        r"\brecv\(\) missing 1 required|\brecv\(\) takes .*\(0 given\)|\brecv expected .*, got 0",
        "`recv` wants a number.",
        "`recv` is called without a number: it must know how many bytes it may return at the most.",
        "The number is a limit, and no order: `recv` returns what is there, up to so many bytes.",
        "Put a number between the parentheses; the programs of the chapters take 1,024.",
    ),
    (
        r"(?P<name>[\w.<>]+)\(\) missing \d+ required (positional|keyword-only) arguments?: "
        r"(?P<missing>.*)",
        "The call gives fewer arguments than the function takes.",
        "`{name}` is called without a value for {missing}.",
        "Each parameter without a value of its own must be given in the call, in the same order.",
        "Compare the call with the line of the `def`, argument by argument. If a thread runs "
        "it: a thread gets its function's arguments as a tuple, in `args`.",
    ),
    (
        r"(?P<name>\w+\.\w+)\(\) takes (?P<few>\d+) positional arguments? but \d+ (was|were) given",
        "A method gets its object as the first argument, without being told to.",
        "Python hands the object itself to `{name}` as the first argument: does its `def` begin "
        "with `self`, and are there as many names after it as values in the call?",
        "Each `def` in a class names the object first: `self`, by custom. The call does not.",
        "Compare the line of the `def` with the call, and count `self` in the `def` alone.",
    ),
    (
        r"(?P<name>[\w.<>]+)(\(\))? (takes|expected) .*(\((?P<given>\d+) given\)"
        r"|but (?P<given2>\d+) (was|were) given|got \d+)",
        "The call gives another number of arguments than the function takes.",
        "`{name}` is called with another number of arguments than it takes.",
        "The error says how many it takes and how many were given. In a class, the object itself "
        "is the first one: `self`.",
        "Compare the call with the function's description, argument by argument.",
    ),
    (
        r"(?P<name>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<key>\w+)'"
        r"|'(?P<key2>\w+)' is an invalid keyword argument",
        "The function has no parameter of that name.",
        "There is no parameter `{key}{key2}` in what is called here.",
        "An argument may be given by name only where the function has a parameter of this name; "
        "many of Python's own functions take no names at all.",
        "Look up how the function's parameters are called, or give the value without a name.",
    ),
    (
        r"'module' object is not callable",
        "A module can't be called; what is in it can.",
        "`{called}` is a module here: what you want to call is inside it.",
        "The module `socket` holds the class `socket`, as `time` holds `time` and `select` holds "
        "`select`.",
        "Write the name twice, with a dot between.",
    ),
    (
        r"'(?P<kind>\w+)' object is not callable",
        "Parentheses after a value call it, and only functions can be called.",
        "`{called}` is a value of the type {kind} here, and not a function: an equals sign may "
        "have given the function's name to something else.",
        "A name means one thing at a time. Who writes to it loses the function of the same name. "
        "Attributes, as `family` or `type`, have no parentheses.",
        "Give your variable another name, or leave the parentheses out. Run the cells again where "
        "one of Python's own names was overwritten.",
    ),
    (
        r"'(method|builtin_function_or_method|function|type)' object is not "
        r"(subscriptable|iterable)",
        "The function itself stands here, and not what it returns.",
        "Parentheses are missing after a function's name: it was not called.",
        "A function runs only where parentheses follow its name, also if it has no arguments.",
        "Call the function, then take what you need from its result.",
    ),
    (
        r"cannot unpack non-iterable (?P<kind>\w+) object",
        "Several names stand on the left, and a single value on the right.",
        "The right side is one value of the type {kind}, and can't be split among several names.",
        "`accept` and `recvfrom` return two values; `recv` and most others return one.",
        "Print the right side in the line before, and give it as many names as it has parts.",
    ),
    (
        r"(?P<kind>list|tuple|string|byte|bytearray) indices must be integers",
        "A name in brackets is a key, and only a dict has keys.",
        "What stands before the brackets is a {kind} here, and no dict: where does it come from, "
        "and may it be something else than you expect?",
        "A list, a tuple and a text are asked for parts by a number. What `json.loads` gives may "
        "be a list, a number or a text as well as a dict.",
        "Look of which type it is before you ask it for a key.",
    ),
    (
        r"'(?P<kind>\w+)' object is not subscriptable",
        "Brackets after a value ask for one of its parts, and this value has none.",
        "A value of the type {kind} has no parts to be asked for by brackets.",
        "Texts, bytes, lists, tuples and dictionaries have parts; numbers, sockets and the like "
        "have none.",
        "Print the value in the line before, and see where it comes from.",
    ),
    (
        r"'(?P<kind>\w+)' object is not iterable",
        "A loop, or a function such as `list` or `sum`, needs a value with parts.",
        "A value of the type {kind} has no parts to go through one by one.",
        "Lists, texts, bytes and dictionaries can be gone through; for so many rounds there is "
        "`range`. A thread's `args` is a tuple, and a tuple of one element ends in a comma.",
        "Print the value in the line before, and see where it comes from.",
    ),
    (
        r"'(?P<kind>bytes|str|tuple)' object does not support item (assignment|deletion)",
        "A value of this type never changes.",
        "A value of the type {kind} can't be changed in place.",
        "Text, bytes and tuples stay as they were made. `bytearray` and `list` can be changed.",
        "Make a new value and give it the old name, or use the type that can be changed.",
    ),
    (
        r"unhashable type: '(?P<kind>\w+)'",
        "A key of a dictionary, and an element of a set, must be of a type that never changes.",
        "A value of the type {kind} is used as a key, or put into a set: that does not work.",
        "Text, numbers, bytes and tuples can be keys; lists, dictionaries and bytearrays can't.",
        "Change it into a tuple or into bytes first.",
    ),
    (
        r"object of type '(?P<kind>\w+)' has no len\(\)",
        "Only a value with parts has a length.",
        "`len` was asked of a value of the type {kind}, which has no length.",
        "Texts, bytes, lists and the like have a length. A number has none, nor has a generator.",
        "Print the value in the line before, and see where it comes from.",
    ),
    (
        r"unsupported operand type\(s\) for (?P<sign>\S+): '(?P<left>[\w.]+)' and "
        r"'(?P<right>[\w.]+)'|'(?P<sign2>[<>=!]+)' not supported between instances of "
        r"'(?P<left2>[\w.]+)' and '(?P<right2>[\w.]+)'",
        "The two types don't go together.",
        "`{sign}{sign2}` has {left}{left2} on its left and {right}{right2} on its right: which of "
        "the two is not what you expect?",
        "Text that looks like a number is no number. None is no number either.",
        "Print both values in the line before, and change the one that has the wrong type.",
    ),
    (
        r"Object of type (?P<kind>\w+) is not JSON serializable",
        "JSON knows text, numbers, true, false, null, lists and objects, and nothing else.",
        "A value of the type {kind} can't be written as JSON.",
        "JSON has no bytes, for example: bytes must be decoded to text before.",
        "Change the value before it is put into what you write as JSON.",
    ),
    (
        r"object (?P<kind>\w+) can't be used in 'await' expression",
        "`await` needs a coroutine, a task or a future.",
        "`await` stands before a value of the type {kind}, which is there already.",
        "What an ordinary function returns is awaited by nobody. `writer.write` for example is an "
        "ordinary one, `writer.drain` is not.",
        "Leave `await` out here, or call what is `async`.",
    ),
    (
        r"exceptions must derive from BaseException|catching classes that do not inherit from",
        "Only classes of errors can be raised and caught.",
        "After `raise` and `except` stands a class of errors, such as `ValueError`.",
        "Text is no error; it is what an error is made with.",
        "Name the class of the error here.",
    ),
)  # fmt: skip
_NOTHING = (
    (r"'NoneType' object is not (subscriptable|iterable|callable)", "used so"),
    (r"cannot unpack non-iterable NoneType object", "taken apart"),
    (r"object of type 'NoneType' has no len", "measured"),
    (r"object NoneType can't be used in 'await'", "awaited"),
    (r"unsupported operand type\(s\) for .*'NoneType'", "calculated with"),
)  # fmt: skip
_COROUTINE = re.compile(r"'coroutine' object|'coroutine' and|and 'coroutine'|, not '?coroutine")


def of_type(error: TypeError, place: Place) -> Slip | None:
    """An operation on a type that does not know it, or a call with other arguments."""
    message = str(error)
    if _COROUTINE.search(message):
        return not_awaited(_coroutine_called(place))
    for pattern, what in _NOTHING:
        if re.search(pattern, message):
            return of_nothing(_what_is_used(place), what)
    return by_message(_TYPES, message, place)


def _what_is_used(place: Place) -> str:
    """What is called, or asked for a part, as it is written; empty where it is neither."""
    if isinstance(place.node, ast.Subscript):
        return ast.unparse(place.node.value)
    return place.called


def _coroutine_called(place: Place) -> str:
    """The `async` function that the line calls; empty where it can't be told."""
    for node in ast.walk(place.node) if place.node else ():
        if isinstance(node, ast.Call) and inspect.iscoroutinefunction(place.value(node.func)):
            return ast.unparse(node.func)
    return ""
