"""What to say about each way in which `telemetry_server` can fail."""

from __future__ import annotations

from helpers.checks.wrong import Hints

NOT_BACK: Hints = (
    "Your function does not return: does it wait for the server's end, as `serve_forever` does? "
    "The loop serves the clients by itself.",
    "Once a server is started, the loop serves its clients as long as the loop runs.",
    "Return what the call that starts the server gives you; to wait for its end is the caller's.",
)
CLOSED_SERVER: Hints = (
    "The server that you return is closed already: a `with` round it closes it when its block is "
    "left, and so does `close`.",
    "The caller gets the server, asks it for its port, and closes it one day.",
    "Return the object that asyncio gives you when it starts to listen, as it is.",
)
AWAIT_MISSING: Hints = (
    "A coroutine is used as if it were its result: which call in that line lacks its `await`?",
    "Calling a coroutine function only makes a coroutine; `await` runs it and gives its result.",
    "Go through all calls on the reader and the writer: read, readline, readuntil and drain are to "
    "be awaited, write and close are not.",
)
REFUSED: Hints = (
    "A good reading was refused: how do you take the line apart, and does `float` decide what is a "
    "number, or something stricter, as a test for digits?",
    "-40, 0, 1e3 and .5 are numbers, and names may hold any character of UTF-8 but spaces.",
    "Hand the value to `float`, and take the line for bad only where that fails or is not finite.",
)
TOGETHER: Hints = (
    "One device's readings were counted with another's: each device has a count of its own. What "
    "is the key in your counts?",
    "The number in the answer says how many readings this one device has sent.",
    "Look up the count by the device's name, and begin at 0 for a name that is new.",
)
AS_IT_IS: Hints = (
    "Compare the answer with the expected one, byte for byte: where does the first difference "
    "stand?",
    "An answer is `ok`, the device and its count, with one space between, and a newline.",
    "Build the text from the name as it was sent, and encode it as UTF-8.",
)
SHARED: Hints = (
    "Each connection seems to count for itself: where is the dictionary made? All connections of a "
    "server share one.",
    "A function that serves one connection runs anew for each, and so does every line in it.",
    "Make the counts inside the function that starts the server, and outside of the one that "
    "serves a client.",
)
FORGOTTEN: Hints = (
    "All clients had gone, and the counts with them: which line forgets them? They live as long as "
    "the server.",
    "A count is of all readings so far, through connections that have ended as well.",
    "Leave the counts alone when a connection ends.",
)
OF_BEFORE: Hints = (
    "A new server does not begin at 1: your counts live outside the function, as a global, and "
    "outlast each server. Where are they made?",
    "A count belongs to one server: a second one, or the same cell run again, begins anew.",
    "Make what counts inside the function, each time that it is called.",
)
HELD: Hints = (
    "One client waits until another has gone: which lock, or which other thing that only one can "
    "have, is held for a whole conversation?",
    "Tasks take turns at each `await`, unless something that they share is taken.",
    "Hold nothing while you wait for a client.",
)
ORDER: Hints = (
    "The answers came in another order than the lines: do you start a task for each line? Tasks "
    "end as they like.",
    "A client knows by the order alone which answer belongs to which line.",
    "Answer a line before you read the next one of the same client.",
)
PIECES: Hints = (
    "Several lines came in one piece, and you took it for one line: read up to the newline, not so "
    "many bytes.",
    "TCP carries bytes: a piece may hold many lines, or a part of one.",
    "The reader has methods that give exactly one line, however it was cut on its way.",
)
NO_ANSWER: Hints = (
    "A bad line got no answer: every line gets one, and a bad one gets b'error\\n'.",
    "A client waits for one answer for each line that it has sent.",
    "Answer in both branches, and then go on with the next line.",
)
ENDED: Hints = (
    "Your server has ended the connection, which was to go on: which `break`, `return` or error "
    "leads there?",
    "A bad line ends nothing. Only the client ends its connection.",
    "After each line, good or bad, go on with the next line.",
)
FINITE: Hints = (
    "`float` takes nan, inf and what is too large for a number as well, 1e999: how do you find out "
    "whether a value is finite?",
    "A name of such a value can be written in many ways; the value itself tells surely.",
    "Look at the value after `float` has made it: `math` can say whether it is finite.",
)
UTF8: Hints = (
    "This line is not UTF-8 and was counted: how do you decode? Without an `errors=` of your own, "
    "and not as latin-1, decode raises UnicodeDecodeError.",
    "Bytes that are dropped or replaced make another name or another number of what was sent.",
    "Decode the whole line strictly, and take the line for bad where that fails.",
)
DECODE: Hints = (
    "Not all bytes are UTF-8: decode raises UnicodeDecodeError for this line. Which `except` of "
    "yours catches that?",
    "It is a kind of ValueError, and comes before you have any text.",
    "Put decoding inside the `try` that finds out whether the line is a reading.",
)
NO_READING: Hints = (
    "This line is no reading, and it was counted: which part of it is missing, or no number?",
    "A reading is a device and a value, with a space between, and nothing else.",
    "Find out first whether the line is a reading. If it is none, answer so and count nothing.",
)
BAD_COUNTED: Hints = (
    "A bad line was answered by b'error\\n' and counted all the same: which comes first in your "
    "code, counting or the test?",
    "Only good readings count.",
    "Count after everything that can fail.",
)
UNGUARDED: Hints = (
    "A bad line has raised an error in your code: which step of taking it apart can fail, and who "
    "catches that?",
    "A line may have no space, no value, or one that is no number.",
    "Put all steps into one `try`, and take each of their errors for a bad line.",
)
LIMIT: Hints = (
    "asyncio's reader has a limit, and says by an error that a line is longer: which of your lines "
    "catches that error?",
    "readline raises ValueError, readuntil LimitOverrunError, which leaves the bytes where they "
    "are.",
    "Expect it round the call that reads. Take out what it has left, up to the newline, and answer "
    "once.",
)
TOO_LONG: Hints = (
    "A line of more than 1,000 bytes was counted: which line of yours looks at the length?",
    "A bad line is bad whatever stands in it, so its length comes first.",
    "Compare the number of bytes with 1,000 before you decode anything.",
)
LONG_ENOUGH: Hints = (
    "A line of 1,000 bytes, its newline included, is still good: is your limit too low, or counted "
    "with something else?",
    "More than 1,000 is too long; 1,000 is not.",
    "Look at the comparison, and at the `limit` that you give to the server.",
)
ONE_LINE: Hints = (
    "One long line got two answers: what does your code make of the rest of a line whose beginning "
    "it has refused?",
    "A line ends at its newline, however long it is; all of it together is one bad line.",
    "Remember that you are inside a line that is too long, and throw away what comes until its "
    "newline has come.",
)
NOT_WHOLE: Hints = (
    "What came last had no newline before the stream ended: why does your code take that half line "
    "for a whole one?",
    "A line is whole when its newline has come. What is left at the end of a stream is none.",
    "Look whether what you have read ends with the newline, before you look at anything else.",
)
END: Hints = (
    "The client has ended its side, and its connection is still open: which line closes the writer "
    "then?",
    "Reading gives b'' then, or an error that says that the rest will not come.",
    "Leave the loop of that client then, and close its connection on every way out.",
)
RATIONED: Hints = (
    "What limits how many clients are served at the same time: a semaphore, a pool? It may be any "
    "number.",
    "A task that waits for its client costs next to nothing.",
    "Let nothing be held for as long as a conversation lasts.",
)
DRAINS: Hints = (
    "A second client waits until the first one reads its answers: what does your code hold, a lock "
    "perhaps, while it drains?",
    "`drain` waits while too many of a client's answers are unread, and others run meanwhile.",
    "Finish counting a reading before you wait for anything, and hold nothing while you wait.",
)
NO_DRAIN: Hints = (
    "The client reads no answers, and your server goes on writing them into its own memory: where "
    "do you await `drain`?",
    "`write` never waits. What the system does not take stays in the writer's buffer.",
    "After each answer wait until enough of that client's buffer has gone; others run meanwhile.",
)
SERVER_CLOSED: Hints = (
    "After a client's reset nobody else can come: what in your code closes the server, and not "
    "just that one connection?",
    "An error of one connection ends the serving of that one, and nothing else; all others go on.",
    "Close the writer of the client whose connection has failed.",
)
OWN: Hints = (
    "Two servers share their counts, or their address: what do you make outside the function, or "
    "hand on changed?",
    "A count belongs to one server: a second one, or the same cell run again, begins anew.",
    "Make what counts inside the function, each time that it is called.",
)
SPINS: Hints = (
    "Nobody says anything, and your loop keeps a processor busy: which `while` of yours goes round "
    "without waiting for bytes?",
    "`sleep(0)` hands on the turn and gets it back at once. It waits for nothing.",
    "Await the reader: it wakes your task when something has come.",
)
READS_TO_THE_END: Hints = (
    "The answer came only when the client had ended its side: which call of yours reads up to the "
    "end of the stream, and not up to the newline?",
    "The client waits for its answer before it sends the next line.",
    "The reader has methods that return as soon as one line is whole.",
)
NO_NEWLINE: Hints = (
    "Your answer came without its newline, so the client still waits for the rest of the line: "
    "where do you write b'\\n'?",
    "An answer is a line, and a line ends in a newline.",
    "End each of both kinds of answers in a newline.",
)
FROM_ZERO: Hints = (
    "The first reading of a device is number 1, this one included: do you answer before you count "
    "it?",
    "The number says how many readings have come so far, with this one.",
    "Add one first, and answer what is stored then.",
)
NAMES: Hints = (
    "A name may hold any character of UTF-8, as ü: how do you decode the line, and encode the "
    "answer?",
    "ASCII knows 128 characters and fails at all others.",
    "Decode and encode as UTF-8, which is Python's own choice.",
)
CALLBACK: Hints = (
    "`start_server` gets the function that serves a client, and parentheses after its name call "
    "it: who is to call it, with which reader and writer?",
    "asyncio calls it for each client, and hands it the reader and the writer.",
    "Give the name alone.",
)
ERRORS_AT_THE_END: Hints = (
    "The client has ended its side, and your code answers b'error\\n' again and again: which "
    "`except` takes the end of the stream for a bad line?",
    "At the end readline returns b'' at once, and readuntil raises IncompleteReadError, as often "
    "as you call them.",
    "Catch the end of the stream apart from bad lines, and leave the loop there.",
)
