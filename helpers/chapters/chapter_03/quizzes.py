"""The questions of chapter 03: messages on a stream."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "no answer": Question(
        "The app has sent `on` and heard nothing for a while. What does it know?",
        {
            "The lamp is still off.": wrong(
                "That is one of the two cases that you have just seen. In the other the lamp had "
                "obeyed, and its answer was held back."
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
    "which conversation": Question(
        "Another lamp obeys a command whose newline never came, because its app died in the middle "
        "of a line. Which conversation finds that out?",
        {
            "A command in two pieces, with a moment between them": wrong(
                "The newline does come, with the second piece. This lamp answers as a right one "
                "would."
            ),
            "The same command twice": wrong(
                "Both lines are whole. What this lamp does wrong happens only where a line is not."
            ),
            "A command without its newline, and then the end of your side": right(
                "A right lamp answers nothing, and has done nothing. This one answers, and in the "
                "next conversation its state shows that it has obeyed."
            ),
            "`hello`, and then a good command": wrong(
                "That tries the fourth point, what becomes of a line that is no command. Both "
                "lines have their newline."
            ),
        },
    ),
    "a passed judge": Question(
        "A lamp has passed every test of your judge. What do you know about it?",
        {
            "It keeps the protocol.": wrong(
                "Your tests are a handful of conversations, and the protocol speaks of all. The "
                "next one may be the first that this lamp gets wrong."
            ),
            "It keeps the protocol in what you have tried.": right(
                "A test can show that a program is wrong, but never that it is right. So write "
                "the tests for which you can imagine a wrong program that fails."
            ),
            "Nothing: a test proves nothing.": wrong(
                "You know of each fault that your tests would have shown: this lamp does not "
                "have it."
            ),
        },
    ),
}
