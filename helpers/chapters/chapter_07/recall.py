"""Questions to recall from chapter 07: windows, numbers and queues."""

from helpers.study.questions import Question, right, wrong

QUESTIONS = {
    "fill a path": Question(
        "A sensor may send 200 packets a second, and a round trip takes 0.1 seconds. It uses "
        "stop-and-wait. How many packets a second get across, at the most?",
        {
            "10": right(
                "One packet in each round trip, and ten round trips in a second. A window of 20 "
                "would fill the path."
            ),
            "20": wrong("So many would have to be in flight to fill the path."),
            "200": wrong("The sensor could send so many, but it waits for each ACK."),
        },
        about=("stop and wait", "in flight"),
    ),
    "who throws away": Question(
        "Packet 7 is lost, and 8, 9 and 10 arrive. Which receiver still has to get all four?",
        {
            "that of Go-Back-N": right(
                "It keeps only what is next in order, and so its sender goes back to 7 and sends "
                "all from there again."
            ),
            "that of Selective Repeat": wrong("It has put 8, 9 and 10 on its shelf."),
            "both": wrong("One of the two has a memory for what comes early."),
        },
        about=("goes back",),
    ),
    "half the numbers": Question(
        "Packets carry a number of one byte, 0 to 255, and then begin again. How large may the "
        "window of Selective Repeat be?",
        {
            "128": right(
                "Then the old window and the new one have no number in common, whatever was lost."
            ),
            "255": wrong("A packet of the old window could be taken for one of the new window."),
            "256": wrong("Then every number stands in the old window and in the new one."),
        },
        about=("number 1 again",),
    ),
    "a round trip that grows": Question(
        "A sender doubles its window. Its goodput stays, and its round trips take twice as long. "
        "Where are the packets?",
        {
            "in a queue before the bottleneck": right(
                "The path was full already. What is in flight beyond rate × round-trip time waits."
            ),
            "lost by the radio": wrong("A packet that is lost has no round trip."),
            "in the receiver's buffer": wrong("What has arrived is confirmed, so it is not late."),
        },
        about=("a window of 20", "two kinds of loss"),
    ),
}
