"""Hints for what can go wrong with a frame, sent or received."""

from __future__ import annotations

# The header

SIZE = (
    "The length does not take four bytes: the letter of your struct format (or the number that "
    "you read or convert) is for another size.",
    'Each letter of a format stands for a size: "H" for two bytes, "Q" for eight. Some sizes even '
    "depend on the machine where no order is given.",
    "Look up, at the page struct, Format Characters, which letter has four bytes and no sign.",
)
ITSELF = (
    "The length counts the header too: it must count the payload alone, not itself.",
    "Compare with the docstring's example: b'on' is two bytes, and the length says 2.",
    "Neither add four when you write the length, nor take four off when you have read it.",
)
AS_DIGITS = (
    "The length goes as a number in four bytes, which struct packs and unpacks; yours is text, "
    "its digits.",
    'The two bytes 32 35 are the text "25"; the number 25 is the one byte 19, after three of 00.',
    "No str, int or format is needed for the header: chapter 01 wrote and read such numbers.",
)
ALL_FOUR = (
    "Your function uses only one of the length's four bytes; all four are one number.",
    "The length 300 is the bytes 00 00 01 2c: the last alone says 44.",
    "Let struct, or int.from_bytes, make one number of all four.",
)
SIGNED = (
    "The length has no sign, and your code gives it one: half of all lengths are then negative, or "
    "can't be written.",
    "The bytes ff ff ff ff are 4,294,967,295; with a sign they are -1, which is below every limit.",
    "Look up which letter of struct's formats stands for four bytes without a sign.",
)
PACKING = (
    "struct.pack can't use what you give it for this format: it wants a number, the payload's "
    "length.",
    "The format says how the number is written, and the number comes behind it.",
    "len gives the number; a format such as s is for bytes, and needs none of this.",
)
HEADER_PIECES = (
    "The header's four bytes came apart, and your code unpacks what one recv returned: read until "
    "all four are there.",
    "recv(4) may return one byte, two or three, and the rest later.",
    "You have written a function that reads exactly so many bytes: use it for the header as well.",
)
ONE_LETTER = (
    "Only the payload's first byte went: in a format of struct the letter s stands for one byte.",
    "struct is for things of a fixed size, as a header is.",
    "Pack the length alone, and put the payload behind it as it is.",
)
FORMAT = (
    "What you give to unpack has not as many bytes as its format stands for.",
    "Count the bytes that you read, and those that the format means: the header has four.",
    "If the format is for four bytes, a piece of the header may still be on its way.",
)
UNPACKED = (
    "struct.unpack returns a tuple, even for one number: yours is compared as if it were the "
    "number.",
    "A tuple of one item looks like (6,). You need what is in it.",
    "Take the item out, by its index or by unpacking it into a name with a comma.",
)

# Sending

NOT_SENT = (
    "Nothing was on the wire when your function came back: it has to send the frame, and to wait "
    "until the system has taken it.",
    "A frame that is returned, that waits in a file's buffer, or that a thread sends later, is not "
    "sent.",
    "Send in the function itself, by a method of the connection that does not return before.",
)
EMPTY_PAYLOAD = (
    "An empty payload is a frame too: its four bytes of length, 0, go out as always.",
    "Whoever receives counts frames: one that is missing looks like nothing said.",
    "Look for an `if` that leaves the empty payload out.",
)
NO_LENGTH = (
    "The payload went alone: its length must go before it, in four bytes.",
    "Without the length nobody can tell where this payload ends and the next begins.",
    "Make four bytes of the length with struct, and send them first.",
)
NO_PAYLOAD = (
    "Only the length went; the payload itself must follow it.",
    "Look for what your call sends, and for what it leaves out.",
    "Send both, in this order.",
)
AFTERWARDS = (
    "The payload went first and the length after it: whoever reads needs the length before.",
    "The receiver reads four bytes, and knows then how many follow.",
    "Change the order of the two.",
)
NEWLINE = (
    "More came than the frame: a newline stands after the payload.",
    "Here the length says where a payload ends, so nothing else marks it.",
    "Send the length and the payload, and nothing after them.",
)
ZEROS = (
    "bytes(n) makes n bytes of zero; it does not write the number n.",
    "You want four bytes that hold the length as a number.",
    "struct packs a number into bytes; int.to_bytes does so as well.",
)
TWICE = (
    "Two headers came before the payload: your code puts a length before a whole frame.",
    "A frame is one length and one payload.",
    "Pack the length of the payload once.",
)
TEXT_MADE = (
    "The payload's bytes were changed on the way: your code makes text of them (decode, str) and "
    "bytes again.",
    "Not all bytes are text: with errors= some are replaced or lost, and without it they raise.",
    "Send the payload as it is; nothing has to be decoded.",
)
CHANGED = (
    "Compare the bytes on the wire with those that were expected: four of length, then the payload "
    "as it is.",
    "A frame has four bytes of length, also for a small or an empty payload.",
    'struct packs a number without a sign into four bytes; chapter 01 did so with "!If".',
)
SENT_AGAIN = (
    "More bytes went out than the frame has: after a send that took a part, your code sends the "
    "same bytes again.",
    "send says how many bytes it took: these must not go a second time.",
    "Go on behind what was taken; or use the method of sockets that does all this for you.",
)
NONBLOCKING = (
    "Your code makes the connection non-blocking: then a full buffer raises BlockingIOError.",
    "The caller's socket waits until there is room, and that is what you want here.",
    "Leave out every settimeout and setblocking.",
)
WAITS = (
    "Your function waits for something to come, and nobody answers a frame.",
    "The contract says when it returns: once the system has taken the whole frame.",
    "Send, and nothing else: look for a recv.",
)
NOT_YOURS = (
    "Your function closes the connection (`with`, or close): that is for its caller to do.",
    "The caller may want to send another frame.",
    "Send, and nothing else: no `with`, close or shutdown of what you were given.",
)
SHUT = (
    "Your function ends its side after the frame (shutdown), so no second frame can follow.",
    "The caller may want to send another frame on the same connection.",
    "Send, and nothing else: no `with`, close or shutdown of what you were given.",
)
NONE = (
    "The contract says that None is returned, and your function has a `return` with a value.",
    "A caller has nothing to do with a number of bytes, as the whole frame is always sent.",
    "Leave out the `return`, or what stands behind it.",
)

# Receiving

COLLECT = (
    "The frame came in several pieces: read each part in a loop until it is whole, as recv_exactly "
    "does.",
    "The header can come in pieces as well as the payload, and both in one.",
    "You have written a function that reads exactly so many bytes: a frame is two such reads.",
)
READ_AHEAD = (
    "Your function takes more bytes out of the socket than its own frame has (a large recv, or a "
    "file of makefile, which reads ahead): they are lost for the next call.",
    "The next frames had come together with the first.",
    "Ask for no more than the header needs, and then for no more than the payload needs.",
)
ONE_ONLY = (
    "The frame was whole, and your function waits for more: a payload has as many bytes as the "
    "header says, and one call returns one frame.",
    "The limit is not how much to read, and the caller asks again for the next frame.",
    "No loop over frames, and no `yield`: read one, by its own length, and return its payload.",
)
WITH_HEADER = (
    "Your function returns the header together with the payload; the payload alone is asked for.",
    "The four bytes of length are there for you, not for the caller.",
    "Keep header and payload under two names, and return the second.",
)
EMPTY = (
    "The frame was empty: a length of 0 is no end and no error, and b'' is its payload.",
    "b'' is the payload of an empty frame; None says that the stream has ended.",
    "Tell the two by where you notice them: at the header, or after it. `if not payload` does not.",
)
BETWEEN = (
    "The stream ended between two frames, which is a goodbye: the result is None, and no error.",
    "The first byte of the header is where the two kinds of end part.",
    "An end before the first byte of a header is None; after it, it is an error.",
)
END_NOT_EMPTY = (
    "At the end of the stream your function returns b'', which is an empty frame: the end is None.",
    "The caller must tell a frame without content from the end.",
    "Return None where not one byte of a header has come.",
)
EARLY_END = (
    "A frame had begun when the stream ended: that is an EOFError, in the header too.",
    "A part of a header is inside a frame too.",
    "Only where recv returns b'' before the first byte of a header is the end a normal one.",
)

# The limit

THE_LIMIT = (
    "The length is over the limit: your function must refuse it by a ValueError at once.",
    "A payload of exactly `limit` bytes is accepted, one of a byte more is not.",
    "The length is a number without a sign. Compare it with the limit as soon as you have it.",
)
REFUSE = (
    "A length over the limit must raise ValueError; your function ends in another way.",
    "A caller can't tell None, or another error, from what they mean elsewhere.",
    "Raise the class that the docstring names, where you have compared.",
)
CUT = (
    "Your function cuts a payload at the limit; it must refuse it, by raising ValueError.",
    "A part of a payload is of no use, and the rest would be taken for the next frame.",
    "Compare the length with the limit, and raise where it is over.",
)
OVER = (
    "A payload of a byte over the limit came through: where is the length compared with the limit, "
    "and with exactly that number?",
    "The limit is the largest payload that is accepted.",
    "Compare the number in the header with `limit` itself, before you ask for the payload.",
)
AT_LIMIT = (
    "A payload of exactly `limit` bytes is allowed: your comparison refuses the limit itself.",
    "The contract calls the limit the largest payload that is accepted.",
    "Of the signs > and >= one is right here.",
)
HEADER_IN_LIMIT = (
    "Your comparison counts the header's four bytes; the limit is for the payload alone.",
    "The contract calls the limit the largest payload that is accepted.",
    "Compare the number that is in the header, as it is.",
)
ROOM = (
    "Your function makes room for the payload first and compares with the limit afterwards: "
    "compare before.",
    "Four bytes of a stranger can ask for 4 GB.",
    "Between reading the length and making room there is a decision to make, with the limit.",
)
