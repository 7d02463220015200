"""Hints for each way in which an estimator of chapter 06 can fail, whichever case shows it."""

from __future__ import annotations

METHODS = (
    "An object of your class needs three methods that can be called: sample, timeout and "
    "back_off. Which of them is missing, or is something else?",
    "A value that is set on self under the name of a method takes the place of the method.",
    "Give the value another name than the method.",
)
ARGUMENTS = (
    "Your class can't be made with the bounds: __init__ takes two arguments besides self, minimum "
    "and maximum, and both have a default.",
    "The example of the contract calls it with minimum=0, and with nothing.",
    "Compare the first line of your __init__ with the given one.",
)
RESULT = (
    "Look at what timeout() returns: the contract asks for a number of seconds.",
    "A method without `return` gives None.",
    "Compute the timer and return it, in timeout itself.",
)
ORDER = (
    "In which order do you update the two? RTTVAR comes first, as it needs the SRTT from before "
    "this sample.",
    "The number above is exactly that of the other order.",
    "RFC 6298, section 2.3, has the two lines; work out two samples by hand.",
)
WEIGHTS = (
    "Which weight belongs to which? RTTVAR takes 1/4 of what is new, SRTT takes 1/8: the number "
    "above is that of the two exchanged.",
    "RFC 6298 calls 1/8 alpha and 1/4 beta.",
    "Compare your two lines with the contract, number by number.",
)
WEIGHTS_TURNED = (
    "Each new value takes most from the old one: 7/8 and 3/4 belong to the old values, 1/8 and "
    "1/4 to the new sample. Yours are the other way round.",
    "A timer that follows each single sample jumps.",
    "Compare your two lines with the contract, number by number.",
)
MEAN_TURNED = (
    "The new SRTT takes most from the old one: 7/8 belong to it, and 1/8 to the sample. Yours are "
    "the other way round.",
    *WEIGHTS_TURNED[1:],
)
DEVIATION_TURNED = (
    "The new RTTVAR takes most from the old one: 3/4 belong to it, and 1/4 to the difference. "
    "Yours are the other way round.",
    *WEIGHTS_TURNED[1:],
)
NOT_KEPT = (
    "A sample changes nothing of what timeout() gives: what does sample keep, on self, and does "
    "timeout() look at it?",
    "A value that is printed, or that has a name without self, is gone when the method ends.",
    "Let sample store what it computes on self, and timeout() return it within the bounds.",
)
SIGN = (
    "The difference of SRTT and R goes into RTTVAR without its sign: what is RTTVAR after a sample "
    "that lies on the other side of SRTT?",
    "A variation can't be negative, and a faster reply is a deviation as well.",
    "Python has a function for the absolute value.",
)
NO_DEVIATION = (
    "What is RTTVAR after the first sample? It is R/2, half of it.",
    "With a single sample nobody knows how much they vary, so the RFC supposes a lot.",
    "The first sample sets both values, each by a rule of its own.",
)
FROM_ZERO = (
    "The first sample has a rule of its own: SRTT is R and RTTVAR is R/2. Yours starts both from "
    "zero and goes on as with a later sample.",
    "Until the first sample there is no SRTT that could be averaged with.",
    "Remember whether a sample has come, and treat the first one apart.",
)
ONLY_LAST = (
    "After the second sample your estimator knows only the last one: SRTT and RTTVAR of before "
    "have to go into the new ones.",
    "The rule for the first sample holds once.",
    "Remember whether a sample has come.",
)
FOUR = (
    "How many times RTTVAR is added to SRTT? The contract says four times.",
    "The number above fits another factor.",
    "Look at the line that computes the timer from the two.",
)
GRANULARITY = (
    "What is added to SRTT is never less than G, the clock's granularity of 0.001 s: what becomes "
    "of RTTVAR when nothing varies?",
    "A timeout of exactly one round trip would end too early half of the time.",
    "The larger of the two is added, G or four times RTTVAR.",
)
GRANULARITY_ADDED = (
    "G, the granularity of 0.001 s, is not added each time: it stands in for four times RTTVAR "
    "where that is smaller.",
    "The contract has max(G, …).",
    "Only one of the two is added to SRTT.",
)
GRANULARITY_OF_ALL = (
    "G, the granularity of 0.001 s, is a lower bound of what is added to SRTT, and not of the "
    "whole timer.",
    "Look at where the brackets of max close in the contract.",
    "SRTT is added outside of them.",
)
START = (
    "Before the first sample the timer is 1.0 second, whatever the bounds are, unless that lies "
    "outside of them. Where does yours start?",
    "RFC 6298, section 2.1, has that second.",
    "Start from 1.0, and then apply minimum and maximum.",
)
MINIMUM = (
    "The timer is below the minimum here: where does your code apply it to what timeout() returns?",
    "The bounds hold always, before the first sample as well.",
    "Let each way to a result of timeout() go through both bounds.",
)
MAXIMUM = (
    "The timer is above the maximum here: where does your code apply it to what timeout() returns?",
    "The bounds hold always, before the first sample and after backing off as well.",
    "Let each way to a result of timeout() go through both bounds.",
)
MAXIMUM_OF_DOUBLED = (
    "Backing off has doubled the timer beyond the maximum: the maximum holds after the doubling "
    "as well.",
    "The bounds hold for what timeout() returns, whatever came before.",
    "Apply the maximum last.",
)
BOUNDS_INSIDE = (
    "The bounds are for the timer that timeout() returns; SRTT and RTTVAR have to get the sample "
    "as it is.",
    "A sample that was cut to the minimum or the maximum is forgotten for good.",
    "Compute the timer from the two values, and bound that.",
)
DOUBLED_BEFORE = (
    "What is doubled? back_off doubles the timer that timeout() gave, the minimum applied: yours "
    "is doubled before it meets its lower bound.",
    "If timeout() returned the minimum, it returns twice the minimum afterwards.",
    "Apply the minimum, then double, then apply the maximum.",
)
DOUBLES = (
    "What is timeout() after back_off() was called once, and after it was called again? Each call "
    "doubles it, up to the maximum.",
    "1, 2, 4, 8: each is twice the one before, and not one more.",
    "Keep a factor, or the timer itself, and multiply it in each call.",
)
ONE_CALL = (
    "After back_off the timer stays doubled until the next sample: does your timeout() change "
    "anything when it is called?",
    "It may be asked for any number of times, and only tells.",
    "Let timeout() compute and return, and assign nothing.",
)
STAYS = (
    "A sample ends the backing off: the timer is then again what SRTT and RTTVAR give. Yours "
    "stays doubled.",
    "The sample shows that the network answers again.",
    "Look at what back_off sets, and put it back in sample.",
)
DOUBLES_INSIDE = (
    "Backing off has changed SRTT or RTTVAR: the doubling must be kept apart from the two, as the "
    "next sample goes on from them.",
    "back_off is no measurement.",
    "Keep the doubled timer, or a factor, in an attribute of its own.",
)
NEGATIVE = (
    "A negative round trip was taken: the contract asks for a ValueError, and nothing may be "
    "changed by it.",
    "No reply takes less than no time; 0 is allowed.",
    "Compare rtt with 0 before anything else, and raise there.",
)
CHANGED = (
    "The ValueError came, but the refused sample had changed something: look at the order of your "
    "lines in sample.",
    "What is refused must leave the object as it was.",
    "Refuse it in the first line.",
)
SHARED = (
    "Two objects of your class share their numbers: each estimator needs its own. Where do SRTT "
    "and RTTVAR live?",
    "What is assigned in the class body, or in a global name, is there once for all objects.",
    "Set each of them on self, in __init__.",
)
ZERO = (
    "A round trip of 0 seconds was refused: 0 is allowed, only what is below it is not.",
    "A coarse clock may measure 0 for a short way.",
    "Look at the comparison before your ValueError.",
)
ZERO_IS_NONE = (
    "After a sample of 0 your estimator takes the next one for the first: how does it know whether "
    "a sample has come?",
    "The number 0 counts as false, as None does; they are not the same.",
    "Ask for None by name, or remember in an attribute of its own that a sample has come.",
)
NOT_UPDATED = (
    "A later sample has changed only one of the two, SRTT and RTTVAR: is each stored in self?",
    "A name without self is gone when the method ends.",
    "Look at the left side of both lines.",
)
UNIT = (
    "All is in seconds: is one of your numbers in milliseconds? G is 0.001 s, and the sample comes "
    "in seconds.",
    "The number above fits a factor of a thousand.",
    "Look for 1000 and for 1 in your lines.",
)
NEVER_LOWER = (
    "A sample may lower the timer as well: yours is never below what it was before.",
    "The first second is a guess, and any sample is better than that.",
    "Compute the timer from SRTT and RTTVAR alone, without its old value.",
)
BOUNDS_EXCHANGED = (
    "Look at your min and max: the number above is that of the two bounds exchanged.",
    "The larger of timer and minimum is at least the minimum.",
    "Try the line by hand with a timer below, between and above the bounds.",
)
OTHER_ERROR = (
    "A negative round trip raised another error: the contract asks for a ValueError.",
    "An assert raises AssertionError, and vanishes where Python runs with -O.",
    "Compare rtt with 0, and raise the error that the contract names.",
)
