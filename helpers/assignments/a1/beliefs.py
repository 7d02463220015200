"""What wrong programs of A1 believe of frames, numbers, versions, limits and peers."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ONE_RECV = Misconception(
    "one recv is one frame",
    "TCP carries bytes and no frames: a frame may come in pieces, and several may come at once.",
    (
        "How many bytes of the frame had come when your code looked at it, or how many of the next "
        "one came with it?",
        "Only the length field says where a frame ends. What comes behind it belongs to the next.",
        "Read until the four bytes of the length are there, then until so many more are there, and "
        "keep what is left over for the next frame.",
    ),
)
LENGTH_TRUSTED = Misconception(
    "the length field can be trusted",
    "The length is a number that a stranger has sent: it may name two billion bytes, or fewer than "
    "a frame's own head.",
    (
        "Which lengths does the specification allow, and where does your code look at that?",
        "A program that waits for two billion bytes serves nobody else meanwhile.",
        "Compare the length with both limits before you read what it promises; refuse and close.",
    ),
)
IN_ORDER = Misconception(
    "the next answer is the answer to my question",
    "An answer that comes too late is still on its way when the next question is asked; only the "
    "number tells which question it belongs to.",
    (
        "Your app asked twice, and the first answer came late: which of the two did it take?",
        "A timeout ends the wait, and not the answer: it arrives afterwards.",
        "Compare each answer's number with that of the question, and pass over what is older.",
    ),
)
AS_TEXT = Misconception(
    "versions are compared as they come",
    "The list of versions has no order, and may hold numbers that the other side has never heard "
    "of: what counts is the highest number that both know.",
    (
        "Which versions do both sides know, and which of them is highest? Which one was chosen?",
        "Neither the first of the list nor its highest need be known to both.",
        "Take what both have in common, and of that the largest.",
    ),
)
ERROR_ENDS = Misconception(
    "an error ends the conversation",
    "The specification has two kinds of errors: after some both sides go on, after others the "
    "server closes.",
    (
        "Which code was it, and what does the table of errors say of the connection after it?",
        "A request that can't be carried out says nothing about the next one; a frame that can't "
        "be read does, as nobody knows where the next one begins.",
        "Keep the two kinds apart at the one place where errors are answered.",
    ),
)
ONE_CLIENT = Misconception(
    "a client always ends as it should",
    "A client may vanish, fall silent or break off in the midst of a frame, and whoever comes next "
    "must be served all the same.",
    (
        "Where was your server while the next client waited, and what was it waiting for?",
        "A reset is an error in recv or in sendall; a silent client is no error at all, and only a "
        "timeout tells of it.",
        "Let whatever ends one conversation end that one alone: the loop round accept goes on.",
    ),
)
PER_CONNECTION = Misconception(
    "what a client has set is that client's",
    "The target belongs to the room and not to a connection: whoever asks next must be told of it.",
    (
        "Where does your server keep the target, and how long does that live?",
        "What is made anew for each connection is forgotten with it.",
        "Keep it where all conversations of one server reach it.",
    ),
)
SIGNLESS = Misconception(
    "a temperature is never below zero",
    "The value on the wire is a signed number: without its sign -5.0 degrees become 6,548.6.",
    (
        "What does your app say to the two bytes ff ce?",
        "The specification calls the value signed: both ends have to unpack it so.",
        "Look at the letter of the format that you unpack the value with.",
    ),
)
NO_UNIT = Misconception(
    "a number says by itself what it means",
    "The same two bytes mean one temperature in Celsius and another in Fahrenheit: only the unit "
    "behind them tells which.",
    (
        "What does your program do with the third byte of a value, where that is an F?",
        "Either side may use either unit, and what is kept and returned is in degrees Celsius.",
        "Convert at the one place where a value is read, before anything is compared or stored.",
    ),
)
UNREAD = Misconception(
    "sending never waits",
    "The buffers between two programs are finite: when the other side does not read, `sendall` "
    "waits, and without a timeout it waits for ever.",
    (
        "Where was your server while the next client waited? Who did not read?",
        "Only reads had a limit in your program. A write can wait as well.",
        "`settimeout` counts for `sendall`, too: give it a limit before each answer.",
    ),
)
EVERY_PIECE = Misconception(
    "the timeout starts anew with each piece",
    "A peer that sends a byte now and then keeps such a program waiting for ever: the limit is for "
    "the whole frame, or the whole answer.",
    (
        "One byte came in time, then the next: when did your program give up?",
        "`settimeout` counts for one call. A frame takes many.",
        "Note when the wait has to be over, and give each call only what is left until then.",
    ),
)
ONE_VERSION = Misconception(
    "the other side speaks my version",
    "What follows HELLO is written in the version that was chosen: an old peer has no unit in its "
    "values, and a new one has.",
    (
        "Which version did the two sides agree on, and in which one was this value written?",
        "Old and new must live together: a program of version 2 speaks version 1 with an old peer.",
        "Keep the version that was chosen, and let both reading and writing of a value ask for it.",
    ),
)
