"""What a program of A2 must do: each side alone, then how well, then both."""

from __future__ import annotations

from helpers.assignments.a2 import _end_cases as end
from helpers.assignments.a2 import _hints as hints
from helpers.assignments.a2 import _receiver_cases as receiver
from helpers.assignments.a2 import _sender_cases as sender
from helpers.assignments.a2 import _speed_cases as speed
from helpers.assignments.a2 import beliefs, charts
from helpers.assignments.a2._field import RECEIVER, SENDER
from helpers.checks.cases import Case, Exercise
from helpers.checks.milestones import Assignment, Milestone

ROUNDS = 5  # twice as many seconds for a case: transfers that are slow and right take some
SECONDS = 45.0  # for all cases of a milestone


def _milestone(name: str, title: str, points: int, *cases: Case, **more: object) -> Milestone:
    exercise = Exercise(cases, "", seconds=SECONDS)
    return Milestone(name, title, SENDER, exercise, points, other=RECEIVER, **more)


ASSIGNMENT = Assignment(
    "A2",
    "Firmware over a bad link",
    (SENDER, RECEIVER),
    (
        _milestone(
            "small",
            "images cross a link without faults",
            3,
            Case(
                "the sender's packets",
                "A receiver takes five images, of 0 to 20,000 bytes, and looks at each datagram.",
                sender.sends,
                hints.SENDING,
                rounds=3,
            ),
            Case(
                "images received",
                "Our sender sends five images, of 0 to 20,000 bytes.",
                receiver.receives,
                hints.RECEIVING,
                rounds=3,
            ),
            Case(
                "the receiver's answers",
                "A sender sends OFFER three times, then chunk by chunk, and looks at each answer.",
                receiver.answers_each,
                hints.RECEIVING,
                rounds=2,
            ),
        ),
        _milestone(
            "loss",
            "packets and answers get lost",
            2,
            Case(
                "the sender: loss",
                "A link loses the first packet each way; another one loses one of ten.",
                sender.survives_loss,
                hints.REPEATING,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: loss",
                "A link loses the first packet each way; another one loses one of ten.",
                receiver.survives_loss,
                hints.REPEATING,
                rounds=ROUNDS,
            ),
        ),
        _milestone(
            "order",
            "packets come twice, and later ones before earlier ones",
            2,
            Case(
                "the sender: old answers",
                "Each answer comes twice, and older ones after newer ones.",
                sender.survives_disorder,
                hints.SENDING,
                if_it_hangs=beliefs.NO_DUPLICATES,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: disorder",
                "Chunks come twice and from the last to the first.",
                receiver.survives_disorder,
                hints.RECEIVING,
                rounds=ROUNDS,
            ),
        ),
        _milestone(
            "damage",
            "packets arrive with bits flipped",
            2,
            Case(
                "the sender: damaged answers",
                "Before each right answer come damaged ones that say DONE, FAIL or too much.",
                sender.survives_damage,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: damaged packets",
                "Before right packets come some with one bit flipped, each in another field.",
                receiver.survives_damage,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
        ),
        _milestone(
            "limits",
            "sizes, numbers and the window are kept",
            3,
            Case(
                "the sender: the window",
                "The receiver says for a while that chunk 0 is missing.",
                sender.keeps_the_window,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
            Case(
                "the sender: sizes and numbers",
                "Answers come that are not allowed; a link drops what is over 512 bytes.",
                sender.keeps_the_size,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: numbers",
                "Packets come whose numbers or sizes are not allowed.",
                receiver.ignores_nonsense,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
        ),
        _milestone(
            "strangers",
            "others speak to the same port",
            2,
            Case(
                "the sender: others' answers",
                "A stranger and an earlier transfer say DONE, FAIL and ACK.",
                sender.ignores_strangers,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: others' packets",
                "A stranger and an earlier transfer send OFFER, DATA and FAIL.",
                receiver.ignores_strangers,
                hints.LIMITS,
                rounds=ROUNDS,
            ),
        ),
        _milestone(
            "the end",
            "both sides know how it ended",
            4,
            Case(
                "the sender: DONE is lost",
                "The receiver's last answer is lost, twice.",
                sender.asks_again_at_the_end,
                hints.REPEATING,
                rounds=ROUNDS,
            ),
            Case(
                "the sender: FAIL",
                "The receiver says that the hash is wrong; another one refuses at once.",
                sender.passes_failure_on,
                hints.FAILING,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: DONE is lost",
                "The sender asks again 0.6 s after DONE, and once more.",
                receiver.stays_for_the_end,
                hints.REPEATING,
                rounds=ROUNDS,
            ),
            Case(
                "the receiver: a wrong hash",
                "A sender ends the transfer by FAIL; another one offers the hash of another image.",
                receiver.finds_a_wrong_hash,
                hints.FAILING,
                rounds=ROUNDS,
            ),
        ),
        _milestone(
            "giving up",
            "a dead link ends the transfer, a silent one does not",
            4,
            *(
                Case(name, peer, run, hints.FAILING, rounds=7)
                for name, peer, run in (
                    (
                        "the sender: a dead link",
                        "After a few chunks only a stranger and damaged packets come.",
                        end.sender_gives_up,
                    ),
                    (
                        "the receiver: a dead link",
                        "Nothing valid comes: from the start, and after two chunks.",
                        end.receiver_gives_up,
                    ),
                    (
                        "the sender: silence",
                        "The link is silent for 2 s.",
                        end.sender_survives_silence,
                    ),
                    (
                        "the receiver: silence",
                        "The sender is silent for 2 s, twice.",
                        end.receiver_survives_silence,
                    ),
                )
            ),
        ),
        _milestone(
            "goodput",
            "the link is kept busy",
            4,
            *(
                Case(
                    f"{share:.0%} of the best possible",
                    "A link of 200 kB/s, 20 ms each way, that loses one of ten packets each way.",
                    speed.reaches(share),
                    hints.SPEED,
                    rounds=20,
                )
                for share in speed.GRADES
            ),
            picture=charts.goodput,
        ),
        _milestone(
            "few repeats",
            "what has come is not sent again",
            3,
            *(
                Case(
                    f"the sender: each chunk {limit:g} times at most",
                    "A link loses one of ten packets each way.",
                    speed.repeats_at_most(limit),
                    hints.THRIFT,
                    rounds=10,
                )
                for limit in speed.AT_MOST
            ),
            Case(
                "the receiver: it tells of what has come",
                "Our sender repeats what the receiver does not tell of, over a link with loss.",
                speed.spares_the_sender,
                hints.THRIFT,
                rounds=6,
            ),
        ),
        _milestone(
            "together",
            "your own two halves carry 1 MB through it all",
            1,
            Case(
                "1 MB through loss, damage, duplicates and disorder",
                "Your sender sends to your receiver.",
                speed.works_together,
                hints.SPEED,
                rounds=16,
            ),
        ),
    ),
    seeds=speed.SEEDS,
)
