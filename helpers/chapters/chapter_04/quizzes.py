"""The questions of chapter 04: what a collector can know."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "number 3": Question(
        "A collector has numbers 1, 2 and 4 of a sensor, and half a second of silence since. What "
        "does it know of number 3?",
        {
            "It was lost: 4 was sent after it and is here already.": wrong(
                "Datagrams overtake each other. That 4 is here says that 3 was sent, and no more."
            ),
            "It is late: UDP keeps it until there is room.": wrong(
                "Nobody keeps a datagram that found a buffer full or died on the way."
            ),
            "`sendto` has failed, so the sensor will send it again.": wrong(
                "`sendto` notices nothing of a loss on the way, and UDP sends nothing again."
            ),
            "It was sent and is not here. Lost or late: only waiting gives a hint.": right(
                "The longer the silence, the likelier the loss, but certainty never comes. The "
                "collector decides how long it waits, and what it does with one that comes after "
                "all."
            ),
        },
    ),
}
