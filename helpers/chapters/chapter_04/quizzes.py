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
    "a longer wait": Question(
        "A pinger waits for the answer to ping 3, for 0.4 seconds at most. Answers to earlier "
        "pings still come in, one every 0.3 seconds, and so the pinger waits for ever. Which line "
        "sets how long each wait may last?",
        {
            'sock.sendto(b"ping 3", address)': wrong(
                "It asks once, and waits for nothing: `sendto` returns when the system has taken "
                "the datagram."
            ),
            "sock.settimeout(0.4)": right(
                "It gives each `recvfrom` below 0.4 seconds of its own, so an answer every 0.3 "
                "seconds begins the wait anew. Note when the time is over, and in the loop give "
                "each wait what is left."
            ),
            'while sock.recvfrom(2048) != (b"ping 3", address):': wrong(
                "Here each new wait begins, that is true. But to wait again while something else "
                "comes is right, and this line does not say how long: which one does?"
            ),
            "    pass": wrong(
                "It does nothing, and takes no time. What it leads to is the next wait, and "
                "another line says how long that may be."
            ),
            'print("answered")': wrong("It is reached only when the answer is there."),
        },
        code=True,
    ),
}
