"""The words of chapter 08: many clients."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "SYN cookies",
        "a way to confirm connections in a rush without keeping a note of them",
        rfc(4987, "3.6"),
        ("SYN cookie",),
    ),
    Word(
        "pool",
        "a limited number of threads, each of which takes one client after another",
        python("library/concurrent.futures.html#threadpoolexecutor"),
        ("pools",),
    ),
    Word(
        "soft limit",
        "how many files a process may have open now; it may raise that up to the hard limit",
        python("library/resource.html#resource-limits"),
        ("hard limit",),
    ),
    Word(
        "lock",
        "what only one thread at a time can hold",
        python("library/threading.html#lock-objects"),
        ("locks",),
    ),
    Word(
        "GIL",
        "the interpreter's lock, which in most Pythons lets one thread at a time run code",
        python("glossary.html#term-global-interpreter-lock"),
    ),
    Word(
        "free-threaded",
        "of a version of Python: without a GIL, so that threads may compute on several cores",
        python("howto/free-threading-python.html"),
    ),
    Word(
        "lost update",
        "what one thread has written and another overwrites, because it had read before",
        forms=("lost updates",),
    ),
    Word(
        "graceful stop",
        "ending a server after the answers that have begun",
        forms=("graceful",),
    ),
    Word("deadline", "the moment by which something must have ended, whatever is missing then"),
]
