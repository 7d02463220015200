"""Hints for each way in which a sender of chapter 06 can fail, whichever case shows it."""

from __future__ import annotations

from dataclasses import replace

from helpers.chapters.chapter_06.beliefs import ACK_LOST

# Belief and first hint for who does not come back, or gives up, where an ACK or a message is lost.
HANGS = replace(
    ACK_LOST,
    hints=(
        "Your code waits for an answer that was lost and will never come: which call of yours "
        "waits without a timeout, or far too long, or is repeated for ever?",
        "After `timeout` seconds without the ACK the same datagram is sent again.",
        "Give the socket a timeout. When a receive ends with TimeoutError, send what is "
        "unconfirmed once more, and wait again.",
    ),
)
FIRST_SILENCE = (
    "At the first silence your function gave up. Silence may mean a lost message or a lost ACK: "
    "what is to be sent again then?",
    "The TimeoutError of a receive ends one wait and not the whole transfer.",
    "Catch that error round the receive, and only there; go on with the next transmission of what "
    "is unconfirmed.",
)
TOO_FEW_TRIES = (
    "How many transmissions does your loop allow before it gives up? The contract allows TRIES, "
    "which is 10.",
    "The first transmission counts as one of the ten, and every message has ten of its own.",
    "Write down what your counter holds at each transmission of one message, from the first to "
    "the last.",
)
TOO_MANY_TRIES = (
    "The tenth transmission (TRIES) is the last one, and the first one counts: does your loop "
    "count the transmissions, or only those after the first?",
    "A loop that allows ten sendings besides the first one sends eleven times.",
    "Write down what your counter holds before and after each transmission.",
)
NO_END_OF_TRIES = (
    "Nothing stops your code from sending again: where does it count its tries, what sets that "
    "count back, and when does it give up?",
    "After TRIES transmissions without a confirmation the other side is taken to be gone.",
    "Count the transmissions of what is unconfirmed, and start the count anew only when something "
    "new is confirmed. At the bound, raise the error that the contract names.",
)
NO_WAIT = (
    "Your code sends the same again without a wait in between, or after one that is far too short: "
    "what makes it wait for the timer after each transmission?",
    "Only the end of the timer is a reason to send again, not a loop that turns and not an error "
    "of the socket.",
    "After each transmission, wait for the ACK until `timeout` seconds have passed since then.",
)
WOKEN = (
    "Your code sent the same again as soon as another datagram came: a datagram that is ignored "
    "must not end the wait.",
    "The wait for the ACK has two ends only: the ACK that counts, and the timer.",
    "Let a loop receive until one of the two is there, with the rest of the time for each receive.",
)
HALF_WAIT = (
    "Your wait for an ACK is shorter than the timeout: which number of seconds does your code "
    "give to the socket or to its clock?",
    "Each transmission has the whole `timeout`, in seconds, for its ACK.",
    "Follow the number from the argument to the call that waits: is it divided, rounded or used "
    "up by an earlier wait?",
)
LONG_WAIT = (
    "Your wait before the same is sent again is longer than the timeout: which number of seconds "
    "does your code wait, the first time and each time after?",
    "`timeout` is in seconds, and every wait is as long as the first: no doubling was asked for.",
    "Follow the number from the argument to the call that waits.",
)
AFTER_AN_ERROR = (
    "A ConnectionError of the socket ended your wait: it counts as silence, so the wait goes on "
    "for the rest of the timeout.",
    "It tells of an earlier datagram that met a closed port. Where each of them ends a try, ten "
    "tries are over in no time, and a receiver that is being restarted is given up.",
    "Catch it round the receive, and receive again with what is left of the time.",
)
LAST_WAIT = (
    "The last transmission had no time to be confirmed: how long does your code wait after it, "
    "before it raises?",
    "The tenth transmission is a transmission like the others: its ACK may take up to `timeout` "
    "seconds.",
    "Raise only after the tenth wait has ended without the ACK.",
)
NO_ERROR = (
    "The receiver was gone, and your function returned: what tells the caller that a message was "
    "not confirmed?",
    "After the last try of a message the contract asks for TimeoutError.",
    "Look at what your loop does when its tries are used up: does it go on with the next message?",
)
TEXT = (
    "The text of the error must name the first message that was not confirmed, by its number.",
    "The TimeoutError of a receive has a text of Python's own, which knows no number.",
    "Raise a TimeoutError yourself, with the number of the message that the wait was for.",
)
ANOTHER_ERROR = (
    "Your function raised another error where the contract names TimeoutError: which `raise` of "
    "yours is it, or which error of the socket was not caught?",
    "The caller catches TimeoutError only. ConnectionError is not a kind of it, and what the "
    "socket raises of that kind counts as silence.",
    "Compare the class of the error in the traceback with the contract.",
)
CONNECTION_ERROR = (
    "A ConnectionError of the socket got out of your function: it counts as silence and must not "
    "end the transfer.",
    "It tells of an earlier datagram that met a closed port; both receiving and sending may raise "
    "it.",
    "ConnectionError covers ConnectionRefusedError and ConnectionResetError: catch it round both "
    "calls, and wait on.",
)
SIZE = (
    "How many bytes has the format that you give to struct? A header has five: one for the kind, "
    "four for the number, in network byte order.",
    "Without a sign for the byte order in front, struct fills in bytes between the two.",
    "Look at the first character of the format, and print struct.calcsize of it.",
)
PADDED = (
    "Your header has more than five bytes: which format do you give to struct? Without a sign for "
    "the byte order in front, it fills in bytes between kind and number.",
    "The chapter's HEADER has the right format.",
    "Print struct.calcsize of your format.",
)
BYTE_ORDER = (
    "The bytes of your number stand in the other order: the header is in network byte order, the "
    "most significant byte first.",
    "The first character of a struct format says the order.",
    "Look at how the chapter's HEADER is defined.",
)
SLEEPS = (
    "Each ACK was there at once, and your code went on only when the timeout was over: what does "
    "it do between sending and receiving?",
    "A receive returns as soon as a datagram is there; a sleep does not.",
    "Let the receive itself wait, with a timeout.",
)
SHORT_DATAGRAM = (
    "Your code unpacked a datagram of the wrong length: an ACK has exactly five bytes, but "
    "anybody may send fewer or more.",
    "struct.error tells that the bytes do not have the length of the format.",
    "Look at the length before you unpack; what has another length is no ACK and is ignored.",
)
NO_ANSWER_YET = (
    "Your code went on although nothing had confirmed the message before: after a wait without "
    "its ACK, the same message is sent again, and not the next one.",
    "Stop-and-wait sends the next message only when the ACK of this one is there.",
    "Which line leaves the loop of one message, and under which condition?",
)
TOO_WIDE = (
    "Too many messages were unconfirmed at once: from the oldest unconfirmed one on, how many has "
    "the window room for?",
    "With a window of 4 and nothing confirmed, messages 1 to 4 may be sent, and 5 may not.",
    "Look at the comparison that lets the next message go: try it by hand with a window of 1.",
)
EARLY_END = (
    "Your code sent END before every message was confirmed: what must have come before END may "
    "be sent?",
    "END has no room in the window: it follows the ACK of the last message.",
    "Look at what your code waits for after it has sent the last message.",
)
NUMBER = (
    "An old ACK was taken for the one that is waited for: does your code look at the number in "
    "the ACK?",
    "An ACK that comes late or twice confirms what was confirmed before, and nothing new.",
    "Take the number out of the ACK, and compare it with that of the message that is unconfirmed.",
)
WHO = (
    "Somebody else sent that ACK: does your code look at the address that it came from?",
    "Anyone who knows the address of your socket can send to it.",
    "recvfrom returns the sender's address besides the bytes: compare it with `address`.",
)
KIND = (
    "A datagram that is no ACK was taken for one: does your code look at the length (five bytes) "
    "and at the kind (2) before it looks at the number?",
    "DATA and END bear numbers too, and other bytes may look like one.",
    "Three things make an ACK: its length, its kind, and the address that it came from. What "
    "fails one of them is ignored.",
)
NEVER_SENT = (
    "An ACK of a number that was never sent was believed: does your code compare the number with "
    "the last one that it has sent?",
    "What was not sent yet can't have been confirmed, whatever a datagram says.",
    "An ACK counts only between two of your numbers: which?",
)
HIGHER = (
    "An ACK of a higher number confirms your message too: does your code wait for exactly its "
    "own number?",
    "An ACK says that everything up to its number is here.",
    "Which comparison of the two numbers is true for the same number and for every higher one?",
)
FORMAT = (
    "Compare the bytes that came with the format: one byte for the kind, four for the number, "
    "then the payload.",
    "Only DATA (1) and END (3) are for a sender to send, in network byte order.",
    "Print one datagram before you send it, and count its bytes.",
)
NUMBERS = (
    "Which number does your first message bear? Messages are counted from 1, without a gap.",
    "Python counts from 0, so the place in the list and the number differ by one.",
    "enumerate can begin at another number.",
)
ENDS_NUMBER = (
    "Look at the number and the bytes of your END: its number is one more than the last "
    "message's, and it has no payload.",
    "Without a single message END has the number 1.",
    "Compute it from the number of messages, not from a variable that a loop has left behind.",
)
PAYLOAD = (
    "Which payload did not arrive as it was? Compare the bytes in the message above.",
    "The payload follows the header as it is; empty and binary payloads are payloads too.",
    "Look for an `if message`, for anything that treats bytes as text, and for a wrong place in "
    "the list.",
)
NEVER_ENDED = (
    "No END was sent: after the last message was confirmed, the receiver must be told that it is "
    "over.",
    "END is sent as a message is, also where there are no messages.",
    "After the loop over the messages comes one more datagram, with a number of its own.",
)
END_IS_NO_ERROR = (
    "Every message had arrived, and your function raised an error because of END: an END that "
    "nobody confirms is no error.",
    "END is sent like a message, ten times; only the result of its silence differs.",
    "After the last wait for END, return what you would return otherwise.",
)
END_ONCE = (
    "How often is END sent again when nobody confirms it? It is sent in the same way as a "
    "message: up to ten transmissions.",
    "END can be lost as well, and so can its ACK: without another try the receiver waits in vain.",
    "Use the code that sends a message until it is confirmed for END too.",
)
END_TAKEN = (
    "END was sent once, and your code went on at once: an old ACK, of the last message, is none "
    "of END. What does it wait for after END?",
    "END is sent in the same way as a message: until an ACK of its own number or more comes, up "
    "to ten times.",
    "Use the code that sends a message until it is confirmed for END too.",
)
NOT_CONFIRMED = (
    "Your function returned before every message was confirmed: what ends its loop?",
    "A message is done when its ACK has come, not when it was sent.",
    "Follow your loop with a message whose first transmission is lost.",
)
OTHER_SOCKET = (
    "Your datagrams came from another socket: the contract gives you `sock` to send by.",
    "A receiver knows its sender by the address, which belongs to the socket.",
    "Use `sock` for all that is sent and received.",
)
CLOSES = (
    "Your code has closed `sock`: the contract leaves that to the caller, who may still need it.",
    "A `with sock:` closes it at the end of its block, also where an error leaves it.",
    "Look for close() and for `with`.",
)
SPINS = (
    "While your code waits it keeps the processor busy: which loop turns all the time and asks "
    "whether something has come?",
    "A receive with a timeout sleeps until a datagram comes or the time is over.",
    "Give the socket the rest of the time by settimeout, in place of asking again and again.",
)
WAITS_ANEW = (
    "While other datagrams kept coming your wait never ended: each of them makes the whole timeout "
    "begin anew, by a receive or by a timer that you set. When is this transmission's time over?",
    "A socket's timeout is for one receive. The wait for an ACK may need many of them.",
    "Note when the wait must end, and give each receive only what is left until then.",
)
STATS = (
    "Look at what your function returns: the contract asks for a Stats, with transmissions and "
    "rtts.",
    "The class Stats is defined in the chapter's first code cell.",
    "Make a Stats at the start, count in it as you go, and return it at the end.",
)
STATS_FIELDS = (
    "Look at the types in your Stats: transmissions is a whole number, rtts a list of seconds.",
    "A list grows by append; a number of seconds is the difference of two times.",
    "Print the Stats before you return it.",
)
COUNTS_END = (
    "Your count has the END datagrams in it: only DATA datagrams are counted, first ones and "
    "those sent again.",
    "END uses the same code as a message, but not the same counter.",
    "Where is the line that counts, and is it reached for END as well?",
)
COUNTS = (
    "Your count of DATA datagrams is not how many were sent: is each sending counted, also when "
    "the same message is sent again?",
    "A datagram that is lost was sent all the same.",
    "Put the line that counts right beside the one line that sends a DATA.",
)
TOO_FEW_RTTS = (
    "A message that was confirmed at its first transmission has no time in your rtts: when does "
    "your code add one?",
    "rtts has one time for each message that was sent only once, in their order; END has none.",
    "Follow one message that is confirmed at once through your code, up to the line that appends.",
)
TOO_MANY_RTTS = (
    "There are more times in your rtts than messages that were sent once: END has no time there.",
    "rtts has one time for each message that was confirmed at its first transmission.",
    "Where is the line that appends, and is it reached for END too?",
)
MILLISECONDS = (
    "Your round-trip times are a thousand times too long: the contract wants seconds, not "
    "milliseconds.",
    "time.perf_counter and time.monotonic give seconds; their _ns relatives don't.",
    "Look for a factor where the difference of the two times is stored.",
)
RTT_TOO_LONG = (
    "Together your rtts are longer than the whole call: from which moment is each time measured?",
    "The round trip of a message begins right before its own sending.",
    "Read the clock anew before each first transmission.",
)
RTT_TOO_SHORT = (
    "The ACK of message 2 was held back, and your time for it is shorter: is the clock read before "
    "the message is sent, and again after its ACK has come?",
    "A time that begins after the wait, or ends before it, measures something else.",
    "Write down the four steps of one message in order: clock, send, receive, clock.",
)
UNHEARD = (
    "Its ACK was sent each time, and your code did not take it: which of your comparisons refuses "
    "a good ACK?",
    "An ACK is the kind 2 and the number, in five bytes, from `address`.",
    "Print what a receive gives you, and the result of each comparison.",
)
IN_A_ROW = (
    "Your count of tries must start anew when something new is confirmed: ten in a row are too "
    "many, not ten in all.",
    "A long transfer may meet many losses; each time the network recovers is a new start.",
    "Which line sets your count back to zero?",
)
RAISES = {"ConnectionError": CONNECTION_ERROR, "error": SIZE}  # in every case
# Where an error is expected.
GONE = dict.fromkeys(("ConnectionError", "OSError", "RuntimeError"), ANOTHER_ERROR)
