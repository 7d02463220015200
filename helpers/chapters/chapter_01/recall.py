"""Questions to recall from chapter 01: sockets, streams and bytes."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "five parts": Question(
        "What tells one TCP connection from all others on the internet?",
        {
            "The server's IP address and port": wrong(
                "All clients of that server have these in common."
            ),
            "The name of the two programs": wrong("No packet carries the name of a program."),
            "The time when it began": wrong(
                "No packet needs it, and two may begin at the same time."
            ),
            "Two IP addresses and two ports": right(
                "Each end has an IP address and a port; two connections differ in at least one "
                "of the four."
            ),
        },
        about=(
            "port",
            "ports",
        ),
    ),
    "borders": Question(
        'A client sends `b"on"` and then `b"off"`. Over which kind of socket may the server '
        'get `b"onoff"` from one call?',
        {
            "A stream (TCP)": right(
                "A stream keeps bytes in order and knows no borders between sends."
            ),
            "Datagrams (UDP)": wrong(
                "A datagram comes as it was sent, alone and whole, or not at all."
            ),
            "Both": wrong("One of the two keeps the borders of what was sent."),
            "None: each send is one receive.": wrong("That is so for one of the two kinds only."),
        },
        about=("borders",),
    ),
    "the format": Question(
        '`struct.pack("!Hf", 7, 21.5)`: what does the `!` promise?',
        {
            "That the bytes arrive": wrong(
                "Packing only makes bytes. Whether they arrive is another matter."
            ),
            "The same bytes on every machine: network byte order": right(
                "Network order is what both sides have agreed on, whatever their processors prefer."
            ),
            "That the numbers are not negative": wrong(
                "The letter `H` says that for the first number; the float may be negative."
            ),
            "That the bytes are secret": wrong(
                "Nothing is encrypted: anybody who knows the format can read them."
            ),
        },
        about=("byte order",),
    ),
}
