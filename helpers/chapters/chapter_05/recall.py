"""Questions to recall from chapter 05: loss, and what can be said of it."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "two ways": Question(
        "A link loses one packet in ten, each way, independently. How many of 100 pings are "
        "answered, on average?",
        {
            "90": wrong("That is the way there. The answer has to come back, too."),
            "81": right("Ping and answer must both get through: 0.9 times 0.9."),
            "80": wrong(
                "Close: but an answer is lost only where there is one, so adding the two "
                "losses counts too much."
            ),
            "99": wrong("That would be so if a packet were lost only where both ways fail."),
        },
        about=("round trips",),
    ),
    "no loss rate": Question(
        "A collector has received 100 datagrams of 100 that were sent. May some of them be "
        "lost all the same?",
        {
            "Yes: others may have come twice.": right(
                "Only numbers tell: each number counts once, however often it comes."
            ),
            "No: what was sent has come.": wrong(
                "As many have come as were sent, but are they the same ones?"
            ),
            "No: UDP keeps count.": wrong("UDP counts nothing; the numbers are up to the program."),
        },
        about=("lost of 100",),
    ),
    "a queue": Question(
        "A link can carry 100 packets a second, and for a while 150 come. What is seen first?",
        {
            "Delays grow.": right(
                "A queue fills and each packet waits longer. When it is full, packets are dropped."
            ),
            "A third of the packets are dropped at once.": wrong(
                "First there is room in the queue."
            ),
            "Packets overtake each other.": wrong(
                "A queue keeps their order. It is varying delay that lets packets overtake."
            ),
        },
        about=("queue",),
    ),
}
