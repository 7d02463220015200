"""What learners of chapter 02 may believe, and the hints of its exercises."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ONE_RECV = Misconception(
    "one recv is one message",
    "`recv` returns what has arrived so far, from one byte up to the number that you gave; only an "
    "empty result says that the stream has ended.",
    (
        "Only a first piece was taken, and more came after it. However short a piece is, it is not "
        "the end. What is?",
        "How large a piece is says nothing about whether more will come.",
        "Read again and again, keep what came, and stop at the one result that means the end.",
    ),
)
SEND_ALL = Misconception(
    "send sends everything",
    "`send` returns how many bytes the system took, and with a timeout that may be a part of them.",
    (
        "Only a part of what was to be sent has reached the other end. What does your sending call "
        "return, and what happens to the rest?",
        "The system's buffer was full: it took what fitted, and left the rest to you.",
        "A socket has a second method, which goes on until all is taken, or raises.",
    ),
)
NOTHING_YET = Misconception(
    'an empty recv means "nothing yet"',
    "It means that the peer has ended its side: nothing will come any more, however often you ask.",
    (
        'What does your loop do when `recv` returns `b""`?',
        "While nothing is there yet, `recv` waits and does not return.",
        "The empty result is the signal to leave the loop.",
    ),
)
ACCEPT = Misconception(
    "connect waits for accept",
    "The system completes a connection before any program accepts it: connected is not served, and "
    "the first answer may be late, or never come.",
    (
        "You were connected, but no program may have accepted you yet, and nothing had come: does "
        "your call wait, and no longer than the timeout that you were given?",
        'The experiment under "Does connect wait for accept?" shows a client that connects and '
        "sends before that. What may you expect after `connect`, then?",
        "Every wait needs the timeout that you were given, the first one after connecting too; and "
        "when it is over, the caller must hear of it.",
    ),
)
AT_ONCE = Misconception(
    "closing one side closes the conversation at once",
    "A stream has two directions, and each ends by itself: the end of the request must reach the "
    "server, and the answer still comes after it.",
    (
        "Your function has ended both directions, or the wrong one, before it had read the reply: "
        "what does `close` end, and what does your `shutdown`?",
        "The server reads until the client has ended its side. Then it answers, on the direction "
        "that is still open.",
        'The experiment under "Must both sides end together?" ends one direction and keeps the '
        "other: what does it call, and when?",
    ),
)
NO_TIMEOUT = Misconception(
    "no timeout is needed on a local network",
    "A peer may accept a connection and then be silent for ever, wherever it is: its program may "
    "hang, its machine may have lost its power.",
    (
        "The call in that line waits without a timeout, or with a far longer one than was given.",
        "You were given a timeout. To which of your calls does it apply, and until when?",
        "A socket keeps the timeout that it was given for all its later calls, unless you change "
        "it.",
    ),
)
EACH_CHUNK = Misconception(
    "decode each chunk as it comes",
    "A character may take several bytes, and a piece may end between them.",
    (
        "A piece has ended in the midst of a character: half of ° was decoded by itself.",
        "Only the whole can be decoded for sure.",
        "Collect bytes while you read. Decode them once, when the stream has ended.",
    ),
)
SAYS_GOODBYE = Misconception(
    "a client always says goodbye",
    "A peer can vanish at any time: that ends its conversation, and must not end the server.",
    (
        "A client has reset its connection, and that error has ended your server: it came from a "
        "`recv` or a `send`. Which `except` is round that line?",
        "The next client is waiting: the loop round `accept` must go on.",
        "Catch the error where it ends one conversation only: inside the outer loop, round the "
        "inner one.",
    ),
)

NO_END = Misconception(
    "the last byte of a request is its end",
    "A stream has no marks in it: as long as your side is open more may come, so the server waits.",
    (
        "The server has your bytes, and still waits for the end of your request: which call of "
        "yours says that your side is over, and does it come before you read?",
        *AT_ONCE.hints[1:],
    ),
)
