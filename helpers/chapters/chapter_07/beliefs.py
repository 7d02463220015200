"""What chapter 07's wrong answers believe of windows, beside what they share with chapter 06."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

LARGER = Misconception(
    "a larger window is always faster",
    "Once a path is full, a larger window only fills the queue before the bottleneck, and when "
    "that is full, it loses; so a window that is large already has to grow slowly.",
    (
        "How much does one ACK add when the size has reached the threshold, and how much below it?",
        "From the threshold on, the path may be nearly full: a whole round trip of ACKs is to add "
        "about one packet, not one for each ACK.",
        "In a round trip there are as many ACKs as the window has packets. Which step of each of "
        "them makes one in all?",
    ),
)
CUMULATIVE = Misconception(
    "a cumulative ACK names the packet that arrived",
    "A cumulative ACK says up to which number everything is here, so it speaks for all earlier "
    "packets too, also for those whose own ACK was lost.",
    (
        "An ACK confirms all messages up to its number, also where the earlier ACKs were lost: "
        "what does your code do with an ACK that is not that of the oldest message?",
        "The receiver sends ACK 3 only when 1, 2 and 3 are there.",
        "Which comparison of the two numbers is true for the oldest one and for every later one "
        "that was sent?",
    ),
)
USELESS = Misconception(
    "a packet out of order is useless",
    "A packet that comes early has crossed the path already; who keeps it needs to get only the "
    "missing one again, and not all that came after the gap.",
    (
        "A packet came before the one that you want: has your code kept it, or thrown it away?",
        "If you throw it away, it has to come a second time. If you keep it, the missing one is "
        "all that is needed.",
        "Keep it under its number, confirm that number, and look for it when the gap before it has "
        "closed.",
    ),
)
SPACE = Misconception(
    "the number space may be as large as the window",
    "If places or numbers are used again after one window, an old packet that comes once more "
    "stands where a new one belongs, and is taken for it.",
    (
        "An old packet came once more. At which place did your code put it, and which new packet "
        "belongs there?",
        "A remainder by the window gives an old packet the same place as the new one that is a "
        "window later.",
        "First compare the whole number with the bounds of your window; only what lies inside may "
        "be kept.",
    ),
)
SAME_LOSS = Misconception(
    "loss means the same everywhere",
    "A radio loses by noise, and there sending again is enough; but what a full queue drops is a "
    "signal that too much is in flight, and the answer to it is a smaller window.",
    (
        "A packet was dropped by a full queue. What is your window before lost(), and after it?",
        "To send the packet again repairs the data, and not the cause: as much would be in flight "
        "as before, and the queue would drop again.",
        "After a loss both numbers change. The description says to what, and what the least is.",
    ),
)
ALONE = Misconception(
    "a sender alone decides its rate",
    "A sender does not know what the path holds or who else uses it, so it begins with one packet "
    "and lets the ACKs tell how far it may go.",
    (
        "How many packets may leave before the first ACK has come, and what does the sender know "
        "of the path by then?",
        "Others may use the same queue. A full window at once could be far too much for it, and "
        "so it is after a silence.",
        "The beginning is at 1, and so is the beginning after the timer has ended. The threshold "
        "is not a size to start with.",
    ),
)
