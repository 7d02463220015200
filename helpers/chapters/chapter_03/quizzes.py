"""The questions of chapter 03: messages on a stream."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "no answer": Question(
        "The app has sent `on` and heard nothing for a while. What does it know?",
        {
            "The lamp is still off.": wrong(
                "That is one of the two cases that you have just seen. In the other the lamp had "
                "obeyed, and its answer was lost."
            ),
            "The lamp is on: TCP delivers what was sent.": wrong(
                "TCP sends lost bytes again while it can. When the link stays broken, nothing "
                "that it does helps; and the app's `sendall` returned long before."
            ),
            "Nothing about the lamp: the command or the answer may be lost.": right(
                "Both look the same from here: silence. All that the app may say is that the "
                "command is not confirmed."
            ),
        },
    ),
}
