"""Lines to put in order, in chapter 08."""

from helpers.study.questions import Order

QUESTIONS = {
    "a thread for each": Order(
        "Put the lines in order, so that any number of clients is served at the same time. `serve` "
        "is a function that talks with one client until it leaves.",
        {
            'listener = socket.create_server(("127.0.0.1", 12345))': "",
            "while True:": "This repeats something for each client, and nobody listens yet.",
            "    connection, peer = listener.accept()": (
                "`accept` takes one client. Something must repeat it for the next one."
            ),
            "    thread = threading.Thread(target=serve, args=(connection,), daemon=True)": (
                "The thread gets a connection, and there is none yet."
            ),
            "    thread.start()": "There is no thread yet that could begin.",
        },
    ),
}
