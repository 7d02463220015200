"""The words of chapter 09: one thread, many sockets."""

from helpers.study.words import Word, python

WORDS = [
    Word(
        "non-blocking",
        "of a socket: one that never waits, but raises BlockingIOError instead",
        python("library/socket.html#socket.socket.setblocking"),
    ),
    Word(
        "spin",
        "to ask again and again, without a pause, whether something has happened",
        forms=("spins", "spinning"),
    ),
    Word(
        "selector",
        "a list of sockets that the system watches, until one of them is ready",
        python("library/selectors.html"),
        ("selectors",),
    ),
    Word(
        "event loop",
        "a loop that waits for all, does what can be done, and never waits for one",
        python("library/asyncio-eventloop.html"),
        ("event loops",),
    ),
    Word("broker", "a server that passes on what one client says to others", forms=("brokers",)),
    Word(
        "asyncio",
        "a part of Python by which one thread serves many, with functions that can pause",
        python("library/asyncio.html"),
    ),
    Word(
        "coroutine",
        "what a call of an `async def` function makes: a story that can pause at `await`",
        python("library/asyncio-task.html#coroutines"),
        ("coroutines",),
    ),
    Word("handler", "the function that serves one client", forms=("handlers",)),
    Word(
        "drain",
        "to wait, if too much is waiting to be sent, until there is room again",
        python("library/asyncio-stream.html#asyncio.StreamWriter.drain"),
    ),
    Word("back-pressure", "letting a fast sender wait for a slow reader"),
    Word(
        "cancel",
        "to stop a coroutine at its `await`, before it has ended",
        python("library/asyncio-task.html#task-cancellation"),
        ("cancelled",),
    ),
]
