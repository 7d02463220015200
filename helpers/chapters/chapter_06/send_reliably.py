"""The exercise `send_reliably`: its cases and their hints."""

from __future__ import annotations

from dataclasses import replace

from helpers.chapters.chapter_06 import _send as send
from helpers.chapters.chapter_06 import _sender_hints as hints
from helpers.checks.cases import Case, Exercise

CASES = (
    Case(
        "four messages, one after another",
        "The receiver confirms each message after a moment, the second after 30 ms, and END.",
        send.in_turn,
        (
            "Read the contract again: what is sent, in which order, and when?",
            "A message is sent when the one before was confirmed. Numbers begin at 1, and END "
            "has the one after the last.",
            "A round trip begins right before its own sending, ends when its ACK is there, and "
            "is in seconds.",
        ),
        if_it_hangs=hints.UNHEARD,
    ),
    Case(
        "no messages",
        "There is nothing to send but END, which is confirmed.",
        send.nothing,
        (
            "What is sent if the list is empty?",
            "The receiver waits for END all the same.",
            "Its number is one more than that of the last message, and there is none.",
        ),
        if_it_hangs=hints.UNHEARD,
    ),
    Case(
        "empty and binary payloads",
        "Two of the messages are empty, others hold bytes of every value, and one has 1,000.",
        send.payloads,
        (
            "Which payload does not arrive as it was?",
            "An empty message is a message, and has a header.",
            "Look for an `if message`, or for anything that treats bytes as text.",
        ),
        if_it_hangs=hints.UNHEARD,
    ),
    Case(
        "a lost message and a lost acknowledgement",
        "DATA 2 is lost twice, and the ACK of 3 once.",
        send.lost,
        (
            "What does your function do when nothing comes for `timeout` seconds?",
            "It sends the same datagram again, up to ten transmissions in all.",
            "TimeoutError of recvfrom ends one wait, not the whole transfer.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "an old acknowledgement",
        "The ACK of 1 is late, so DATA 1 is sent twice and confirmed twice. The second ACK "
        "comes while DATA 2 waits, which is lost.",
        send.late,
        (
            "Which ACK does your function read after it has sent DATA 2?",
            "The second ACK of 1 waits in your socket's buffer.",
            "Take the number out of the ACK, and compare it with the one that you wait for.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "an acknowledgement from somebody else",
        "DATA 1 is lost, and a stranger confirms it.",
        send.stranger,
        (
            "From which address did that ACK come?",
            "Anyone who knows the address of your socket can send to it.",
            "recvfrom returns the sender's address too, to be compared.",
        ),
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "datagrams that are no acknowledgements",
        "DATA 1 is lost, and datagrams come that are empty, too short, text, or of another "
        "kind with the number 1.",
        send.junk,
        (
            "What did your function make of them?",
            "An ACK has exactly the length of a header, and the kind 2. Unpacking what has "
            "another length raises struct.error.",
            "What is no ACK is ignored; it does not end the wait and does not cause a sending.",
        ),
        if_it_raises={"error": hints.SHORT_DATAGRAM, "IndexError": hints.SHORT_DATAGRAM},
        if_it_hangs=hints.HANGS,
    ),
    Case(
        "an acknowledgement of a higher number",
        "DATA 2 is confirmed by an ACK of 3.",
        send.higher,
        hints.HIGHER,
        if_it_hangs=hints.HIGHER,
    ),
    Case(
        "a flood of old acknowledgements",
        "DATA 1 is lost, and ACK 0 comes again and again until something is sent again.",
        send.flood,
        (
            "When does the wait for one ACK end, if other datagrams keep coming?",
            "A socket's timeout begins anew with each recvfrom; the wait must not.",
            "Note when this transmission's time is over, and give each recvfrom what is left.",
        ),
    ),
    Case(
        "two long blackouts",
        "Nothing arrives until DATA 2 was sent nine times, and again until DATA 4 was sent "
        "four times.",
        send.blackouts,
        (
            "After how many transmissions did your function stop, or how long did it wait?",
            "Each message has ten transmissions of its own, `timeout` seconds apart.",
            "Count from 1 again with each message.",
        ),
        if_it_hangs=hints.LONG_WAIT,
    ),
    Case(
        "a receiver that vanishes",
        "Messages 1 to 3 of 8 are confirmed, then nothing but two old ACKs of 3.",
        send.vanishes,
        (
            "How often is DATA 4 sent, and what hears the caller then?",
            "After the tenth transmission and its wait: TimeoutError, with the number of the "
            "first message that was not confirmed.",
            "Raise it yourself, with a text of your own: that of recvfrom knows no number.",
        ),
        if_it_hangs=hints.LONG_WAIT,
        if_it_raises=hints.GONE,
    ),
    Case(
        "an END that nobody confirms",
        "Both messages are confirmed, END never: an old ACK comes in its place.",
        send.end_unheard,
        (
            "Has every message arrived?",
            "END is sent like a message, ten times; only its silence is no error.",
            "After the last wait for END, return what you would return otherwise.",
        ),
        if_it_hangs=hints.LONG_WAIT,
    ),
    Case(
        "a clock that is set back",
        "While the function waits, the wall clock is set back by an hour, and forward again.",
        send.clock,
        (
            "Which clock do your times come from?",
            "The clock on the wall can be set at any time, by hand or over the network.",
            "Look for a clock in the time module that never goes back.",
        ),
    ),
    Case(
        "nobody listens",
        "A receive raises ConnectionResetError once, as on Windows; then nobody listens at the "
        "address at all, and the system may say so.",
        send.nobody,
        (
            "Which error did your code meet, if any, and in which call?",
            "It tells that an earlier datagram met a closed port. For the contract that "
            "is silence: there are tries left.",
            "ConnectionError covers ConnectionRefusedError and ConnectionResetError; both "
            "receiving and sending may raise it.",
        ),
        if_it_hangs=hints.LONG_WAIT,
    ),
    Case(
        "30 % loss each way",
        "A link loses 30 % of the datagrams each way.",
        send.losses,
        (
            "Which message is the first that was not delivered?",
            "All that this link does came in the cases before, one by one: mend those first.",
            "Follow one message in the picture, from its first transmission to the ACK that "
            "arrived.",
        ),
    ),
)
EXERCISE = Exercise(
    cases=tuple(replace(each, if_it_raises=hints.RAISES | each.if_it_raises) for each in CASES),
    survives="Your sender survives lost messages, lost, old, foreign and broken "
    "acknowledgements, blackouts, a clock that is set back, and a receiver that vanishes.",
)
