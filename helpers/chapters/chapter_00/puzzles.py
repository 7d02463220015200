"""The puzzle of chapter 00: what a collector can see of a packet that was killed."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "one killed": Question(
        "In this run somebody killed packet 3. The collector sees only what arrives. By which "
        "packet can it first notice that a reading is missing?",
        {
            "Packet 2": wrong("So far readings 1 and 2 came, and nothing is missing.", 2),
            "Packet 3": wrong(
                "Its arrow ends at the cross: nothing arrives, so nothing is seen.", 3
            ),
            "Packet 4": right(
                "Reading 4 comes after reading 2, so reading 3 is late or lost. The number tells "
                "it, and no message of the network.",
                4,
            ),
            "Packet 5": wrong("It tells it, too, but one packet before it has told it already.", 5),
        },
        conversation="one_killed",
        title="Five readings, and packet 3 was killed",
        words=bytes.decode,
        to_scale=True,
    ),
}
