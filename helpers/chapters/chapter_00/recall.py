"""Questions to recall from chapter 00: what travels, and who waits."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "text and bytes": Question(
        'A socket has given you `b"21.5"`. How does it become the number 21.5?',
        {
            "`float(received.decode())`": right(
                "Bytes become text by an encoding, and text becomes a number."
            ),
            "`received + 0.0`": wrong(
                "Bytes and numbers can't be added: Python raises a `TypeError`."
            ),
            "Nothing has to be done: the socket knows that a number was sent.": wrong(
                "A socket carries bytes, and nothing else goes with them: no type, no encoding."
            ),
        },
        about=("bytes",),
    ),
    "a cell that hangs": Question(
        "A cell runs on and on. What gets you out without losing what the other cells have made?",
        {
            "Restarting the kernel": wrong(
                "That helps too, but all variables are gone, and the cells above must run again."
            ),
            "Interrupting the kernel": right(
                "The cell ends with a `KeyboardInterrupt`, and all variables are still there."
            ),
            "Closing the browser's tab": wrong(
                "The kernel goes on without it, and the cell still runs."
            ),
        },
    ),
    "who waits": Question(
        "A client and a server are to talk. Which of the two has to be there first?",
        {
            "The client: the server starts when somebody calls.": wrong(
                "A program that does not run yet can't be called. Somebody must wait first."
            ),
            "It makes no difference.": wrong("It does: a client that comes first is refused."),
            "The server: it must wait already when a client comes.": right(
                "A client that finds nobody waiting is refused at once."
            ),
        },
        about=("answer",),
    ),
}
