"""The puzzle of chapter 09: what a broker does with pieces of lines."""

from helpers.study.questions import Question, right, wrong


def _in_words(piece: bytes) -> str:
    return piece.decode().replace("\n", "↵")


QUESTIONS = {
    "whose lines": Question(
        "A thermometer and a door talk to a broker, and an app listens. In the picture ↵ is a "
        "newline. The packet `.5↵22` brings the end of a line and the beginning of another. What "
        "is left at the end in the broker's receive buffers?",
        {
            "Nothing: all has been passed on.": wrong(
                "Add up what the thermometer has sent, and what the app has heard of it."
            ),
            "`22` in the thermometer's buffer": right(
                "The lines `21.5` and `open` are whole and have gone on. `22` waits for a newline, "
                "in a buffer of the thermometer's own: had both shared one, `21open` would have "
                "gone on as a line.",
                8,
            ),
            "`22shut` in a buffer for all": wrong(
                "Then the app would have heard `21open` before. Look at what the broker sent when "
                "the door had spoken for the first time."
            ),
            "`21` and `22` in the thermometer's buffer": wrong(
                "Look what the broker sends after `.5↵22` has come: `21` has found its end."
            ),
        },
        conversation="whose_lines",
        title="A broker and its three clients",
        words=_in_words,
    ),
}
