"""What learners of chapter 02 may believe, and the hints of its exercises."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ONE_RECV = Misconception(
    "one recv is one message",
    "`recv` returns what has arrived so far, from one byte up to the number that you gave; only an "
    "empty result says that the stream has ended.",
    (
        "Look at the diagram: in how many pieces did it come, and how many did your code take?",
        "How large a piece is says nothing about whether more will come.",
        "Read again and again, keep what came, and stop at the one result that means the end.",
    ),
)
SEND_ALL = Misconception(
    "send sends everything",
    "`send` returns how many bytes the system took, and with a timeout that may be a part of them.",
    (
        "Compare what was to be sent with what reached the other end. What does `send` return?",
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
        "Look at the diagram: you were connected. Had any program taken your connection?",
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
        "Look at the diagram: who ended which direction, and who still waited for something?",
        "The server reads until the client has ended its side. Then it answers, on the direction "
        "that is still open.",
        'The experiment under "Must both sides close at once?" ends one direction and keeps the '
        "other: what does it call, and when?",
    ),
)
NO_TIMEOUT = Misconception(
    "no timeout is needed on a local network",
    "A peer may accept a connection and then be silent for ever, wherever it is: its program may "
    "hang, its machine may have lost its power.",
    (
        "Which of your calls waits here? How long would it wait?",
        "You were given a timeout. To which of your calls does it apply, and until when?",
        "A socket keeps the timeout that it was given for all its later calls, unless you change "
        "it.",
    ),
)
EACH_CHUNK = Misconception(
    "decode each chunk as it comes",
    "A character may take several bytes, and a piece may end between them.",
    (
        "Which bytes has the character ° in UTF-8, and where did the first piece end?",
        "Only the whole can be decoded for sure.",
        "Collect bytes while you read. Decode them once, when the stream has ended.",
    ),
)
SAYS_GOODBYE = Misconception(
    "a client always says goodbye",
    "A peer can vanish at any time: that ends its conversation, and must not end the server.",
    (
        "Which line raised the error, and what does your server do after it?",
        "The next client is waiting: the loop round `accept` must go on.",
        "Catch the error where it ends one conversation only: inside the outer loop, round the "
        "inner one.",
    ),
)

# fetch_welcome

WHOLE_HINTS = (
    "Compare what your function returned with what the server sent, to the last character.",
    "The result is a str with all that came, also white space and line ends.",
    "Connect to the address that you were given, once; read to the end; decode from UTF-8.",
)
SLOW_HINTS = (
    "How long was each pause of the server, and how long may each wait be?",
    "The timeout is for each wait by itself: when a piece has come, the next wait begins anew.",
    "A timeout that is set on the socket applies to each of its calls by itself.",
)
ENCODING_HINTS = (
    "Which encoding did the server use, and which one did you read by?",
    "ASCII has no °, no ö. The contract names the encoding.",
    "Give `decode` the name of the encoding that the contract names.",
)
EMPTY_HINTS = (
    "What does the first `recv` return if the server ends without a word?",
    "That is no error: nothing was said, so nothing is returned. And one try is enough.",
    "Your loop should end at once here, with an empty str as the result.",
)
SILENCE_HINTS = (
    "The server has not ended its side. What is the difference between silence and an end?",
    "Who asked for something has to hear that it is not complete: the contract names the error.",
    "Let the error of the wait reach the caller, and see that the socket is closed then too.",
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
LARGE_HINTS = (
    "How many bytes did the server get, and how many were there?",
    "Nothing in the contract limits the length of a request.",
    "Send the whole of it, and end your side only then.",
)
NO_ANSWER_HINTS = (
    "What does `recv` return if the server ends without an answer?",
    "That is no error here: the contract says what to return.",
    "Your loop should end at once, with an empty result of the right type.",
)
NO_QUESTION_HINTS = (
    "A request of no bytes is a request: what reached the server?",
    "It connects, it ends its side, and it reads the answer, as with any other request.",
    "No special way is needed for it: sending nothing does no harm.",
)
UNSERVED_HINTS = (
    "Nobody accepts: what does your function wait for, and for how long?",
    "The contract names the error for a wait that takes too long. One try is enough.",
    "Let the error of the wait reach the caller, and see that the socket is closed then too.",
)

# echo_server

ECHO_HINTS = (
    "Look at the diagram: what did the client send, and what came back before it said more?",
    "The client waits for its echo before it goes on. So each piece goes back as soon as it has "
    "come, whatever is in it: no line ends, no text.",
    "Two loops: one round the clients, on the listener that you were given, and in it one round "
    "the pieces of a client.",
)
LAST_WORD_HINTS = (
    "The client has ended its side. What should still reach it, and what then?",
    "After the end of the client's side the server has nothing more to read; it ends too.",
    "Leave the inner loop at the end of the client's side, and close the connection after it.",
)
NEXT_HINTS = (
    "What does your server do when its first client has gone?",
    "Nobody starts it again: it must turn to the next client by itself.",
    "An outer loop round `accept` begins with the next client when the conversation is over.",
)
MUCH_HINTS = (
    "How many bytes came back, and how many were sent?",
    "The client reads late, so the buffers are full for a while. Nothing may get lost then.",
    "Each piece must go back completely before the next one is read.",
)
RESET_SERVER_HINTS = (
    "What happens in your server when `recv` raises an error?",
    "The conversation is over then, and its connection must be closed; the server must go on.",
    "Where the error is caught decides what goes on: look at which loop is round your `try`.",
)
PAUSE_HINTS = (
    "How long did the client pause, and what did your server do meanwhile?",
    "A client may take its time: nothing in the contract limits it. A timeout that you set, on any "
    "socket or on all, does.",
    "Find the line that sets a timeout, and take it out, or go on waiting when it is over.",
)
STOP_HINTS = (
    "Where in your server does an error go that is not a client's?",
    "An `except` without a kind, or one round `accept`, catches also what is to end the server.",
    "Catch what a client can cause, by its name, and only round what you do with that client.",
)
