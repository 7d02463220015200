"""Questions to recall from chapter 04: datagrams."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "too small a buffer": Question(
        "A datagram of 100 bytes has come, and a program calls `recvfrom(40)` on Linux. What "
        "happens to the other 60 bytes?",
        {
            "They are gone.": right(
                "A call takes one datagram, and what does not fit is thrown away. (Windows "
                "raises an error as well.)"
            ),
            "The next call returns them.": wrong(
                "That is what a stream does. A datagram is taken by one call, whole or in part."
            ),
            "The sender sends them again.": wrong(
                "UDP sends nothing again, and the sender does not hear of it."
            ),
        },
        about=("rest",),
    ),
    "an empty datagram": Question(
        '`recvfrom` returns `b""` and an address. What has happened?',
        {
            "The peer has ended.": wrong(
                "With UDP nobody says goodbye. That meaning belongs to streams."
            ),
            "Somebody has sent a datagram without payload.": right(
                "It is a message like any other. UDP has no connection that could end."
            ),
            "Nothing has come within the timeout.": wrong(
                "Then there would be a `TimeoutError`, and no address."
            ),
        },
    ),
    "whose answer": Question(
        "A client pings with a timeout. Number 2 comes late, when the client is already "
        "waiting for the answer to number 3. What keeps it from taking one for the other?",
        {
            "UDP delivers answers in the order of the questions.": wrong(
                "UDP promises no order at all."
            ),
            "The timeout: what is late is not delivered.": wrong(
                "The timeout ends the client's wait, and not the datagram's way."
            ),
            "A number in each ping that the answer repeats": right(
                "So the client knows which question an answer belongs to, and can ignore the "
                "late one."
            ),
            "The sender's address": wrong("Both answers come from the same address."),
        },
        about=(
            "busy device",
            "number 3",
        ),
    ),
}
