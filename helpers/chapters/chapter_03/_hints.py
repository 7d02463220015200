"""Hints for what can go wrong with any function that reads from a connection."""

from __future__ import annotations

# What came back

NO_RETURN = (
    "Your function comes to its end without `return`, or returns nothing there: then it gives "
    "None.",
    "Printing a value is not handing it out: the caller gets only what stands behind `return`.",
    "Look at each way through your function. Does each end in `return` or `raise`?",
)
TEXT = (
    "Your function makes text of the bytes (`decode`, `str`); the contract asks for them as bytes.",
    "Bytes may hold a picture or a number: not all of them are text.",
    "Leave out what decodes, and return what you have collected as it came.",
)
YIELDS = (
    "A function with `yield` is a generator: it hands out pieces, and the contract asks for one "
    "result.",
    "The caller wants the bytes all together.",
    "Collect the pieces, put them together at the end, and `return` that.",
)
A_LIST = (
    "Your function returns a list; the contract asks for bytes, put together in one.",
    "Bytes have a method that puts a list of them together.",
    "Join the pieces before you return them.",
)
A_TUPLE = (
    "Your function returns a tuple, several values at once; the contract asks for the bytes alone.",
    "A comma behind `return` makes a tuple, and struct.unpack gives one even for a single number.",
    "Leave away what stands beside the bytes; of unpack's tuple take the first item.",
)
RETURNED_ERROR = (
    "Your function returns the error as a value; it must `raise` it.",
    "A returned error stops nobody: the caller takes it for the result.",
    "There is another word than `return` for errors.",
)
NOT_BYTES = (
    "Look at what your function returned, and at what the contract says it returns: bytes.",
    "Which of your names holds the bytes that came, and which one do you return?",
    "Follow the name behind your `return` back to the line that gives it its value.",
)
STRIPPED = (
    "Something at the ends is missing: your function strips white space, and that is content too.",
    "strip and its relatives remove spaces, newlines and the byte \\r at either end.",
    "Leave the bytes as they came.",
)
CLOSED = (
    "Your function closes the connection (`with`, close, or the end of one): it is the caller's.",
    "The caller may want to read on, or to answer.",
    "Read, and nothing else: no `with`, close or shutdown of what you were given.",
)

# What the socket raised

ERROR_LOST = (
    "The socket raised an error, and an `except` of yours caught it: the contract lets it pass.",
    "Whoever calls your function must know that the connection broke; now it looks like something "
    "else.",
    "Look for an `except` that catches more than you meant to. None is needed for the socket's "
    "errors here.",
)
TIMEOUT_LOST = (
    "The socket's timeout ran out, and an `except` of yours caught that TimeoutError.",
    "The caller has set the timeout, and wants to hear of it.",
    "The contract lets errors of the socket pass: catch none of them here.",
)
ASKS_AGAIN = (
    "When the socket's timeout ran out your function asked again, so the caller never hears of it.",
    "The caller has set the timeout, and decides what to do when it is over.",
    "Let TimeoutError pass: no `except` for it, and no loop that goes on after it.",
)
OWN_TIMEOUT = (
    "Your function sets another timeout than the one that the caller gave the connection.",
    "settimeout and setblocking change the caller's socket, also for all calls that follow.",
    "Leave out every settimeout and setblocking, and use the connection as you get it.",
)

# The end of the stream

OTHER_ERROR = (
    "At the early end your function raised another error than EOFError, which the contract names.",
    "Whoever calls it writes `except EOFError`, and would miss yours.",
    "Raise that class yourself, at the place where you notice the end.",
)
NO_COUNT = (
    "The error is the right one, but its message does not say how many bytes came.",
    "You know how many bytes you have collected when the stream ends.",
    "Put that number into the text that you give to the error.",
)
OTHER_COUNT = (
    "The number in the error's message is not how many bytes came, but another one.",
    "How many came is the length of what you have collected; how many are missing, or were asked "
    "for, is something else.",
    "Put the length of what you have collected, in bytes, into the text.",
)
WENT_ON = (
    "All that was asked for had come, and your function called recv once more.",
    "recv(0) returns b'' at once, which looks like an end; recv(1) waits for what nobody sends.",
    "Find the condition of your loop. With which number does it compare, and by which sign?",
)
