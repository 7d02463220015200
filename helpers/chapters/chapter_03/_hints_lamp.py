"""Hints for what can go wrong with the lamp."""

from __future__ import annotations

# The lamp's life

RETURNED = (
    "lamp_server came to its end: it must accept the next app, in a loop, when one has gone.",
    "It serves one client after another, for ever.",
    "Let accept and all that follows for one app stand inside a loop that never ends.",
)
SURVIVE = (
    "An error of one conversation ended the whole lamp: catch it inside the loop that accepts.",
    "Apps vanish while the lamp reads, and while it answers: an OSError, such as "
    "ConnectionResetError, or an EOFError in the middle of a line.",
    "Put a `try` round one conversation, and list what may come of it. The next app is served "
    "then.",
)
LINE_REFUSED = (
    "The line was refused, as it must be, but the error ended the whole lamp: catch it inside the "
    "loop that accepts.",
    "Only this conversation is over, and the next app is waiting. The error's kind stands in the "
    "report.",
    "Which kinds of error does the `try` round one conversation catch? This one belongs to them.",
)
TOO_EARLY = (
    "The lamp ended the conversation though the app had not ended its side: read on until it does, "
    "line by line.",
    "An app may send any number of commands on one connection.",
    "Serve a connection in a loop of its own, until its stream ends.",
)
NOT_CLOSED = (
    "The app had ended its side, and the lamp did not close the connection.",
    "A connection that is left open holds a file number; with many apps none is left.",
    "Close each connection, best by `with`, whichever way its conversation ends.",
)
TIMED_OUT = (
    "The lamp has a timeout of its own, and cut off an app that was only slow.",
    "The protocol names what ends a conversation: a bad line, and the end of the stream. Time is "
    "none of them.",
    "Leave out the timeout; or go on reading when it has run out.",
)
SPINS = (
    "While nothing came the lamp asked the socket again and again, which takes a whole processor.",
    "A socket that blocks waits without any work; one that does not returns at once with an error.",
    "Let accept and recv wait: no setblocking(False) or timeout of 0 in a loop.",
)
ACCEPT_FAILS = (
    "The listener was closed, and the lamp calls accept on it again and again: an `except` catches "
    "accept's own error.",
    "An error of accept is not one of a conversation: as a rule the listener has ended.",
    "Let accept stand outside of that `try`.",
)

# Reading

HALF = (
    "A line without its newline is unfinished, and your lamp obeyed it when the stream ended.",
    "Nobody knows what would have followed. The protocol's fifth point says what becomes of it.",
    "Obey whole lines only; what is left at the end of the stream is dropped.",
)
SOON = (
    "The lamp waits for the app's end before it answers: obey and answer each line as soon as it "
    "is whole.",
    "The app waits for the answer to its command, and the lamp for more from the app.",
    "Answer inside the loop that reads.",
)
LIMIT = (
    "The lamp collects more than 1,000 bytes without a newline: 1,001 must end the conversation, "
    "and yours waits for more. (A `readline` with a size waits for all of it.)",
    "A line that never ends would fill its memory. The protocol's fifth point names the limit.",
    "Compare what is unfinished with the limit after each recv; the lamp goes on with the next "
    "app.",
)
LIMIT_WHOLE = (
    "The limit of 1,000 bytes holds for whole lines too: one of 1,001 must end the conversation, "
    "and your lamp dealt with it.",
    "A line may come at once with its newline, and with the next command behind it.",
    "Compare the length of each whole line, in bytes, before you look into it.",
)
LONGEST = (
    "A line of exactly 1,000 bytes is allowed, its newline not counted: your lamp ended the "
    "conversation.",
    "Spaces between the members of an object are a part of JSON, and this command has many.",
    "Look at the number and at the sign of your comparison.",
)
NOT_TEXT = (
    "A line that is not UTF-8 ends the conversation, and your lamp went on: decode strictly "
    "before json.",
    "errors= hides such bytes, and json.loads guesses a code when it gets bytes.",
    "Decode the whole line by UTF-8; where that fails, the conversation is over.",
)
FRAMES = (
    "The lamp must see whole lines only, however they come: a piece may be half of one, or many.",
    "You have written a function that yields whole lines.",
    "Look at the diagram: what had come when the lamp answered, or failed?",
)

# Answering

NO_ANSWER = (
    "No answer came: the lamp must send one for each line, as soon as the line is whole (what is "
    "printed is not sent).",
    "The app waits for the answer before it says more.",
    "Send the answer on the connection, inside the loop that reads.",
)
NOT_JSON = (
    "The answer is no JSON: Python's own way to write a dict (single quotes, None) is another one; "
    "json.dumps writes JSON.",
    "In JSON texts stand in double quotes, and nothing is null.",
    "Write the dict by the module json, and encode what it gives.",
)
ONE_LINE = (
    "The answer must be a single line: yours has newlines inside (indent=, or a print of several "
    "lines).",
    "The newline ends a message here, so none may be in it.",
    "json.dumps writes one line if you don't ask for more.",
)
NEWLINE = (
    "The answer has no newline at its end, so the app waits for the rest of the line.",
    "The newline ends a message in both directions.",
    "Send it behind the JSON, in the same call.",
)
REFUSED = (
    "The lamp answered a good command by an error: the id is a whole number or a text, 0 and texts "
    "in other scripts too.",
    "Which of your conditions did this command not meet?",
    "Follow it through your code: what is its id, what is its wish, and where does it turn?",
)
STATE_TEXT = (
    'The state in the answer must be the text "on" or "off": the lamp\'s state after the '
    "command, not True, and not the wish.",
    'After a toggle the lamp is on or off; "toggle" is no state.',
    "Keep the state as such a text, and put that into the answer.",
)
MEMBERS = (
    "The answer to a command has two members, id and state, under exactly these names.",
    "The app compares the whole answer.",
    "Look at the protocol's second point.",
)
ID_AS_IT_CAME = (
    "The answer's id is another than the command's: give it back as it came, a number as a number.",
    "The app finds out by the id which of its commands was confirmed.",
    "Take the id from the command, and change nothing about it.",
)
ORDER = (
    "This is the answer to another command: answer each one, in the order in which they came.",
    "An app may send several commands before it reads the answers.",
    "Go through the lines from the first to the last, and answer each before you look at the next.",
)
AT_FIRST = (
    "The lamp must be off at first, so its first toggle switches it on.",
    "Which state does your function begin with, and what does a toggle make of it?",
    "Set the state once, before the loop that accepts.",
)
STATES = (
    "The lamp's state is wrong after this command: follow what each one makes of the state.",
    "on and off set it, whatever it was; toggle turns it over.",
    "Compare the answers so far with what you would expect after each command.",
)

# Ids

KNOWN = (
    "The lamp obeyed a command a second time: remember which ids it has obeyed.",
    "The app asks again when it has heard no answer; the id says that it is the same command.",
    "Before you obey, look whether the id is known; then only answer.",
)
SAME_ANSWER = (
    "A known id is no error: it gets the same answer as the first time.",
    "The app asks again because it has not heard that answer.",
    "Keep the answer with the id, and send it again.",
)
OF_THEN = (
    "A known id gets the same answer as the first time; yours has the state of now: keep the "
    "answer with the id.",
    "Between the two another command may have changed the lamp.",
    "A dict from ids to answers is enough.",
)
SILENT_AGAIN = (
    "A known id must be answered again, by the same answer; your lamp stays silent.",
    "The app asks again because it has not heard the first answer.",
    "Send the answer in both cases, for a new id and for a known one.",
)
FORGOTTEN = (
    "The lamp has forgotten an id that it obeyed some commands ago: all of them must be kept.",
    "An app may ask again late, when many other commands have come.",
    "Keep the answers of all ids.",
)
OUTLAST = (
    "What the lamp has obeyed must outlast the connection: keep the ids outside the loop over "
    "apps.",
    "The app comes back on another connection, as the first one is broken.",
    "Make the dict once, when the lamp starts, and not for each app.",
)
STATE_OUTLASTS = (
    "The lamp forgets its state with each connection: keep it outside the loop over apps.",
    "One app leaves the lamp on; the next must find it so.",
    "Set the state once, when the lamp starts, and not for each app.",
)
NOT_OBEYED = (
    "An id whose line was answered by an error has not been obeyed: its command is still new.",
    "Only commands that were obeyed are to be remembered.",
    "Remember an id at the moment when you obey, and not before.",
)
ALIKE = (
    'The ids 1 and "1" are two commands, a number and a text: your lamp takes them for one.',
    'str(1) and str("1") are the same text.',
    'Keep the ids as they came. In Python 1 == "1" is false, which is what you want here.',
)
NO_NUMBER = (
    "true is no number and no id: in Python it counts as an int, and equals 1.",
    "isinstance(True, int) is true, and so is True == 1.",
    "Look for bool before you look for int.",
)
NO_ID = (
    "An id is a whole number or a text: null, 1.5 and lists are none, and such a line gets an "
    "error.",
    "The protocol's first point says what an id is, the fourth what becomes of other lines.",
    "Look at the type of the id before you do anything with it.",
)

# Lines that are no commands

NONSENSE = (
    "A line that is no command ended the whole lamp. It may be no JSON, or JSON that is a list and "
    "no dict: catch what json, and each look into the line, may raise, and answer with an error.",
    "It may be no JSON, no object, without an id, or with a wish that nobody knows.",
    "First find out whether it is a command at all; answer with an error where it is not, and go "
    "on with the next line.",
)
HANGS_UP = (
    "A line that is no command must be answered by an error, and the conversation goes on: your "
    "lamp ended it.",
    "Only lines that are too long, or not UTF-8, end a conversation.",
    "Catch the error where one line is read, inside the loop over lines.",
)
ERRORS_ID = (
    "The answer with an error has the id of the line, where one can be read, and null elsewhere: "
    "always under the name id.",
    "The app wants to know which of its lines was no command.",
    "Read the id first, and the wish after it: then you have the id when the wish is bad.",
)
ERROR_MEMBER = (
    'The answer to a line that is no command has a member "error", and no state.',
    "The app must be able to tell it from the answer to a command.",
    "Look at the protocol's fourth point.",
)
STATE_KEPT = (
    "Lines that are no commands have changed the lamp: they must leave its state and its ids "
    "alone.",
    "Only a command that is obeyed changes the state.",
    "Change the state in one place, where all that can be wrong with a line has been looked at.",
)
OBEYED_NONSENSE = (
    "This line is no command, and your lamp obeyed it: look at the wish before you obey.",
    'Only "on", "off" and "toggle" are wishes, and only of a line that has an id.',
    "Compare the wish with these three, and answer with an error if it is none of them.",
)
PROTOCOL = (
    "Follow this one command through your code: which line reads it, obeys, answers?",
    "Read the protocol's five points again. Which of them does this case try?",
    "Compare the answer that came with the one that was expected, member by member.",
)
