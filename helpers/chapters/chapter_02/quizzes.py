"""The questions of chapter 02: a TCP server and its client."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "silence": Question(
        "A client has connected to a server in the next room. It waits in `recv`, without a "
        "timeout, and for an hour nothing comes. What does it know?",
        {
            "The server is gone: else something would have come.": wrong(
                "A server that is there and has nothing to say looks the same. Silence does not "
                "tell the two apart."
            ),
            "The server is there: else `recv` would have raised an error.": wrong(
                "A machine that lost its power sends neither FIN nor RST. Nobody tells the client, "
                "in the next room or far away."
            ),
            'Nothing is there yet, so `recv` returns `b""`.': wrong(
                'While nothing is there, `recv` waits. `b""` means that the peer has ended its '
                "side."
            ),
            "No more than before, and the wait may last for ever.": right(
                "Working, hanging, unplugged: all are silent. The client decides how long it is "
                "willing to wait, and says so with a timeout."
            ),
        },
    ),
}
