"""What to say about each way in which `threaded_echo` can fail."""

from __future__ import annotations

from helpers.checks.wrong import Hints

NO_LINES: Hints = (
    "This message had no newline, and came back only when one was sent: which call of yours reads "
    "whole lines?",
    "Bytes are echoed as they come. The client may send no newline at all, and waits for its echo.",
    "Use the call that gives what has come so far, however little that is.",
)
TOO_LATE: Hints = (
    "The echo came only when the client had ended its side: what do you collect before you send "
    "anything back?",
    "The client waits for the echo of each piece before it sends the next one.",
    "Send back what one call has received, at once, and only then receive again.",
)
ONCE: Hints = (
    "The first message came back and then the connection ended: which line closes it, in whichever "
    "thread, and which loop should go on until the client has ended its side?",
    "A client sends as many pieces as it likes, and says by an empty recv that there are no more.",
    "Repeat receiving and sending back, and close only after the empty recv.",
)
ENDED_AT_ONCE: Hints = (
    "The connection ended before the first echo: which line closes it? The thread of a client "
    "still needs its connection when the one that accepts goes on.",
    "`start` does not wait: what stands behind it runs while the thread is at work.",
    "Let only the thread that serves a connection close it, when it is done.",
)
ANOTHERS: Hints = (
    "A client got nothing back, among twenty: does its thread work with another client's "
    "connection? A name that all threads share holds the newest one only.",
    "A thread looks a shared name up when it runs, and by then another client may have come.",
    "Hand each thread its own connection when you start it.",
)
TEXT: Hints = (
    "Not all bytes are text: where does your code decode them, and why?",
    "An echo sends back the bytes that have come. What they mean is none of its business.",
    "Leave out both the decoding and the encoding: what recv gives is what sendall takes.",
)
COMMA: Hints = (
    "`args` must be a tuple, and parentheses alone make none: what is missing for a tuple of one "
    "element is its comma.",
    "Thread calls its function with all elements of `args`, so it needs something with elements.",
    "Look at the end of what you hand to `args`: one connection, and then?",
)
CLOSE: Hints = (
    "The client has gone: does your loop end when recv gives b'', and which line closes the "
    "connection then, in every way that its thread can end?",
    "An empty recv means that the client has ended its side; then this side is to be closed, too.",
    "Let each thread close the connection that it serves, whichever way it ends.",
)
CLOSE_AFTER_RESET: Hints = (
    "A reset raises an error in recv or in sendall: which line closes the connection when your "
    "code leaves the loop by that error?",
    "A close at the end of the loop is skipped when an error leaves the loop before.",
    "Let the connection be closed whichever way its block is left: by `with` or `finally`.",
)
JOINS: Hints = (
    "Your accepting thread stands in `join`: whom does it wait for, and how long may that one "
    "stay?",
    "`join` waits until a thread has ended, and a thread ends when its client goes.",
    "Start the thread and go straight on to the next accept: nobody has to wait for it.",
)
SAME_THREAD: Hints = (
    "The thread that accepts is also the one that serves, so the next client waits until this one "
    "has gone: who else could serve it?",
    "A queue, however long, serves nobody.",
    "Accept in one thread, and hand each connection to a new thread that does all the rest.",
)
RATIONED: Hints = (
    "How many clients does your number of threads serve, a pool's or of those that you start "
    "beforehand? Each client is to have a thread of its own.",
    "A thread that waits for a silent client is taken for as long as that client stays.",
    "Start a new thread for each connection, when it is accepted, however many there are.",
)
LOCKED: Hints = (
    "Which thread holds your lock while its client says nothing, and who waits for that lock?",
    "A lock that is held during recv or sendall lets one client at a time in.",
    "Threads that share no data need no lock. Hold one only for steps that wait for nobody.",
)
TURNED_AWAY: Hints = (
    "One more client was turned away, though it may be any number: which limit does your code "
    "have, or which error does it meet?",
    "Clients that are silent cost nobody else anything, so none has to go.",
    "Serve whoever is accepted; nothing in your function needs to count them.",
)
OWN_TIMEOUT: Hints = (
    "The client was silent for longer than a timeout that your code has set: what does that "
    "timeout end, and should it?",
    "A client may fall silent for ever, and come back. recv raises TimeoutError, a kind of "
    "OSError.",
    "Let the threads of clients wait without a timeout; they cost nobody anything.",
)
LISTENER_TIMEOUT: Hints = (
    "Your listener has a timeout: when nobody comes for so long, what does accept raise, and what "
    "does your loop do with it?",
    "TimeoutError is a kind of OSError, and does not mean that the listener is closed.",
    "Do without a timeout, or tell that error from all others, and accept again.",
)
SPINS: Hints = (
    "Nobody says anything, and your code keeps a processor busy: which loop of yours goes round "
    "without a call that waits?",
    "A socket that blocks waits for nothing at all: no time, no processor.",
    "Let recv and accept block until there is something, instead of asking again and again.",
)
NOT_ITS_OWN: Hints = (
    "A thread for each client is asked for: which threads does your server start, and when?",
    "A thread for each client begins when the client is accepted, and its function ends when the "
    "client has gone.",
    "Start a thread for the connection that you have accepted, and let it end when that one "
    "conversation is over.",
)
STAYS: Hints = (
    "Clients have gone and their threads are still there: does a pool keep them, or a loop that "
    "does not end at an empty recv?",
    "A thread for each client ends when that client has gone.",
    "Start a thread for the connection that you have accepted, and let its function end there.",
)
WHO_WAITS: Hints = (
    "One client reads nothing, so sending to it waits: what does your code hold meanwhile that "
    "another client's thread needs?",
    "Its own thread may wait to send for as long as it takes; no other may.",
    "Hold no lock while you send, and let no two clients share a thread.",
)
LOST: Hints = (
    "Which call of yours sends? `send` takes as much as there is room for, and returns how many "
    "bytes that is.",
    "What a full buffer does not take is not sent, and nobody sends it later.",
    "Use the call that sends everything and waits for room, on a socket that blocks.",
)
GONE_LISTENER: Hints = (
    "After a client's reset your code has closed the listener: whose is it, and who closes it?",
    "A reset ends one conversation. The listener is the caller's, and only the caller closes it.",
    "Close the connection of that one client, and nothing else.",
)
GOES_ON: Hints = (
    "The caller has closed the listener, and accept raises OSError each time: where does your loop "
    "end when that comes?",
    "An error that is caught and not followed by an end is met again, as fast as Python can.",
    "Leave the loop at that error: the function has nothing more to accept.",
)
WAITS_AT_THE_END: Hints = (
    "Your function does not return: it stands in `join`, and waits for clients that may stay for "
    "as long as they like.",
    "Clients that are connected then are served on by their threads, and nobody waits for them.",
    "Return when accept raises OSError, without a look at the threads.",
)
NO_DAEMON: Hints = (
    "A client's thread is no daemon, so the whole program can't end before that client goes: what "
    "does Thread take for that?",
    "Python waits at its end for all threads that are no daemons, those of a pool as well.",
    "Say when you make the thread that it must not keep the program alive.",
)
CLOSED_ERROR: Hints = (
    "The caller has closed the listener, so accept raised OSError: who catches that, and ends the "
    "loop?",
    "That is the way in which this function is told to end. It lets no error out.",
    "Let that one error end the loop, and the function with it.",
)
TAKES_LONG: Hints = (
    "Fifty clients keep your server busy for so long: does a loop of yours go round without a call "
    "that waits, or does something sleep before it sends?",
    "A thread that waits in recv takes no processor; one that asks again and again takes it from "
    "all others.",
    "Let recv and accept block until there is something, and send it back at once.",
)
RETURNED: Hints = (
    "Your function has returned after a client or two: which loop goes back to accept, for the "
    "next one?",
    "Only a listener that is closed ends this function.",
    "Accept and start a thread, and do both again, for ever.",
)
NOT_STARTED: Hints = (
    "The client was accepted, and no thread serves it: making a thread does not begin it. Which "
    "line starts it?",
    "Thread(...) only prepares a thread.",
    "Call the method that begins it, on the thread that you have made.",
)
RUNS: Hints = (
    "`run` calls the function in the thread that you are in; nothing begins beside it. Which "
    "method begins a thread?",
    "The accepting thread stands in your conversation until that client goes.",
    "Begin the thread with the method that returns at once.",
)
CHANGED: Hints = (
    "What came back is not what was sent: what happens to the bytes between recv and sendall? Are "
    "they made into text, cut, or added to older ones?",
    "An echo sends back the very bytes that one recv has given.",
    "Hand on what recv returned as it is, and keep nothing of it.",
)
CUT: Hints = (
    "Only a part of the bytes came back: does your code strip or cut them, or send only some?",
    "Blank bytes and returns at the edge belong to the message as well.",
    "Hand on what recv returned as it is.",
)
NOT_ITS_CONNECTION: Hints = (
    "This client was served before others came, and now it is not: does its thread still work with "
    "its own connection, or with a name that all threads share?",
    "A global name holds the connection that was accepted last.",
    "Give each thread its connection as an argument, and use only that.",
)
EMPTY_AGAIN: Hints = (
    "An empty recv comes again and again, and your loop goes round with it: where does it end at "
    "b''?",
    "After the client's end recv returns b'' at once, as often as you call it.",
    "Leave the loop at the first empty recv, and close the connection.",
)
LATE: Hints = (
    "The echo takes very long: what sleeps, or waits for something else, between recv and sendall?",
    "Each client is to have its bytes back as soon as they have come.",
    "Send at once what one recv has given, and do nothing else in between.",
)
