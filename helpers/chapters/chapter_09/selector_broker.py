"""The exercise selector_broker: lines from each client to all others, in one thread."""

from __future__ import annotations

from helpers.chapters.chapter_08.beliefs import GOODBYE
from helpers.chapters.chapter_09 import _broker as broker
from helpers.chapters.chapter_09 import _broker_bounds as bounds
from helpers.chapters.chapter_09 import _broker_hints as hints
from helpers.chapters.chapter_09.beliefs import SENDALL
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
    cases=(
        Case(
            "three clients",
            "Three clients come, and the third says hello. Then they say lines in turn, one of "
            "them two at once.",
            broker.three,
            (
                "Follow one line: who should hear it, and who did?",
                "It goes to every other client that is connected, and not back to its sender.",
                "Keep one record of each client that is connected, and go through all but the "
                "sender's.",
            ),
            if_it_raises={"BlockingIOError": hints.READY, "OSError": hints.LISTENER_TOO},
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "half a line, then its rest",
            "A client sends half a line, another a line and a half; then come the rests.",
            broker.halves,
            (
                "What does your broker do with bytes that do not end in a newline?",
                "Half a line waits for its rest, and the others' lines pass by meanwhile.",
                "Keep for each client what has come of its unfinished line, and send on only what "
                "is whole.",
            ),
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "lines byte by byte",
            "Three clients send their lines byte by byte, in turn.",
            broker.bytewise,
            (
                "Which clients' bytes are in the line that was heard?",
                "Bytes of different clients never belong together.",
                "Each client has an unfinished line of its own.",
            ),
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "odd lines",
            "Empty lines, bytes that are no text, spaces, and a line of 60,000 bytes.",
            broker.odd,
            (
                "What was sent, what was heard? Compare byte for byte.",
                "A line is all bytes up to and including its newline, whatever they are, and one "
                "recv need not bring all of it.",
                "Cut only at the newline, decode nothing, strip nothing.",
            ),
            if_it_raises={"UnicodeError": hints.TEXT},
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "a client that ends in mid-line",
            "A client says a line and half of another, and ends its side. The others go on.",
            broker.ends,
            (
                "What has your broker done with the half line, and with the connection?",
                "Nobody knows how that line was to go on: it is dropped.",
                "An empty recv ends a client: forget what it had begun, and close its connection.",
            ),
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "fifty clients",
            "Fifty clients come, five at a time. Some of them say lines, and one leaves.",
            broker.fifty,
            (
                "How many clients had come when it stopped, and what was your code waiting for?",
                "One thread does all of it: it waits for nothing but the selector.",
                "Give the selector the listener and every connection, and let it tell you which of "
                "them has something for you.",
            ),
            files=120,
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "clients that reset",
            "One client resets in mid-line, another at the moment when a line is on its way to it.",
            broker.dead,
            (
                "Which of your calls met the reset?",
                "Receiving from a dead client raises an error, and so does sending to one.",
                "Whichever call it is: forget that client, close its connection, and go on with "
                "the next, also in the middle of a line that goes to many.",
            ),
            if_it_raises={
                "ConnectionError": GOODBYE,
                "RuntimeError": hints.CHANGED,
                "KeyError": hints.UNKNOWN,
            },
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "a megabyte without a newline",
            "A client sends 65,536 bytes before a newline, and later one more. Another sends 1,000 "
            "lines at once.",
            bounds.endless,
            (
                "How much of a line do you keep before its newline comes?",
                "What counts is what is left when all whole lines have been taken out.",
                "Compare the length of what is left with the contract's limit, each time that "
                "something has come.",
            ),
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "a slow reader",
            "One client reads nothing while another says 14 lines of 50,000 bytes; then it reads.",
            bounds.slow,
            (
                "What does your code do when a client's system buffers are full?",
                "It may neither wait for that client nor lose a byte of what is for it.",
                "What a socket does not take now waits in a buffer of that client's own, until the "
                "selector says that the socket can take more.",
            ),
            if_it_raises={"BlockingIOError": SENDALL},
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "a client that never reads",
            "One client reads nothing for ever, while another says up to 3 million bytes.",
            bounds.stubborn,
            (
                "How much may wait for one client, and what does your code do when it is more?",
                "A client that never reads must not take all the memory.",
                "Look at the length of its buffer when something is added, and disconnect it above "
                "the contract's limit: at once, and not when it has read the rest.",
            ),
            if_it_raises={"BlockingIOError": SENDALL},
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "clients that say nothing",
            "Five clients are connected and say nothing. Whatever waits with a timeout is told "
            "that it has run out. Then one says a line, and another comes.",
            broker.rest,
            hints.TIMED_OUT,
            if_it_hangs=hints.HANGS,
        ),
        Case(
            "a caller that closes the listener",
            "Three clients are connected, one is in mid-line. The caller closes the listener.",
            broker.closed,
            (
                "What does your loop wait for when nobody says anything, and for how long?",
                "Closing a listener need not wake a selector. Its fileno() is -1 then, and accept "
                "raises OSError.",
                "Let select time out, let either of these end the loop, and close the clients' "
                "connections on the way out.",
            ),
            if_it_raises={"OSError": hints.ACCEPT_FAILED},
            if_it_hangs=hints.HANGS,
        ),
    ),
    survives="Your broker survives half lines, fifty clients, resets, slow readers, endless lines, "
    "and the end of its listener.",
    again=True,
)
