"""Hints for a collector: each way to fail has its own."""

from __future__ import annotations

from typing import Any

from helpers.chapters.chapter_04._readings import Readings
from helpers.chapters.chapter_04.beliefs import HALF, NO_END, ONE_TIMEOUT, ORDER
from helpers.checks.wrong import Hints

FORMAT = (
    "All three parts come in network byte order; device and number have no sign.",
    "Unpack one datagram of yours by hand with struct, and compare it with what chapter 01 says "
    "about formats.",
)
IDENTITY = (
    "Two temperatures may be equal by chance, and two devices may use the same number.",
    "Keep what you have seen by device and number together, for each device apart.",
)
SORTING = (
    "Numbers are ordered as numbers: 256 comes after 255, also where bytes or text would sort "
    "otherwise.",
    "Keep each temperature together with its number until all have come.",
)
LENGTH = (
    "The contract names one length for a reading: look at the length before you unpack.",
    "Receive with room to spare, and compare the length of what came with the one that the "
    "contract names.",
)
RESULT = (
    "The contract asks for a dict: for each device a list of its temperatures, and nothing else.",
    "Build what you need on the way in any form, and turn it into that at the end.",
)

FIRST: Hints = (
    "Print what you unpack from each datagram: which device, which number, which temperature? And "
    "which of them is missing in your result?",
    *FORMAT,
)
BYTE_ORDER: Hints = (
    "Your devices are the right numbers with their bytes turned round: which byte order does your "
    "format name?",
    *FORMAT,
)
SIGN: Hints = (
    "A device or number above 2,147,483,647 came out negative: your format reads it with a sign.",
    *FORMAT,
)
ZERO: Hints = (
    "Only the readings of 0.0 degrees are missing: `if celsius` is false for zero, too.",
    "A number that is 0 is a number like others.",
    "Ask for the length of the datagram, and not for the truth of what is in it.",
)
MORE: Hints = (
    "Your lists are longer than what was sent: do they hold the numbers as well, or a reading "
    "twice?",
    *RESULT,
)
ROUNDED: Hints = (
    "Your temperatures are rounded: they are asked for as they came.",
    "Digits are dropped where a number is shown.",
    "Look for `round` and for a format in your code.",
)
OVER_ALL: Hints = (
    "Only the device that came first is left: each device counts by itself, so another device "
    "with the same number is no duplicate.",
    *IDENTITY,
)
ONE_ONLY: Hints = (
    "Only the first reading is in your result: you receive once, where a loop has to go on until "
    "nothing comes any more.",
    *NO_END.hints[1:],
)
NOTHING: Hints = (
    "Your result is empty, though readings were waiting in the socket: does your loop end before "
    "it receives, or does a test refuse every one of them?",
    "recv returns bytes of the length 12 for a reading; recvfrom returns a tuple of two.",
    "Print the length of what you receive, before the test.",
)
EQUAL: Hints = (
    "You take equal temperatures for duplicates: it is the number that tells one reading of a "
    "device from another.",
    *IDENTITY,
)
TWICE: Hints = (
    "A reading that came twice is in your result twice: a device and number that were there "
    "already are a duplicate.",
    *IDENTITY,
)
ONE_BEFORE: Hints = (
    "You compare a datagram only with the one before, and a duplicate may come with others in "
    "between.",
    *IDENTITY,
)
BY_SENDER: Hints = (
    "One reading came from two addresses, and you count it twice: the sender's address does not "
    "say which device it is.",
    *IDENTITY,
)
SENDER: Hints = (
    "Does the sender's address decide anything in your code? It means nothing: a gateway sends for "
    "two devices here, and one device changes its address.",
    "An address says where a datagram came from, and that may be a gateway.",
    "The device's number is in the datagram, and nothing else names it.",
)
LAST_WINS: Hints = (
    "A later reading with the same device and number has overwritten the first: it is a duplicate, "
    "and is left out, whatever its temperature.",
    "Assigning to a key of a dict replaces what was there.",
    "Look whether that key is there already; `setdefault` does both in one.",
)
BOTH_STAY: Hints = (
    "Two readings with the same device and number are both in your result, as their temperatures "
    "differ: device and number alone say that it is a duplicate.",
    *IDENTITY,
)
ARRIVAL: Hints = (
    "Your temperatures are in the order of arrival; the order of their sequence numbers is asked "
    "for.",
    *ORDER.hints[1:],
)
FORWARDS: Hints = (
    "You throw away what comes late: a smaller number that is new was overtaken, and is not lost.",
    *ORDER.hints[1:],
)
BY_VALUE: Hints = (
    "You have sorted the temperatures; they are asked for in the order of their sequence numbers.",
    *SORTING,
)
AS_TEXT: Hints = (
    "You sort the numbers as text, where 10 comes before 2: order them as numbers.",
    *SORTING,
)
UP_TO_GAP: Hints = (
    "Your list ends where a number is missing: a lost reading leaves a gap, and others come after "
    "it.",
    "Numbers need not begin at 0 or 1, and after a gap others follow.",
    "Go through the numbers that came, not through those that should have come.",
)
MISSING: Hints = (
    "You look for a number that never came: a lost reading leaves a gap.",
    *UP_TO_GAP[1:],
)
NONES: Hints = (
    "Your list holds None where a reading was lost: a gap leaves no mark, only what came is asked "
    "for.",
    *UP_TO_GAP[1:],
)
EMPTY_ENDS: Hints = (
    "An empty datagram ends your loop: on a stream b'' would be the end, here it is a message like "
    "any other.",
    "Look for `if not data`, `while data` or a `:=` that ends your loop.",
    "An empty datagram is one that you have no use for: go on as after any other of these.",
)
IN_PARTS: Hints = (
    "You read one datagram in parts: each call takes a whole datagram, and what does not fit into "
    "the size that you give is thrown away.",
    *HALF.hints[1:],
)
REST: Hints = (
    "You ask for the rest of a datagram by a second call: there is no rest, each datagram stands "
    "by itself.",
    *HALF.hints[1:],
)
CUT: Hints = (
    "You ask for 12 bytes, so a longer datagram is cut to its first 12 and looks like a reading.",
    *HALF.hints[1:],
)
JOINED: Hints = (
    "You join datagrams in a buffer as on a stream: each datagram stands by itself, and two never "
    "become one.",
    *HALF.hints[1:],
)
SPLIT: Hints = (
    "You take a datagram of 24 bytes for two readings: a reading has exactly 12 bytes.",
    *HALF.hints[1:],
)
LONGER: Hints = (
    "You take the first 12 bytes of a longer datagram: a reading is a datagram of exactly 12 "
    "bytes, and one of 13 is none.",
    *LENGTH,
)
ANY_LENGTH: Hints = (
    "You unpack a datagram that is no reading: look at its length first, a reading has exactly 12 "
    "bytes.",
    *LENGTH,
)
CLOSED: Hints = (
    "Your function closes sock, by `close` or by `with`: the caller who gave it closes it.",
    "Who opens a socket closes it: yours was opened by the caller.",
    "Leave out the line that closes, or the `with sock`.",
)
TOO_LATE: Hints = (
    "Your function goes on waiting when `idle` is over: does it wait for a time of its own in "
    "place of idle, or several times?",
    "The timeout that you give to the socket, or to the select, is what it waits.",
    "Follow one silence by hand: which waits follow each other, and how long is each?",
)
TOO_SOON: Hints = (
    "Your function comes back before it has been silent for `idle` seconds: does it wait at all, "
    "and for the whole of idle?",
    "A timeout of 0 means not to wait; half of idle is not idle.",
    "Give the socket a timeout of idle: it counts from the call of recv, each time again.",
)
STOPS: Hints = (
    "Your time runs for the whole collection: each datagram begins the silence anew, and `idle` "
    "counts since the last one.",
    *ONE_TIMEOUT.hints[1:],
)
OTHER_TALK: Hints = (
    "You count what is ignored as silence: a datagram of any kind breaks the silence.",
    "`idle` is how long nobody may speak, not how long no reading comes.",
    "The silence begins anew with each datagram, also with one that is ignored.",
)
WALL: Hints = (
    "Your function takes a jump of the wall clock for silence: `time.time()` jumps when a machine "
    "sets its clock.",
    "time.monotonic() never jumps; and a socket's own timeout does not look at the wall clock.",
    "Read the clock that only goes forward wherever you measure how long something takes.",
)


def of_type(got: Any) -> Hints | None:
    """Hints where the result is not a dict of lists of numbers; None where it is."""
    if got is None:
        return (
            "Your function gives back None: on the way that it took no `return` is reached.",
            "A `return` inside the `try` is not reached when the wait ends by an error.",
            "Look at the lines that come after the loop, and after the `except`.",
        )
    if not isinstance(got, dict):
        return (f"Your result is of the type {type(got).__name__}, and not a dict.", *RESULT)
    values = list(dict.values(got))
    if any(isinstance(each, dict) for each in values):
        first = "Your result holds dicts with the numbers in it: the list of the temperatures alone"
        return (f"{first} is asked for, in the order of the numbers.", *RESULT)
    if not all(isinstance(each, list) for each in values):
        kind = type(next(each for each in values if not isinstance(each, list))).__name__
        return (f"For a device your result holds a value of the type {kind}, not a list.", *RESULT)
    if any(isinstance(item, (tuple, list)) for each in values for item in each):
        return ("Your lists hold the numbers, too: temperatures alone are asked for.", *RESULT)
    if not all(isinstance(key, int) for key in got):
        kind = type(next(key for key in got if not isinstance(key, int))).__name__
        first = f"A key of your dict is of the type {kind}: it is to be the device's number, "
        first += "which stands in the datagram as a whole number"
        first += ", and not the sender's address." if kind in ("tuple", "str") else "."
        return (first, *FORMAT)
    return None


def _all(readings: Readings) -> list[float]:
    return [each for values in readings.values() for each in values]


def of_devices(got: Readings, expected: Readings, little: Readings) -> Hints | None:
    """Hints where the devices are wrong, or only zeros are missing."""
    if got and got.keys() == little.keys() != expected.keys():
        return BYTE_ORDER
    if any(device < 0 for device in got):
        return SIGN
    if not got and expected:
        return NOTHING
    if sum(map(len, got.values())) > sum(map(len, expected.values())):
        return MORE
    rounded = [[round(each, places) for each in _all(expected)] for places in range(3)]
    if _all(got) in rounded:
        return ROUNDED
    without = {device: [each for each in values if each] for device, values in expected.items()}
    if got == without != expected:
        return ZERO
    return None
