"""The puzzles of chapter 02: what two recorded conversations show."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "request ends": Question(
        "The server must count all bytes of the request before it answers. Which arrow tells it "
        "that the request is complete?",
        {
            "The first one, by which the client connects": wrong(
                "It opens both directions, and says nothing about how much will come.", 1
            ),
            "The data `22.0`": wrong(
                "For all the server knows more data follows: nothing in these four bytes says that "
                "they are the last.",
                3,
            ),
            "The client's FIN (sends no more)": right(
                "The client has called `shutdown`: its direction ends, the server's `recv` returns "
                '`b""`, and the other direction is still open for the answer.',
                4,
            ),
            "The server's FIN (sends no more)": wrong(
                "That is the server's own end, and it comes after the answer. Look for what came "
                "before it.",
                6,
            ),
        },
        conversation="half_closed",
        title="A request in two pieces, and its answer",
    ),
    "why a reset": Question(
        "The app sends 20 bytes. The lamp reads 8 of them with one `recv`, answers, and closes its "
        "connection. No program has crashed. Why does the app get a reset, and not a normal end?",
        {
            "The app has sent more than `recv` can take.": wrong(
                "What one `recv` does not take waits in a buffer for the next one. That alone "
                "disturbs nobody."
            ),
            "The lamp closes while bytes that it has not read wait in its buffer.": right(
                "Twelve bytes are thrown away, and an honest end would hide that. So most "
                "systems send RST: not all that you sent was read (RFC 2525, section 2.17)."
            ),
            "The link between them lost a packet.": wrong(
                "A stream does not reset because of a lost packet: the system sends it again. And "
                "all arrows here have arrived."
            ),
            "The app did not end its side first.": wrong(
                "Either side may end first. A server that has read everything and then closes "
                "sends a FIN, whatever the client does."
            ),
        },
        conversation="unread",
        title="A lamp answers and closes",
    ),
}
