"""What wrong programs of A2 believe of packets, strangers, ends, silence and windows."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

PART_OF_IT = Misconception(
    "damage only hits the payload",
    "A link flips bits wherever they are: a changed kind, transfer or number does as much harm as "
    "a changed payload.",
    (
        "Which bytes does your CRC cover, and which ones could be changed without its notice?",
        "The specification wants the CRC of the whole datagram, whose own four bytes count as "
        "zero.",
        "Compute it over header and payload alike, on both ways, before you look at any field.",
    ),
)
UNCHECKED = Misconception(
    "what arrives is what was sent",
    "A datagram may have been damaged on its way, and then it counts as lost: nothing in it, not "
    "even its kind, can be believed.",
    (
        "What does your program do with a datagram before it looks at the CRC?",
        "A damaged datagram must have no effect at all: it is neither answered nor stored, and it "
        "is no error.",
        "Let one function turn a datagram into a packet or into nothing, and use no byte of it "
        "else.",
    ),
)
ANY_PACKET = Misconception(
    "whatever comes is meant for this transfer",
    "A port hears everybody: a late packet of an earlier transfer and a stranger's look as good "
    "as the right ones. Only address and transfer tell.",
    (
        "Which two things does your program compare before it believes a packet?",
        "The address says who sent it, the transfer says which of their transfers it belongs to.",
        "Pass over what fails either comparison, at the one place where packets are taken in.",
    ),
)
LAST_ARRIVES = Misconception(
    "the last answer always arrives",
    "The last answer gets lost as easily as any other: then the sender asks again, and somebody "
    "must be there to answer.",
    (
        "The last answer was lost. What does the sender do, and who is there to hear it?",
        "The receiver has all, yet it can't know whether the sender knows.",
        "After the last answer stay for a second: answer again what still comes, and go when "
        "nothing came for so long.",
    ),
)
ALL_THERE = Misconception(
    "all chunks are there, so the image is right",
    "That every chunk has come says nothing about what they add up to: only the receiver can "
    "compare the hash of what it has put together.",
    (
        "Which hash does your receiver compare with which, and when?",
        "The OFFER carries the hash of the image. What was put together has one of its own.",
        "Compare the two before anything is returned or confirmed; where they differ both sides "
        "fail.",
    ),
)
SILENCE_IS_DEATH = Misconception(
    "a short silence is the end",
    "A link that says nothing for two seconds may come back: giving up after a count of tries, or "
    "too soon, ends transfers that would have worked.",
    (
        "How long was the silence, and after how many seconds or tries did your program give up?",
        "The limit is three seconds since the last valid packet, however often was tried "
        "meanwhile.",
        "Note when the last valid packet came, and compare only with that.",
    ),
)
NEVER_GIVES_UP = Misconception(
    "the other side comes back some day",
    "A device that waits for ever for a dead link is as dead as the link: after three seconds "
    "without a valid packet the transfer has failed.",
    (
        "What ends your loop when nothing comes any more, or only what is not valid?",
        "A stranger's packets and damaged ones must not prolong the wait.",
        "Note when the last valid packet of this transfer came; look at that on each way round.",
    ),
)
PAUSES = Misconception(
    "a longer pause never hurts",
    "The receiver gives up after three seconds of silence: a sender that doubles its timer again "
    "and again misses the moment when the link comes back.",
    (
        "How long was the longest pause between two of your datagrams?",
        "The specification has a limit to how long a sender may be silent.",
        "Back off as far as that limit, and no further.",
    ),
)
NO_WINDOW = Misconception(
    "a window is only a matter of speed",
    "The receiver can't tell of more than 256 chunks beyond the lowest missing one: the window is "
    "a promise to the other side.",
    (
        "Which was the lowest chunk that was not confirmed, and which one did you send?",
        "The window is counted in chunks, from the lowest one that is missing, and not from the "
        "newest.",
        "Look before each new chunk whether it is less than 256 above the lowest unconfirmed one.",
    ),
)
ACK_NAMES = Misconception(
    "an ACK names the chunk that has come",
    "The number of an ACK is the lowest chunk that is missing: all below it have come, and it "
    "itself has not.",
    (
        "Chunks 0 and 2 have come: which number does the ACK carry?",
        "It is the first gap that counts. What lies beyond the gap goes into the bit map.",
        "Work the example of the specification by hand, and compare each ACK.",
    ),
)
NO_DUPLICATES = Misconception(
    "each packet comes once, and in order",
    "A link may deliver a packet twice, and an older one after a newer: both are usual, and "
    "neither is an error.",
    (
        "What does your program do with a chunk that it has, or with an ACK older than the last "
        "one?",
        "A chunk belongs to its place whenever it comes; what an ACK has confirmed stays "
        "confirmed.",
        "Store by number, confirm what comes twice, and never let a number go back.",
    ),
)
ANY_SIZE = Misconception(
    "a datagram of any size gets through",
    "This link drops what is larger than 512 bytes without a word, header included: such a "
    "datagram never arrives, however often it is sent.",
    (
        "How many bytes has your largest datagram, with its header?",
        "The header takes 13 of 512 bytes.",
        "Count what goes to `sendto`, and cut the image into pieces that fit.",
    ),
)
ONE_AT_A_TIME = Misconception(
    "one packet at a time is enough",
    "Who waits for each answer sends one packet a round trip, and the link stands idle meanwhile.",
    (
        "How many chunks are in flight at once, and how many would fill the link?",
        "Rate times round trip is what has to be in flight.",
        "Let several chunks wait for their ACKs at once, each with a note of when it was sent.",
    ),
)
ALL_AGAIN = Misconception(
    "after a loss all is sent again",
    "One chunk was lost, and those behind it have come: the bit map says so. Sending them again "
    "takes the room of chunks that are still missing.",
    (
        "Which chunks did the ACK say are there, and which of them did you send again?",
        "Only what is missing has to be repeated, and only once it is likely that it is lost.",
        "Keep for each chunk whether it is confirmed and when it was sent, and repeat those alone "
        "whose time has run out.",
    ),
)
USELESS = Misconception(
    "a chunk out of order is useless",
    "A chunk that comes before an earlier one is as good as any: thrown away, it has to be sent "
    "again.",
    (
        "A chunk was lost. What did your receiver do with the next ten?",
        "Each chunk has a place of its own, which is known as soon as the size is.",
        "Keep what comes, and tell the sender of it in the bit map.",
    ),
)
