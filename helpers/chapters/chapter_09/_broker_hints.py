"""What to say about each way in which `selector_broker` can fail."""

from __future__ import annotations

from helpers.checks.wrong import Hints

AUTHOR: Hints = (
    "A client has heard its own line: where does your code leave the sender out when it goes "
    "through all clients?",
    "A line goes to every other client that is connected, and not back to its author.",
    "Compare each client with the one whose line it is, before you send.",
)
MIXED: Hints = (
    "Bytes of two clients stand in one line: how many buffers for unfinished lines do you have? "
    "Each client needs its own.",
    "Half a line of one client has nothing to do with what another one says meanwhile.",
    "Keep the unfinished line in the record of its client, and look it up there.",
)
NOT_WHOLE: Hints = (
    "Half a line was passed on: what does your code do with bytes that have come without their "
    "newline?",
    "What one recv brings may end in the middle of a line. That half waits for its rest.",
    "Keep for each client what has come after its last newline, and put it before what comes next.",
)
STRIPPED: Hints = (
    "Some bytes of the line are missing, blank ones at its edge: which call strips them?",
    "A line is all bytes up to and including its newline, spaces and returns as well.",
    "Cut only at the newline, and add or take away nothing else.",
)
EMPTY: Hints = (
    "An empty line is a line as well, b'\\n': where does your code drop it?",
    "A test for an empty piece of bytes is also true for a line with nothing in it.",
    "Everything between two newlines is a line; only what stands after the last one is none.",
)
TEXT: Hints = (
    "Not all bytes are text: why does your broker decode a line that it only passes on?",
    "A broker does not need to know what a line means.",
    "Let the line stay bytes on its whole way from recv to send.",
)
ONE_AFTER: Hints = (
    "Your code serves one client to its end before it accepts the next one: which call could tell "
    "it about all of them at once?",
    "One thread may wait in one place only, so that place must be the selector.",
    "Register the listener and every connection, and do for each that is ready one step only.",
)
WAITS_IN_RECV: Hints = (
    "Your broker waits in recv for one client's half a line, and all others wait with it: which "
    "call should it wait in instead?",
    "A socket that the selector calls ready has something for one recv; a second one may wait for "
    "ever.",
    "Receive once each time the selector says so, on a socket that does not block.",
)
WAITS_IN_SEND: Hints = (
    "Your broker waits where it sends to a reader that does not read: `sendall`, or any call that "
    "blocks, holds up all others.",
    "One thread serves everybody, so it may wait for nobody.",
    "Send on a socket that does not block, keep the rest in that reader's buffer, and go on.",
)
SENDS_AGAIN: Hints = (
    "Your broker tries again and again, or sleeps, until one reader has room: who serves the "
    "others meanwhile? Let the selector wait, for EVENT_WRITE.",
    "A loop that tries until all is sent lasts as long as that reader sleeps.",
    "Keep the rest in a buffer, and go on with it when the selector says that there is room.",
)
LOST: Hints = (
    "A part of a line got lost on its way to a slow reader: what does `send` return, and where do "
    "you keep the rest that it has not taken?",
    "`send` takes what there is room for. Nobody sends the rest unless you do.",
    "Drop from the reader's buffer only so many bytes as `send` says that it has taken.",
)
NOT_RESUMED: Hints = (
    "The rest waits in your buffer until the next line comes: who tells you that the socket can be "
    "written again? Watch for EVENT_WRITE.",
    "Nobody may say anything more, and the reader is still to get all of it.",
    "Ask the selector for EVENT_WRITE as long as something waits for that client.",
)
THROWN_OUT: Hints = (
    "A reader that is only slow was disconnected: keep in a buffer of its own what its socket does "
    "not take now.",
    "BlockingIOError, and a `send` that takes less than all, say that there is no room now, not "
    "that the client is gone.",
    "Add the rest to that client's buffer, and disconnect it only above the contract's limit.",
)
NO_LIMIT: Hints = (
    "How many bytes may wait for a client that never reads? Above 1,000,000 it is to be "
    "disconnected, at once.",
    "A client that never reads must not take all the memory.",
    "Look at the length of its buffer when something is added, and disconnect it above the limit.",
)
TOO_SOON: Hints = (
    "The client was disconnected too soon: what do you count, all that was sent to it or what "
    "waits in its buffer?",
    "What the system has taken does not wait any more. Exactly 1,000,000 bytes may wait.",
    "Compare the length of that client's buffer with the limit, after you have tried to send.",
)
NO_LINE_LIMIT: Hints = (
    "How much of an unfinished line do you keep? Above 65,536 bytes without a newline its client "
    "is to be disconnected.",
    "What counts is what is left when all whole lines have been taken out.",
    "Compare the length of what is left with the limit, each time that something has come.",
)
LIMIT_TOO_LOW: Hints = (
    "65,536 bytes without a newline are allowed, and your broker has disconnected the client: is "
    "its limit one too low?",
    "More than 65,536 means: 65,537 is the first that is too many.",
    "Look at the comparison, and at whether the newline or a new piece is counted with the rest.",
)
LINES_FIRST: Hints = (
    "A client sent many whole lines at once and was disconnected: your limit is for the rest "
    "without a newline. When do you look at it?",
    "One recv may bring many short lines; together they may be long.",
    "Take out all whole lines first, and measure what is left then.",
)
DROPPED_AT_END: Hints = (
    "A client ended in the middle of a line, and its half line was passed on. Nobody knows how it "
    "was to go on: drop it.",
    "A line is whole when its newline has come, and now it never will.",
    "When recv gives b'', forget what that client had begun, and close its connection.",
)
FORGET: Hints = (
    "What does your broker do when a client's recv returns b''? Its connection is still open, and "
    "the client waits for its close.",
    "That client has ended its side: nothing more will come, and nothing is to be sent to it.",
    "Take it out of the selector and out of your list, and close its connection.",
)
CLOSE_DEAD: Hints = (
    "A client has reset and your code has forgotten it, but which line closes its socket after "
    "that error?",
    "A socket that is taken out of the selector is still open.",
    "Let the error and the empty recv lead to the same function, which forgets and closes.",
)
CHANGED: Hints = (
    "A client is taken out of your collection while a loop goes through it: go through a copy.",
    "Sending to a dead client fails in the middle of a line that goes to many, and so it is "
    "forgotten right there.",
    "Make a list of the clients before the loop, and look whether each is still there.",
)
UNKNOWN: Hints = (
    "KeyError names a socket: is a client looked up that was forgotten a moment ago, or was a "
    "closed one never unregistered from the selector?",
    "The selector has given several that are ready, and one of them may end another.",
    "Before you use a client that came from a list made earlier, look whether it is still there.",
)
ONE_THREAD: Hints = (
    "How many threads does your broker start, and what for? All of it is to run in one thread.",
    "A selector waits for any number of sockets at once, so nobody else has to.",
    "One loop: ask the selector who is ready, and do for each of them what can be done at once.",
)
AT_THE_END: Hints = (
    "Which connections are open when your loop ends, and which line closes them?",
    "The function has accepted them, so they are its own; the listener is its caller's.",
    "Close all of them where the function is left, whichever way that happens.",
)
NOT_YOURS: Hints = (
    "Your function has closed the listener, which belongs to its caller: which line, or which "
    "`with`, does that?",
    "Whoever makes a socket closes it. Your function has made none but the connections.",
    "Close at the end only what your function has accepted.",
)
GOES_ON: Hints = (
    "The listener is closed and your loop goes on: what makes it return? fileno() is -1 then, and "
    "accept raises OSError.",
    "Closing a listener need not wake a selector, so let select time out now and then.",
    "Let either of these end the loop, and close the clients' connections on the way out.",
)
ACCEPT_FAILED: Hints = (
    "The caller has closed the listener, so accept raises OSError: catch it, and let it end the "
    "loop.",
    "That is the way in which this function is told to end. It lets no error out.",
    "Tell BlockingIOError, where nobody is there to accept, from all other errors.",
)
SPINS: Hints = (
    "Nobody says anything, and your broker keeps a processor busy: for which sockets do you watch "
    "EVENT_WRITE, and when?",
    "A socket can be written nearly always, so a selector that watches for it never waits.",
    "Watch for EVENT_WRITE only as long as something waits to be sent, and give select time to "
    "wait.",
)
TIMED_OUT: Hints = (
    "When `select` has waited for its timeout it returns an empty list: what does your loop do "
    "with that?",
    "An empty list means that nobody had anything to say for so long. Nothing has ended.",
    "Go round the loop again, as long as the listener is open.",
)
READY: Hints = (
    "BlockingIOError says that a socket was not ready for that call: do you look at `events`, "
    "which says what it is ready for?",
    "A socket that can be written need not have anything to read.",
    "Receive only where `events` holds EVENT_READ, and send only where it holds EVENT_WRITE, or be "
    "ready for the error.",
)
LISTENER_TOO: Hints = (
    "The selector knows the listener as well, and nobody can send to a listener, or receive from "
    "it: whom do you go through?",
    "Only what accept has given is a client.",
    "Keep a collection of the clients alone, and send to those.",
)
NEWLINE_LOST: Hints = (
    "The line came without its newline: `split` takes the newlines away. Who puts them back?",
    "A line is all bytes up to and including b'\\n'.",
    "Add the newline to each line that you send on.",
)
ADDED: Hints = (
    "Something stands in the line that its sender has not sent: which line of yours adds it?",
    "A broker passes on the very bytes of a line, and nothing else.",
    "Send the line as it came, up to and including its newline.",
)
WAITS_IN_ACCEPT: Hints = (
    "Your only thread waits in accept for one more client, and serves nobody meanwhile: does the "
    "listener block, and do you accept more often than the selector says?",
    "A listener that blocks waits in accept until somebody comes.",
    "Accept only when the selector has named the listener, or let it not block.",
)
NOBODY: Hints = (
    "Nobody heard this line: which line of yours receives it, and which sends it to the others? If "
    "it goes into a buffer, who empties that?",
    "A line that is cut out of what has come must go to each of the others.",
    "Try to send at once, and ask the selector for EVENT_WRITE where something is left.",
)
MORE_LINES: Hints = (
    "Several lines came in one piece and only the first was passed on: how many newlines does your "
    "code look for?",
    "One recv may bring any number of lines, and the last of them may be half.",
    "Take out lines until there is no newline left.",
)
ENDS_FOR_ALL: Hints = (
    "Your function has returned although its listener is open: which `return`, `break` or error of "
    "one client ends the loop for all?",
    "A client that ends or resets is forgotten; the others go on.",
    "Only a listener that is closed ends the loop.",
)
HANGS: Hints = (
    "Your broker takes very long: does it sleep, or try something again and again, where only "
    "`select` should wait?",
    "`select` returns as soon as anybody has something, so no other pause is needed.",
    "Let the selector be the only place that waits.",
)
HELD_BACK: Hints = (
    "A whole line and half of another came in one piece, and nobody heard the whole one: does your "
    "code wait until all that has come ends in a newline?",
    "Each line goes on as soon as its newline is there, whatever follows it.",
    "Take out the whole lines, send them, and keep only what stands after the last newline.",
)
