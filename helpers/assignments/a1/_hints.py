"""Hints for what a belief does not tell."""

from __future__ import annotations

from helpers.checks.wrong import Hints

FRAMES: Hints = (
    "How does your program know where one frame ends and the next begins?",
    "The first four bytes say how many follow. They may come in pieces, or with more behind them.",
    "Keep all that has come in one buffer; take a frame out of it only when it is whole.",
)
HELLO: Hints = (
    "Compare the answer with the specification byte by byte: its kind, its number, its body.",
    "The answer to HELLO carries HELLO's own number, and one byte: the version that was chosen.",
    "Work the example conversation of the specification by hand, and look what your program sends.",
)
FIRST: Hints = (
    "Write your answer below the one that was expected, byte by byte. Where do they differ first?",
    "The answer has HELLO's own number, its bytes 5 and 6 when you count from 0. Kind, number and "
    "version are 4 bytes, so the length is 4 in every answer to HELLO.",
    "With hello = connection.recv(100), hello[5:7] is the number and hello[7:] the list of "
    "versions. The answer is five bytes that are always the same, the number, and one version.",
)
NEXT_APP: Hints = (
    "Where does your server go when it has answered the first app?",
    "After each app it has to come back to accept, where the next app waits.",
    "Neither return nor wait for more behind the answer: the loop that is given does the rest.",
)
CLOSING: Hints = (
    "What does the table of errors say of the connection after this code?",
    "Some errors close: after them the server sends no more, and ends the connection.",
    "Leave the conversation's loop after such an error, on a way that closes the connection.",
)
NO_HELLO: Hints = (
    "What may an app send before a version was agreed on?",
    "Any other request before it is an error with a code of its own, which closes.",
    "Remember for each connection whether a version was agreed on, and ask that before all else.",
)
VALUE: Hints = (
    "Which bytes does the specification want for this value, and which came?",
    "A value has 16 bits, in tenths of a degree, and may be negative; in version 2 a unit follows.",
    "Pack the example's 19.5 degrees by hand in both versions and compare.",
)
SET: Hints = (
    "What does SET_TARGET carry in the version that was chosen, and what is its answer?",
    "In version 2 the unit stands behind the value, and may be F: then it has to be converted.",
    "Unpack by the version of this conversation, convert to Celsius, then look at the limits.",
)
LIMITS: Hints = (
    "Which targets does the specification allow, and with the limits themselves or without them?",
    "A target outside is refused by a code of its own, the old target stays, and both go on.",
    "Compare before anything is stored, in degrees Celsius.",
)
GOES_ON: Hints = (
    "Which code does the table of errors give for exactly this request?",
    "A request of an unknown kind, and one whose body does not fit, are two different errors, and "
    "both sides go on after each.",
    "Look at the kind first, then at the body, and answer with the request's own number.",
)
LENGTH: Hints = (
    "Which lengths may a frame have? Where does your code compare?",
    "From 3 to 64, both included; everything else can't be a frame.",
    "Look at the length as soon as its four bytes are there, and before you wait for the rest.",
)
WAITING: Hints = (
    "How long does your server wait for a new frame, and how long for the rest of a begun one?",
    "Those are two times: one begins with the silence, the other with a frame's first byte.",
    "Set the time that is left before each recv, from the moment when the right one of the two "
    "began.",
)
AGAIN: Hints = (
    "An app may greet once more in the same conversation: what does your server answer, and in "
    "which version does it write after that?",
    "A later HELLO is a request as the first one is. The version that it chooses replaces the old.",
    "Keep the version in one variable of the conversation, which each HELLO sets anew.",
)
NEW: Hints = (
    "Your function was called a second time: where did it find its target?",
    "Each call is a thermostat of its own, and a new one begins with 20.0 °C.",
    "Make what a thermostat knows at the beginning of the function, not beside it.",
)
ENDS: Hints = (
    "What does accept do when its listener is closed, and what does your loop do then?",
    "It raises an OSError. That is the end of the server, and no fault.",
    "Keep the errors of accept apart from those of a conversation: the first end the loop, the "
    "others end one conversation.",
)
CLIENT_VALUE: Hints = (
    "Which bytes came, and which number did your app make of them?",
    "Tenths of a degree, which may be negative; in version 2 with a unit, which may be F.",
    "Convert by the version that was agreed on, and return degrees Celsius as a float.",
)
CLIENT_SENDS: Hints = (
    "Compare what your app sent with the specification byte by byte.",
    "A frame is length, kind, number and body; each request has a number of its own.",
    "Work the example conversation by hand, and look what your app sends at each step.",
)
CLIENT_ERRORS: Hints = (
    "Which error does the specification want in this case, and which one came?",
    "A refusal after which both sides go on is a ValueError, a broken or ended conversation a "
    "ConnectionError, and silence a TimeoutError.",
    "Turn what your reading raises, or the ERROR that it found, into one of the three, at one "
    "place.",
)
CLIENT_SETS: Hints = (
    "What does your app do with a number before it packs it?",
    "It is rounded to the nearest tenth, which is not the same as cutting the rest off. What is no "
    "finite number, or does not fit into 16 bits, is a ValueError before anything is sent.",
    "Try `round` and `int` on 214.8, and math.isfinite on nan. Which errors does round raise?",
)
CLIENT_KEPT: Hints = (
    "Half of an answer had come when the time was over: where was that half afterwards?",
    "The rest of that answer still comes. A program that has forgotten its beginning takes it for "
    "a new frame.",
    "Keep what has come in a buffer that belongs to the app and not to one call, and take a frame "
    "out of it only when it is whole.",
)
CLIENT_CLOSES: Hints = (
    "Which socket does your app still hold?",
    "`close`, the end of a `with` block and a HELLO that fails all have to close the connection.",
    "Look at each way out of the constructor as well: nobody else can close what it has opened.",
)
CLIENT_LATE: Hints = (
    "How long did your app wait in all, from the question on?",
    "`timeout` is for the whole answer, however many pieces it comes in.",
    "Note the end of the wait when you ask, and give each recv what is left.",
)
