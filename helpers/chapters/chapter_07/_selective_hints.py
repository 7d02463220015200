"""Hints for what a receiver of Selective Repeat can do wrong."""

from __future__ import annotations

TYPE = (
    "Look at what your function returns: the contract asks for a list of the payloads.",
    "A payload is bytes: what follows the five bytes of the header.",
    "Keep the payloads in a list in the order of their numbers, and return that list.",
)
OWN_NUMBER = (
    "Which number stands in your ACK? Here each ACK names the packet that it answers, and not how "
    "far everything is here.",
    "The sender of Selective Repeat hears of each packet by itself, also of one that came early.",
    "The number to confirm is the one that stood in the packet.",
)
NEXT_NUMBER = (
    "Your ACKs name the number after the packet's. Here an ACK names the packet itself.",
    "TCP names the next byte that it wants; this contract names what has come.",
    "Confirm the number that stood in the packet, unchanged.",
)
NEVER = (
    "No ACK came from your code: each packet that is kept, or was kept before, gets one.",
    "Nobody but you can tell the sender that a packet is there.",
    "An ACK is a header of kind 2 with the packet's number; it goes to the address that recvfrom "
    "gave.",
)
ORDER = (
    "In which order do you hand out the payloads: as they came, or by their numbers?",
    "What comes early has to wait on the shelf until everything before it is here.",
    "Only the wanted number goes to the end of the list, and then those that follow it on the "
    "shelf.",
)
ONE_AT_A_TIME = (
    "When the gap closes, how many packets does your code hand out: one, or all that follow it?",
    "With 2 the packets 3 and 4, which wait on the shelf, are in order as well.",
    "Ask again after each packet that is handed out, as long as the wanted one is there.",
)
BEYOND = (
    "A packet beyond the window came, and your code has kept it: how many places has the shelf?",
    "The window is the wanted number and those after it, as many as `window` says in all.",
    "What lies beyond is ignored: neither kept nor confirmed. It will come again.",
)
BEYOND_CONFIRMED = (
    "Your code has confirmed a packet beyond the window, and not kept it. Who will send it again?",
    "An ACK is a promise: the sender never repeats what was confirmed.",
    "Confirm only what you keep now or have kept before.",
)
NARROW = (
    "A packet inside the window was refused: how many numbers are there from the wanted one on?",
    "With a window of 3, and 1 wanted, the numbers 1, 2 and 3 lie inside.",
    "Try your comparison by hand with a window of 1: the wanted number itself must pass.",
)
WIDE = (
    "Your window has one place too many: with a window of 3, and 1 wanted, does 4 lie inside?",
    "The wanted number counts as well, so the last one inside is the wanted one plus the window "
    "less one.",
    "Look at the comparison with the end of the window: should the end itself pass?",
)
COPIES_UNANSWERED = (
    "A packet came that you have already, and got no ACK. Which ACK was lost, that it came again?",
    "Your first ACK was lost, and only the repeat tells you so.",
    "A packet behind the window, or on the shelf, is confirmed again and not kept again.",
)
EARLY_SILENT = (
    "A packet that came early was kept, and its sender has no ACK of it: when do you confirm it?",
    "Without an ACK it is sent again after the timer, although you have it.",
    "Confirm each packet as soon as it is kept, whether or not the gap before it has closed.",
)
END_EARLY = (
    "END came while messages before it were missing: what should your code think of it then?",
    "END says how many messages there are. They are complete only when all of them are here.",
    "Compare the number of END with the wanted number; before they are equal, ignore END.",
)
END_UNANSWERED = (
    "END has a number and is confirmed like a message: has your code answered it?",
    "Its sender goes on sending END until the ACK of its number comes.",
    "When END counts, send the ACK of its number, each time that it comes.",
)
END_SILENCE = (
    "All was there, and your function raised: what does silence mean after END?",
    "After END it is the normal end; only before it is it an error.",
    "Remember that END has counted, and look at that when the receive times out.",
)
LEAVES = (
    "After END something came again, and nobody answered: when did your function leave?",
    "The ACK of END may be lost, and the sender then sends END again, or a message whose ACK was "
    "lost.",
    "Stay and confirm what comes again, until nothing has come for the socket's timeout.",
)
GONE = (
    "No END has come: how does the caller learn that messages may be missing?",
    "Silence is the end only after END. Before it, it is an error.",
    "The socket's own TimeoutError is what the caller is to get.",
)
JUNK = (
    "Something came that is neither DATA nor END of this contract. What did your code make of it?",
    "A datagram may be shorter than a header, of any kind, and have the number 0.",
    "Look at the length first, then at the kind and the number; what does not fit is passed over.",
)
NO_WINDOW = (
    "A window below 1 has room for no packet: the contract asks for a ValueError then.",
    "With a window of 0 nothing could ever be kept.",
    "Look at the window first, before anything is received.",
)
CLOSED_PORT = (
    "A receive raised ConnectionResetError. What does it tell about the packets that come next?",
    "It tells of an ACK of yours that found a closed port, and nothing about messages.",
    "Catch it, and listen again.",
)
HANGS = (
    "Your function has not come back: which wait has no end?",
    "The socket has a timeout: after END, a receive that raises TimeoutError is the end.",
    "Let each turn of your loop receive once, and let that receive decide when it is over.",
)
SPINS = (
    "Your function asks again and again while nothing comes: let the receive do the waiting.",
    "The socket has a timeout, and until then a receive sleeps.",
    "Leave the socket's timeout as the caller has set it.",
)
