"""Questions to recall from chapter 06: delivery that survives loss."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "a lost ACK": Question(
        "The receiver has message 4, and its ACK is lost. Message 4 comes once more. What "
        "should the receiver do?",
        {
            "Confirm it again, and keep it once.": right(
                "The sender repeats until it hears an ACK; the number tells the receiver that "
                "it has the message."
            ),
            "Ignore it: it is here already.": wrong(
                "Then the sender never hears that, and repeats it until it gives up."
            ),
            "Keep it: it was sent, so it is new.": wrong(
                "Then the event would happen twice. The number says that it is the same one."
            ),
        },
        about=("lost ACK",),
    ),
    "tries": Question(
        "Both ways lose half of all packets. How many times is a message sent, on average, "
        "until its ACK comes?",
        {
            "2": wrong("That is so for one way. The ACK has to get through as well."),
            "4": right("Message and ACK must both get through: one try in four succeeds."),
            "8": wrong("One try in four succeeds, not one in eight."),
        },
        about=("tries",),
    ),
    "Karn": Question(
        "Message 7 was sent twice, and then its ACK came. Why is that round trip no sample "
        "for the timer?",
        {
            "The second try is always slower.": wrong(
                "The network does not know which try a packet is."
            ),
            "The timer was already set.": wrong(
                "A timer may learn at any time, from samples that are sure."
            ),
            "Nobody knows which of the two the ACK is for.": right(
                "It may answer the first or the second: the time could be too long or too "
                "short (Karn's rule)."
            ),
        },
        about=("short timer",),
    ),
}
