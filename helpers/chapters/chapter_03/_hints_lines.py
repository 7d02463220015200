"""Hints for what can go wrong with lines that are read from a stream."""

from __future__ import annotations

# What came back

NO_YIELD = (
    "Your function hands out no lines: each line is to be given by `yield`.",
    "A function that prints, or returns None, gives its caller nothing to loop over.",
    "Put `yield` where a line is whole, in place of what you do with it now.",
)
LISTS = (
    "Your function yields lists of lines; each line is to be yielded by itself.",
    "The caller loops over lines, and gets a list in place of one.",
    "Go through your list, and yield each of its items.",
)
UNDECODED = (
    "Your lines are bytes: decode each whole line to a str before you yield it.",
    "The contract asks for str, from UTF-8.",
    "Decode at the very end, when the line has been cut out and its length is known.",
)
NEWLINE_KEPT = (
    "Your lines still have the newline that ends them: it is not part of the line.",
    "It marks where a line ends, and the reader has no use for it.",
    "Cut the line out without its last byte.",
)
LAST_PIECE = (
    "There is an empty line too many: what split gives behind the last newline is no line, but the "
    "rest, which is still unfinished.",
    "After b'on\\noff\\n' the rest is empty; after b'on\\nof' it is b'of'.",
    "Take the last item of what split gives away from the lines, and keep it for the next round.",
)
SEVERAL = (
    "A piece may hold more than one whole line, and your code takes only one out of each.",
    "recv returned three lines at once here.",
    "Go on taking lines out of what you have collected while there is a newline in it.",
)
NOT_TAKEN_OUT = (
    "The same line comes again and again: your code does not take it out of what it has collected.",
    "After a line has been yielded only what stands behind its newline is of use.",
    "Give what is behind the newline to the name under which you collect.",
)
STRIPPED = (
    "Your lines have lost spaces, or a \\r, at an end: strip and its relatives remove them; they "
    "are content.",
    "Only the one b'\\n' is not part of the line.",
    "Cut exactly the newline away, and leave everything else as it is.",
)
EMPTY_LINES = (
    "A line without content is a line too: your function leaves the empty one out.",
    "Two newlines with nothing between them are such a line.",
    "Look for an `if` that asks whether there is something in the line.",
)
SEPARATORS = (
    "Your lines end at more than the newline: str.splitlines and files in text mode know other "
    "separators too, such as \\r.",
    "The contract lets nothing but b'\\n' end a line.",
    "Split the bytes at that one byte, before anything is decoded.",
)
OTHER_CODE = (
    "The bytes were decoded by another code than UTF-8: the é came out as two characters.",
    "In latin-1 each byte is a character of its own.",
    "Look at what you give to decode.",
)
STOP = (
    "A generator ends by `return`, or at its last line; your code raises StopIteration.",
    "Inside a generator Python turns StopIteration into a RuntimeError.",
    "Use a plain `return` where the stream has ended.",
)

# When

SOON = (
    "A whole line had come, and your function read on instead of yielding it at once.",
    "Whoever waits for this line may have to answer it before more is sent.",
    "Yield inside the loop, as soon as a newline is there; a list in the end is too late.",
)
WHOLE_FIRST = (
    "A good line came before the bad one, in the same piece: check, decode and yield line by line, "
    "not the whole piece.",
    "The good one is whole before anything is known of the next.",
    "Deal with the lines of a piece one after another, each by itself.",
)

# The end

AT_THE_END = (
    "When the stream ends with nothing left there is no error: the function is done, and yields no "
    "more.",
    "Nothing left: a normal end. Something left: a part of a line.",
    "Raise only where what you have collected is not empty.",
)
CHARACTERS = (
    "The number in the message counts characters; the contract wants bytes, and é is two of them.",
    "Text that is decoded has fewer characters than it had bytes.",
    "Count what you have collected before it is decoded.",
)

# The limit

LIMIT_EACH = (
    "The limit of 1,000 bytes is for each single line, and not for all that one piece brought.",
    "One piece may hold many short lines.",
    "Cut into lines first, and compare then.",
)
AT_LIMIT = (
    "A line of exactly 1,000 bytes is allowed, and its newline is not counted, whether it has come "
    "or not.",
    "With its newline such a line takes 1,001 bytes.",
    "Look at the number and at the sign of each of your comparisons.",
)
TOO_LONG = (
    "A line of 1,001 bytes came through: the limit of 1,000 holds for each whole line too, and "
    "counts bytes, before you decode, not characters.",
    "This line has 501 characters, 500 of them of two bytes, and its newline came together with "
    "it.",
    "Compare the length in bytes of every line that you cut out, by the exact number.",
)
REST = (
    "1,001 bytes without a newline are too many, and your function waits for more: compare the "
    "unfinished rest with 1,000 after each recv. (A `readline` with a size waits for all of it.)",
    "A line that never ends has no newline: what you have collected grows with each piece.",
    "Compare the length in bytes twice: of each whole line, and of the rest that waits for its "
    "newline, by the exact number.",
)
OTHER_REFUSAL = (
    "A line over the limit is a ValueError by the contract; something else came.",
    "A cut line, another error or none: the caller can't tell that something was too long.",
    "Raise the class that the docstring names, where you compare.",
)

# Bytes that are no text

BAD_TEXT = (
    "Bytes that are not UTF-8 must raise UnicodeDecodeError; yours were replaced, left out or "
    "caught (errors=, or an `except`).",
    "errors='ignore' and errors='replace' hide what went wrong.",
    "Decode a whole line strictly, and let the error pass.",
)
SPLIT = (
    "Only the newline ends a line, wherever the pieces end: collect until it comes, and keep what "
    "is behind it.",
    "A piece may hold no newline, one, or several. What do you do with each of these?",
    "After each recv yield every line that is whole by now, and keep what is behind the last "
    "newline for the next round.",
)
