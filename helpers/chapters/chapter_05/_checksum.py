"""The usual mistakes about the Internet checksum, and the hints for each."""

from __future__ import annotations

from helpers.chapters.chapter_05 import _sums as sums
from helpers.chapters.chapter_05._numbers import Slip
from helpers.chapters.chapter_05.beliefs import BYTES, FINDS_ALL
from helpers.checks.wrong import Hints


def then(first: str) -> Hints:
    """Hints that begin with what was recognised."""
    return (
        first,
        "Go through the description's example by hand: four words, their sum, what is carried, and "
        "at last each bit turned over.",
        "Print the sum at each of these steps, in hexadecimal, and compare it with yours on paper.",
    )


def _bytes(first: str) -> Hints:
    return first, *BYTES.hints[1:]


_CARRY = then(
    "Your carry gets lost: what does not fit into 16 bits is cut off, and the description adds it "
    "again at the low end."
)
_AGAIN = then(
    "You add the carry once, and that addition can carry again: how often does it have to be done?"
)
_COMPLEMENT = then(
    "Your sum is right, and it is not turned over: the last step of the description, the "
    "complement, is missing."
)
_XOR = then(
    "You join the words by `^`, which has no carry: the description adds them, by plain `+`."
)
_LAST = (
    "Your sum begins its pairs in the wrong way where a byte is left over: which half of its word "
    "is the last byte, the high one or the low one?",
    "In network byte order the first byte of a word is the high one, and here the zero is second.",
    "Follow the call with a single byte: what is its word, in hexadecimal?",
)
_OTHER = (FINDS_ALL.hints, FINDS_ALL)
_SUM = (
    _bytes(
        "You take the bytes one by one, and the description takes them in pairs: what happens to "
        "your sum where two bytes change places?"
    ),
    BYTES,
)

# Each with what it gives in place of the checksum; the likeliest first.
MISTAKES: tuple[Slip, ...] = (
    Slip(sums.not_turned_over, "That is the sum, before its bits are turned over.", _COMPLEMENT),
    Slip(sums.carry_lost, "There the carry is lost.", _CARRY),
    Slip(
        sums.carry_lost_and_not_turned_over,
        "That is the sum without its carry, and not turned over.",
        then("Two steps are missing after the addition: the carry is cut off where it has to be "
             "added again, and the bits are not turned over."),
    ),
    Slip(
        sums.never_folded,
        "That is the plain sum, of more than 16 bits.",
        then("What you return is the plain sum: what exceeds 16 bits, the carry, has to be added "
             "again, and then each bit turned over."),
    ),
    Slip(sums.folded_once, "There the carry was added once.", _AGAIN),
    Slip(sums.folded_once_and_too_wide, "There the carry was added once.", _AGAIN),
    Slip(sums.folded_once_and_negative, "There the carry was added once.", _AGAIN),
    Slip(sums.one_carry_at_most, "There a carry was added once at most.", _AGAIN),
    Slip(
        sums.by_remainder,
        "There a sum of 65,535 counts as 0.",
        then("You take a sum of 65,535 for one of 0, or its complement for 65,535. A remainder "
             "does the first, and UDP the second, by a rule of its own. What is asked for here?"),
    ),
    Slip(
        sums.without_mask,
        "That is a negative number.",
        then("Your `~` gives a negative number: Python's whole numbers have no highest bit, so it "
             "turns over more than 16 of them. Which operator keeps 16 bits only?"),
    ),
    Slip(
        sums.twos_complement,
        "That is one too many: the two's complement.",
        then("You negate the sum, and the description turns each bit over. The two differ by 1."),
    ),
    Slip(
        sums.little_endian,
        "There the bytes of each word have changed places.",
        then("Your words have their low byte first. In network byte order the first byte of a pair "
             "is the high one."),
    ),
    Slip(sums.alone_as_it_is, "There the last byte alone is the low half of its word.", _LAST),
    Slip(sums.zero_in_front, "There the zero stands in front.", _LAST),
    Slip(
        sums.last_left_out,
        "There the last byte is left out.",
        ("A byte at the end that has no partner is left out of your sum: damage to it would pass.",
         "Where the number of bytes is odd, a zero byte joins the last one.",
         "Make the number of bytes even before you go through the pairs."),
    ),
    Slip(
        sums.overlapping,
        "There each byte belongs to two words.",
        then("Your pairs overlap: each byte belongs to one word only, so the next pair begins two "
             "bytes further on."),
    ),
    Slip(sums.of_words_by_xor, "That is the words joined by exclusive or.", _XOR),
    Slip(sums.turned_over_by_xor, "That is the words joined by exclusive or.", _XOR),
    *(Slip(each, "That is made of the single bytes.", *_SUM) for each in sums.SUMS_OF_BYTES),
    *(Slip(each, "That is another check, which looks at places too.", *_OTHER)
      for each in sums.STRONGER),
)  # fmt: skip
