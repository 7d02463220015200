"""Values that an operation can't take, or not in such a number: by the error's message.

A row is a pattern of the message, a sentence that explains it, and three hints. What the pattern's
groups have found is put in by name, and so is `called`, the function that the line calls.
"""

from __future__ import annotations

import ast
import inspect
import re

from helpers.checks.slips import Place, Slip
from helpers.checks.slips_of_names import not_awaited, of_nothing

Row = tuple[str, str, str, str, str]

_BYTES = (
    "A socket takes and gives bytes, and bytes don't mix with text (`str`). Text becomes bytes by "
    "`encode`, bytes become text by `decode`."
)
_TYPES: tuple[Row, ...] = (
    (
        r"a bytes-like object is required, not 'str'|can't concat str to (bytes|bytearray)"
        r"|first arg must be bytes.*not str|argument should be .*bytes.*not 'str'"
        r"|sequence item \d+: expected a bytes-like object, str found"
        r"|string argument without an encoding|encoding without a string argument"
        r"|decoding to str: need a bytes-like object, str found",
        "This line has text (`str`) where bytes are wanted.",
        "This line puts text (`str`) where bytes are wanted: one of the two has to be changed.",
        _BYTES,
        "Encode the text first, or put a `b` before the quotes of a constant.",
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
        r"(?P<name>[\w.<>]+)\(\) missing \d+ required (positional|keyword-only) arguments?: "
        r"(?P<missing>.*)",
        "The call gives fewer arguments than the function takes.",
        "`{name}` is called without a value for {missing}.",
        "Each parameter without a value of its own must be given in the call, in the same order.",
        "Compare the call with the line of the `def`, argument by argument. A thread gets "
        "its function's arguments as a tuple, in `args`.",
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
_VALUES: tuple[Row, ...] = (
    (
        r"invalid literal for int\(\)|could not convert string to float",
        "Not all of that text is a number.",
        "What is to become a number here is not a whole number as text: look at the error's last "
        "words.",
        "An empty text is no number, nor is one with a point, with a unit, or with the rest of "
        "another message. Numbers that were packed are bytes, which `struct.unpack` reads.",
        "Print what is converted, and cut away what is no part of the number.",
    ),
    (
        r"not enough values to unpack \(expected (?P<want>\d+), got (?P<got>\d+)\)",
        "More names stand on the left than there are values on the right.",
        "The left side has {want} names, and the right side gives only {got}.",
        "What is split has as many parts as it has separators, and one more. With an empty text, "
        "or with half a message, there are fewer.",
        "Print the right side in the line before: is it complete, and can it be empty?",
    ),
    (
        r"too many values to unpack \(expected (?P<want>\d+)",
        "Fewer names stand on the left than there are values on the right.",
        "{want} names, or an address of host and port, were wanted, and more values came.",
        "A text is taken apart letter by letter. An address of IPv6 has four elements.",
        "Print the right side, or the address that is handed over, in the line before.",
    ),
    (
        r"substring not found|subsection not found|is not in (list|tuple|deque)"
        r"|list\.(remove|index)\(x\)",
        "What was looked for is not there.",
        "`index` and `remove` fail where what they look for is not there.",
        "A message may not have come whole yet. `find` gives -1 then, and `in` asks without an "
        "error.",
        "Ask whether it is there before you go on.",
    ),
    (
        r"I/O operation on closed file|write to closed file",
        "The file was closed before this line.",
        "The file that is used here was closed before: which line closes it?",
        "The end of a `with` closes, and so does `close`. After that nothing can be read or "
        "written.",
        "Move this line before the one that closes.",
    ),
    (
        r"file descriptor cannot be a negative integer|Invalid file descriptor: -1"
        r"|Invalid file object|is not registered",
        "A socket that was closed can't be watched.",
        "A socket that was closed (its number is -1), or was never registered, is watched here.",
        "Once a socket is closed it must be in no list and in no selector any more.",
        "Unregister a socket, or take it from your list, before you close it.",
    ),
    (
        r"(max|min)\(\) (arg|iterable argument) is (an empty sequence|empty)"
        r"|(requires|at least) (at least )?(one|two) data points?|no (mean|median) for",
        "There is no value to take it from.",
        "The list is empty here, or has too few values.",
        "With no value there is no largest one and no mean.",
        "Decide what the answer is without values, and look for that case first.",
    ),
    (
        r"negative buffersize|sleep length must be non-negative|Timeout value out of range"
        r"|timeout must be|negative (count|value|shift)",
        "A time or a size can't be below zero.",
        "A time or a size that is handed over here is below zero.",
        "A remaining time, or a remaining number of bytes, falls below zero once the limit is "
        "passed.",
        "Look whether anything remains before you hand it over.",
    ),
    (
        r"math domain error|expected a (non-negative|positive) input",
        "A root of a negative number, or a logarithm of zero, does not exist.",
        "The number under the root, or in the logarithm, is out of range here.",
        "Print the number: which of its parts is larger, or smaller, than you expect?",
        "Compare your formula with the one of the text, sign by sign.",
    ),
    (
        r"embedded null",
        "A host's name holds no byte of zero.",
        "Text with a zero byte in it is handed over here.",
        "Fields of a fixed size are filled up with zero bytes; these are no part of the text.",
        "Strip the zero bytes before you use the text.",
    ),
)  # fmt: skip
_PACKED: tuple[Row, ...] = (
    (
        r"unpack(_from)? requires a buffer of (at least )?(?P<want>\d+) bytes",
        "The format says how many bytes there must be: {want}.",
        "The format needs exactly {want} bytes, and another number of bytes is given here.",
        "`struct.calcsize` tells how many bytes a format needs. Without `!` before it Python may "
        "put gaps between the fields. One `recv` may bring less than was asked for.",
        "Print the length of what you unpack, and compare it with the size of the format.",
    ),
    (
        r"pack(_into)? expected (?P<want>\d+) items for packing \(got (?P<got>\d+)\)",
        "Each letter of the format takes one value.",
        "The format has {want} fields, and {got} values are given.",
        "`4s` takes one value of four bytes, while `4I` takes four values.",
        "Count the letters of the format and the values after it.",
    ),
    (
        r"argument for 's' must be a bytes object",
        "A field `s` takes bytes, and no text.",
        "The field `s` of the format takes bytes, and text (`str`) is given.",
        "Text becomes bytes by `encode`.",
        "Encode the text before you pack it.",
    ),
    (
        r"required argument is not an? (integer|float)|must be real number",
        "The letter of the format says which type its value has.",
        "A value has another type than its letter in the format says.",
        "`I`, `H`, `B` and their like take whole numbers, `f` and `d` take floats, `s` takes "
        "bytes.",
        "Compare letter and value one by one, in their order.",
    ),
    (
        r"format requires|out of range|argument out of range|int too large",
        "The number does not fit into its field.",
        "A number is too large, or below zero, for the field that the format gives it.",
        "`B` has one byte, `H` two, `I` four and `Q` eight. Capital letters take no numbers "
        "below zero.",
        "Compare the largest number that may come with what the field holds.",
    ),
    (
        r"bad char in struct format|embedded null",
        "The format has a letter that `struct` does not know.",
        "A letter of the format is not known: look it up in the table of `struct`.",
        "The sign for the byte order stands once, at the beginning. Spaces may stand between.",
        "Write the format field by field, with one letter for each.",
    ),
)  # fmt: skip
_RUNNING: tuple[Row, ...] = (
    (
        r"nobody types while a check runs",
        "It asks for keyboard input.",
        "The function asks for keyboard input, by `input` or `getpass`: nobody types while a check "
        "runs.",
        "What a function needs it gets as its arguments, or reads from the network.",
        "Take the line that asks away, and use what the function was given.",
    ),
    (
        r"asyncio\.run\(\) cannot be called from a running event loop"
        r"|(This|Cannot run the) event loop (is|while another)",
        "This function runs in an event loop already.",
        "`asyncio.run` starts a loop, and here a loop runs already: inside a coroutine there is "
        "`await`.",
        "A program has one loop, which is started once, at the outermost place. A coroutine is "
        "run by the loop that runs its caller.",
        "Await the coroutine, or make a task of it, in place of running a loop of its own.",
    ),
    (
        r"no running event loop|no current event loop",
        "No event loop runs in this thread.",
        "Tasks can be made only where an event loop runs, which is inside of coroutines.",
        "An ordinary function, or another thread, has no loop.",
        "Do it in an `async` function that a loop runs.",
    ),
    (
        r"(dictionary|Set|OrderedDict|deque) (changed size|mutated|keys changed)",
        "The loop goes through something that is changed at the same time.",
        "What the loop goes through grows or shrinks meanwhile: by this loop, or by another "
        "thread.",
        "A loop over a dictionary, a set or a queue fails as soon as its size has changed.",
        "Go through a copy of it, made by `list`; between threads, a lock must guard it as well.",
    ),
    (
        r"threads can only be started once",
        "A thread runs once.",
        "`start` was called twice on the same thread.",
        "Each client, or each piece of work, needs a new thread.",
        "Make the thread where you start it.",
    ),
    (
        r"cannot join (current|thread)",
        "A thread can't wait for its own end, nor for one that was not started.",
        "`join` was called on a thread that was not started, or by the thread itself.",
        "First `start`, and later, in the thread that waits, `join`.",
        "Look at the order of the two calls.",
    ),
    (
        r"cannot reuse already awaited coroutine",
        "A coroutine runs once.",
        "The same coroutine was awaited twice.",
        "Each call of an `async` function makes a coroutine that can be awaited once.",
        "Call the function again, or keep the result.",
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
            return of_nothing(place.called if "callable" in message else "", what)
    return _by_message(_TYPES, message, place)


def _coroutine_called(place: Place) -> str:
    """The `async` function that the line calls; empty where it can't be told."""
    for node in ast.walk(place.node) if place.node else ():
        if isinstance(node, ast.Call) and inspect.iscoroutinefunction(place.value(node.func)):
            return ast.unparse(node.func)
    return ""


def of_value(error: ValueError, place: Place) -> Slip | None:
    """A value of the right type that can't be used all the same."""
    return _by_message(_VALUES, str(error), place)


def of_struct(error: Exception, place: Place) -> Slip | None:
    """`struct.error`: sizes, types and ranges of packed values."""
    return _by_message(_PACKED, str(error), place)


def of_runtime(error: RuntimeError, place: Place) -> Slip | None:
    """What asyncio, threads and loops refuse."""
    return _by_message(_RUNNING, str(error), place)


def _by_message(rows: tuple[Row, ...], message: str, place: Place) -> Slip | None:
    for pattern, *texts in rows:
        if found := re.search(pattern, message):
            groups = {name: value or "" for name, value in found.groupdict().items()}
            groups["called"] = place.called or "What is called"
            told, *hints = (text.format_map(groups) for text in texts)
            return Slip(told, tuple(hints))
    return None
