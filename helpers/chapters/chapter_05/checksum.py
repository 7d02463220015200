"""The exercise checksum: the Internet checksum (RFC 1071)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_05._checksum import MISTAKES, then
from helpers.chapters.chapter_05._numbers import RAISES, expect_no_memory, is_number
from helpers.chapters.chapter_05._sums import internet
from helpers.chapters.chapter_05.beliefs import ARRIVES, FINDS_ALL
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

READING = b"kitchen 21.5"
EXAMPLE = bytes.fromhex("0001f203f4f5f6f7")  # of RFC 1071, section 3
SWAPPED = EXAMPLE[2:4] + EXAMPLE[:2] + EXAMPLE[4:]
# Here usual mistakes differ: carries that carry again, an odd end, and a plain text.
TELLING = (READING, EXAMPLE, b"\xff\xff\xff\xff\x00\x01", b"\xff\xff", b"21.5!")


def _sums(*datagrams: bytes) -> Callable:
    """A case of some datagrams, each with its own checksum."""

    def run(function: Callable, stage: Stage) -> None:
        for data in datagrams:
            got = stage.call(function, data)
            if is_number(got) and got == internet(data):
                continue
            told = f"checksum({short(data)}): expected 0x{internet(data):04x}, got {_hex(got)}."
            _expect_int(told, got)
            expect_no_memory("checksum", got, stage.call(function, data))
            _name_mistake(told, function, stage, data, datagrams)
            raise Wrong(told)

    return run


def _hex(value: Any) -> str:
    """A whole number as the description writes it, anything else as Python does."""
    if type(value) is int and 0 <= value < 1 << 64:
        return f"0x{value:04x}"
    return short(value)


def _expect_int(told: str, got: Any) -> None:
    """Raise Wrong where what came is no number: None, bytes, hexadecimal text."""
    if is_number(got):
        return
    kind = type(got).__name__
    first = f"Your result is of the type {kind}, and the description asks for an int."
    if got is None:
        first = "Your function gives back None: on this way through it no `return` is reached."
    elif isinstance(got, str):
        first = "Your result is text. How a number is written, `hex`, is for where it is shown."
    elif isinstance(got, (bytes, bytearray)):
        first = "Your result is bytes: the number itself is asked for, and its sender packs it."
    raise Wrong(
        told,
        hints=(
            first,
            "0x220d is another way to write the number 8717: both are the same int.",
            "Return the number that you have calculated, before it is written or packed.",
        ),
    )


def _name_mistake(
    told: str, function: Callable, stage: Stage, data: bytes, datagrams: tuple[bytes, ...]
) -> None:
    """Raise Wrong with what is the matter, as far as further calls can tell."""
    results: dict[bytes, Any] = {}
    for each in (data, *datagrams, *TELLING):
        with contextlib.suppress(Exception):
            results.setdefault(each, stage.call(function, each))
    own = {each: results[each] for each in (data, *datagrams) if each in results}
    for among in (results, own):
        for slip in MISTAKES:
            if among is own and slip.belief:
                continue  # a belief is named only where all results fit: a few may do so by chance
            if all(is_number(got) and got == slip.value(of) for of, got in among.items()):
                raise Wrong(f"{told} {slip.told}", slip.belief, slip.hints)
    if unseen := _unseen(function, stage):
        raise Wrong(
            f"{told} And where the byte at place {unseen[0]} of {short(READING)} changes, yours "
            "stays the same.",
            ARRIVES,
        )
    if _differs_by_place(function, stage):
        raise Wrong(
            f"{told} And yours changes where two words change places, which a sum can't.", FINDS_ALL
        )


def _unseen(function: Callable, stage: Stage) -> list[int]:
    """The places of a reading where a byte may change and the result stays as it is."""
    with contextlib.suppress(Exception):
        whole = stage.call(function, READING)
        places = []
        for place in range(len(READING)):
            other = bytearray(READING)
            other[place] ^= 4
            if stage.call(function, bytes(other)) == whole:
                places.append(place)
        return places
    return []


def _differs_by_place(function: Callable, stage: Stage) -> bool:
    """Whether blocks that change places change the result.

    They have eight bytes, and zeros at their borders: wrong pairs alone make no difference.
    """
    one, other = bytes.fromhex("0001f203f4f5f600"), bytes.fromhex("0077223344556600")
    with contextlib.suppress(Exception):
        first, swapped, again = (
            stage.call(function, each) for each in (one + other, other + one, one + other)
        )
        return first == again != swapped
    return False


SUM_HINTS = then(
    "Which words does your function make of the bytes, and what is their sum? Print both."
)
CARRY_HINTS = then(
    "The sum of these words needs more than 16 bits. What does your function do with the carry?"
)
ODD_HINTS: Hints = (
    "The number of bytes is odd here: what does your function take for the last pair?",
    "A zero byte joins the last one, as if it stood behind the data. It is the low half.",
    "Make the number of bytes even first; then the pairs need no special case.",
)
ODD_RAISES: Hints = (
    "The number of bytes is odd here, and the last byte has no partner: your function fails there.",
    "A zero byte joins it, as if it stood behind the data.",
    "Make the number of bytes even before you go through the pairs.",
)
EMPTY_HINTS: Hints = (
    "Nothing is added here, or only zeros: what is the sum then, and what is each of its 16 bits "
    "turned over?",
    "A sum of 0 and a sum of 65,535 are two different sums, and so are their complements.",
    "Follow your steps with a sum of 0, and then with one of 65,535.",
)
ODD_ERRORS = {"IndexError": ODD_RAISES, "error": ODD_RAISES, "ValueError": ODD_RAISES}

EXERCISE = Exercise(
    (
        Case(
            "the example of the RFC",
            "The four words 0001, f203, f4f5 and f6f7.",
            _sums(EXAMPLE, READING),
            SUM_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "carries, and carries of carries",
            "Words whose sum needs 17 bits; then some where adding the carry carries once more.",
            _sums(b"\x80\x00\x80\x00", b"\xff\xff\xff\xff\x00\x01", b"\xff\xfe" * 40),
            CARRY_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "an odd number of bytes",
            "A single byte; then five bytes.",
            _sums(b"\x01", b"21.5!", b"\xff\xff\xff"),
            ODD_HINTS,
            if_it_raises=RAISES | ODD_ERRORS,
        ),
        Case(
            "no bytes, zeros, and ones only",
            "An empty datagram; four zero bytes; a word of sixteen ones.",
            _sums(b"", bytes(4), b"\xff\xff"),
            EMPTY_HINTS,
            if_it_raises=RAISES,
        ),
        Case(
            "two words that have changed places",
            "The example once more, with its first two words exchanged: the sum is the same.",
            _sums(SWAPPED, READING[2:4] + READING[:2] + READING[4:]),
            FINDS_ALL.hints,
            if_it_raises=RAISES,
        ),
        Case(
            "a large datagram",
            "65,507 bytes, as many as IPv4 can carry.",
            _sums(bytes(each % 251 for each in range(65_507))),
            CARRY_HINTS,
            if_it_raises=RAISES | ODD_ERRORS,
        ),
    ),
    "What it survives now: carries that carry again, an odd last byte, nothing at all, and the "
    "largest datagram.",
)
