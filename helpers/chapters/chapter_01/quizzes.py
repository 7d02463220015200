"""The questions of chapter 01: what is a socket?"""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "port": Question(
        "Five clients talk to a server at its port 40000, and a packet of one of them arrives "
        "there. By what does the system find the socket that it is for?",
        {
            "By the program that owns port 40000": wrong(
                "A port belongs to no program. One program may hold many, and here one port has a "
                "listener and five connections."
            ),
            "By port 40000 alone": wrong(
                "Six sockets have that port at the server's side: the listener, and one for each "
                "client."
            ),
            "By both IP addresses and both ports": right(
                "The sender's IP address and port tell the five conversations apart; what fits "
                "none of them, and asks for a new one, is for the listener."
            ),
            "By the file number of the socket": wrong(
                "A file number means something inside one process only, and no packet carries it."
            ),
        },
    ),
    "byte order": Question(
        "Sensor and collector run on two laptops of the same model. Both pack and unpack in native "
        "order, and all works. What should become of the program?",
        {
            "It should name a byte order: the protocol must say it.": right(
                "With the order written down, any device can join. Without it the first one that "
                "differs reads 513 for 258, and no error tells it."
            ),
            "It can stay: today's machines are all alike.": wrong(
                "Most are. The first one that differs reads wrong numbers without any error, and "
                "then it is hard to find."
            ),
            "It should send text in place of numbers: then there is nothing to agree on.": wrong(
                "Text has no byte order, but rules to agree on as well: its encoding, its digits, "
                "and where one number ends. The bytes of a number need only one rule more."
            ),
        },
    ),
}
