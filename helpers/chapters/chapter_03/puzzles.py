"""The puzzles of chapter 03: a length that is wrong, and a lamp that is."""

from helpers.study.questions import Question, right, wrong


def _as_frame(data: bytes) -> str:
    return f"{data[:4].hex(' ')} {data[4:].decode()}"


def _as_line(data: bytes) -> str:
    return data.decode().strip()


QUESTIONS = {
    "a wrong length": Question(
        "The app sends five frames, and the lamp answers each frame that it has read with `ok`. "
        "Here you see the four bytes of the length and then the payload. "
        "If a frame claims to be far too long, the lamp resets. Which frame has a wrong "
        "length?",
        {
            "The second one, `off`": wrong(
                "Its length says 3, and `off` has three bytes. The lamp answers it at once.", 4
            ),
            "The third one, `dim 40`": right(
                "The length says 0a, which is 10, and `dim 40` has six bytes: the app has counted "
                "the four bytes of the length, too. So the lamp waits for four bytes more, and "
                "takes those of the next frame's length.",
                6,
            ),
            "The fourth one, `on`": wrong(
                "Its length says 2, and that is right. But when it came, the lamp was still "
                "waiting for the rest of another frame: of which one?",
                7,
            ),
            "The fifth one, `off`, after which the lamp resets": wrong(
                "Its length is right as well. By now the lamp reads the letters of a payload as a "
                "length, finds it far too large, and gives up. When did it lose its way?",
                9,
            ),
        },
        conversation="a_wrong_length",
        title="Five frames for a lamp",
        words=_as_frame,
    ),
    "one wrong answer": Question(
        "This lamp was off at first. One of its answers breaks the protocol. Which?",
        {
            'The second one, `{"id": 2, "state": "off"}`': wrong(
                "The lamp was on after command 1, and a toggle changes that: off is right.", 5
            ),
            "The one about `hello`": wrong(
                "`hello` is no command, and it has no id: an error with the id `null` is what the "
                "fourth point asks for.",
                7,
            ),
            'The fourth one, `{"id": 2, "state": "on"}`': right(
                "The id 2 was obeyed before, and got the answer off. By the third point it gets "
                "the same answer again, and nothing else happens. This lamp has toggled twice.",
                9,
            ),
            'The last one, `{"id": 3, "state": "off"}`': wrong(
                "The command was to set it off, and off it is, whatever was before.", 11
            ),
        },
        conversation="one_wrong_answer",
        title="Five lines for a lamp, and its answers",
        words=_as_line,
    ),
}
