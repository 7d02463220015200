"""The questions of chapter 07: what fills a path, and what a loss tells."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "no faster": Question(
        "From which window on do the points rise no faster?",
        {
            "4": wrong(
                "With 4 the points still stand in groups: four packets leave, and four slots pass "
                "unused before the first ACK is here."
            ),
            "8": right(
                "When the eighth packet has left, the ACK of the first one is here. So there is a "
                "packet in each slot, and more can't leave."
            ),
            "16": wrong(
                "Compare 16 with 8. Both have a packet in each slot, and the radio can't send more."
            ),
            "32": wrong("Go down from 32: the points stay the same for a long way."),
        },
    ),
    "in flight": Question(
        "A link by satellite carries 500 packets a second, and a round trip takes 0.6 seconds. "
        "Which window fills it?",
        {
            "8": wrong("That was the answer for our link, whose round trip is 8 slots long."),
            "300": right(
                "500 packets a second × 0.6 seconds = 300 packets. With a window of 8 there would "
                "be only 13 packets a second."
            ),
            "500": wrong("So many would be in flight if the round trip took a whole second."),
            "833": wrong("500 was divided by 0.6. The longer the way, the more fit on it."),
        },
    ),
    "two kinds of loss": Question(
        "Two links lose one packet in twenty. On the first, a radio, the round trip stays at 10 "
        "ms. On the second it climbs to 20 ms before the losses come. On which one does a smaller "
        "window lose less?",
        {
            "on both": wrong(
                "Noise takes its share of however few packets. Only one of the two gets "
                "better when less is sent."
            ),
            "on the first": wrong(
                "There nothing waits, since the round trip stays as it is. It is noise that takes "
                "the packets, and it takes the same share of few as of many."
            ),
            "on the second": right(
                "A round trip that grows tells of a queue that fills, and a full queue drops what "
                "is too much. With less in flight nothing has to be dropped."
            ),
            "on neither": wrong("On one of them the senders themselves make the loss."),
        },
    ),
}
