"""The exercise `go_back_n_send`: its cases and their hints."""

from __future__ import annotations

from dataclasses import replace

from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.chapters.chapter_07 import _window as window
from helpers.chapters.chapter_07 import _window_hints as slips
from helpers.checks.cases import Case, Exercise

CASES = (
    Case(
        "a window that is filled, and slides",
        "The window is 4. The receiver says nothing until DATA 4 has come, then confirms 2; it "
        "says nothing until DATA 6 has come, then confirms 6.",
        window.slides,
        (
            "How many messages are on their way at each moment, and how many may be?",
            "As long as the window has room nothing is waited for; each ACK that confirms "
            "something makes room for as many.",
            "Keep two numbers: the oldest that is unconfirmed, and the next to be sent. "
            "What must always hold between them?",
        ),
        if_it_hangs=slips.FULL_FIRST,
    ),
    Case(
        "windows of 1, 5 and 9",
        "Five messages, empty and binary ones among them, are sent with a window of 1, with "
        "one that just holds them, and with one that is larger.",
        window.sizes,
        (
            "Which payload does not arrive as it was, or which number is none of a message?",
            "With a window of 1 Go-Back-N is stop-and-wait; a window may also be larger than "
            "what there is to send.",
            "An empty message is a message, and the last one ends the filling of the window.",
        ),
        if_it_hangs=hints.UNHEARD,
    ),
    Case(
        "no messages",
        "There is nothing to send but END, which is confirmed.",
        window.nothing,
        (
            "What is sent if the list is empty?",
            "The receiver waits for END all the same.",
            "Its number is one more than that of the last message, and there is none.",
        ),
        if_it_hangs=hints.UNHEARD,
    ),
    Case(
        "a lost message",
        "The window is 4, and DATA 2 is lost. The receiver does not keep 3, 4 and 5.",
        window.goes_back,
        (
            "What has the receiver kept of what came after the gap?",
            "Nothing: that is what gives Go-Back-N its name.",
            "When the timer ends, all that is unconfirmed goes out again, in order.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "lost acknowledgements",
        "The ACKs of 1, 2, 4 and 5 are lost; those of 3 and 6 arrive.",
        window.cumulative,
        (
            "What do you know when the ACK of 3 is the first to come?",
            "An ACK confirms all up to its number.",
            "The oldest unconfirmed message is the one after that number, whatever was "
            "confirmed before.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "old acknowledgements",
        "The ACK of 1 comes only after DATA 1 was sent again, and twice; then DATA 2 is lost.",
        window.late,
        (
            "What does your function do with an ACK of a number that was confirmed before?",
            "It says nothing new: nothing moves, and the timer goes on.",
            "Compare its number with the oldest that is unconfirmed.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "acknowledgements of what was never sent",
        "While DATA 1 is lost come ACKs of 50, of the last message, of END, and of 4294967295.",
        window.never_sent,
        (
            "How far have you sent when these come?",
            "A number that was not sent yet can't have been confirmed.",
            "An ACK counts only between two of your numbers: which?",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "acknowledgements from somebody else",
        "DATA 1 to 3 are lost, and a stranger confirms 3.",
        window.stranger,
        (
            "From which address did that ACK come?",
            "Anyone who knows the address of your socket can send to it.",
            "recvfrom returns the sender's address too, to be compared.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "datagrams that are no acknowledgements",
        "DATA 1 to 3 are lost, and datagrams come that are empty, too short, text, or of "
        "another kind with the number 3.",
        window.junk,
        (
            "What did your function make of them?",
            "An ACK has exactly the length of a header, and the kind 2. Unpacking what has "
            "another length raises struct.error.",
            "What is no ACK is ignored; the timer goes on.",
        ),
        if_it_raises={"error": hints.SHORT_DATAGRAM, "IndexError": hints.SHORT_DATAGRAM},
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "a flood of old acknowledgements",
        "DATA 1 is lost, and ACK 0 comes again and again until something is sent again.",
        window.flood,
        (
            "What starts your timer anew?",
            "Only an ACK that confirms something new does; a socket's timeout begins anew with "
            "each recvfrom.",
            "Note when the timer ends, and give each recvfrom what is left.",
        ),
    ),
    Case(
        "slow and steady acknowledgements",
        "The window is full, and the ACKs of 1, 2, 3 and 4 come half a timeout apart.",
        window.steady,
        (
            "When does your timer start, and when does it start anew?",
            "It belongs to the oldest unconfirmed message, and that changes with each ACK that "
            "confirms something new.",
            "Where the oldest moves on, the timer starts again from now.",
        ),
    ),
    Case(
        "two long blackouts",
        "Nothing arrives until DATA 2 was sent nine times, and again until DATA 4 was sent "
        "four times.",
        window.blackouts,
        (
            "After how many ends of the timer did your function stop?",
            "Ten in a row without progress are too many, not ten in all.",
            "What should your count be after an ACK that confirms something?",
        ),
        if_it_hangs=hints.LONG_WAIT,
    ),
    Case(
        "a receiver that vanishes",
        "Messages 1 to 3 of 8 are confirmed, then nothing but two old ACKs of 3.",
        window.vanishes,
        (
            "How often does the timer end, and what hears the caller then?",
            "After ten ends in a row: TimeoutError, with the number of the first message that "
            "was not confirmed.",
            "Raise it yourself, with a text of your own: that of recvfrom knows no number.",
        ),
        if_it_hangs=hints.LONG_WAIT,
        if_it_raises=hints.GONE,
    ),
    Case(
        "an END that nobody confirms",
        "Both messages are confirmed, END never: an old ACK comes in its place.",
        window.end_unheard,
        (
            "Has every message arrived?",
            "END is sent as in send_reliably, ten times; only its silence is no error.",
            "After the last wait for END, return what you would return otherwise.",
        ),
        if_it_hangs=hints.LONG_WAIT,
    ),
    Case(
        "a clock that is set back",
        "With a window of 1, the wall clock is set back by an hour while the function waits, "
        "and forward again.",
        window.clock,
        (
            "Which clock does your timer look at?",
            "The clock on the wall can be set at any time, by hand or over the network.",
            "Look for a clock in the time module that never goes back.",
        ),
    ),
    Case(
        "nobody listens",
        "A receive raises ConnectionResetError once, as on Windows; then nobody listens at the "
        "address at all, and the system may say so.",
        window.nobody,
        (
            "Which error did your code meet, if any, and in which call?",
            "It tells that an earlier datagram met a closed port. For the contract that "
            "is silence: the timer goes on.",
            "ConnectionError covers ConnectionRefusedError and ConnectionResetError; both "
            "receiving and sending may raise it.",
        ),
        if_it_hangs=hints.LONG_WAIT,
    ),
    Case(
        "no window",
        "The function is called with a window of 0, and of -1.",
        window.no_window,
        (
            "How many messages may be on their way with a window of 0?",
            "Nothing could ever be sent, so the contract asks for ValueError.",
            "Look at the window before anything else is done.",
        ),
    ),
    Case(
        "30 % loss each way",
        "A link loses 30 % of the datagrams each way; the window is 4.",
        window.losses,
        (
            "Which message is the first that was not delivered?",
            "All that this link does came in the cases before, one by one: mend those first.",
            "Follow one message in the picture, from its first transmission to the ACK that "
            "spoke for it.",
        ),
    ),
)
EXERCISE = Exercise(
    cases=tuple(
        replace(each, if_it_raises=hints.RAISES | slips.RAISES | each.if_it_raises)
        for each in CASES
    ),
    survives="Your window survives lost messages, lost, old, foreign, false and broken "
    "acknowledgements, blackouts, a clock that is set back, and a receiver that vanishes.",
)
