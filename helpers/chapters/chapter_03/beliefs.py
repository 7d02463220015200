"""What the checks of chapter 03 share: beliefs about streams."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

RECV_N = Misconception(
    "recv(n) returns n bytes",
    "recv(n) returns what has arrived so far, from 1 byte up to n: the rest may come later.",
    (
        "How many bytes had arrived when your recv returned? Look at the diagram.",
        "Compare the length of what came with what you need, and go on while it is shorter.",
        "Keep what has come, and ask only for what is still missing, until nothing is. Each "
        "recv in your code needs this, also one that reads a header.",
    ),
)
SHORT_READ = Misconception(
    "a short read is an error",
    "A recv that returns less than you asked for says only that the rest is still on its way.",
    (
        "The peer had not ended its side when your code gave up. What was missing came later.",
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
        "What does your code do when recv returns b'' and a message has begun?",
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
        "Which lengths does your code accept? The header's four bytes can say up to 4 GB.",
        "At which moment do you know that the frame is too large? Nothing more has to come.",
        "Between reading the length and asking for the payload there is a decision to make, with "
        "the limit; the contract names the error.",
    ),
)
DECODED = Misconception(
    "decode each chunk as it comes",
    "A chunk may end inside a character: then its bytes are no text until the rest has come.",
    (
        "The é is two bytes in UTF-8, and the peer sent them apart. Where does your code decode?",
        "What you collect can be bytes until a message is whole; the newline can be found there.",
        "Cut the bytes into lines first, and decode one whole line at a time.",
    ),
)
ONE_RECV = Misconception(
    "one recv is one message",
    "recv returns what has arrived so far: a part of a message, or several at once.",
    (
        "What did one recv return here? Look at the pieces in the diagram.",
        "Only the newline says where a message ends. A piece may hold none, one or several.",
        "Keep what has come between two calls of recv; take from it every message that is whole, "
        "and keep the rest for later.",
    ),
)
NOTHING_YET = Misconception(
    'an empty recv means "nothing yet"',
    "It means that the peer has ended its side: nothing will come, however often you ask.",
    (
        "What does your loop do when recv returns b''?",
        "recv waits while nothing is there. So when does it come back with nothing?",
        "An empty result must end the loop, in whichever way the contract says.",
    ),
)
SEND_ALL = Misconception(
    "send sends everything",
    "send returns how many bytes the system took, and on a socket with a timeout that may be a "
    "part of them.",
    (
        "What does send return, and what do you do with it?",
        "The system's buffers are smaller than this payload, and the peer reads late.",
        "Go on with the rest until nothing is left; there is a method of sockets that does.",
    ),
)
NATIVE = Misconception(
    "native byte order is fine",
    "Most machines write the least significant byte first, and the protocol the most significant.",
    (
        "Compare the header that came with the one that was expected.",
        "The bytes are the right ones, in the other order.",
        "The first character of a format for struct says the order: look at the page struct, "
        "Byte Order, Size, and Alignment.",
    ),
)
