"""The beliefs behind wrong answers of chapter 09."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

SENDALL = Misconception(
    "`sendall` on a non-blocking socket",
    "Where the socket can't take everything now, `sendall` raises BlockingIOError when some of the "
    "bytes have gone already, and nobody knows how many.",
    (
        "`sendall` on a socket that does not block raises BlockingIOError when a part of the line "
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
