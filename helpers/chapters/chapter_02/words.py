"""The words of chapter 02: a TCP server and its client."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "bind",
        "to give a socket its address",
        python("library/socket.html#socket.socket.bind"),
        ("binds",),
    ),
    Word(
        "accept",
        "to take the connection that is first in a listener's queue",
        python("library/socket.html#socket.socket.accept"),
        ("accepts",),
    ),
    Word(
        "queue",
        "clients or packets that wait, the first is served first; a full one takes no more",
        forms=("queues",),
    ),
    Word(
        "backlog",
        "how many connections, ready for use, may wait for `accept`",
        python("library/socket.html#socket.socket.listen"),
    ),
    Word(
        "thread",
        "a second line of work inside one program, beside the first",
        python("library/threading.html"),
        ("threads",),
    ),
    Word(
        "sequence diagram",
        "a picture in which time runs down and each arrow is something that one peer sent another",
        forms=("sequence diagrams",),
    ),
    Word("handshake", "the three packets by which TCP opens a connection", rfc(9293, "3.5")),
    Word("FIN", "what TCP sends when a side has ended: it will send no more", rfc(9293, "3.6")),
    Word(
        "RST",
        "what TCP sends when a connection is thrown away",
        rfc(9293, "3.5.2"),
        ("reset", "resets"),
    ),
    Word("buffer", "memory in which bytes wait until they are sent, or read", forms=("buffers",)),
    Word(
        "TIME-WAIT",
        "the state in which the side that closed first keeps a connection for a while",
        rfc(9293, "3.3.2"),
    ),
    Word(
        "half-close",
        "to end one direction of a stream and keep the other",
        rfc(9293, "3.6.1"),
        ("half-closed",),
    ),
]
