"""The puzzles of chapter 05: who lost what, and by which rule."""

from helpers.study.questions import Question, right, wrong


def _in_words(reading: bytes) -> str:
    return f"{reading.split()[0].decode()}: {len(reading)} bytes"


QUESTIONS = {
    "what happened": Question(
        "Four of six pings got no answer. For the pinger all four look the same: silence. Which of "
        "them did the device hear all the same?",
        {
            "Ping 1": wrong("Its arrow ends in a cross on the way to the device.", 1),
            "Ping 2": wrong(
                "The device never had it, so there was nothing that it could have answered.", 2
            ),
            "Ping 3": right(
                "It arrived, the device answered, and the answer died on the way back. From the "
                "pinger's side that looks like a lost ping: only the device could tell them apart.",
                3,
                4,
            ),
            "Ping 6": wrong("No arrow goes back after it: follow it to its end.", 9),
            "None of them: the device answers what it hears": wrong(
                "It does answer, but an answer is a packet as well. Look for arrows that begin at "
                "the device and do not end at the pinger."
            ),
        },
        conversation="six_pings",
        title="Six pings, one after the other",
        words=bytes.decode,
    ),
    "which rule": Question(
        "A sensor sends a reading every two milliseconds. Each arrow has the reading's number and "
        "its size. Which rule explains best what is lost here?",
        {
            "Each packet is lost with probability 0.5, whatever happened to the one before.": wrong(
                "With such a coin lost and delivered packets would change places eight or "
                "nine times here. Count how often they do."
            ),
            "Every third packet is lost.": wrong(
                "Then there would be two arrivals between any two losses, from the first to the "
                "last."
            ),
            "Packets of more than 40 bytes are lost.": wrong(
                "Compare the sizes: some larger ones arrive, and smaller ones are lost."
            ),
            "After a loss the next packet is probably lost too.": right(
                "The losses come in two bursts, of four and of five, and between them all arrives: "
                "the link has a good and a bad state, as Gilbert's model has it."
            ),
        },
        conversation="which_rule",
        title="Eighteen readings, nine of them lost",
        words=_in_words,
    ),
}
