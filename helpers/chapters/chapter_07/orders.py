"""Lines to put in order, in chapter 07."""

from helpers.study.questions import Order

QUESTIONS = {
    "one turn": Order(
        "Put one turn of a Go-Back-N sender in order. It fills the window, and then it listens.",
        {
            "while fresh < oldest + window:": "",
            "    send(fresh)": "Whether the window has room is asked before anything is sent.",
            "    fresh += 1": "The next number is its turn when this one has been sent.",
            "confirmed = next_ack()": (
                "The window may still have room, and who waits then leaves the path idle."
            ),
            "if confirmed is None:": "Nobody has listened so far, so there is nothing to look at.",
            "    fresh = oldest": (
                "To go back sends everything again. Something must have shown that the timer ended."
            ),
        },
    ),
    "a gap closes": Order(
        "A packet inside the receiver's window has come. Put the lines in order that keep it and "
        "hand out what is in order now.",
        {
            "early[number] = payload": "",
            "while wanted in early:": (
                "The packet has to stand on the shelf first, as it may be the wanted one."
            ),
            "    messages.append(early.pop(wanted))": (
                "Is it there at all? The loop asks that before anything is taken from the shelf."
            ),
            "    wanted += 1": "The next one is wanted when this one has been handed out.",
        },
    ),
}
