"""The questions of chapter 08: many clients at once."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "two cores": Question(
        "A machine has two cores. A server gives each client a thread, and its clients are mostly "
        "silent. How many clients can it keep waiting for at the same time?",
        {
            "Two: a core runs one thread at a time.": wrong(
                "It runs one at a time, but a thread that waits for a client does not run at all. "
                "It takes up memory, and no core."
            ),
            "One: the GIL lets one thread at a time into the interpreter.": wrong(
                "A thread gives the GIL away while it waits in `recv`. It needs it only when "
                "something has come."
            ),
            "As many as there is memory and open files for": right(
                "Threads are for waiting, and waiting needs no core. That is why a pool of two, "
                "one for each core, would leave every other client without a word."
            ),
            "As many as the backlog says": wrong(
                "The backlog is the queue of those whom nobody has accepted yet. A client that "
                "has a thread has left it."
            ),
        },
    ),
    "gone": Question(
        "Somebody pulls the plug of a lamp that is connected to your server. The server has "
        "nothing to send to it, and waits for its next reading. What does it hear?",
        {
            'An end: `recv` returns `b""`.': wrong(
                "That is the end that a living system sends for a program. Nothing in the lamp "
                "runs any more that could send it."
            ),
            "A reset: `recv` raises `ConnectionResetError`.": wrong(
                "A reset is a packet too, and somebody has to send it."
            ),
            "Nothing at all, and the connection stays open.": right(
                "A dead client does not say goodbye. Its thread, buffer and file number are kept "
                "for ever, unless the server sends it something or gives up after a silence that "
                "it finds too long."
            ),
            "The selector reports that the socket is broken.": wrong(
                "A selector knows what has arrived at this machine. Of a lamp without power "
                "nothing arrives."
            ),
        },
    ),
}
