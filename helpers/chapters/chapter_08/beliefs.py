"""The beliefs behind wrong answers of chapter 08."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

ONE_CORE = Misconception(
    "one thread is one core",
    "A thread that waits for its client needs no core at all, so how many clients are served at "
    "the same time has nothing to do with how many cores or workers there are.",
    (
        "What do most of your threads do while their clients say nothing? How much of a core does "
        "that take?",
        "Follow the client that waits: which thread could serve it, and what is that one doing "
        "now?",
        "Do not ration what only waits. A client gets a thread of its own when it is accepted, "
        "however many others there are.",
    ),
)
BACKLOG = Misconception(
    "a bigger backlog is concurrency",
    "The backlog is a queue in front of the door: who stands in it is connected, and still nobody "
    "serves it before the one inside has gone.",
    (
        "Two clients are connected, and the first says nothing. Which line is your code in, and "
        "when does the second get its turn?",
        "Being connected is the system's work; being served is yours. No queue, however long, "
        "serves anybody.",
        "What serves one client must not hold up what takes in, or serves, the next: find the "
        "call, the join or the lock that lasts as long as one conversation.",
    ),
)
GOODBYE = Misconception(
    "a dead client says goodbye",
    "A client that crashes or loses its power sends no tidy end: you hear of it by an error in "
    "whichever call you make next, or not at all.",
    (
        "A client that resets sends no end: recv or send raises ConnectionError in its place. "
        "Which line of yours catches that, for this one client?",
        "It may be the call that receives, or any call that sends to that client.",
        "Treat such an error like the end of that client's stream: close its connection, keep "
        "nothing of it, and go on with all others.",
    ),
)
CALLED = Misconception(
    "a call hands a function over",
    "`target=serve(connection)` calls `serve` at once, in the thread that accepts, and only when "
    "it is done a thread is made, of what it has returned: None.",
    (
        "`target` gets a function, and parentheses after its name call it: who calls it in your "
        "line, and when?",
        "The name alone is the function itself; what it is to be called with goes separately, in "
        "`args`.",
        "Hand over the name without a call, and the connection as the only element of the tuple "
        "`args`.",
    ),
)
GIL = Misconception(
    "the GIL makes `+=` safe",
    "Reading a value, adding one and writing it back are several steps, and wherever another task "
    "or thread gets its turn between them, an update is lost.",
    (
        "Others get their turn between reading the old count and storing the new one: at an "
        "`await`, one of a drain as well, or in another thread. Which of these stands there in "
        "your code?",
        "In asyncio others get their turn at each `await`, and nowhere else; between threads, at "
        "any point.",
        "Let nothing come between reading the count and writing it back: no `await`, no other "
        "thread; or guard these steps with a lock that is meant for your kind of concurrency.",
    ),
)
LOCK_EACH = Misconception(
    "a lock per client protects what all share",
    "A lock keeps out those who ask for the same lock. One that each thread has for itself "
    "is always free, so all of them are in the middle of their update at the same time.",
    (
        "How many locks are there when twenty clients have come, and who asks for which?",
        "What all threads share needs one lock that all threads share.",
        "Make the lock once, before the first client comes, where each thread can reach it.",
    ),
)
HOLDING = Misconception(
    "holding the lock while sending is harmless",
    "Sending waits while its client's buffer is full, for as long as that client does not read. "
    "Whoever holds a lock meanwhile makes all others wait for one slow reader.",
    (
        "Which lock does a thread hold while it sends, and who else needs it?",
        "Hold a lock only for steps that wait for nobody else's program.",
        "Keep what is to be sent in a variable, let the lock go, and then send.",
    ),
)
