"""The check of `judge_broker`: three right brokers, and six that are wrong in one belief each."""

from __future__ import annotations

from helpers.chapters.chapter_09 import _brokers, others, solutions
from helpers.chapters.chapter_09 import _judge_hints as say
from helpers.chapters.chapter_09._brokers import with_small_buffers
from helpers.chapters.chapter_09.beliefs import ALL_READ, GOODBYE, WHOLE_LINES
from helpers.checks.judges import judging, right_one, wrong_one

EXERCISE = judging(
    "broker",
    right=(
        right_one(
            "the course's own broker",
            with_small_buffers(solutions.selector_broker),
            say.ACCUSED,
        ),
        right_one("a broker of callbacks", with_small_buffers(others.by_callbacks), say.ACCUSED),
        right_one(
            "a broker on asyncio",
            with_small_buffers(others.by_protocols_of_asyncio),
            say.ACCUSED,
        ),
    ),
    wrong=(
        wrong_one(
            "a broker that mixes the pieces of two lines",
            _brokers.passes_pieces,
            say.PIECES,
            WHOLE_LINES,
        ),
        wrong_one(
            "a broker that tells the sender, too",
            _brokers.tells_the_sender,
            say.ECHO,
        ),
        wrong_one(
            "a broker that ends when one client resets",
            _brokers.ends_with_a_client,
            say.RESET,
            GOODBYE,
        ),
        wrong_one(
            "a broker that loses what a slow reader has not taken",
            _brokers.loses_the_rest,
            say.LOST,
            ALL_READ,
        ),
        wrong_one(
            "a broker in which all wait for a slow reader",
            _brokers.waits_for_the_slow,
            say.WAITS,
            ALL_READ,
        ),
        wrong_one(
            "a broker that takes in a line without an end",
            _brokers.collects_without_a_limit,
            say.ENDLESS,
        ),
    ),
    survives="What your judge finds now: at least five of six wrong brokers, and no fault in three "
    "right ones",
)
