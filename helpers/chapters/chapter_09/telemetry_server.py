"""The exercise `telemetry_server` of chapter 09: its cases and their hints."""

from __future__ import annotations

from helpers.chapters.chapter_09 import _counts as counts
from helpers.chapters.chapter_09 import _telemetry as telemetry
from helpers.chapters.chapter_09 import _telemetry_hints as hints
from helpers.chapters.chapter_09 import _telemetry_lines as lines
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
    asks_async=True,
    cases=(
        Case(
            "one client, three devices",
            "A client sends five readings of three devices, each after the answer to the last.",
            telemetry.one,
            (
                "Follow the first line through your code: which call reads it, which one takes it "
                "apart, and what is written for it?",
                "Each device has a count of its own. Names are text in UTF-8, and a reading may "
                "be 0 or below.",
                "Take a whole line, take device and number out of it, count, and answer the line "
                "that you have read, before you read the next.",
            ),
        ),
        Case(
            "one device through many connections",
            "A device sends through two connections; one closes, and a third comes. Then all "
            "close, and a fourth comes.",
            telemetry.several,
            (
                "Where does the count of a device live, and how long?",
                "It is the server's, and outlasts each connection.",
                "Keep the counts outside what serves one client, and inside the function that "
                "starts the server.",
            ),
        ),
        Case(
            "many lines in one segment, and lines cut anywhere",
            "A client sends 30 lines at once, then six of several kinds; then two lines in six "
            "pieces, one of them cut inside a character.",
            lines.together,
            (
                "What had come when your code answered, or failed?",
                "TCP carries bytes: a piece may hold many lines, or a part of one.",
                "Read up to the newline, decode only a line that is whole, and answer one line "
                "after the other.",
            ),
        ),
        Case(
            "bad lines between good ones",
            "A client sends fifteen lines that are no readings, each followed by a reading.",
            lines.bad,
            (
                "Which line was it, and what is wrong with it?",
                "Each step that takes a value out of a line can fail. Not all bytes are text, and "
                "not every number is finite.",
                "Find out first whether the line is a reading. If it is none, answer so, count "
                "nothing, and go on with the next line.",
            ),
            if_it_raises={
                "UnicodeError": hints.DECODE,
                "ValueError": hints.UNGUARDED,
                "LookupError": hints.UNGUARDED,
            },
        ),
        Case(
            "long lines",
            "A client sends lines of 1,000, of 1,002, of 893, and of 300,003 bytes, and then a "
            "short one.",
            lines.long,
            (
                "What does your way of reading do with a line that is longer than it likes?",
                "asyncio's reader has a limit, and an error that tells you when a line goes over "
                "it. A line is one line none the less.",
                "Whatever the length, a line gets one answer when its newline has come; what is "
                "over 1,000 bytes need not be kept.",
            ),
            if_it_raises={"LimitOverrunError": hints.LIMIT, "ValueError": hints.LIMIT},
        ),
        Case(
            "a client that ends in mid-line",
            "A client sends a reading, then b'lamp 2' without a newline, and ends its side. "
            "Another goes on with that device.",
            telemetry.ends,
            (
                "What does your code make of b'lamp 2' at the end of the stream?",
                "Without its newline it is not a line: it counts for nothing.",
                "At the end of the stream drop what is left, and close the connection.",
            ),
        ),
        Case(
            "fifty silent clients, and one more",
            "Fifty clients send a reading each and fall silent, some in mid-line. Another comes.",
            telemetry.silent,
            (
                "What does your server wait for while a client is silent?",
                "A silent client costs nobody else any time.",
                "Each client is served by a task, or by callbacks, of its own; what waits in them "
                "must let the others run.",
            ),
            files=120,
        ),
        Case(
            "one device through fifty connections at the same moment",
            "Fifty clients send a reading of the same device each, all at once.",
            counts.at_once,
            (
                "What happens between reading the old count and storing the new one?",
                "All clients are served by one thread, so you know where others get their turn.",
                "Bring reading, adding and writing back together.",
            ),
            files=120,
        ),
        Case(
            "a client that reads no answers",
            "A client sends up to 600 readings and reads no answer. Another sends readings of the "
            "same device. Then the first reads.",
            counts.deaf,
            (
                "Who waits until the first client reads?",
                "`drain` waits while too many of a client's answers are unread, and others run "
                "meanwhile. Nothing of theirs may depend on it.",
                "Finish counting a reading before you wait for anything, and hold nothing while "
                "you wait.",
            ),
        ),
        Case(
            "a client that sends on and on and reads no answers",
            "A client sends up to 3 million bytes and reads no answer. Another sends a reading.",
            counts.flood,
            hints.NO_DRAIN,
        ),
        Case(
            "clients that reset",
            "One client resets in mid-line, one before it reads its answers, one at once.",
            telemetry.resets,
            (
                "Which of your calls hears of the reset, and what does that end?",
                "An error of one connection ends the serving of that one, and nothing else.",
                "Expect the error round the serving of one client, and close its connection.",
            ),
        ),
        Case(
            "two servers at once",
            "The function is called twice, the second time with a port by number. Both servers "
            "hear of the same device.",
            telemetry.two,
            (
                "Where does each server listen, and where do its counts live?",
                "Each call makes a server of its own, on the host and port that it was given.",
                "Hand host and port on as they are, and make all that counts inside the function.",
            ),
        ),
    ),
    survives="Your server survives fifty clients at once, silent ones, bad and endless lines, "
    "unread answers and resets, and counts right.",
    again=True,
)
