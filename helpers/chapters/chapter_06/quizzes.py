"""The questions of chapter 06: what a sender can know, and how long it waits."""

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
                "An ACK proves that a message is there, but a missing ACK proves nothing. If you "
                "send message 3 again later, the receiver must still know what it has."
            ),
            "Nothing at all: without an END nothing is certain.": wrong(
                "Messages 1 and 2 were confirmed before message 3 was sent for the first time."
            ),
            "Messages 4 to 8 may be there.": wrong(
                "Stop-and-wait sends message 4 only when 3 is confirmed."
            ),
        },
    ),
    "a wait": Question(
        "This waits for the ACK of one message, for `timer` seconds in all, and should ignore "
        "older ACKs. Which line is wrong?",
        {
            "ends = time.perf_counter() + timer": wrong(
                "This notes when the wait is over, by a clock that never goes back."
            ),
            "while confirmed < number and time.perf_counter() < ends:": wrong(
                "The loop ends when the ACK is there or the time is over. An ACK of a lower number "
                "must not end it."
            ),
            "    sock.settimeout(timer)": right(
                "Here each wait begins anew, with the whole time. An old ACK that comes just "
                "before the end makes the sender wait nearly twice as long. The socket must get "
                "only what is left: `ends - time.perf_counter()`."
            ),
            "    confirmed = HEADER.unpack(sock.recv(2048)[:5])[1]": wrong(
                "This takes the number out of the five bytes of the header."
            ),
        },
        code=True,
    ),
}
