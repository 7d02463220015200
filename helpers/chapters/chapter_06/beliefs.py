"""What chapter 06's wrong answers believe of ACKs, duplicates, order, timers and clocks."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ACK_LOST = Misconception(
    "an ACK can't be lost",
    "An ACK is a datagram like any other: where it is lost the message has arrived, but its sender "
    "can't know that, so it has to ask again, and the receiver has to confirm again.",
    (
        "Take one ACK out of the conversation by hand. What does each side do then, and who waits "
        "for whom?",
        "A sender that hears nothing can't tell a lost message from a lost ACK, and a receiver "
        "never hears that its ACK was lost: only what comes again tells it so.",
        "So silence is no error at first and no reason to wait for ever, what comes again is "
        "confirmed again, and a later ACK also speaks for the earlier messages.",
    ),
)
DUPLICATE = Misconception(
    "a duplicate is a new message",
    "The same number again is the same message again: its ACK was lost, its timer was too short, "
    "or the network has copied it.",
    (
        "Which numbers came, and how often is each message in your list?",
        "Not its place in the order of arrival makes a message new, but its number; and a "
        "duplicate may come long after the first.",
        "Keep a message only where its number is the next one that is missing; confirm it in any "
        "case.",
    ),
)
ANY_ACK = Misconception(
    "any ACK is the ACK that I wait for",
    "An ACK may be an old one that comes late or twice, may come from somebody else, or be no ACK "
    "at all: it counts only by its sender, its kind and its number.",
    (
        "Which datagram did your code take for the confirmation, and what did it look at first?",
        "Three things make it the ACK that you wait for: the address that it came from, the kind, "
        "and a number that you have sent and that was not confirmed before.",
        "Whatever fails one of the three is ignored, and the same wait goes on for the rest of its "
        "time.",
    ),
)
FOR_EVER = Misconception(
    "retransmit at once and for ever",
    "Each transmission gets its whole time to be confirmed, because sending faster only adds load "
    "to a network that may be losing for that very reason; and somebody has to be told in the end "
    "that the other side is gone.",
    (
        "How long does your code wait between two transmissions of the same message, and how often "
        "does it send it?",
        "Only the end of the timer is a reason to send again, not another datagram and not a loop "
        "that turns; and the number of tries has a bound.",
        "Count the transmissions of the message. Where the bound is reached without a "
        "confirmation, stop and raise the error that the contract names.",
    ),
)
KARN = Misconception(
    "the RTT of a retransmitted packet is a sample",
    "Once a message was sent twice nobody can tell which of the two its ACK answers, so the time "
    "until then measures nothing (Karn's rule, RFC 6298, section 3).",
    (
        "A message was sent twice, and then an ACK came: does it answer the first or the second "
        "sending, and what does the time measure that you keep?",
        "Nothing in the ACK says so: measured from the first sending the time may be too long, "
        "measured from the last one too short.",
        "Keep a time only for a message whose first transmission was also its only one.",
    ),
)
WALL_CLOCK = Misconception(
    "wall-clock time for measuring",
    "The clock that tells the time of day is set while a program runs, by hand or by NTP, and what "
    "is measured across such a step is wrong by all of it.",
    (
        "Which clock do your times and waits come from, and what happens to them if it is set back "
        "by an hour in the middle?",
        "time.time() tells the time of day. Python has other clocks, that can't be set.",
        "Look up time.monotonic and time.perf_counter, and use one of them for every difference "
        "of two times: the measured ones, and what is left of a wait.",
    ),
)
IN_ORDER = Misconception(
    "packets arrive in the order in which they were sent",
    "One packet can be lost or overtaken while those behind it arrive, so a high number, or END, "
    "says nothing about the numbers below it.",
    (
        "In which order do your datagrams go out, and is there ever a gap between two numbers?",
        "A gap is nothing unusual: whoever sends again leaves one until the repeat has arrived.",
        "Send a number while the one before it is missing, and expect an ACK that stays where it "
        "was, for a message as well as for END.",
    ),
)
