"""The exercise `receive_selectively`: its cases and their hints."""

from __future__ import annotations

from dataclasses import replace

from helpers.chapters.chapter_06 import _receive_hints as shared
from helpers.chapters.chapter_07 import _selective as selective
from helpers.chapters.chapter_07 import _selective_hints as hints
from helpers.checks.cases import Case, Exercise

CASES = (
    Case(
        "three messages in order",
        "The window is 4. A sender sends DATA 1, 2 and 3, and END 4.",
        selective.in_order,
        (
            "Look at the first difference: is it in the list, or in the ACKs?",
            "Each DATA and END gets an ACK of its own number, at the address that it came from.",
            "After END the silence of the socket's timeout is the normal end.",
        ),
    ),
    Case(
        "packets that come early",
        "The window is 8. DATA 1 comes, then 3 and 4, and only then 2.",
        selective.early,
        (
            "What has your code done with 3 when it came, and what when 2 had come?",
            "3 and 4 wait on the shelf, confirmed; with 2 all three can be handed out.",
            "After each packet look whether the wanted number is on the shelf, and go on as long "
            "as it is.",
        ),
    ),
    Case(
        "copies",
        "The window is 8. DATA 1 and 3 come three times each, before and after the gap at 2 "
        "closes.",
        selective.copies,
        (
            "How often is each message in your list, and how often was it confirmed?",
            "A copy asks for an ACK, and brings nothing new.",
            "A number below the wanted one, or on the shelf already, is confirmed again and not "
            "kept again.",
        ),
    ),
    Case(
        "a full shelf",
        "The window is 3. DATA 4 comes while 1 is still missing, and again after it.",
        selective.full,
        (
            "Which numbers may be kept while 1 is wanted and the window is 3?",
            "1, 2 and 3. DATA 4 is neither kept nor confirmed until 1 has come.",
            "Compare the number with the wanted one plus the window.",
        ),
    ),
    Case(
        "old packets after a whole window",
        "The window is 2. DATA 1 and 2 arrive, and come once more.",
        selective.old,
        (
            "Which numbers lie in the window when 1 and 2 have come?",
            "3 and 4. What is below the wanted number was here before.",
            "Look at the whole number before you look for its place.",
        ),
    ),
    Case(
        "a window of 1",
        "The window is 1: there is no shelf. DATA 2 comes before DATA 1.",
        selective.one,
        (
            "Which numbers lie in a window of 1?",
            "The wanted one alone. All others are old, or beyond.",
            "Try your comparisons by hand with a window of 1.",
        ),
    ),
    Case(
        "an END that comes early",
        "END comes before some of the messages, and again after them.",
        selective.early_end,
        hints.END_EARLY,
    ),
    Case(
        "a last acknowledgement that is lost",
        "The ACK of END is lost again and again, so END and old messages come again.",
        selective.end_again,
        hints.LEAVES,
    ),
    Case(
        "no messages, empty ones, binary ones",
        "One sender has only END 1 to send; another sends empty payloads, all 256 values of a "
        "byte, and 1,000 bytes, not in order.",
        selective.payloads,
        (
            "Which of the payloads is not as it was sent?",
            "Empty payloads are messages, and bytes are not text.",
            "How many bytes do you receive at the most? And what tells an empty message from none?",
        ),
    ),
    Case(
        "datagrams that are neither DATA nor END",
        "Between the messages come datagrams that are too short, of another kind, ACKs, the "
        "number 0, and an END with a payload.",
        selective.junk,
        hints.JUNK,
        if_it_raises=shared.JUNK_RAISES,
    ),
    Case(
        "a sender that vanishes",
        "A sender is gone after DATA 1 and 3, without END; another never says anything.",
        selective.vanishes,
        hints.GONE,
    ),
    Case(
        "a slow sender",
        "Each datagram comes well within the timeout of the one before; all of them come again "
        "after END.",
        selective.slow,
        (
            "When did your function leave, and when had the last datagram come?",
            "After END the wait begins anew with each datagram that comes.",
            "Let the socket's own timeout decide, and no deadline of yours.",
        ),
    ),
    Case(
        "a closed port",
        "A receive raises ConnectionResetError, as on Windows when an ACK met a closed port.",
        selective.reset,
        hints.CLOSED_PORT,
        if_it_raises={"ConnectionError": hints.CLOSED_PORT},
    ),
    Case(
        "no window",
        "The function is called with a window of 0, and of -1.",
        selective.no_window,
        hints.NO_WINDOW,
        if_it_hangs=hints.NO_WINDOW,
    ),
    Case(
        "30 % loss each way",
        "A link loses 30 % of the datagrams each way, doubles some, and lets others overtake.",
        selective.losses,
        (
            "Which message is there twice, missing, or at a wrong place?",
            "All that this link does came in the cases before, one by one: mend those first.",
            "Follow one message in the picture, from its first copy to the ACK that arrived.",
        ),
    ),
)
EXERCISE = Exercise(
    cases=tuple(
        replace(
            each,
            if_it_raises=shared.RAISES | each.if_it_raises,
            if_it_hangs=each.if_it_hangs or hints.HANGS,
        )
        for each in CASES
    ),
    survives="Your receiver survives gaps, copies, old packets, a full shelf, junk, a slow sender, "
    "one that vanishes, and 30 % loss each way.",
)
