"""The puzzles of chapter 08: counts that do not fit together."""

from helpers.study.questions import Question, right, wrong


def _in_words(line: bytes) -> str:
    return line.decode().strip()


QUESTIONS = {
    "two sensors": Question(
        "Each `open` of a sensor adds 1 to one count that both sensors share, and the server "
        "answers with the count. Four readings have come, and the last answer is 3. What happened?",
        {
            "A reading was lost on its way to the server.": wrong(
                "All four arrows to the server arrive, and each of them has been answered."
            ),
            "The server counts for each sensor separately.": wrong(
                "Then the second answer to sensor 2 would be 2. Look at its last arrow.", 10
            ),
            "An answer went to the wrong sensor.": wrong(
                "Each thread sends over its own connection. And whoever got which answer, the "
                "counts 1, 2, 3 and 4 should all be there."
            ),
            "Two threads read the same count before either of them wrote.": right(
                "Both sensors were told 1, at nearly the same moment: each thread had read 0. One "
                "update is lost for ever, so that all later answers are too low by one, and no "
                "packet shows an error.",
                5,
                6,
            ),
        },
        conversation="two_sensors",
        title="Two sensors, four readings",
        words=_in_words,
    ),
}
