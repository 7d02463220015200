"""The usual slips with the bytes of a reading: the one that gives exactly what came is named."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from helpers.chapters.chapter_01 import beliefs
from helpers.checks.wrong import Hints, Misconception

Slip = tuple[Misconception | None, Hints]

ORDER = beliefs.NATIVE_ORDER.hints
DEVICE_ORDER = (
    "The four bytes of the device are in reverse order. Those of the temperature are as expected.",
    *ORDER[1:],
)
CELSIUS_ORDER = (
    "The last four bytes, the temperature, are in reverse order. The device is as expected.",
    *ORDER[1:],
)
REVERSED = (
    "All eight bytes come in reverse order, so that the fields have changed places too. The byte "
    "order is that within each field.",
    *ORDER[1:],
)
FIELDS = (
    "The temperature comes first here. The field of the device is to be the first, and the "
    "temperature the second.",
    "The order of the letters in a format is the order of the fields.",
    "Hand the values over in the order of their letters.",
)
TEXT = (
    "These bytes are the characters of a text, one for each digit. This format has numbers in it.",
    *beliefs.STR_SENT.hints[1:],
)


def _size(what: str) -> Hints:
    return (what, *beliefs.PACK_HINTS[1:])


def _number(what: str) -> Hints:
    return (
        what,
        "The temperature is packed as it is: a float of 4 bytes holds its fraction and its sign.",
        "`struct` has a letter for a float of 4 bytes. Hand `celsius` itself over.",
    )


WHOLE = _number(
    "The temperature was packed as a whole number: it is to be a float, which may be below 0."
)
ROUNDED = _number("The temperature was rounded to a whole number, or to fewer digits.")
SIZES = {
    "Id": "The temperature takes 8 bytes, as a double: a float of 4 is wanted.",
    "Ie": "The temperature takes 2 bytes, as a half: a float of 4 is wanted.",
    "Hf": "The device takes 2 bytes: its field has 4, for numbers up to 4,294,967,295.",
    "Bf": "The device takes 1 byte: its field has 4, for numbers up to 4,294,967,295.",
    "Qf": "The device takes 8 bytes: its field has 4.",
}


def slip_of_packing(packed: bytes, device: int, celsius: float) -> Slip | None:
    """The slip that makes exactly these bytes of a reading; None where it is none of the usual."""
    big, little = struct.pack("!If", device, celsius), struct.pack("<If", device, celsius)
    if packed in (little, little[:4] + big[4:], big[:4] + little[4:]):
        if packed == little:
            return beliefs.NATIVE_ORDER, ORDER
        device_only = packed[4:] == big[4:]
        return beliefs.NATIVE_ORDER, DEVICE_ORDER if device_only else CELSIUS_ORDER
    if packed == big[::-1]:
        return None, REVERSED
    if str(device).encode() in packed and packed.isascii():
        return None, TEXT
    return next(
        ((None, hints) for pack, hints in _packings(device, celsius) if _packs(pack) == packed),
        None,
    )


def _packings(device: int, celsius: float) -> Iterator[tuple[Callable[[], bytes], Hints]]:
    for letters, what in SIZES.items():
        for order in "!=@":
            yield lambda o=order, f=letters: struct.pack(o + f, device, celsius), _size(what)
    yield lambda: struct.pack("!fI", celsius, device), FIELDS
    for whole in (int(celsius), round(celsius)):
        for letter in "iI":
            yield lambda w=whole, f=letter: struct.pack(f"!I{f}", device, w), WHOLE
    for digits in (None, 0, 1, 2):
        yield lambda d=digits: struct.pack("!If", device, round(celsius, d)), ROUNDED
    yield lambda: struct.pack("!If", device, int(celsius)), ROUNDED
    for factor in (10, 100, 1000):
        for letter in "iIhHfd":
            times = celsius * factor if letter in "fd" else round(celsius * factor)
            what = f"The temperature was multiplied by {factor}, and so is on another scale."
            yield lambda t=times, f=letter: struct.pack(f"!I{f}", device, t), _number(what)
    sign = _number("A negative temperature has lost its sign.")
    yield lambda: struct.pack("!If", device, abs(celsius)), sign
    unit = _number(
        "The temperature was converted to another unit: it is packed in degrees Celsius."
    )
    yield lambda: struct.pack("!If", device, celsius * 9 / 5 + 32), unit
    yield lambda: struct.pack("!If", device, celsius + 273.15), unit


def _packs(pack: Callable[[], bytes]) -> bytes | None:
    try:
        return pack()
    except (struct.error, OverflowError):
        return None


def slip_of_unpacking(got: tuple, data: bytes) -> Slip | None:
    """The slip that makes exactly this tuple of two of a reading's bytes; None for any other."""
    device, celsius = struct.unpack("!If", data)
    low_device, low_celsius = struct.unpack("<If", data)
    reverse = got[0] == low_device != device, got[1] == low_celsius != celsius
    if any(reverse):
        hints = ORDER if all(reverse) else DEVICE_ORDER if reverse[0] else CELSIUS_ORDER
        return beliefs.NATIVE_ORDER, hints
    swapped = struct.unpack("!fI", data)
    if got in ((celsius, device), swapped, swapped[::-1]) and got != (device, celsius):
        return None, FIELDS
    return next(
        ((None, hints) for seen, hints in _unpackings(got, data, device, celsius) if seen), None
    )


def _unpackings(
    got: tuple, data: bytes, device: int, celsius: float
) -> Iterator[tuple[bool, Hints]]:
    first, second = got
    signed = struct.unpack("!ii", data)
    sign = "The device came out negative: its field was read as a number with a sign, and has none."
    yield first == signed[0] != device, (sign, *beliefs.LARGEST_HINTS[1:])
    short = "Only a part of the first four bytes was read: the field of the device has 4 bytes."
    parts = (*struct.unpack("!HH", data[:4]), *data[:4])
    yield type(first) is int and first in parts and first != device, _size(short)
    kind = type(first).__name__
    what = f"The first part, the device, is of the type {kind}: it is to be an int, a number."
    yield type(first) is not int, (what, *beliefs.UNPACK_HINTS[1:])
    whole = "The last four bytes were read as a whole number: they are a float."
    yield (
        second in (signed[1], struct.unpack("!I", data[4:])[0]) and second != celsius,
        (
            whole,
            *beliefs.UNPACK_HINTS[1:],
        ),
    )
    rounded = f"The temperature was rounded: {celsius} came out as {second!r}"[:120] + "."
    yield (
        second != celsius and second in [round(celsius, n) for n in range(5)],
        (
            rounded,
            *beliefs.UNPACK_HINTS[1:],
        ),
    )
    kind = type(second).__name__
    what = (
        f"The second part, the temperature, is of the type {kind}: it is to be a float, unrounded."
    )
    yield not isinstance(second, float), (what, *beliefs.UNPACK_HINTS[1:])
