"""Questions to recall from chapter 02: a TCP server and its client."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "an empty recv": Question(
        '`recv(1024)` returns `b""`. What should a reading loop do?',
        {
            "Leave the loop: the peer has ended its side.": right(
                "Nothing more will come on this connection, however often you ask."
            ),
            "Ask again: nothing has come so far.": wrong(
                "While nothing is there, `recv` waits. Asking again brings the same empty "
                "result at once, for ever."
            ),
            "Raise an error: the connection broke.": wrong(
                "A reset raises an error of its own. This is the end that a FIN announces."
            ),
        },
        about=(
            "first recv",
            "silence",
        ),
    ),
    "what sendall says": Question(
        "`sendall(request)` has returned. What do you know?",
        {
            "The server has read all bytes.": wrong(
                "They may still be in a buffer of this machine."
            ),
            "The bytes have arrived at the other machine.": wrong(
                "Nobody has waited for that: `sendall` is content when the buffers here have them."
            ),
            "The system here has taken all bytes.": right(
                "It will try to deliver them. Whether they arrive, and whether anybody reads "
                "them, only an answer tells."
            ),
        },
        about=(
            "send",
            "connect",
        ),
    ),
    "end of a request": Question(
        "A client has sent its whole request and wants the answer. How does it tell the "
        "server that the request is complete, if there is no length and no last line?",
        {
            "By `close()`": wrong("That gives up both directions, and the answer with them."),
            "By `shutdown(SHUT_WR)`": right(
                "It ends one direction; the answer can still come on the other."
            ),
            "By waiting for a while": wrong(
                "The server can't tell a client that is done from a slow one."
            ),
            'By sending `b""`': wrong("Sending no bytes sends nothing at all."),
        },
    ),
}
