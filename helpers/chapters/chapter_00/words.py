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
        "packet",
        "a piece of data that crosses a network by itself",
        forms=("packets",),
    ),
    Word(
        "link",
        "what carries packets between two programs; the course's own can delay and destroy them",
        forms=("links",),
    ),
    Word(
        "prediction",
        "what you expect of a run, said before it",
        forms=("predictions",),
    ),
    Word(
        "live view",
        "a picture of a link in which packets move, and can be stopped by hand",
        forms=("live views",),
    ),
    Word("server", "a program that waits for others to come to it", forms=("servers",)),
    Word("client", "a program that goes to a server", forms=("clients",)),
    Word(
        "socket",
        "what a program uses to send and receive over a network; the system keeps it for it",
        python("library/socket.html"),
        ("sockets",),
    ),
    Word(
        "bytes",
        'what sockets carry: numbers from 0 to 255, written `b"..."` in Python',
        python("library/stdtypes.html#bytes-objects"),
        ("byte",),
    ),
    Word(
        "timeout",
        "how long a call may wait before it gives up with an error",
        python("library/socket.html#notes-on-socket-timeouts"),
        ("timeouts",),
    ),
    Word(
        "encode",
        "to turn text into bytes; `decode` turns bytes into text again",
        python("library/stdtypes.html#str.encode"),
        ("decode", "encoding"),
    ),
    Word(
        "check",
        "what tries your function, and says what failed and why",
        forms=("checks",),
    ),
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
]
