"""Values of the right type that an operation can't take all the same: by the error's message."""

from __future__ import annotations

from helpers.checks.slips import Place, Row, Slip, by_message

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
        "The left side has {want} names, and the right side gives only {got}: may what came have "
        "fewer parts than you expect?",
        "What is split has as many parts as it has separators, and one more. With an empty text, "
        "or with half a message, there are fewer.",
        "Print the right side in the line before: is it complete, and can it be empty?",
    ),
    (
        r"too many values to unpack \(expected (?P<want>\d+)",
        "Fewer names stand on the left than there are values on the right.",
        "The right side gives more values than the {want} that are wanted here.",
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


def of_value(error: ValueError, place: Place) -> Slip | None:
    """A value of the right type that can't be used all the same."""
    return by_message(_VALUES, str(error), place)


def of_struct(error: Exception, place: Place) -> Slip | None:
    """`struct.error`: sizes, types and ranges of packed values."""
    return by_message(_PACKED, str(error), place)


def of_runtime(error: RuntimeError, place: Place) -> Slip | None:
    """What asyncio, threads and loops refuse."""
    return by_message(_RUNNING, str(error), place)
