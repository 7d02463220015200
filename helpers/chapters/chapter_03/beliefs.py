"""What the checks of chapter 03 share: beliefs about streams."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

RECV_N = Misconception(
    "recv(n) returns n bytes",
    "recv(n) returns what has arrived so far, from 1 byte up to n: the rest may come later.",
    (
        "recv returned only what had come by then, and your code does not ask again until it has "
        "all that it needs.",
        "Look at the diagram for the pieces. Compare the length of what came with what you need.",
        "Keep what has come, and ask only for what is still missing, until nothing is. Each "
        "recv in your code needs this, also one that reads a header.",
    ),
)
SHORT_READ = Misconception(
    "a short read is an error",
    "A recv that returns less than you asked for says only that the rest is still on its way.",
    (
        "Your code raised because fewer bytes came than it had asked for; the rest was on its "
        "way, so ask again.",
        "Which result of recv says that the stream has ended? Only that one is an end.",
        "Raise where recv has returned b'' and bytes are missing; where it has returned some "
        "bytes, keep them and ask again.",
    ),
)
END_INSIDE = Misconception(
    "end of stream in mid-frame is a normal end",
    "A stream that ends inside a message has lost the rest of it: only an end between two "
    "messages says that all was said.",
    (
        "The stream ended inside a message (recv returned b''), and your code does not raise the "
        "error that the contract names.",
        "When the stream ends there are two cases: nothing of a message has come, or some of it.",
        "At the end look at what you have collected. If it is a part of a message, what the "
        "contract says of an early end applies, and the part is of no use.",
    ),
)
TRUSTED = Misconception(
    "the length field can be trusted",
    "The peer wrote the length: it may be a mistake or an attack, and whoever makes room for it "
    "or waits for it can be brought down by four bytes.",
    (
        "Your code believed the length that the peer sent: compare it with the limit before you "
        "make room or wait, and refuse what is over.",
        "The header's four bytes can say up to 4 GB. Once they are there nothing more has to come.",
        "Between reading the length and asking for the payload there is a decision to make, with "
        "the limit; the contract names the error.",
    ),
)
DECODED = Misconception(
    "decode each chunk as it comes",
    "A chunk may end inside a character: then its bytes are no text until the rest has come.",
    (
        "Your code decodes before a line is whole: the é is two bytes, which came apart, and half "
        "a character is no text.",
        "What you collect can be bytes until a message is whole; the newline can be found there.",
        "Cut the bytes into lines first, and decode one whole line at a time.",
    ),
)
ONE_RECV = Misconception(
    "one recv is one message",
    "recv returns what has arrived so far: a part of a message, or several at once.",
    (
        "Your code takes what one recv returns for a message; only the newline ends one, so "
        "collect until it comes.",
        "Look at the pieces in the diagram. A piece may hold no newline, one or several.",
        "Keep what has come between two calls of recv; take from it every message that is whole, "
        "and keep the rest for later.",
    ),
)
NOTHING_YET = Misconception(
    'an empty recv means "nothing yet"',
    "It means that the peer has ended its side: nothing will come, however often you ask.",
    (
        "recv returned an empty b'', and your loop asked again: it means that nothing will ever "
        "come.",
        "recv waits while nothing is there. It comes back with nothing only at the stream's end.",
        "An empty result must end the loop, in whichever way the contract says.",
    ),
)
SEND_ALL = Misconception(
    "send sends everything",
    "send returns how many bytes the system took, and on a socket with a timeout that may be a "
    "part of them.",
    (
        "send took only a part of the bytes and returned how many; your code lets go of the rest.",
        "The system takes what it has room for at that moment, which may be very little.",
        "Go on with the rest until nothing is left; there is a method of sockets that does.",
    ),
)
NATIVE = Misconception(
    "native byte order is fine",
    "Most machines write the least significant byte first, and the protocol the most significant.",
    (
        "The four bytes of the length are in the other order: the network has the most significant "
        "one first.",
        "Compare the header that came with the example in the docstring, byte by byte.",
        "The first character of a format for struct says the order: look at the page struct, "
        "Byte Order, Size, and Alignment.",
    ),
)
IN_ONE_PIECE = Misconception(
    "a test's commands come whole",
    "Between two programs a command may come in pieces, or stop in the middle; a test that sends "
    "it whole meets only the good days.",
    (
        "Each of your tests sends whole commands: what if one comes in pieces, or is cut off?",
        "You decide what the lamp's recv returns: send a part, wait, send the rest, or end there.",
        "Write one test with a command in two pieces, and one with a command that never ends.",
    ),
)
ASKED_ONCE = Misconception(
    "an app asks only once",
    "An app that hears no answer asks again, on the same connection or on a new one; a wrong lamp "
    "shows itself only then.",
    (
        "None of your tests asks again with an id that the lamp has obeyed.",
        "The protocol's third point is about nothing else.",
        "Ask twice in one conversation, and once more in another.",
    ),
)
WELL_MEANT = Misconception(
    "whoever connects keeps the protocol",
    "Anybody may connect, and a program must keep its own part whatever comes.",
    (
        "All that your tests send keeps the protocol. What does the lamp do with the rest?",
        "The fourth and the fifth point say what a lamp does with lines that are no commands.",
        "Send what no app would send, and compare what comes with these two points.",
    ),
)
