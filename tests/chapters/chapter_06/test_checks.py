"""The checks of chapter 06 beyond their answers: what a receiver sees, other results, bounds."""

import contextlib
import io
import re
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from chapters.chapter_06 import right
from helpers.chapters.chapter_06 import (
    _judge_hints,
    _receive_hints,
    _receivers,
    _rto_hints,
    _sender_hints,
)
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_06._outside import LOSS, SEED
from helpers.chapters.chapter_06._peer import MOST, Receiver
from helpers.chapters.chapter_06._receive_live import SEED as ITS_SEED
from helpers.chapters.chapter_06._receive_slips import of_answers
from helpers.chapters.chapter_06._rto_slips import SLIPS
from helpers.chapters.chapter_06._sender_hints import NUMBER
from helpers.chapters.chapter_06._senders import named
from helpers.chapters.chapter_06._verdicts import growing
from helpers.chapters.chapter_06.beliefs import ANY_ACK, FOR_EVER
from helpers.checks import runner
from helpers.checks.wrong import Wrong
from helpers.link.fates import Fates
from helpers.link.impairments import Loss
from helpers.study.check import check
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")

RIGHT = dict(reversed(right.RIGHT))  # the first of each exercise


def tried(name, function, cases=99):
    """The report of a function that was tried against the first of an exercise's cases."""
    exercise = replace(find_exercise(name), cases=find_exercise(name).cases[:cases])
    with contextlib.redirect_stdout(io.StringIO()):
        return runner.run_cases(name, function, exercise)


# What the receiver of the checks sees


class Sending:
    """A sender of the test's own before a receiver of the checks."""

    def __init__(self, stage, window=1, script=lambda peer, came: peer.confirm(came), **options):
        self.peer = Receiver(stage, [b"on", b"off", b"on"], window, script, 10.0, **options)
        self.sock = stage.socket_udp("you")
        self.sock.settimeout(10)

    def send(self, *datagrams):
        for each in datagrams:
            self.sock.sendto(each, self.peer.address)

    def ack(self):
        return wire.read(self.sock.recv(100))[1]


A, B, C, LAST = wire.data(1, b"on"), wire.data(2, b"off"), wire.data(3, b"on"), wire.end(4)


def test_a_receiver_confirms_what_is_in_order(stage):
    sending = Sending(stage)
    for number, datagram in enumerate((A, B, C, LAST), 1):
        sending.send(datagram)
        assert sending.ack() == number
    sending.peer.finish()
    assert (sending.peer.kept, sending.peer.ended) == ([b"on", b"off", b"on"], True)


def test_a_receiver_does_not_keep_what_comes_after_a_gap(stage):
    sending = Sending(stage, window=3)
    sending.send(A, C, B)
    assert [sending.ack() for _ in range(3)] == [1, 1, 2]
    sending.peer.finish()
    assert sending.peer.kept == [b"on", b"off"]


@pytest.mark.parametrize(
    ("datagrams", "words"),
    [
        ([b"hello world"], "neither|nothing but DATA and END"),
        ([b"\x01"], "nothing but DATA and END"),
        ([wire.ack(1)], "nothing but DATA and END"),
        ([wire.data(0, b"on")], "numbers 1 to 3"),
        ([wire.data(1, b"off")], "to carry b'on'"),
        ([wire.end(3)], "END is number 4"),
        ([wire.end(4) + b"x"], "empty"),
        ([B], "DATA 2 came although no message was confirmed"),
        ([LAST], "END came"),
    ],
)
def test_a_receiver_says_what_must_not_come(stage, datagrams, words):
    sending = Sending(stage)
    sending.send(*datagrams)
    with pytest.raises(Wrong, match=words):
        sending.peer.finish()


def test_a_receiver_names_the_belief_after_a_bait_only(stage):
    for bait in (True, False):

        def script(peer, came, bait=bait):
            if bait:
                peer.bait(came.sender, wire.ack(0), NUMBER)
            else:
                peer.say(came.sender, wire.ack(0))

        sending = Sending(stage, script=script, belief=ANY_ACK)
        sending.send(A)
        sending.ack()
        sending.send(B)
        with pytest.raises(Wrong) as caught:
            sending.peer.finish()
        assert caught.value.misconception is (ANY_ACK if bait else None)


def test_a_receiver_has_enough_of_the_same_and_is_kind_then(stage):
    sending = Sending(stage, script=lambda peer, came: peer.lose(came))
    sending.send(*[A] * (MOST + 1))
    assert sending.ack() == 1
    with pytest.raises(Wrong) as caught:
        sending.peer.finish()
    assert caught.value.misconception is FOR_EVER


def test_a_sender_that_hangs_hears_of_waits_that_grow_and_only_of_those(stage):
    peer = Sending(stage).peer
    told = growing(peer, B, [0, 10, 30, 70])
    assert "DATA 2 was sent again after 10000, 20000, 40000 ms" in told
    assert told.endswith("the timeout, 10000 ms")
    assert not growing(peer, B, [0, 10, 30])
    assert not growing(peer, B, [0, 10, 21, 33, 46])


def test_what_is_held_back_is_dealt_with_later_and_seen_at_once(stage):
    held = []

    def script(peer, came):
        if came.number == 1:
            held.append(peer.hold(10.0, most=1))
        peer.confirm(came)

    sending = Sending(stage, window=2, script=script)
    sending.send(A, B)
    assert [sending.ack(), sending.ack()] == [1, 2]
    sending.peer.finish()
    assert held == [1]


def test_lost_datagrams_are_drawn_as_lost_and_in_words(stage):
    sending = Sending(stage, script=lambda peer, came: peer.lose(came))
    sending.send(A)
    sending.peer.finish()
    (event,) = stage.trace.events
    assert (event.source, event.target, event.fate) == ("you", "receiver", "dropped")
    assert (event.head, event.size) == (b"DATA 1: on", 7)


def test_sends_are_noted_also_those_of_a_duplicate(stage):
    sends = []
    sock, other = stage.socket_udp("you"), stage.socket_udp("peer")
    wire.note_sends(sock, sends)
    sock.sendto(A, other.getsockname())
    sock.connect(other.getsockname())
    sock.dup().send(B)
    assert [datagram for datagram, _ in sends] == [A, B]


def test_a_receive_fails_once_when_it_is_told_to(stage):
    sock, other, told = stage.socket_udp("you"), stage.socket_udp("peer"), threading.Event()
    wire.fail_once(sock, told)
    told.set()
    other.sendto(A, sock.getsockname())
    with pytest.raises(ConnectionResetError):
        sock.recvfrom(100)
    assert sock.recvfrom(100)[0] == A


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("message 4 of 8 was not confirmed", True),
        ("gave up at 4", True),
        ("4: silence after 0.1 s.", True),
        ("no ACK of message #4.", True),
        ("message 3 of 8", False),
        ("message 14", False),
        ("after 0.4 s", False),
        ("after 4.5 s", False),
        ("timed out", False),
    ],
)
def test_an_error_holds_a_number_only_as_a_number_of_its_own(text, holds):
    if holds:
        named(TimeoutError(text), 4)
    else:
        with pytest.raises(Wrong, match="which is 4"):
            named(TimeoutError(text), 4)


@pytest.mark.parametrize("seed", [SEED, ITS_SEED])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_no_ten_tries_in_a_row_can_fail_with_the_seeds_of_the_links(seed, stride):
    """Whichever packets ten tries are: more arrive than ACKs are ever lost in a row."""
    fates = {way: Fates([Loss(LOSS)], seed, way, 0) for way in ("up", "down")}
    arrives = {way: [not each.next()[0] for _ in range(200)] for way, each in fates.items()}
    there = min(
        sum(arrives["up"][first : first + 10 * stride : stride])
        for first in range(200 - 9 * stride)
    )
    longest = max(map(len, "".join(".x"[not each] for each in arrives["down"]).split(".")))
    assert there > longest


# Classes and other results


def test_an_untouched_estimator_is_not_started():
    class RtoEstimator:
        """Estimates the timeout."""

        def __init__(self, minimum: float = 1.0, maximum: float = 60.0) -> None:
            """Begin without a sample."""
            raise NotImplementedError

        def sample(self, rtt: float) -> None:
            """Take a round trip."""
            raise NotImplementedError

        def timeout(self) -> float:
            """The timeout."""
            raise NotImplementedError

        def back_off(self) -> None:
            """Double it."""
            raise NotImplementedError

    assert "not started" in repr(check(RtoEstimator))


def test_an_estimator_that_is_not_finished_hears_so():
    class RtoEstimator:
        def __init__(self, minimum=1.0, maximum=60.0):
            self.rto = 1.0

        def sample(self, rtt):
            raise NotImplementedError

        def timeout(self):
            return self.rto

        def back_off(self):
            raise NotImplementedError

    report = tried("RtoEstimator", RtoEstimator)
    assert any("not written yet" in outcome.problem for outcome in report.outcomes)


@pytest.mark.parametrize("result", [None, "1.0", True, float("nan"), 10**400, [1.0]])
def test_an_estimator_with_another_result_hears_what_was_expected(result):
    class RtoEstimator(right.KeepsTwoNumbers):
        def timeout(self):
            return result

    first = tried("RtoEstimator", RtoEstimator, cases=1).outcomes[0]
    assert "Expected timeout() to be 1" in first.problem


@pytest.mark.parametrize(
    "result",
    [
        None,
        4,
        SimpleNamespace(transmissions=4),
        SimpleNamespace(transmissions="4", rtts=[]),
        SimpleNamespace(transmissions=True, rtts=[0.1]),
        SimpleNamespace(transmissions=4, rtts=None),
        SimpleNamespace(transmissions=4, rtts=(0.1,) * 4),
        SimpleNamespace(transmissions=4, rtts=["0.1"] * 4),
        SimpleNamespace(transmissions=4, rtts=[-1.0] * 4),
        SimpleNamespace(transmissions=4, rtts=[9.0] * 4),
    ],
)
def test_a_sender_with_another_result_hears_what_was_expected(result):
    def send_reliably(sock, address, messages, timeout):
        RIGHT["send_reliably"](sock, address, messages, timeout)
        return result

    first = tried("send_reliably", send_reliably, cases=1).outcomes[0]
    assert "xpected" in first.problem


@pytest.mark.parametrize("result", [None, (b"21.5",), ["21.5"], [bytearray(b"21.5")], {}])
def test_a_receiver_with_another_result_hears_what_was_expected(result):
    def receive_reliably(sock):
        RIGHT["receive_reliably"](sock)
        return result

    first = tried("receive_reliably", receive_reliably, cases=1).outcomes[0]
    assert "xpected" in first.problem


@pytest.mark.parametrize("name", ["receive_reliably", "send_reliably"])
def test_a_function_that_closes_the_callers_socket_hears_so(name):
    def closes(sock, *rest):
        try:
            return RIGHT[name](sock, *rest)
        finally:
            sock.close()

    closes.__name__ = name
    assert "has closed sock" in tried(name, closes, cases=1).outcomes[0].problem


@pytest.mark.parametrize("name", ["receive_reliably", "send_reliably"])
def test_a_report_draws_the_conversation_in_words(name):
    def stops(sock, *rest):
        RIGHT[name](sock, *rest)

    stops.__name__ = name
    assert "DATA 1" in repr(tried(name, stops, cases=1))


# What judges are asked about

ASKED = [A, A, C, wire.end(3), b"\x01", B, A, C, wire.end(9), wire.end(4), wire.end(4), C]
RIGHT_ANSWERS = [1, 1, 1, 1, None, 2, 2, 3, 3, 4, 4, 4]


def test_right_rules_confirm_up_to_where_all_is_here():
    rules = _receivers.Rules()
    assert [rules.take(datagram) for datagram in ASKED] == RIGHT_ANSWERS


@pytest.mark.parametrize(
    ("rules", "differs_at"),
    [
        (_receivers.SilentToCopies, [A, C]),
        (_receivers.CountsCopies, [A]),
        (_receivers.KeepsWhatIsEarly, [C]),
        (_receivers.EndsAtAnyEnd, [wire.end(3)]),
    ],
)
def test_a_wrong_receiver_answers_as_a_right_one_until_its_belief_matters(rules, differs_at):
    wrong, right = rules(), _receivers.Rules()
    for datagram, number in zip(ASKED, RIGHT_ANSWERS, strict=True):
        assert right.take(datagram) == number
        if wrong.take(datagram) != number:
            assert datagram in differs_at
            return
    pytest.fail("it never differs")


def test_without_any_accident_all_wrong_receivers_answer_as_right_ones():
    for rules in (
        _receivers.SilentToCopies,
        _receivers.CountsCopies,
        _receivers.KeepsWhatIsEarly,
        _receivers.EndsAtAnyEnd,
        _receivers.TrustsTheLength,
    ):
        wrong = rules()
        assert [wrong.take(datagram) for datagram in (A, B, C, LAST)] == [1, 2, 3, 4]


# Hints for each way to fail


HINTS = [
    pytest.param(each, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (_judge_hints, _receive_hints, _rto_hints, _sender_hints)
    for name, each in vars(module).items()
    if isinstance(each, tuple)
]


@pytest.mark.parametrize("hints", HINTS)
def test_a_failure_has_three_hints_in_whole_sentences_without_code(hints):
    assert len(set(hints)) == 3
    for hint in hints:
        assert hint.endswith((".", "?"))
        assert not re.search(r"\b(sock|self)\.\w|def |return \(", hint)


@pytest.mark.parametrize(("model", "hints"), SLIPS, ids=[model.__name__ for model, _ in SLIPS])
def test_an_estimator_hears_of_the_slip_that_it_has(model, hints):
    class RtoEstimator(model):
        def sample(self, rtt):
            if rtt < 0:
                raise ValueError
            super().sample(rtt)

    assert tried("RtoEstimator", RtoEstimator).hint(1) == hints[0]


@pytest.mark.parametrize(
    ("got", "hints"),
    [
        ([1, 2, 3, 2, 3, 3, 4, 5], None),
        ([], _receive_hints.NEVER),
        ([1, 2, 2, 3, 4, 4, 5, 6], _receive_hints.NEXT),
        ([2, 1, 3, 2, 3, 5, 4, 5], _receive_hints.THAT_NUMBER),
        ([0, 2, 3, 3, 3, 3, 5, 5], _receive_hints.EARLY),
        ([1, 2, 3, 4, 5], _receive_hints.SILENT_TO_EARLY),
        ([0, 1, 1, 2, 3, 5, 4, 5], _receive_hints.END_TOO_EARLY),
        ([0, 1, 1, 2, 3, 3, 4, 4], _receive_hints.END_NOT_COUNTED),
        ([0, 1, 1, 2, 3, 4], _receive_hints.END_UNANSWERED),
    ],
)
def test_acks_tell_which_slip_is_behind_them(got, hints):
    sent = [B, A, C, B, C, wire.end(5), wire.data(4, b"off"), wire.end(5)]
    assert of_answers(got, sent)[1] == hints
