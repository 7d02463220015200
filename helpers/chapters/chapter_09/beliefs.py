"""The beliefs behind wrong answers of chapter 09."""

from __future__ import annotations

from helpers.chapters.chapter_08.beliefs import GOODBYE as GOODBYE  # it is met here, too
from helpers.chapters.chapter_09 import _telemetry_hints
from helpers.checks.wrong import Misconception

SENDALL = Misconception(
    "`sendall` on a non-blocking socket",
    "If the socket can't take everything now, `sendall` raises BlockingIOError when some of the "
    "bytes have gone already, and nobody knows how many.",
    (
        "`sendall` on a socket that does not block raises BlockingIOError when only a part "
        "has gone: where is the rest then?",
        "`send` says how much it has taken. What it has not taken is yours to keep.",
        "Give each client a buffer of what it is still to get; let the selector tell you when its "
        "socket can take more, and only then go on where you stopped.",
    ),
)
BLOCKING = Misconception(
    "blocking calls are harmless inside asyncio",
    "All tasks share one thread: while one of them is in a call that blocks, none of the others "
    "gets its turn.",
    (
        "One call of yours blocks, without an `await`, and all clients wait with it: a "
        "`time.sleep`, an accept or recv, a lock of threads, a `result()`?",
        "An `await` hands the thread to the other tasks. A call that sleeps, receives or waits in "
        "the old way keeps it.",
        "asyncio has a way to wait that lets others run for each of these: for time, for bytes, "
        "for clients; and what can only block belongs into another thread.",
    ),
)
NOT_AWAITED = Misconception(
    "calling a coroutine runs it",
    "Calling a coroutine function only makes a coroutine. Nothing of it has run, and its result is "
    "not there, before somebody awaits it.",
    (
        "What you return is a coroutine that was to start the server, and it has not run: what is "
        "missing before that call is `await`.",
        "`asyncio.start_server` is a coroutine function, as your own function is.",
        "Await the call, and return what that gives.",
    ),
)
RUN_AGAIN = Misconception(
    "a coroutine needs a loop of its own",
    "Your function is called within a loop that runs already. `asyncio.run` makes another loop, "
    "which Python refuses there, and which would take the server with it when it ends.",
    (
        "A loop is running already when your function is called: what do you need `asyncio.run`, "
        "or another loop, for?",
        "Inside a coroutine function you wait for another coroutine by `await`.",
        "Make your function an `async def`, and await what you gave to the other loop.",
    ),
)
WRITABLE = Misconception(
    'always watching for "can be written" is free',
    "A socket can be written nearly always, so a selector that watches for it returns at once, and "
    "your loop goes round and round with nothing to do.",
    (
        "Nobody says anything, and your broker keeps a processor busy: for which sockets do you "
        "watch EVENT_WRITE, and when?",
        "A socket can be written nearly always, so a selector that watches for it never waits.",
        "Watch for EVENT_WRITE only as long as something waits to be sent to that client.",
    ),
)
FASTER = Misconception(
    "non-blocking means faster",
    "A call that does not wait brings nothing any sooner. Code that asks again and again until it "
    "works waits as long as before, keeps a processor busy, and serves nobody else meanwhile.",
    (
        "Your code asks again and again, without a pause, until something can be done: what else "
        "could this thread do in that time, and who tells it when the time has come?",
        "A loop that only asks is a wait that costs a whole processor.",
        "Do what can be done now, and leave the waiting to the selector, which sleeps until there "
        "is something to do.",
    ),
)
UNDRAINED = Misconception(
    "`write` without `drain` is sent",
    "`write` takes whatever you give it and returns at once: what the system does not take stays "
    "in your memory, as much as it may be.",
    _telemetry_hints.NO_DRAIN,
)
WHOLE_LINES = Misconception(
    "a test's lines come whole",
    "Between two programs a line may come in pieces, and other clients' lines in between; a test "
    "that sends it whole meets only the good days.",
    (
        "Each of your tests sends whole lines: what if one comes in two pieces?",
        "You decide what the broker's recv returns: send a part, let another client speak, send "
        "the rest.",
        "Write one test in which a line comes in two pieces, with another client's line between "
        "them, and look whether both are heard whole.",
    ),
)
ALL_READ = Misconception(
    "every client reads what it is sent",
    "A client may read late, or never, and it is the broker that decides whether the others feel "
    "it.",
    (
        "In each of your tests everybody reads at once: what does the broker do when one does not?",
        "The buffers of the system hold some hundred thousand bytes. What is beyond them is the "
        "broker's business.",
        "Write one test in which a client reads nothing while much is said: the others must hear "
        "all of it at once, and the slow one all of it when it reads at last.",
    ),
)
