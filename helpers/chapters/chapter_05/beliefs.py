"""What learners of chapter 05 may believe about loss."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

RECEIVED_SENT = Misconception(
    "received/sent is the loss rate even with duplicates",
    "A copy that arrives fills the place of a packet that did not, so the two numbers may be equal "
    "although packets are missing.",
    (
        "How many different numbers arrived, and how many arrivals were there?",
        "A number that came twice is still only one packet that is not lost.",
        "Go through the numbers that were sent, and ask of each whether it ever came.",
    ),
)

REORDERED = Misconception(
    "reordered is lost",
    "A packet that was overtaken is late, and it is here: lost is only what never comes.",
    (
        "Look for a number that you count as lost in the list of what was received: is it there?",
        "A gap in the numbers may still be filled by what comes later in the list.",
        "Decide what is lost only when all of the list has been looked at.",
    ),
)

TEN = Misconception(
    "ten packets are enough",
    "A small sample leaves room for many true losses: none lost of ten fits a loss of 0.2, "
    "and an interval must say so.",
    (
        "What does your interval say for none lost of 10, and could you bet on it?",
        "Many textbooks' interval takes the sample's own spread for the truth's. It has no width "
        "where nothing was lost, and it can reach below 0.",
        "Compare your formula with that of the description: what stands under the root beside the "
        "sample's own spread, and what is added to the share?",
    ),
)

AVERAGE = Misconception(
    "average loss says it all",
    "Ten readings lost one by one and ten lost in a row are the same average, and only the second "
    "leaves a hole in the record.",
    (
        "Where in the record are the lost readings: apart, or side by side?",
        "How many were lost in all is one question, how many in a row another.",
        "Go through the numbers in the order in which they were sent: what begins a gap, and what "
        "ends it?",
    ),
)

ADDS = Misconception(
    "loss each way simply adds",
    "A question whose own way there failed can't be lost a second time on the way back: the shares "
    "that survive are multiplied, (1 - p) with (1 - p).",
    (
        "You take half of what is missing for each way, as if the losses added up. If half of the "
        "packets died each way, would no question at all be answered?",
        "The share of answers is a product of two equal factors. Which factor is it?",
        "Undo the square first; what you have then is the share that survives one way.",
    ),
)

ARRIVES = Misconception(
    "what arrives is what was sent",
    "A fault before the sender's checksum or behind the receiver's changes bytes that then arrive "
    "as good data, so a check has to look at every byte.",
    (
        "Some bytes may change without a change of your result: which bytes does your function "
        "not look at?",
        "The length of a datagram, or its first bytes, say nothing of a bit that flips elsewhere.",
        "Let every byte of the data take part in the sum, from the first to the last.",
    ),
)

FINDS_ALL = Misconception(
    "a checksum finds every error",
    "16 bits can't tell all datagrams apart, and a sum can't even see that two of its words have "
    "changed places: who needs more takes a CRC, and never gets certainty.",
    (
        "Your result depends on the order of the words, and a sum does not: what is asked for is "
        "the Internet checksum, with its weakness.",
        "Other programs have to come to the same number, so a check that finds more is of no use "
        "to them. (You will try such a one after this exercise.)",
        "Add the words, and let no word's place take part.",
    ),
)

BYTES = Misconception(
    "a sum of bytes will do",
    "A sum of single bytes is the same for 12.5 and for 21.5, because the same bytes are in both.",
    (
        "What happens to your sum where two neighbouring bytes change places?",
        "The description takes two bytes together, as one number of 16 bits: the first is the "
        "high half.",
        "Make the words first, and add those.",
    ),
)
