"""The words of chapter 00: Start here."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "notebook",
        "a page of text and code, in cells that can be run one by one",
        forms=("notebooks",),
    ),
    Word("cell", "a piece of a notebook: text, or code that runs by Shift+Enter", forms=("cells",)),
    Word(
        "kernel",
        "the Python program behind a notebook that runs its cells and keeps its variables",
        forms=("kernels",),
    ),
    Word(
        "loopback",
        "a network inside one machine: what is sent to `127.0.0.1` comes back to it",
        rfc(1122, "3.2.1.3"),
    ),
    Word("server", "a program that waits for others to come to it", forms=("servers",)),
    Word("client", "a program that goes to a server", forms=("clients",)),
    Word(
        "bytes",
        'what sockets carry: numbers from 0 to 255, written `b"..."` in Python',
        python("library/stdtypes.html#bytes-objects"),
        ("byte",),
    ),
    Word(
        "encode",
        "to turn text into bytes; `decode` turns bytes into text again",
        python("library/stdtypes.html#str.encode"),
        ("decode", "encoding"),
    ),
    Word(
        "UTF-8",
        "the encoding that most protocols use for text: one to four bytes a character",
        rfc(3629),
    ),
    Word(
        "timeout",
        "how long a call may wait before it gives up with an error",
        python("library/socket.html#notes-on-socket-timeouts"),
        ("timeouts",),
    ),
]
