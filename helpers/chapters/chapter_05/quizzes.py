"""The questions of chapter 05: what a small sample says."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "ten pings": Question(
        "Ten pings, ten answers. What may you say about the loss on this network?",
        {
            "There is none.": wrong(
                "On a link that loses one packet in a hundred each way, ten pings in a row are "
                "answered in four runs of five."
            ),
            "It is 0, plus or minus 0.": wrong(
                "That claims to know exactly what ten packets can't tell: losses up to 0.28 fit as "
                "well."
            ),
            "The loss of the round trip is probably below 0.28, and it may well be 0.05.": right(
                "None lost of ten has the interval from 0 to 0.28. To say more, send more."
            ),
            "Nothing at all: ten packets say nothing.": wrong(
                "They do say something: at a loss of 0.5 for the round trip ten answers in a row "
                "come once in a thousand tries."
            ),
        },
    ),
}
