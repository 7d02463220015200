"""Questions to recall from chapter 09: one thread, many sockets."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
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
    "not now": Question(
        "A non-blocking socket raises `BlockingIOError` in `recv`. What has happened?",
        {
            "The client has closed its side.": wrong("Then `recv` would return `b''`."),
            "Nothing has come yet.": right(
                "It is no failure: whoever asks a selector first is told when it is worth asking."
            ),
            "The connection is broken.": wrong("That would be a ConnectionError."),
        },
        about=("rounds", "how late", "the hidden wait"),
    ),
    "room to write": Question(
        "A loop watches every socket for `EVENT_WRITE` all the time. What does it do while "
        "nobody says anything?",
        {
            "It sleeps in `select`.": wrong(
                "It would, if it watched for `EVENT_READ` alone. Is there room in the sockets?"
            ),
            "It goes round and round.": right(
                "A socket nearly always has room, so it is ready at once, and `select` never "
                "sleeps. Watch for it only while something waits to be sent."
            ),
            "It raises `BlockingIOError`.": wrong("`select` does not send anything."),
        },
        about=("both events", "fits"),
    ),
    "between two awaits": Question(
        "One coroutine of a loop calls `time.sleep(1)`. What do the others do in that second?",
        {
            "They go on.": wrong("They would during `await asyncio.sleep(1)`."),
            "Nothing": right(
                "All share one thread, and others get their turn only at an `await`. A call that "
                "blocks keeps the thread."
            ),
            "They are cancelled.": wrong(
                "Nobody has ended them. They are ready, and do not get a turn."
            ),
        },
        about=("five", "third", "a forgotten await"),
    ),
}
