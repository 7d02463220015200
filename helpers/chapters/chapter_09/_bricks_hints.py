"""What to say about each way in which `take_lines` and `send_some` can fail."""

from __future__ import annotations

from helpers.checks.wrong import Hints

# Lines

LINES: Hints = (
    "Compare the lines that came out with those that went in, one by one: where does the first "
    "difference begin?",
    "A line ends at its newline and nowhere else; what stands behind the last newline is not whole "
    "yet.",
    "Find where the last newline is: everything before it is whole lines, everything after it "
    "stays.",
)
NO_LIST: Hints = (
    "The whole lines must come back as a list: what does your function return, on each way out?",
    "A function that only prints, or only changes the buffer, returns None.",
    "Collect the lines in a list, return it, and return an empty one where no line is whole.",
)
TEXT: Hints = (
    "The lines must stay bytes: which call of yours decodes them, and what of bytes that are no "
    "text?",
    "A broker passes bytes on. What they mean is the clients' business.",
    "Leave out the decoding; bytes can be searched, cut and compared like text.",
)
NO_BYTES: Hints = (
    "Each item of the list must be a line, as bytes: what are yours?",
    "One byte taken out of bytes is a number, and a loop over bytes gives numbers, too.",
    "Cut pieces out of the buffer, from the end of one line to the end of the next.",
)
NEWLINE: Hints = (
    "Your lines still end in a newline: they are to come without it.",
    "The newline only says where a line ends, like a full stop.",
    "Cut in front of the newline, and remove it from the buffer together with its line.",
)
STRIPPED: Hints = (
    "Your function strips the lines, and they lose spaces or a carriage return that the client has "
    "sent: what takes these away?",
    "Only the newline itself is not part of the line.",
    "Take away exactly one byte at the end of each line, and nothing at its beginning.",
)
EMPTY: Hints = (
    "An empty line is a line as well, and yours are missing: what leaves them out?",
    "Two newlines in a row have a line of no bytes between them.",
    "Ask whether a newline was found, and not whether there is anything before it.",
)
HALF: Hints = (
    "What stands after the last newline came back as a line, and it is not whole yet: how do you "
    "tell it from the others?",
    "Splitting gives one part more than there are newlines, and that last part is the rest.",
    "Take the last part away from the lines: it belongs back into the buffer, even if it is empty.",
)
ONE_ONLY: Hints = (
    "Several lines were whole, and only one came back: how often does your function look for a "
    "newline?",
    "One recv may bring any number of lines.",
    "Go on until no newline is left.",
)
NOT_REMOVED: Hints = (
    "The buffer is as it was: your function must remove the whole lines from it. Has it perhaps "
    "made a new one? A name that is given a new value in a function changes nothing outside.",
    "The caller holds the same bytearray, and will add the next bytes at its end.",
    "Change the object itself: delete its first bytes, or give all of its slice a new content.",
)
ALL_REMOVED: Hints = (
    "The buffer is empty, and what stood after the last newline is lost: it should stay, as its "
    "rest is still on the way.",
    "Only whole lines are to go, each with its newline.",
    "Delete the bytes up to the last newline, that one included, and no more.",
)
NEWLINE_LEFT: Hints = (
    "What is left in the buffer is off by a newline: was it removed together with its line?",
    "A newline that stays behind looks like an empty line the next time.",
    "A line takes one byte more in the buffer than in the list: its newline.",
)
VIEW: Hints = (
    "A memoryview of the buffer is still open, and a bytearray with an open view can't change its "
    "size: who releases it?",
    "Each slice of a view is a view as well.",
    "Copy the bytes that you return, or release the view before the buffer changes.",
)
NONE_WHOLE: Hints = (
    "There is no newline in the buffer: what do your search and your cut give then?",
    "No line is whole, so an empty list comes back, and the buffer stays as it is.",
    "Look at what your search says where nothing is found, and treat that apart.",
)
AS_THEY_ARE: Hints = (
    "Compare byte for byte: which bytes have changed, or have cut a line where no newline is?",
    "Only the byte 10 ends a line. `splitlines` also cuts at a carriage return, for example.",
    "Search for the newline alone, and change nothing else.",
)
OWN_BUFFER: Hints = (
    "Two clients took turns, each with a buffer of its own: does your function keep anything "
    "between two calls?",
    "All that belongs to a client is in the buffer that your function is given.",
    "Work with the argument alone, and let what is not whole stay in it.",
)
ENDLESS: Hints = (
    "Your loop does not end: what does it wait for when no newline is left, or how long does it "
    "take for each line?",
    "Each round must remove something from the buffer, or be the last one.",
    "Let the loop end where the search finds no newline.",
)
RECURSION: Hints = (
    "Your function calls itself for each line, and Python follows only about a thousand calls.",
    "5,000 lines may come at once.",
    "Use a loop in place of the function's own name.",
)

# Sending

NOT_SENT: Hints = (
    "The system had room, and nothing arrived: which line of yours sends?",
    "`send` takes as much as there is room for, and says how much that was.",
    "Try to send what waits, and remove as much as was taken.",
)
COUNT: Hints = (
    "What has left the buffer and what has arrived are not the same number of bytes: what does "
    "`send` return?",
    "The system takes what it has room for; the rest is still yours, and in order.",
    "Remove from the front exactly as many bytes as `send` says.",
)
STILL_THERE: Hints = (
    "Bytes have arrived and are still in the buffer, so they would be sent again: where do you "
    "remove them? A name that is given a new value in a function changes nothing outside.",
    "The caller holds the same bytearray, and adds to its end.",
    "Delete the bytes that have gone from the object itself, at its front.",
)
NOT_READY: Hints = (
    "The system had no room at all, and your function raised BlockingIOError: that is how a "
    "non-blocking socket says `not now`, and it is no error here.",
    "When there is no room nothing has gone, so nothing changes.",
    "Catch that one error, and return with the buffer as it is.",
)
BLOCKS: Hints = (
    "Your function waited until the peer had read: which line makes the socket wait?",
    "The socket was made non-blocking by its owner, so that no call on it ever waits.",
    "Leave that setting alone. What can't go now stays in the buffer for a later call.",
)
WAITS: Hints = (
    "Your function does not come back while there is no room: what in it waits, or asks again?",
    "One thread serves all clients. It must be back at once, whatever was or was not sent.",
    "Try once, or until the system takes no more, and return.",
)
NOTHING_WAITS: Hints = (
    "Nothing waits to be sent, and your function does not come back, or fails: what does its loop "
    "do with an empty buffer?",
    "An empty buffer is the usual case: most of the time nobody has to be sent anything.",
    "Let an empty buffer be the end of the loop.",
)
SWALLOWED: Hints = (
    "The connection was reset, and your function returned as if all were well: which `except` of "
    "yours catches that?",
    "BlockingIOError says `not now`; a ConnectionError says `never again`. Both are OSErrors.",
    "Catch only the first of the two, and let the other pass to the caller, who forgets the "
    "client.",
)
NOT_YOURS: Hints = (
    "Your function has closed the connection. That is for its caller to do.",
    "Other code may still want to read from it.",
    "Leave the connection open, whatever was sent.",
)
FRONT: Hints = (
    "What arrived is not what stood at the front of the buffer: in which order do you send and "
    "remove?",
    "A stream keeps the order in which bytes are given to it, so the oldest must go first.",
    "Send from the beginning of the buffer, and delete at its beginning.",
)
