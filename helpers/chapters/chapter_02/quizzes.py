"""The questions of chapter 02: a TCP server and its client."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "silence": Question(
        "A client has connected to a server in the next room. It waits in `recv`, without a "
        "timeout, and for an hour nothing comes. What does it know?",
        {
            "The server is gone: else something would have come.": wrong(
                "A server that is there and has nothing to say looks the same. Silence does not "
                "tell the two apart."
            ),
            "The server is there: else `recv` would have raised an error.": wrong(
                "A machine that lost its power sends neither FIN nor RST. Nobody tells the client, "
                "in the next room or far away."
            ),
            'Nothing is there yet, so `recv` returns `b""`.': wrong(
                'While nothing is there, `recv` waits. `b""` means that the peer has ended its '
                "side."
            ),
            "No more than before, and the wait may last for ever.": right(
                "Working, hanging, unplugged: all are silent. The client decides how long it is "
                "willing to wait, and says so with a timeout."
            ),
        },
    ),
    "wrong line": Question(
        "This program prints the first line that a server sends. With some servers it "
        "never ends. After which line is a test missing?",
        {
            "with socket.create_connection(address, timeout=5) as connection:": wrong(
                "It connects, sets a timeout for each wait, and closes the socket at the end."
            ),
            "    received = bytearray()": wrong("Collecting bytes begins with none of them."),
            '    while b"\\n" not in received:': wrong(
                "The loop goes on until there is a newline. For each server that sends a "
                "whole line that is right. What does the loop get from a server that ends before?"
            ),
            "        received += connection.recv(1024)": right(
                'Where the server ends before a newline came, `recv` returns `b""` again and '
                "again, at once: nothing is added, the loop never ends, and no timeout helps. The "
                "empty result must be looked at."
            ),
            'line = received.partition(b"\\n")[0]': wrong(
                "More than the line may have come by now, and this takes what stands before the "
                "newline."
            ),
            "print(line.decode())": wrong(
                "The line is whole, so no character of it is cut in two: it can be decoded."
            ),
        },
        code=True,
    ),
}
