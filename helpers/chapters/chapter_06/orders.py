"""Lines to put in order, in chapter 06."""

from helpers.study.questions import Order

QUESTIONS = {
    "a receiver's steps": Order(
        "Put the receiver's lines in order. It keeps each message once, and confirms every one.",
        {
            "while True:": "The receiver has to do all this again for each datagram.",
            "    datagram, sender = sock.recvfrom(2048)": (
                "No datagram has come yet that could be looked at or answered."
            ),
            "    number = HEADER.unpack(datagram[:5])[1]": (
                "The number is not known before it has been taken out of the header."
            ),
            "    if number == len(kept) + 1:": (
                "A message is kept only if it is the next one, so this is asked first."
            ),
            "        kept.append(datagram[5:])": (
                "The ACK counts what has been kept, so this message must be in the list by then."
            ),
            "    sock.sendto(packet(ACK, len(kept)), sender)": (
                "The ACK says up to which number all is here. It comes last, old or new."
            ),
        },
    ),
}
