"""Hints for what a congestion window can do wrong."""

from __future__ import annotations

METHODS = (
    "size and threshold are attributes, so numbers that are read and not called; acked, lost and "
    "timed_out are methods. Which of these has your class?",
    "The three methods are called without an argument, and change the two numbers.",
    "Set the two attributes in __init__, on self.",
)
NUMBERS = (
    "One of the two attributes is no number: what does your code set there?",
    "A size that need not be whole is an int or a float.",
    "Change the two by arithmetic alone, and leave the rounding to the sender.",
)
SHARED = (
    "Two objects of your class share their numbers: where do these live?",
    "A name that is set in the class body belongs to the class, and so to all its objects.",
    "What belongs to one object is set on self, in __init__.",
)
ROUNDED = (
    "The size lost its fraction: does your code round, or divide with two slashes?",
    "Above the threshold it takes many ACKs to make a whole packet, so each small part counts.",
    "Add the part as it is; whoever sends rounds down.",
)
STUCK = (
    "An ACK came, and the size is as before: what does acked() change?",
    "Below the threshold each ACK adds a whole packet, from the threshold on a part of one.",
    "Assign the new size to self.size; an expression alone changes nothing.",
)
SLOW = (
    "Below the threshold the size grows too little: what does one ACK add there?",
    "In slow start each ACK adds 1, so the size doubles in a round trip.",
    "The part 1/size is for the time after the threshold is reached.",
)
DOUBLES = (
    "Your size doubles with each ACK. It should double in a round trip: how much does one ACK add?",
    "In a round trip there are as many ACKs as packets, so adding 1 for each doubles it in all.",
    "Add one packet for an ACK.",
)
EDGE = (
    "The size is exactly the threshold: which of the two steps is to be taken?",
    "Below the threshold it is 1; from the threshold on it is 1/size.",
    "Look at your comparison: should it be true for equal numbers?",
)
HALF_OF_THRESHOLD = (
    "At a loss, do you halve the size or the threshold?",
    "What was in flight was too much, and that is the size; the threshold may be far above it.",
    "Compute the new threshold from the size, before the size changes.",
)
NO_LEAST = (
    "The size was small, and halving it went below 2: what is the least?",
    "With less than two packets no later packet could tell of a loss.",
    "Take the larger of half the size and 2.",
)
SILENCE = (
    "The timer has ended, so nothing gets through: at which size does your window begin again?",
    "A loss among packets that arrive is answered by half. A silence tells of something worse.",
    "After timed_out() the size is 1; the threshold is as after a loss.",
)
LOST_IS_SILENCE = (
    "After lost() your size is 1. Is that the answer to one missing packet, or to silence?",
    "Three later packets were confirmed, so packets still get through: half is enough.",
    "Only timed_out() begins at 1 again.",
)
KEEPS_THRESHOLD = (
    "The size was changed, and the threshold was not: how far will slow start go now?",
    "Without a new threshold the size doubles up to where the loss was, and beyond.",
    "Both lost() and timed_out() set the threshold to half of the size, at least 2.",
)
ORDER = (
    "In timed_out() the threshold comes from the old size: which of the two do you change first?",
    "Half of a size that was just set to 1 is not half of what was in flight.",
    "Compute the threshold from the old size, and set the size after that.",
)
