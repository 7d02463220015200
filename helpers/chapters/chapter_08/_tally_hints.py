"""What to say about each way in which `tally_server` can fail."""

from __future__ import annotations

from helpers.checks.wrong import Hints

OWN_COUNTS: Hints = (
    "The caller's mapping held a number already, and your answer does not go on from there: where "
    "do you count, in `totals` or in something of your own?",
    "The caller hands the mapping over because it wants to find the counts in it.",
    "Read the old count from `totals`, and write the new one back to it.",
)
AT_FIRST: Hints = (
    "`totals` has no such name yet: which line of yours reads its count all the same?",
    "A mapping has a method that gives a value of yours where a name is missing.",
    "Begin with 0 where the name is not there, and add 1 as for all others.",
)
KEYS: Hints = (
    "Your function has put a key of type bytes into `totals`, beside the caller's str: where does "
    "the name become text?",
    "For a dictionary b'lamp' and 'lamp' are two different keys.",
    "Decode the name, from UTF-8, before you look it up.",
)
NEWLINE: Hints = (
    "The answer has no newline at its end, so its reader waits for the rest of the line.",
    "A line ends where its newline stands, in both directions.",
    "Send the newline with each answer.",
)
NAME: Hints = (
    "The answer is not the name, a space, the count and a newline: does the name still carry its "
    "own newline, or is it shown as Python shows bytes?",
    "Formatting bytes into a text gives b'lamp', quotes included.",
    "Take the newline off, decode the name, and build the answer as text before you encode it.",
)
PIECES: Hints = (
    "A name came in two pieces: what does your code do with a piece that has no newline yet, or "
    "with two lines in one piece?",
    "What `recv` returns begins and ends anywhere, as in chapter 03.",
    "Collect until there is a newline, and keep what comes after it.",
)
HALF: Hints = (
    "A client ended in the middle of a line, and that half was counted: how does your code tell a "
    "whole line from a half?",
    "A file made of a socket hands out the last piece as well, without a newline at its end.",
    "Count a line only where it ends in a newline.",
)
CLOSE: Hints = (
    "The client has gone, and its connection is still open: which line closes it, whichever way "
    "its thread ends?",
    "At the client's end the lines end; then this side is to be closed, too.",
    "Let each thread close the connection that it serves, by `with` or `finally`.",
)
GAP: Hints = (
    "Look at the two steps of an update, reading the old count and writing the new one: who may "
    "get a turn between them, and what does that one read?",
    "The GIL keeps single steps of the interpreter whole. Your line has several, and between two "
    "of them any other thread may run, above all where a step is slow.",
    "Let one thread at a time through the reading and the writing, with one lock for all.",
)
EACH: Hints = (
    "Where is your lock made, and how many of them are there when twenty clients have come?",
    "A lock keeps out those who ask for the same lock. A lock that only one thread knows is always "
    "free.",
    "Make one lock before the first client comes, where all threads can reach it.",
)
ONLY_WRITE: Hints = (
    "Your lock is taken when the new count is written. Was the old one read inside or before it?",
    "A count that was read before the lock was taken may be old when it is used.",
    "Put the reading and the writing under the same lock, without a gap between them.",
)
TOLD_LATER: Hints = (
    "No update was lost, and still two clients were told the same count: from where does your "
    "answer take its number, and is the lock held when it does?",
    "When the lock is free again, others count on, and change what all threads can see: the "
    "mapping, and a variable outside of your thread's own function.",
    "Keep the new count in a variable of the thread's own while you hold the lock, and send that.",
)
WHILE_SENDING: Hints = (
    "One client reads nothing, so sending to it waits. Which lock does its thread hold meanwhile, "
    "and who needs that lock?",
    "A lock is for what all share. The connection belongs to one client alone.",
    "Keep the answer in a variable, let the lock go, and only then send.",
)
CHAIN: Hints = (
    "One client reads nothing, so sending to it waits: what else does that same thread do for "
    "others, or what does it hold?",
    "A client's own thread may wait to send for as long as it takes; nobody else may.",
    "Let each client's thread send its own answers, and hold nothing that others need.",
)
GIVE_BACK: Hints = (
    "The first line was counted, and the second one waits for a lock: who gives that lock back "
    "after the first count?",
    "A lock that is taken and not given back stops everybody, its own thread as well.",
    "Let `with` take the lock, so that it is given back at the end of the block in every way.",
)
NOT_IN_ORDER: Hints = (
    "The answers of one client came in another order, or not all of them: does more than one "
    "thread send to it?",
    "A client asks one line after another and expects its answers in that order.",
    "Answer each line in the thread of its client before you take the next one.",
)
