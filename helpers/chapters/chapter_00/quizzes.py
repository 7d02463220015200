"""The questions of chapter 00: what travels over a socket."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "bytes": Question(
        'A client calls `client.sendall("Ada")`. What happens?',
        {
            'The server receives `b"Ada"`.': wrong(
                "Python does not turn text into bytes by itself: it does not know which encoding "
                "the other side expects."
            ),
            "The client gets a `TypeError`.": right(
                "A socket carries bytes and nothing else. The client has to say how its text "
                'becomes bytes: `"Ada".encode()`, or `b"Ada"` from the start.'
            ),
            'The server receives `"Ada"`, as a `str`.': wrong(
                "`recv` always returns `bytes`. Nothing on the way says that they were text once."
            ),
        },
    ),
}
