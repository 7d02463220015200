"""The exercises of chapter 07: an echo with threads, a broker, a server with asyncio."""

from __future__ import annotations

from helpers.checks import chapter_07_broker as broker
from helpers.checks import chapter_07_echo as echo
from helpers.checks.cases import Case, Exercise
from helpers.checks.chapter_07_beliefs import GOODBYE, SENDALL
from helpers.checks.chapter_07_cases import TELEMETRY_SERVER

THREADED_ECHO = Exercise(
    cases=(
        Case(
            "one client, word by word",
            "A client sends four messages, each after the echo of the last, and ends its side.",
            echo.talks,
            (
                "Which message did not come back, and what is special about it?",
                "Bytes are echoed as they come: they may be no text and no lines, and the client "
                "sends no more before it has its echo. An empty recv is the end.",
                "Receive, send back what has come, and begin again, until the client has ended "
                "its side; then close this one connection.",
            ),
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
        ),
    ),
    survives="Your server survives fifty silent clients, slow ones, resets, and the end of its "
    "listener.",
    again=True,
)

SELECTOR_BROKER = Exercise(
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
            if_it_raises={"ConnectionError": GOODBYE},
        ),
        Case(
            "a megabyte without a newline",
            "A client sends a megabyte without a newline. Another sends 1,000 lines at once.",
            broker.endless,
            (
                "How much of a line do you keep before its newline comes?",
                "What counts is what is left when all whole lines have been taken out.",
                "Compare the length of what is left with the contract's limit, each time that "
                "something has come.",
            ),
        ),
        Case(
            "a slow reader",
            "One client reads nothing while another says 14 lines of 50,000 bytes; then it reads.",
            broker.slow,
            (
                "What does your code do when a client's system buffers are full?",
                "It may neither wait for that client nor lose a byte of what is for it.",
                "What a socket does not take now waits in a buffer of that client's own, until the "
                "selector says that the socket can take more.",
            ),
            if_it_raises={"BlockingIOError": SENDALL},
        ),
        Case(
            "a client that never reads",
            "One client reads nothing for ever, while another says up to 3 million bytes.",
            broker.stubborn,
            (
                "How much may wait for one client, and what does your code do when it is more?",
                "A client that never reads must not take all the memory.",
                "Look at the length of its buffer when something is added, and disconnect it above "
                "the contract's limit: at once, and not when it has read the rest.",
            ),
            if_it_raises={"BlockingIOError": SENDALL},
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
        ),
    ),
    survives="Your broker survives half lines, fifty clients, resets, slow readers, endless lines, "
    "and the end of its listener.",
    again=True,
)

EXERCISES = {
    "threaded_echo": THREADED_ECHO,
    "selector_broker": SELECTOR_BROKER,
    "telemetry_server": TELEMETRY_SERVER,
}
