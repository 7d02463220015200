"""The puzzle of chapter 07: ACKs that are lost and missed by nobody."""

from helpers.chapters.chapter_07.staging import in_words
from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "nothing goes again": Question(
        "Two ACKs are lost here, and yet no packet is sent again. Why?",
        {
            "The receiver sends each lost ACK once more.": wrong(
                "A receiver never hears that an ACK of its own was lost. Follow the arrows "
                "that point left: no number comes twice."
            ),
            "The third ACK, which arrives, says that 1 and 2 are here as well.": right(
                "This is Go-Back-N, whose ACKs are cumulative: ACK 3 speaks for 1, 2 and 3. It "
                "came before the timer ended, so nothing had to go again."
            ),
            "Selective Repeat sends only lost packets again, and no packet was lost.": wrong(
                "Under Selective Repeat nobody would have told the sender about 1 and 2, so they "
                "would have gone again, although they had arrived."
            ),
            "The window is so large that the sender can do without the ACKs.": wrong(
                "After packet 3 the sender had to stop, and it went on only when an ACK came."
            ),
        },
        conversation="none_again",
        title="Six packets, a window of 3, and two crosses",
        words=in_words,
    ),
}
