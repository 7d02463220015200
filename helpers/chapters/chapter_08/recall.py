"""Questions to recall from chapter 08: many clients at once."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "backlog": Question(
        "A server like those of chapter 02 listens with a backlog of 5. Ten clients come at the "
        "same moment. How many of them does it serve at one time?",
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
    "who is missing": Question(
        "A pool of ten threads serves a hundred clients that never leave. The report says: 99 of "
        "100 answers came within 3 ms. What does it leave out?",
        {
            "Nothing: 99 of 100 is nearly all.": wrong(
                "It speaks of answers. Who had none is not among them."
            ),
            "The ninety clients that had no answer at all": right(
                "A statistic of answers can't see a client that never had one. Ask first how many "
                "were served."
            ),
            "The one answer of a hundred that took longer": wrong(
                "That one is left out as well, but it is one answer. Think of the clients."
            ),
        },
        about=("pool", "the dashboard"),
    ),
    "what a lock is for": Question(
        "Each client's thread makes a lock of its own, and holds it while it reads and writes a "
        "count that all threads share. What is protected?",
        {
            "The count: nobody writes without a lock.": wrong(
                "Each thread holds a lock, but no two of them want the same one."
            ),
            "Nothing": right(
                "A lock keeps out whoever asks for the same lock. One that only its owner knows is "
                "always free."
            ),
            "The count, as long as the GIL is on": wrong(
                "The GIL keeps single steps whole. Reading, adding and writing are three."
            ),
        },
        about=("counts", "two cores"),
    ),
}
