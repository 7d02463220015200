"""The questions of chapter 09: one thread, many sockets."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "the hidden wait": Question(
        "This loop still waits for a single client in one of its calls. In which one, and when?",
        {
            "`selector.select()`, while nobody says anything": wrong(
                "It waits for all of them at once, and whoever says something first wakes it."
            ),
            "`listener.accept()`, until somebody connects": wrong(
                "The selector has just said that the listener is ready, so somebody is there."
            ),
            "`recv(1024)`, until 1,024 bytes have come": wrong(
                "`recv` returns what is there, and the selector has said that something is."
            ),
            "`sendall(data)`, if that client does not read": right(
                "These sockets still block, and `sendall` waits until the system has taken all. "
                "While one client does not read its echo, nobody else is served."
            ),
        },
    ),
}
