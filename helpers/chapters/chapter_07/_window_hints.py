"""Hints for what only a sender with a window can do wrong."""

from __future__ import annotations

RESULT = (
    "Look at what your function returns: the contract asks for a Stats, whose transmissions is how "
    "many DATA datagrams were sent, as a whole number.",
    "Those sent again count as well, and END does not. The rtts may stay empty.",
    "Count where a DATA is sent, and return the Stats at the end, wherever the function ends.",
)
NUMBER = (
    "Your function counts, and returns the bare number. The contract asks for a Stats, so that "
    "this sender and the one of chapter 06 can be compared: where do you put your count in it?",
    "The class Stats stands in the cell with the packets. Its rtts may stay empty, so the count "
    "is all that it needs.",
    "Look at each place where your function returns: it ends in two of them.",
)
ALONE = (
    "Your code sent one message and waited, although the window had room: how many messages may "
    "be unconfirmed at a time?",
    "As long as the window has room the next message is sent without waiting for an ACK.",
    "Put a loop that fills the window before the wait for an ACK.",
)
NARROW = (
    "Your code stopped before the window was full: with nothing confirmed and a window of 4, how "
    "many messages may be in flight?",
    "The oldest unconfirmed one counts as well: from 1 on there is room for 1, 2, 3 and 4.",
    "Look at the comparison that lets the next message go: try it by hand with a window of 1.",
)
WHOLE = (
    "Your code waited although the window had room: an ACK that confirms some of the window makes "
    "room for as many new messages at once. When does your code fill it?",
    "The window slides: it need not be empty before the next message is sent.",
    "Keep two numbers, the oldest unconfirmed one and the next to be sent, and fill the window "
    "after each ACK.",
)
FULL_FIRST = (
    "Your code still waits: the receiver answers when the window of 4 is full. Is it filled before "
    "you wait, is an ACK taken at once, and is the message after an ACK of n then your oldest one?",
    "A receive with a timeout returns at once where a datagram is there; a sleep does not.",
    "Fill the window first; then let one receive wait for the rest of the timer.",
)
ORDER = (
    "When the timer ends, every unconfirmed message is sent again in order, the oldest one first: "
    "in which order does your code send them?",
    "The receiver keeps nothing that comes before its predecessor.",
    "Begin again at the oldest unconfirmed one, and go up.",
)
ONLY_THE_FIRST = (
    "Your code sent only the lost message again: every unconfirmed message has to go again, as "
    "the receiver has kept nothing that came after the gap.",
    "That is what gives Go-Back-N its name: it goes back to the lost one, and on from there.",
    "When the timer ends, go through all numbers from the oldest unconfirmed one to the last one "
    "that was sent.",
)
BY_NUMBER = (
    "How far does your window move with each ACK? The number in the ACK says it, not how many "
    "ACKs have come.",
    "ACKs are lost and come twice: to count them tells nothing.",
    "The oldest unconfirmed message is the one after the number in the ACK.",
)
STEADY = (
    "When does your timer start anew? Each ACK that confirms something new starts it, as the "
    "oldest unconfirmed message is another one then.",
    "Every message gets the whole timeout: ACKs that come steadily are no reason to go back.",
    "Where the oldest number moves on, set the end of the timer anew, from now.",
)
NO_WINDOW = (
    "A window below 1 has room for no message: the contract asks for a ValueError then.",
    "With a window of 0 nothing could ever be sent or confirmed.",
    "Look at the window first, before anything is sent.",
)
PAST_THE_END = (
    "There is no message at that place of the list: how far may the next number go, and at which "
    "place does message 1 stand?",
    "The window may still have room when no message is left. And a list counts from 0, where "
    "messages count from 1.",
    "Fill the window only as long as it has room and messages are left.",
)
RAISES = {"IndexError": PAST_THE_END}
