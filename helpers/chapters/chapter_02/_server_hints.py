"""The hints for the echo server of chapter 02, each for one way to fail."""

from __future__ import annotations

ECHO_HINTS = (
    "The client waits for its echo before it says more: no line end comes, and no end of its side. "
    "Does each piece go back as soon as it has come?",
    "Whatever is in a piece: no line ends, no text.",
    "Two loops: one round the clients, on the listener that you were given, and in it one round "
    "the pieces of a client.",
)
SECOND_HINTS = (
    "The first piece came back and the second did not: what does your server do after one piece?",
    "A client says more than once what it has to say, until it ends its side.",
    ECHO_HINTS[2],
)
NOT_ACCEPTED_HINTS = (
    "Nobody was accepted on the listener that your function was given, as its argument.",
    "The clients come there, and nowhere else: no port of your own is needed, and no connection "
    "that you make.",
    "The listener is bound and listens already. What is left is to accept.",
)
LISTENER_HINTS = (
    "A listener can only accept; `recv` and `send` are for the connection that `accept` gives. "
    "Which "
    "socket does that line use, and has anybody closed it?",
    "`accept` returns two things: the connection and the client's address.",
    "The listener stays open; only its caller closes it.",
)
SAME_BYTES_HINTS = (
    "What came back is not exactly what was sent, byte by byte: which line changes or adds bytes?",
    "An echo says nothing of its own, and knows no text, no upper case and no white space.",
    "Send the piece as it came.",
)
TEXT_HINTS = (
    "Not all bytes are text: which line decodes what a client has sent?",
    "An echo need not know what the bytes mean.",
    "Send the bytes back as they came.",
)
WORD_HINTS = (
    "The client got no echo for a word, and its connection was ended: does a word mean something "
    "special to your server?",
    "Only the end of the client's side ends a conversation.",
    "Send the bytes back as they came, whatever they are.",
)
LAST_WORD_HINTS = (
    "The client has ended its side, and its last words should still come back: are any left in "
    "your server?",
    "After the end of the client's side the server has nothing more to read; it ends too.",
    "Leave the inner loop at the end of the client's side, and close the connection after it.",
)
CLOSE_HINTS = (
    "Your server has turned to the next client and left this connection open: who closes it?",
    "The client waits for the end of the server's side as well.",
    "`with` closes a connection at the end of its block, however the block is left.",
)
NEXT_HINTS = (
    "Your function has returned: which line ends it, or its loop, before its caller has closed the "
    "listener?",
    "Nobody starts it again: it must turn to the next client by itself.",
    "An outer loop round `accept` begins with the next client when the conversation is over.",
)
IN_THE_MIDST_HINTS = (
    "Your server has ended a conversation in its midst, while the client still sent: which line "
    "leaves the inner loop before the end of the client's side?",
    "A client may send as much as it likes.",
    "Only an empty read ends the inner loop, or an error of that connection.",
)
MUCH_HINTS = (
    "How many bytes came back, and how many were sent?",
    "The client reads late, so the buffers are full for a while. Nothing may get lost then.",
    "Each piece must go back completely before the next one is read.",
)
RESET_SERVER_HINTS = (
    "A reset has ended your server: the error was caught outside the loop round `accept`, or led "
    "to a return. What of the next client?",
    "The conversation is over then, and its connection must be closed; the server must go on.",
    "Where the error is caught decides what goes on: look at which loop is round your `try`.",
)
OPEN_AFTER_RESET_HINTS = (
    "After a reset your server goes on, but that connection is still open: which line closes it on "
    "this way?",
    "Each one costs a socket, and a program may have only so many.",
    "`with` closes it also where an error ends its block.",
)
PAUSE_HINTS = (
    "A client was silent, and a timeout of yours cut it off: for how long may a client be silent?",
    "A client may take its time: nothing in the contract limits it. A timeout that you set, on any "
    "socket, on all, or in a selector, does.",
    "Find the line that sets a timeout, and take it out, or go on waiting when it is over.",
)
NOBODY_CAME_HINTS = (
    "Nobody came for a while, and a timeout of the listener ended `accept`, and so your server.",
    *PAUSE_HINTS[1:],
)
BUSY_HINTS = (
    "While nobody says anything your server asks again and again, and keeps a processor busy: "
    "which "
    "call could wait in its place?",
    "A socket that does not block returns at once.",
    "As a socket is made, it blocks: `accept` and `recv` wait then, and cost nothing.",
)
STOP_HINTS = (
    "The listener was closed, so `accept` raises an error each time: which `except` of yours "
    "catches "
    "it and goes on?",
    "An `except` without a kind, or one round `accept`, catches also what is to end the server.",
    "Catch what a client can cause, by its name, and only round what you do with that client.",
)
