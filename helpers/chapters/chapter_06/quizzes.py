"""The questions of chapter 06: what a sender can know."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "not confirmed": Question(
        "`send_reliably` has raised TimeoutError: message 3 of 8 was not confirmed. What does the "
        "sender know?",
        {
            "Message 3 did not arrive.": wrong(
                "Ten ACKs may have been lost on the way back. Silence looks the same for both."
            ),
            "Messages 1 and 2 are there. Of message 3 it knows nothing.": right(
                "An ACK is a proof; its absence is none. Who sends message 3 again later needs a "
                "receiver that remembers what it has."
            ),
            "Nothing at all: without an END nothing is certain.": wrong(
                "Messages 1 and 2 were confirmed before message 3 was sent for the first time."
            ),
            "Messages 4 to 8 may be there.": wrong(
                "Stop-and-wait sends message 4 when 3 is confirmed. With a window they could be "
                "under way."
            ),
        },
    ),
}
