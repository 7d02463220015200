"""The questions of chapter 08: many clients at once."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "still in turn": Question(
        "This server makes a thread for each client, and serves one client after the other all the "
        "same. Which line is to blame?",
        {
            "while True:": wrong("For each client all lines below are to be run once. They are."),
            "    connection, peer = listener.accept()": wrong(
                "It waits for the next client, as it should. How does the program get back to it?"
            ),
            "    thread = threading.Thread(target=serve, args=(connection,))": wrong(
                "It names the function and hands its argument over separately, so nothing is "
                "called here."
            ),
            "    thread.start()": wrong("The thread begins, and `start` returns at once."),
            "    thread.join()": right(
                "`join` waits until the thread has ended, which is when its client leaves. Before "
                "that, nobody else is accepted."
            ),
        },
        code=True,
    ),
    "the dashboard": Question(
        "In a server each thread holds the one lock while it counts, and also while it sends the "
        "answer. A dashboard is connected that has stopped reading, and its buffers are full. What "
        "happens to the sensors?",
        {
            "Nothing: each has a thread and a connection of its own.": wrong(
                "They do, but each of these threads needs the lock for its next count."
            ),
            "Their next answers are lost.": wrong(
                "TCP loses none of them, and the threads have not even sent them."
            ),
            "All of them wait until the dashboard reads again.": right(
                "The dashboard's thread waits in `sendall` with the lock in its hand. One slow "
                "reader stops everybody, which the threads were made to prevent."
            ),
            "They wait until the GIL is given to them.": wrong(
                "A thread that waits in `sendall` has given the GIL away. It has kept the lock."
            ),
        },
    ),
    "two cores": Question(
        "A machine has two cores, the parts of its processor that each run one thread at a time. A "
        "server gives each client a thread, and its clients are mostly silent. For how many "
        "clients can it wait at the same time?",
        {
            "Two: a core runs one thread at a time.": wrong(
                "It runs one at a time, but a thread that waits for a client does not run at all. "
                "It takes up memory, and no core."
            ),
            "One: Python runs one thread at a time.": wrong(
                "Most builds do, but a thread that waits in `recv` is not run at all. It gets its "
                "turn when something has come."
            ),
            "As many as there is memory and open files for": right(
                "Threads are for waiting, and waiting needs no core. That is why a pool of two, "
                "one for each core, would leave every other client without a word."
            ),
            "As many as the backlog says": wrong(
                "The backlog is the queue of those whom nobody has accepted yet. A client that "
                "has a thread has left it."
            ),
        },
    ),
    "gone": Question(
        "Somebody pulls the plug of a lamp that is connected to your server. The server has "
        "nothing to send to it, and waits for its next reading. What does it hear?",
        {
            'An end: `recv` returns `b""`.': wrong(
                "That is the end that a living system sends for a program. Nothing in the lamp "
                "runs any more that could send it."
            ),
            "A reset: `recv` raises `ConnectionResetError`.": wrong(
                "A reset is a packet too, and somebody has to send it."
            ),
            "Nothing at all, and the connection stays open.": right(
                "A dead client does not say goodbye. Its thread, buffer and file number are kept "
                "for ever, unless the server sends it something or gives up after a silence that "
                "it finds too long."
            ),
            "The thread that serves the lamp ends.": wrong(
                "It waits in `recv`, and nothing comes that could wake it."
            ),
        },
    ),
}
