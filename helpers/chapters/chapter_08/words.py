"""The words of chapter 08: many clients."""

from helpers.study.words import Word, python

WORDS = [
    Word(
        "pool",
        "a fixed number of threads that take work from a queue",
        python("library/concurrent.futures.html#threadpoolexecutor"),
        ("pools",),
    ),
    Word(
        "lock",
        "what only one thread at a time can hold",
        python("library/threading.html#lock-objects"),
        ("locks",),
    ),
    Word(
        "GIL",
        "the lock that lets one thread at a time run Python in most builds",
        python("glossary.html#term-global-interpreter-lock"),
    ),
    Word(
        "select",
        "to wait for several sockets at once",
        python("library/selectors.html"),
        ("selector", "selectors"),
    ),
    Word(
        "non-blocking",
        "of a socket: one that never waits, but raises an error instead",
        python("library/socket.html#socket.socket.setblocking"),
        ("does not block", "setblocking"),
    ),
    Word(
        "coroutine",
        "a function that can stop at `await` while others go on",
        python("library/asyncio-task.html#coroutines"),
        ("coroutines",),
    ),
    Word(
        "event loop",
        "what runs coroutines by turns, in one thread",
        python("library/asyncio-eventloop.html"),
        ("event loops", "loop"),
    ),
    Word(
        "drain",
        "to wait until what was written has mostly gone",
        python("library/asyncio-stream.html#asyncio.StreamWriter.drain"),
    ),
    Word("back-pressure", "letting a fast sender wait for a slow reader"),
    Word(
        "graceful stop",
        "ending a server after the conversations that have begun",
        forms=("graceful",),
    ),
]
