"""Lines to put in order, in chapter 02."""

from helpers.study.questions import Order

QUESTIONS = {
    "a server's steps": Order(
        "Put the lines of a server in order. It serves one client after the other, and sends back "
        "what it hears. (The indents are yours to think of, so they are not shown.)",
        {
            'listener = socket.create_server(("127.0.0.1", 12345))': "",
            "while True:": "The loop is for the clients, and nobody listens for them yet.",
            "    connection, peer = listener.accept()": (
                "`accept` takes one client. It has to be done again for each, so something must "
                "repeat it."
            ),
            "    with connection:": (
                "There is no connection yet that could be closed at the end of this block."
            ),
            "        while piece := connection.recv(1024):": (
                "You can read from a connection when you have accepted it and made sure that it "
                "will be closed."
            ),
            "            connection.sendall(piece)": "There is no `piece` yet: nothing was read.",
        },
        flush=True,
    ),
}
