"""The check of `judge_receiver`: three right receivers, six that are wrong in one belief each."""

from __future__ import annotations

from helpers.chapters.chapter_06 import _judge_hints as say
from helpers.chapters.chapter_06 import _receivers as receivers
from helpers.chapters.chapter_06 import others, solutions
from helpers.chapters.chapter_06.beliefs import ACK_LOST, DUPLICATE, IN_ORDER
from helpers.checks.judges import judging, right_one, wrong_one

EXERCISE = judging(
    "receiver",
    right=(
        right_one(
            "the course's own receiver", receivers.program(solutions.receive_reliably), say.ACCUSED
        ),
        right_one(
            "a receiver built in two parts",
            receivers.program(others.splits_rules_and_socket),
            say.ACCUSED,
        ),
        right_one("a receiver on a slow device", receivers.is_slow, say.ACCUSED),
    ),
    wrong=(
        wrong_one(
            "a receiver that says nothing to a message that it has",
            receivers.is_silent_to_copies,
            say.COPIES,
            ACK_LOST,
        ),
        wrong_one(
            "a receiver that takes a copy for the next message",
            receivers.counts_copies,
            say.COUNTED,
            DUPLICATE,
        ),
        wrong_one(
            "a receiver that confirms a message although one before it is missing",
            receivers.keeps_what_is_early,
            say.EARLY,
            IN_ORDER,
        ),
        wrong_one(
            "a receiver that ends although messages are missing",
            receivers.ends_at_any_end,
            say.EARLY_END,
            IN_ORDER,
        ),
        wrong_one(
            "a receiver that fails at a datagram without a header",
            receivers.trusts_the_length,
            say.SHORT,
        ),
        wrong_one(
            "a receiver that leaves as soon as END has come",
            receivers.leaves_at_the_end,
            say.LAST_ACK,
            ACK_LOST,
        ),
    ),
    survives="What your judge finds now: at least five of six wrong receivers, and no fault in "
    "three right ones",
    kind="udp",
)
