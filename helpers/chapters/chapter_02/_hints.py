"""The hints for clients in chapter 02, each for one way to fail."""

from __future__ import annotations

from typing import Any

from helpers.chapters.chapter_02.beliefs import NO_TIMEOUT
from helpers.checks.wrong import Hints

# What any client may do

RETURN_HINTS = (
    "Your function gave None: it has come to its end without `return`. Printing does not return.",
    "Follow each way through your function: which one ends without a result?",
    "The last line of each way says `return`, and what the contract asks for.",
)
ONCE_HINTS = (
    "The server saw more than one connection of yours. Which line makes the second, or the same "
    "one again?",
    "Connecting without need costs the server a connection, and it may welcome you only once.",
    "One connection, from its start to its end: a loop round it is not wanted.",
)
REFUSED_HINTS = (
    "Nobody listens where your function connects. Is that the address that it was given?",
    "The address is an argument: a tuple of host and port.",
    "Hand `address` to the call that connects, as it is.",
)
BROKEN_HINTS = (
    "The line sends or reads where that direction was over already: look at the order of your "
    "calls. What must come first, what before the end of your side, and what after it?",
    "After the end of your side nothing can be sent; after a reset nothing can be read.",
    "First all that you have to send, then the end of your side, then reading to the end.",
)
OPEN_AFTER_ERROR_HINTS = (
    "The error left your function before the line that closes the socket: it stayed open.",
    "Each way out of the function has to close it: the usual one, and each error.",
    "`with` closes the socket at the end of its block, however the block is left.",
)
THREAD_HINTS = (
    "Your function returned, and a thread that it had started was still at work: its result came "
    "too late, or not at all.",
    "Who starts a thread waits for its end, before it uses what the thread has done.",
    "A thread has a method that waits for its end. Is one needed here at all?",
)
DEFAULT_TIMEOUT_HINTS = (
    "`setdefaulttimeout` is for all sockets that are made after it, everywhere in the program: "
    "which of your lines concerns more than your own socket?",
    "What you set for all has to be put back, also where an error ends the function.",
    "A single socket can have a timeout of its own: from the call that makes it, or later.",
)
OWN_TIMEOUT_HINTS = (
    "The wait took longer than the timeout that was given: which number limits it in your code?",
    *NO_TIMEOUT.hints[1:],
)
EARLY_HINTS = (
    "TimeoutError came before the timeout that was given was over: which number limits your wait?",
    "The caller knows how long it can wait, and says so by the argument.",
    "Use the timeout as it is, for connecting and for each wait.",
)
CLOCK_HINTS = (
    "`time.time` is the wall clock, which somebody may set while you wait. Which clock can nobody "
    "set?",
    "A computer's clock is corrected now and then, by seconds or by an hour.",
    "`time.monotonic` only goes on. A socket's own timeout needs no clock of yours at all.",
)
SPINNING_HINTS = (
    "Your loop asks again and again while nothing is there, and keeps a processor busy: which call "
    "could wait in its place?",
    "A socket that does not block returns at once. A battery would soon be empty.",
    "A socket with a timeout waits in `recv` itself, without any work.",
)
CONNECT_HINTS = (
    "The timeout begins only after `connect`: while your socket connects, it has none of yours.",
    "Connecting is a wait too: for a machine that is switched off it is the only one.",
    "`create_connection` takes a timeout; a socket that you make yourself can have one before it "
    "connects.",
)
SILENCE_HINTS = (
    "Which of your lines takes silence for an end, or catches the error of the wait?",
    "Who asked for something has to hear that it is not complete: the contract names the error.",
    "Let the error of the wait reach the caller, and see that the socket is closed then too.",
)
OTHER_ERROR_HINTS = (
    "A caller waits for TimeoutError, and another kind of error came: who turns it into that?",
    "TimeoutError says all: a wait took too long. Whoever hides it takes that from the caller.",
    "An error that nobody catches reaches the caller by itself.",
)

# fetch_welcome

WHOLE_HINTS = (
    "Compare what your function returned with what the server sent, to the last character.",
    "The result is a str with all that came, also white space and line ends.",
    "Connect to the address that you were given, once; read to the end; decode from UTF-8.",
)
LAST_PIECE_HINTS = (
    "Your result is empty, or only the last piece: each piece has to be kept, also the earlier "
    "ones.",
    "A name that gets a new value in each round forgets the old one.",
    "Begin with empty bytes before the loop, and add each piece to them.",
)
BYTES_HINTS = (
    "Your function returned bytes, as they came; a str is asked for. What makes text of bytes?",
    "The contract names the encoding.",
    "Decode once, when all has come.",
)
REPR_HINTS = (
    "Your result begins with b': that is how Python shows bytes. `str(...)` does not decode.",
    *BYTES_HINTS[1:],
)
STRIP_HINTS = (
    "White space at an end of the text is missing: which of your calls strips it?",
    "A newline is a character like any other, and it was sent.",
    WHOLE_HINTS[2],
)
LINE_END_HINTS = (
    'The server sent "\\r\\n" at the end of a line, and your result has "\\n" there: what '
    "changes it?",
    "A file in text mode turns line ends into its own, unless it is told not to.",
    "Decoding bytes changes no line end. `makefile` has an argument for it.",
)
LINE_HINTS = (
    "Your function stopped at the end of a line. The welcome goes on until the server ends its "
    "side: an empty read says so, and nothing in the text does.",
    "How many lines there will be, nobody has said.",
    WHOLE_HINTS[2],
)
STOPPED_HINTS = (
    "Your result is only the beginning of what was sent: which line leaves your loop before the "
    "end of the stream?",
    "No number of bytes, of pieces or of seconds says that all has come.",
    WHOLE_HINTS[2],
)
SLOW_HINTS = (
    "No wait was as long as the timeout, but all of them together were: the timeout is for each "
    "wait by itself.",
    "When a piece has come, the next wait begins anew.",
    "A timeout that is set on the socket applies to each of its calls by itself.",
)
SENT_HINTS = (
    "Your function sent something to the server. Nothing was to be sent: it only listens here.",
    "What nobody reads may cost the whole connection: a server that closes then resets it.",
    WHOLE_HINTS[2],
)
ENCODING_HINTS = (
    "The text is in UTF-8, and characters beyond ASCII came out wrong, or not at all.",
    "ASCII has no °, no ö. The contract names the encoding.",
    "Give `decode` the name of the encoding that the contract names.",
)
EMPTY_HINTS = (
    'The server ended without a word: an empty str, "", is the result, no None and no error.',
    "The first `recv` returns what the last one returns always. One try is enough.",
    "Your loop should end at once here, with an empty str as the result.",
)
RESET_HINTS = (
    "Which error does `recv` raise after a reset, and where does it go in your function?",
    "What came before a reset may be incomplete, so it is no result. Nor is a second try wanted.",
    "An error that nobody catches reaches the caller. `with` closes the socket on that way too.",
)

# ask

SHORT_HINTS = (
    "Compare what your function returned with what the server sent.",
    "Send the request as it is, end your side, read the answer to its end.",
    "The result is the answer as `bytes`, nothing added and nothing changed.",
)
DECODED_HINTS = (
    "Your function returned a str; the answer is asked for as bytes. Which line decodes it?",
    "The answer may be a picture, or numbers that `struct` has packed: not all bytes are text.",
    SHORT_HINTS[2],
)
BYTEARRAY_HINTS = (
    "Your result is a bytearray, which can still be changed: `bytes` are asked for.",
    "The two are equal if their bytes are, but a bytearray is no key of a dict, for example.",
    "`bytes(...)` makes the one of the other.",
)
AS_TEXT_HINTS = (
    "Your request reached the server as Python shows bytes, with b and quotes: `str` of bytes is "
    "not what they are.",
    "The request is bytes already.",
    "Send it as it is.",
)
ADDED_HINTS = (
    "More than the request has reached the server: what do you add to it?",
    "A newline, or any other mark, would be a part of the request.",
    "Send the request as it is. Its end is the end of your side.",
)
LARGE_HINTS = (
    "Not the whole request has reached the server. Which part of it do you send?",
    "Nothing in the contract limits the length of a request.",
    "Send the whole of it, and end your side only then.",
)
CHANGED_REQUEST_HINTS = (
    "What reached the server is not the request as it was given: which line changes it?",
    *ADDED_HINTS[1:],
)
CHANGED_REPLY_HINTS = (
    "What came back is not as the server sent it, to the last byte: which line changes it?",
    "White space at an end is a part of the answer as well.",
    SHORT_HINTS[2],
)
REPLY_LINE_HINTS = (
    "Your function stopped at the end of a line. The answer goes on until the server ends its "
    "side.",
    "How many lines it has, nobody has said.",
    "Read until the read is empty.",
)
NOT_BLOCKING_HINTS = (
    "Your socket does not block, so `sendall` gives up where the buffer is full and it had to "
    "wait.",
    "A large request goes out as fast as the server reads it.",
    "Give the socket the timeout that you were given, and it waits for no longer.",
)
NO_ANSWER_HINTS = (
    'The server ended without an answer: that is no error here, and b"" is the result.',
    "What does the first `recv` return then?",
    "Your loop should end at once, with an empty result of the right type.",
)
NO_QUESTION_HINTS = (
    "An empty request, of no bytes, is a request too: it connects, ends its side, and gets an "
    "answer.",
    "What reached the server?",
    "No special way is needed for it: sending nothing does no harm.",
)
UNSERVED_HINTS = (
    "Nobody accepts: what does your function wait for, and for how long?",
    "The contract names the error for a wait that takes too long. One try is enough.",
    "Let the error of the wait reach the caller, and see that the socket is closed then too.",
)


def of_type(got: Any, wanted: str) -> Hints:
    """Hints for a result of another type than was asked for."""
    return (
        f"Your result is of the type {type(got).__name__}, and {wanted} is asked for: what makes "
        "the one of the other?",
        "Bytes are joined by `join`, and decoded by `decode`.",
        "Look at what the contract says about the result.",
    )
