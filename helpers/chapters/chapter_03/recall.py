"""Questions to recall from chapter 03: messages on a stream."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "a frame": Question(
        "A frame begins with its length in four bytes. The first `recv(4)` returns two bytes. "
        "What now?",
        {
            "Unpack the two as a short length.": wrong(
                "The four bytes are one number; half of them are no number that anybody sent."
            ),
            "Read the other two before the length is unpacked.": right(
                "A stream may be cut anywhere, also inside a length."
            ),
            "Close: the frame is damaged.": wrong("Nothing is damaged. The rest is on its way."),
        },
        about=("chunk sizes",),
    ),
    "a limit": Question(
        "A client announces a frame of four billion bytes. What should a server do?",
        {
            "Refuse it before it reads or reserves anything.": right(
                "A length is a claim of the peer. A protocol says how large a frame may be, "
                "and the server holds to that."
            ),
            "Reserve the memory, and read.": wrong(
                "One client could take the memory of the whole machine by four bytes."
            ),
            "Read until the client ends.": wrong(
                "It may never end, and what comes fills the memory all the same."
            ),
        },
        about=("reserved",),
    ),
    "again": Question(
        "An app does not know whether its command has arrived. Which command may it safely repeat?",
        {
            "`on`": right("It has the same effect once and twice: it is idempotent."),
            "`toggle`": wrong("If the first one has arrived, the second undoes it."),
            "Neither": wrong("One of the two does no harm the second time."),
            "Both": wrong("Think of what the second one does if the first has arrived."),
        },
        about=(
            "toggle",
            "two cases",
            "no answer",
        ),
    ),
}
