"""Hints for each way in which a receiver of chapter 06 can fail, whichever case shows it."""

from __future__ import annotations

# What is kept

TYPE = (
    "Look at what your function returns: the contract asks for a list of the payloads, as bytes.",
    "The payload is what a datagram has after its header, unchanged.",
    "Collect the payloads in a list, and return that list at the end.",
)
KEPT_TWICE = (
    "A message is in your list more than once: does your code look at the number before it keeps "
    "a payload?",
    "The same number again is the same message again, however late it comes.",
    "Keep a message only where its number is the next one that is missing; confirm it in any case.",
)
LAST_ONLY = (
    "A late copy of an older message was kept: to compare its number with the last one only is "
    "not enough.",
    "A duplicate may come long after the first, when other numbers have come in between.",
    "Exactly one number is the next that is missing: which, and how does your list tell it?",
)
EQUAL = (
    "Two messages with the same payload are two messages: does your code take the content for "
    "what the number should tell?",
    "A sensor may well send the same reading twice. Only an equal number makes a duplicate.",
    "Leave the payload out of every comparison.",
)
EARLY = (
    "A message was kept although it came too early: before its predecessor it must not be kept at "
    "all.",
    "The sender sends it again, after the one that is missing.",
    "Keep a message only where its number is the next one that is missing.",
)
CUT = (
    "A payload is cut off: how large a datagram does your code receive? The size that you give to "
    "recvfrom is for header and payload together.",
    "What does not fit into that size is lost without a word.",
    "The contract says how many bytes a payload may have at the most. The header comes on top.",
)
HEADER = (
    "Your list has bytes of the header in it: the payload is what follows the first five bytes.",
    "One byte is the kind, four are the number.",
    "Split each datagram at the size of the header.",
)
EMPTY = (
    "An empty message is missing in your list: an empty payload is a message like any other.",
    "An empty bytes object counts as false in an `if`.",
    "Decide by kind and number whether to keep it, not by the payload.",
)
END_KEPT = (
    "Your list has something of END in it: END is no message, it only says that there are no more.",
    "Which kind has a datagram that is kept?",
    "Look at the kind before the number.",
)
MISSING = (
    "Messages are missing in your list: which number did your code pass over, and why?",
    "Numbers begin at 1, and each next one is one more than how many are kept.",
    "Follow the first missing one through your comparisons by hand.",
)

NOTHING_KEPT = (
    "Nothing was kept: which number does your code expect first? Numbers begin at 1.",
    "A list that is empty is waiting for number 1.",
    "Compare the number with one that follows from the length of your list.",
)
STUCK = (
    "Your code stopped at one message, so that END never counted: look at the first number that "
    "your ACKs don't reach.",
    "END counts once every message before it is here.",
    "Follow that one message through your comparisons by hand.",
)
CLOSES = (
    "Your code has closed `sock`: the contract leaves that to the caller, who may still need it.",
    "A `with sock:` closes it at the end of its block, also where an error leaves it.",
    "Look for close() and for `with`.",
)

FALSE_END = (
    "An END with a payload came, and your code took it for the end: it is to be ignored, as END "
    "has no payload.",
    "What looks like END by its kind alone may be anything.",
    "Look at the length of an END as well.",
)

# What is answered

NEVER = (
    "No ACK came from your function: each DATA and END has to be answered, to the address that it "
    "came from. Where does your code send?",
    "recvfrom returns that address besides the bytes.",
    "An ACK is a header alone, kind 2, with the number up to which all is here.",
)
NO_ACK = (
    "Compare the bytes of your answer with an ACK: a header alone, kind 2 and a number, without "
    "a payload.",
    "The format is the same as that of the datagrams that come: one byte, then four.",
    "Print one answer before you send it, and count its bytes.",
)
SILENT_TO_OLD = (
    "A message came again, and your code did not answer: it has to confirm again what it has "
    "already.",
    "It came again because its ACK was lost, or is on its way: the sender asks until it hears one.",
    "Whether a message is kept and whether it is confirmed are two questions.",
)
SILENT_TO_EARLY = (
    "What comes too early was not answered: it is not kept, but it gets an ACK of how far all is "
    "here.",
    "That ACK may be the one that was lost before.",
    "Send the ACK after the decision whether to keep it, in every case.",
)
THAT_NUMBER = (
    "Your ACK repeats the number that came. It has to say up to which number all is here, the "
    "highest one without a gap.",
    "A copy of an old message and one that comes too early get the same ACK: how far you are.",
    "The number of your ACK comes from what you have kept, and not from the datagram.",
)
NEXT = (
    "Your ACK names the next number that you want, which is one more than the highest one that is "
    "here.",
    "TCP counts like that, but here an ACK of 3 says: 1, 2 and 3 are here.",
    "Before anything has come, the number is 0.",
)
END_NOT_COUNTED = (
    "END counts as well: its ACK, and each ACK after it, has the number of END, which is one more "
    "than the last message's.",
    "END counts as being here once every message before it is.",
    "What has to be added to the number of messages, from END on?",
)
END_UNANSWERED = (
    "END came and got no ACK: each END is answered as well, with its own number once every message "
    "before it is here.",
    "Its sender goes on to send END until it hears that ACK.",
    "Treat END like a message in all but one: it has nothing to keep.",
)
END_TOO_EARLY = (
    "END came before a message that was missing, and your code took it for the end: like a "
    "message, END counts only where its number is the next one.",
    "END that comes too early gets an ACK of how far all is here, and comes again later.",
    "Compare END's number with what is in your list.",
)
JUNK = (
    "Your code answered a datagram that is neither DATA nor END: what is to be ignored gets no "
    "answer at all.",
    "Ignored is what is shorter than a header, of another kind, or an END with a payload.",
    "Leave these three out before anything is decided and sent.",
)
LEAVES = (
    "The ACK of END was lost, END came again, and your function had left: it has to stay after "
    "END and confirm what comes again.",
    "Nobody can be sure that the last ACK has arrived, so the one who sends it waits for a while.",
    "Go on to receive after END, and return when nothing has come for the socket's timeout.",
)
ONE_SENDER = (
    "Another address sent to your socket and was not answered: each datagram is answered to the "
    "address that it came from, also where the sender's address changes.",
    "A sender behind a router may get another port in the middle of a transfer.",
    "The number tells what is a duplicate, and not the address. Answer where recvfrom says.",
)

# When it ends

END_SILENCE = (
    "END had come, and then the silence made your function raise: TimeoutError after END is the "
    "normal end.",
    "The same silence means two things: before END messages are missing, after it all is done.",
    "Catch TimeoutError round the receive, and decide by whether END has counted.",
)
GONE = (
    "No END had come, and your function returned: silence before END means that messages may be "
    "missing, so the socket's TimeoutError is what the caller has to get.",
    "Silence is the normal end only after END.",
    "Where you catch TimeoutError, ask whether END has come.",
)
STAYS_TOO_SHORT = (
    "After END your function left while datagrams still came: each datagram that comes begins the "
    "wait for silence anew.",
    "The socket's timeout is how long nobody may speak, and begins with the last datagram, not "
    "with the first END.",
    "Leave only when a receive has waited for the whole timeout in vain.",
)
ONE_DEADLINE = (
    "Your function gave up while datagrams came: the socket's timeout is for one silence, so each "
    "datagram begins the wait anew.",
    "It is not how long the whole transfer may take.",
    "Where does your clock start, and what starts it anew?",
)
CLOSED_PORT = (
    "A ConnectionResetError ended your function: it tells of an ACK of yours that found nobody, "
    "and is no reason to stop receiving.",
    "It says nothing about the datagrams that come next.",
    "Catch it round the receive, and listen again.",
)
SHORT = (
    "Your code unpacked a datagram that is shorter than a header: anybody may send fewer than five "
    "bytes, or none.",
    "struct.error tells that the bytes do not have the length of the format.",
    "Look at the length first; what is too short is ignored.",
)
LONGER = (
    "Nothing came any more, and your function took much longer than one timeout of the socket: "
    "what does it wait for after the silence?",
    "One silence of the socket's timeout ends the function, before END by an error.",
    "Look for a loop round the receive that begins the wait again after a TimeoutError.",
)
SPINS = (
    "While your code waits it keeps the processor busy: which loop turns all the time and asks "
    "whether something has come?",
    "The socket has a timeout: a receive sleeps until a datagram comes or the time is over.",
    "Let the receive wait, and catch its TimeoutError.",
)
HANGS = (
    "Nothing came any more, and your function still waits: which call of yours waits longer "
    "than the timeout that the socket came with, or is repeated for ever?",
    "Silence ends it: after END normally, before END by TimeoutError.",
    "Look for a TimeoutError that is caught and followed by another receive.",
)
SIZE = (
    "How many bytes has the format that you give to struct? A header has five: one for the kind, "
    "four for the number, in network byte order; the payload comes after them.",
    "Without a sign for the byte order in front, struct fills in bytes between the two; and unpack "
    "takes exactly as many bytes as the format has.",
    "Look at the first character of the format, and at which bytes you give to unpack.",
)
RAISES = {"ConnectionError": CLOSED_PORT, "error": SIZE}  # in every case
JUNK_RAISES = {"error": SHORT, "IndexError": SHORT}
