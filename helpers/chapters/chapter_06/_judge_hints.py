"""Hints for what a judge of receivers can miss, or take for wrong."""

from __future__ import annotations

ACCUSED = (
    "This receiver is right, and your judge says False: which of your steps did it not pass?",
    "The steps show what it answered. It serves one transfer, so what your first datagram has done "
    "still counts at your last one; and a slow device may take some hundredths of a second.",
    "Go through your list with the contract of exercise 1 beside it. After each step: up to which "
    "number is everything there? That is what a right receiver confirms.",
)
COPIES = (
    "None of your steps sends a message again that was confirmed already.",
    "A sender whose ACK was lost sends the same number once more. What does the contract ask a "
    "receiver to do then?",
    "Send DATA 1 twice, and look at both answers: is there a second one, and which number has it?",
)
COUNTED = (
    "None of your steps looks at the number that is confirmed when a message comes twice.",
    "A receiver that takes the copy for a new message believes that it has one more.",
    "Send DATA 1 twice: up to which number is everything there after the second time?",
)
LAST_ACK = (
    "None of your steps goes on after the END that was confirmed.",
    "The ACK of END can be lost as well. What does a sender do then, and who answers it?",
    "Send END a second time, and expect the answer that the first one got.",
)
EARLY = (
    "None of your steps sends a message while the one before it is missing.",
    "Packets can overtake each other or be lost, so DATA 3 may come before DATA 2.",
    "Leave a number out: which ACK does the contract ask for then, and who would confirm more?",
)
EARLY_END = (
    "None of your steps sends END while a message is missing.",
    "END has a number, which is one more than the last message's. It says how many there were.",
    "After DATA 1 send an END whose number leaves a gap: is everything up to it there?",
)
SHORT = (
    "None of your steps sends a datagram that is shorter than a header.",
    "Anyone can send anything to a UDP port. The contract says what such a datagram gets, and a "
    "good message after it must be answered as ever.",
    "Send two bytes, expect silence, and go on with the next message in the same transfer.",
)
