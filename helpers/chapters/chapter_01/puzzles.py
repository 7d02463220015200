"""The puzzle of chapter 01: four readings, one of them in another byte order."""

from helpers.study.questions import Question, right, wrong


def as_hex(datagram: bytes) -> str:
    """A reading as the diagram shows it: its eight bytes."""
    return datagram.hex(" ")


QUESTIONS = {
    "which device": Question(
        "The agreement says network byte order: four bytes for the device, four for the "
        "temperature. Which packet was packed in the wrong order?",
        {
            "The first": wrong(
                "Its device is 00 00 00 07: the byte that counts least comes last, as agreed.", 1
            ),
            "The second": wrong(
                "Its device has two bytes that are not zero, and they are the last two: 1 × 256 + "
                "2 = 258. Its temperature begins with c2, because it is below zero.",
                2,
            ),
            "The third": right(
                "Its device comes as 03 00 00 00. Read as agreed that is device 50,331,648, at a "
                "temperature of almost 0 degrees, and no error tells the collector.",
                3,
            ),
            "The fourth": wrong(
                "Four zeros are 0.0 degrees, in any order. Its device is 00 00 00 0c, as agreed.",
                4,
            ),
        },
        conversation="which_device",
        title="A gateway passes on four readings",
        words=as_hex,
    ),
}
