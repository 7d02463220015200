"""The check of `judge_lamp`: three right lamps, and six that are wrong in one belief each."""

from __future__ import annotations

from helpers.chapters.chapter_03 import _hints_judge as say
from helpers.chapters.chapter_03 import _lamps, others, solutions
from helpers.chapters.chapter_03.beliefs import ASKED_ONCE, IN_ONE_PIECE, WELL_MEANT
from helpers.checks.judges import judging, right_one, wrong_one

EXERCISE = judging(
    "lamp",
    right=(
        right_one("the course's own lamp", solutions.lamp_server, say.ACCUSED),
        right_one("a lamp built in two parts", others.is_a_lamp_and_its_network, say.ACCUSED),
        right_one(
            "a lamp that serves all apps at once", others.has_a_thread_for_each_app, say.ACCUSED
        ),
    ),
    wrong=(
        wrong_one(
            "a lamp that understands a command only in one piece",
            _lamps.answers_pieces_with_errors,
            say.PIECES,
            IN_ONE_PIECE,
        ),
        wrong_one(
            "a lamp that obeys a command that was cut off",
            _lamps.obeys_half_a_line,
            say.CUT_OFF,
            IN_ONE_PIECE,
        ),
        wrong_one(
            "a lamp that toggles again when the app asks again",
            _lamps.obeys_every_time,
            say.AGAIN,
            ASKED_ONCE,
        ),
        wrong_one(
            "a lamp that toggles again for an app that comes back",
            _lamps.forgets_ids_between_conversations,
            say.COMES_BACK,
            ASKED_ONCE,
        ),
        wrong_one(
            "a lamp that hangs up at one bad line",
            _lamps.hangs_up_at_nonsense,
            say.BAD_LINE,
            WELL_MEANT,
        ),
        wrong_one(
            "a lamp that takes in a line without an end",
            _lamps.collects_without_a_limit,
            say.ENDLESS,
            WELL_MEANT,
        ),
    ),
    survives="What your judge finds now: at least five of six wrong lamps, and no fault in three "
    "right ones",
)
