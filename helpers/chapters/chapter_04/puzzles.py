"""The puzzle of chapter 04: what a pinger makes of late answers."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "came too late": Question(
        "A pinger waits 50 ms for each answer, compares its number, and then sends the next ping. "
        "For which ping does it note `None`, although its answer came?",
        {
            "Ping 1": wrong(
                "Its answer came about 19 ms after the question, and nothing else was on its way.",
                1,
                2,
            ),
            "Ping 2": right(
                "Its answer came when the 50 ms were over and ping 3 was on its way. It is an "
                "answer to another question by then, so the pinger ignores it.",
                3,
                4,
            ),
            "Ping 3": wrong(
                "While the pinger waited for its answer another one came. That one it ignores, "
                "and the right one comes in time.",
                5,
                6,
            ),
            "Ping 4": wrong(
                "For this one it notes `None`, too, but no answer came: follow the arrow to its "
                "end.",
                7,
            ),
            "Ping 5": wrong(
                "Its answer came in time. That the ping before has none does not matter to it.",
                8,
                9,
            ),
        },
        conversation="late_answer",
        title="Five pings, one after the other",
        words=bytes.decode,
    ),
}
