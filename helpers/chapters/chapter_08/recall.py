"""Questions to recall from chapter 08: many clients at once."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "backlog": Question(
        "A server listens with a backlog of 5 and serves one client at a time. How many "
        "clients does it serve at once?",
        {
            "One": right(
                "The backlog is a waiting room: those in it are connected, and nobody serves them."
            ),
            "Five": wrong("Five or so may wait. Waiting is not being served."),
            "Six": wrong("One is served. The others wait."),
        },
        about=(
            "quick ones",
            "welcomed",
        ),
    ),
    "the same counter": Question(
        "Two threads run `total[0] += 1` on the same list, a thousand times each. What may "
        "the sum be?",
        {
            "2,000 or less": right(
                "Reading, adding and writing back are steps. A thread that is interrupted "
                "between them overwrites what the other has added."
            ),
            "Always 2,000: one line is one step.": wrong(
                "A line is several steps for the interpreter, and a thread may be stopped "
                "between them."
            ),
            "More than 2,000": wrong("Nothing is added twice. Additions may only be lost."),
        },
        about=(
            "counts",
            "two cores",
        ),
    ),
    "a slow reader": Question(
        "An asyncio server writes to a client that does not read, and never awaits `drain`. "
        "What grows?",
        {
            "The client's memory": wrong(
                "What the client's system can't hold stays at the server."
            ),
            "The memory of the server": right(
                "`write` keeps what the system does not take. `drain` waits until there is "
                "room again."
            ),
            "Nothing: `write` waits.": wrong(
                "`write` returns at once. Waiting is what `drain` is for."
            ),
        },
        about=("without drain",),
    ),
}
