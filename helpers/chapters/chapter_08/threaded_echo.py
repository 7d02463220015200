"""The exercise threaded_echo: an echo in which no client waits for another."""

from __future__ import annotations

from helpers.chapters.chapter_08 import _echo as echo
from helpers.chapters.chapter_08._echo_hints import (
    CLOSED_ERROR,
    LATE,
    LISTENER_TIMEOUT,
    SPINS,
    TAKES_LONG,
    TEXT,
)
from helpers.chapters.chapter_08.beliefs import GOODBYE
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
    cases=(
        Case(
            "one client, word by word",
            "A client sends four messages, each after the echo of the last, and ends its side.",
            echo.talks,
            (
                "Follow the bytes that did not come back: which call receives them, which one "
                "sends them, and does anything happen to them in between?",
                "Bytes are echoed as they come: they may be no text and no lines, and the client "
                "sends no more before it has its echo. An empty recv is the end.",
                "Receive, send back what has come, and begin again, until the client has ended "
                "its side; then close this one connection.",
            ),
            if_it_hangs=LATE,
            if_it_raises={"UnicodeError": TEXT},
        ),
        Case(
            "fifty silent clients, and one more",
            "Fifty clients say a word, have their echo, and say nothing more. Another comes, some "
            "of the fifty speak again, and all go.",
            echo.many,
            (
                "Where does your server wait while a client says nothing, and who waits with it?",
                "A client may be silent for as long as it likes, and costs nobody else any time.",
                "Accept in one thread, which does nothing else; serve each client in a thread "
                "that begins with it and ends with it.",
            ),
            if_it_hangs=TAKES_LONG,
            if_it_raises={"TimeoutError": LISTENER_TIMEOUT},
            files=120,
        ),
        Case(
            "pieces of twenty clients at once",
            "Twenty clients send in turn, piece by piece, before any of them reads.",
            echo.together,
            (
                "Whose bytes did that client get?",
                "What belongs to one client must not be reached by another's thread.",
                "Hand each thread its own connection when you start it, and keep what it works "
                "with in variables of its own function.",
            ),
            files=50,
        ),
        Case(
            "a client that sends much and reads late",
            "A client sends up to 6 million bytes and reads nothing. Another one talks meanwhile. "
            "Then the first ends its side, and reads.",
            echo.slow,
            (
                "Who waits until the first client reads?",
                "Its own thread may wait to send for as long as it takes; no other may, and no "
                "byte may be lost.",
                "Look at the call that sends: does it send everything, and does it hold anything "
                "meanwhile that another thread needs?",
            ),
        ),
        Case(
            "clients that reset",
            "One client ends as it should. Two reset, one of them before it has read its echoes. "
            "Another is served all the time, and one more comes.",
            echo.resets,
            (
                "Which call of yours hears of a reset, and what does it raise?",
                "The error ends one conversation. Nobody else should notice, and no error should "
                "get out of the thread.",
                "Expect the error round one whole conversation, and close the connection whether "
                "it comes or not.",
            ),
            if_it_raises={"ConnectionError": GOODBYE},
        ),
        Case(
            "clients that say nothing",
            "Twelve clients have their echoes and then say nothing.",
            echo.rest,
            (
                "One of these clients waits for its echo: which line of yours has it come to?",
                *SPINS[1:],
            ),
        ),
        Case(
            "a caller that closes the listener",
            "A client is served and stays. The caller closes the listener, and then the client "
            "goes.",
            echo.closed,
            (
                "What does accept raise when its socket has been closed, and what becomes of it?",
                "That is the way in which this function is told to end. It waits for nobody then, "
                "and lets no error out.",
                "Let that one error end the loop, and the function with it.",
            ),
            if_it_raises={"OSError": CLOSED_ERROR},
        ),
    ),
    survives="Your server survives fifty silent clients, slow ones, resets, and the end of its "
    "listener.",
    again=True,
)
