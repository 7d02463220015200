"""The exercise tally_server: clients that count together, and lose nothing."""

from __future__ import annotations

from helpers.chapters.chapter_08 import _tally as tally
from helpers.chapters.chapter_08._echo_hints import CLOSED_ERROR, TAKES_LONG
from helpers.chapters.chapter_08._tally_hints import AT_FIRST
from helpers.chapters.chapter_08.beliefs import GOODBYE
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
    cases=(
        Case(
            "one client, line by line",
            "A client sends names, two in one piece and one in two pieces, and ends its side in "
            "the middle of a line. `totals` holds a count already.",
            tally.line_by_line,
            (
                "Follow one name from `recv` to `totals` and back into the answer: which step is "
                "missing or different?",
                "A line is a name and its newline, wherever the pieces end. Its answer is the "
                "name, a space, the new count and a newline.",
                "Read whole lines, count in the caller's mapping, from 0 where a name is new, and "
                "answer each line before you take the next.",
            ),
            if_it_raises={"KeyError": AT_FIRST},
        ),
        Case(
            "twenty clients and one device",
            "Twenty clients send the same name at the same moment. Reading from `totals` takes a "
            "while, and so does writing.",
            tally.at_once,
            (
                "What may another thread do between your reading of the old count and your "
                "writing of the new one?",
                "An update that another one overwrites is lost, and its client is told a count "
                "that somebody else has got as well.",
                "Let one thread at a time read, add and write, and keep the new count in a "
                "variable of its own for the answer.",
            ),
            if_it_raises={"KeyError": AT_FIRST},
            files=50,
        ),
        Case(
            "forty silent clients, and one more",
            "Forty clients count a device each, one after another, and then say nothing. Another "
            "one comes, and then all go.",
            tally.silent,
            (
                "Where does your server wait while a client says nothing, and who waits with it?",
                "A client may be silent for as long as it likes, and costs nobody else any time.",
                "Accept in one thread, and serve each client in a thread of its own that holds no "
                "lock while it waits for a line.",
            ),
            if_it_hangs=TAKES_LONG,
            files=100,
        ),
        Case(
            "a client that does not read",
            "A client sends names until nothing more is taken, and reads no answer. Another one "
            "counts meanwhile. Then the first one reads.",
            tally.deaf,
            (
                "Who waits until the first client reads?",
                "Its own thread may wait to send for as long as it takes; no other may.",
                "Look at the call that sends: what does its thread hold meanwhile that another "
                "thread needs?",
            ),
        ),
        Case(
            "clients that reset",
            "Two clients reset, one of them in the middle of a line. Another one counts on, and "
            "one more comes.",
            tally.resets,
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
            "a caller that closes the listener",
            "A client is served and stays. The caller closes the listener, and then the client "
            "goes.",
            tally.closed,
            (
                "What does accept raise when its socket has been closed, and what becomes of it?",
                "That is the way in which this function is told to end. It waits for nobody then, "
                "and lets no error out.",
                "Let that one error end the loop, and the function with it.",
            ),
            if_it_raises={"OSError": CLOSED_ERROR},
        ),
    ),
    survives="Your server loses no update among twenty clients, and nobody waits for one that is "
    "silent, gone, or does not read.",
    again=True,
)
