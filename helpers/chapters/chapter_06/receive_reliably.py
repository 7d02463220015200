"""The exercise `receive_reliably`: its cases and their hints."""

from __future__ import annotations

from dataclasses import replace

from helpers.chapters.chapter_06 import _receive as receive
from helpers.chapters.chapter_06 import _receive_hints as hints
from helpers.chapters.chapter_06 import _receive_live as live
from helpers.chapters.chapter_06.beliefs import WALL_CLOCK
from helpers.checks.cases import Case, Exercise

CASES = (
    Case(
        "three messages",
        "A sender sends DATA 1, 2 and 3 and END 4.",
        receive.in_order,
        (
            "Look at the first difference: is it in the list, or in the ACKs?",
            "An ACK is a header without a payload, kind 2, and goes to the address that the "
            "datagram came from. END has a number of its own and is confirmed as well.",
            "After END the silence of the socket's timeout is the normal end; the payload is "
            "what follows the five bytes of the header.",
        ),
    ),
    Case(
        "no messages, empty ones, binary ones",
        "One sender has only END 1 to send; another sends empty payloads, all 256 values of a "
        "byte, and a payload that fills a datagram of 2,048 bytes.",
        receive.payloads,
        (
            "Which of the payloads is not as it was sent?",
            "Empty payloads are messages, and bytes are not text.",
            "How many bytes do you receive at the most? And what tells an empty message from none?",
        ),
    ),
    Case(
        "an acknowledgement that is lost twice",
        "The ACK of 2 is lost, and lost again, so DATA 2 comes three times.",
        receive.ack_lost,
        (
            "How often does DATA 2 come, and what does your code do each time?",
            "The sender goes on sending until it has heard, and each copy asks for an ACK.",
            "Whether a message is kept and whether it is confirmed are two questions.",
        ),
    ),
    Case(
        "late copies, and messages that look like copies",
        "DATA 1 and 2 have the same payload; copies of both come later, after DATA 2 and 3.",
        receive.copies,
        (
            "When are two datagrams the same message?",
            "Two readings may well be equal, and a copy may be older than the last message: "
            "only the number tells.",
            "An ACK does not repeat the number that came; it says up to which number all is "
            "here, also when it answers an old copy.",
        ),
    ),
    Case(
        "a last acknowledgement that is lost",
        "The ACK of END is lost again and again, so END comes nine times; a copy of DATA 1 comes "
        "in between.",
        receive.end_again,
        (
            "What does the sender do if it never hears the ACK of END?",
            "It sends END again, and if you have left, nobody answers.",
            "Stay after END and confirm what comes again, with the number of END, until "
            "nothing has come for the socket's timeout.",
        ),
    ),
    Case(
        "datagrams that come too early",
        "DATA 2 comes before DATA 1, DATA 3 before a copy of 2, and END 5 before DATA 4.",
        receive.gaps,
        (
            "Which numbers are missing when DATA 3 comes, and when END comes?",
            "A number with a gap before it is not kept, and its ACK says how far all is here: "
            "0 where nothing is.",
            "The next number in order is the only one that changes anything, and this holds "
            "for END too.",
        ),
    ),
    Case(
        "datagrams that are neither DATA nor END",
        "Between the messages come datagrams that are too short, of another kind, ACKs, and "
        "an END with a payload.",
        receive.junk,
        (
            "Which of these did your function answer, keep, or fail at?",
            "A datagram may have fewer bytes than a header, and the header may say anything.",
            "Look at the length, then at the kind, and for END also at the payload; what does "
            "not fit is ignored, and nothing is sent for it.",
        ),
        if_it_raises=hints.JUNK_RAISES,
    ),
    Case(
        "a sender that vanishes",
        "A sender is gone after DATA 2, without END; another never says anything.",
        receive.vanishes,
        (
            "How does the caller learn that messages may be missing?",
            "Silence means the end only after END; before it, it is an error.",
            "The socket's own TimeoutError is what the caller is to get in this case.",
        ),
    ),
    Case(
        "a slow sender",
        "Each datagram comes well within the timeout of the one before; END comes twice, with "
        "copies of the messages in between.",
        live.slow,
        (
            "When did your function leave, and when had the last datagram come?",
            "After END the wait begins anew with each datagram that comes.",
            "A deadline that is computed once, at the first END, is too early for this sender.",
        ),
    ),
    Case(
        "a sender whose address changes",
        "DATA 1 comes from one address; then DATA 1 again, DATA 2 and END from another.",
        receive.moves,
        hints.ONE_SENDER,
    ),
    Case(
        "a clock that is set",
        "While the function waits, the wall clock is set forward by an hour, and back again.",
        live.clock,
        (
            "Which clock does your function read, if any?",
            "The clock on the wall can be set at any time, by hand or over the network.",
            "The socket's own timeout needs no clock of yours.",
        ),
        if_it_raises={"ValueError": WALL_CLOCK},
    ),
    Case(
        "a closed port",
        "A receive raises ConnectionResetError, as on Windows when an ACK met a closed port; "
        "messages and END are there.",
        live.reset,
        (
            "What does this error tell about the datagrams that come next?",
            "It tells of an ACK of yours that found nobody, and nothing about messages.",
            "Catch it, and listen again.",
        ),
    ),
    Case(
        "30 % loss each way",
        "A link loses 30 % of the datagrams each way and doubles 10 %; the sender sends each "
        "message until it is confirmed.",
        live.losses,
        (
            "Which message is there twice, or missing?",
            "All that this link does came in the cases before, one by one: mend those first.",
            "Follow one message in the picture, from its first copy to the ACK that arrived.",
        ),
        if_it_hangs=hints.SILENT_TO_OLD,
    ),
)
EXERCISE = Exercise(
    cases=tuple(
        replace(
            each,
            if_it_raises=hints.RAISES | each.if_it_raises,
            if_it_hangs=each.if_it_hangs or hints.HANGS,
        )
        for each in CASES
    ),
    survives="Your receiver survives lost acknowledgements, copies, gaps, junk, closed ports, a "
    "slow sender, one that vanishes, and 30 % loss each way.",
)
