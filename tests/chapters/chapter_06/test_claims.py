"""The claims of chapter 06's prose, each by the experiment that shows it."""

import ast
import contextlib
import functools
import random
import threading
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest
from drive.on_disk import ROOT

from helpers.link.link import Link

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "06_reliable_delivery_over_udp.py"


@pytest.fixture(scope="module")
def chapter():
    """The chapter's imports, functions, classes and constants, without running its experiments."""
    names = {"__name__": "chapter_06"}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type == "code":
            kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
            exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return SimpleNamespace(**names)


def _is_definition(node):
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]).isupper()
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))


def eventually(experiment, times=5):
    """Whether an experiment that depends on timers comes out as told: a stall may spoil some."""
    return any(experiment() for _ in range(times))


@contextlib.contextmanager
def receiving(chapter, sock):
    """Run the chapter's `receive_reliably` in a thread; the list has its result at the end."""
    results = []
    thread = threading.Thread(target=lambda: results.append(chapter.receive_reliably(sock)))
    thread.start()
    yield results
    thread.join(20)
    assert not thread.is_alive()


def sent_numbers(chapter, trace, kind):
    """The numbers of all datagrams of a kind that a client sent, in order."""
    pairs = [chapter.HEADER.unpack(e.head[:5]) for e in trace if e.source != "server"]
    return [number for each, number in pairs if each == kind]


# Stop-and-wait, step by step


def test_every_datagram_begins_with_five_bytes(chapter):
    assert chapter.HEADER.size == len(chapter.packet(chapter.ACK, 7)) == 5


def test_after_a_lost_packet_a_sender_without_a_timer_and_its_receiver_wait(chapter, capsys):
    kept, _ = chapter.deliver(chapter.wait_for_ack, chapter.keep_all, up={2: "drop"})
    assert kept == [b"open"]
    assert "the sender waits in vain" in capsys.readouterr().out


def test_after_a_lost_ack_a_receiver_that_keeps_all_has_shut_twice(chapter):
    def experiment():
        kept, _ = chapter.deliver(chapter.repeat_until_ack, chapter.keep_all, down={2: "drop"})
        return kept == [b"open", b"shut", b"shut", b"open"]

    assert eventually(experiment)


def test_a_receiver_that_is_silent_about_old_messages_is_asked_until_the_sender_gives_up(
    chapter, capsys
):
    kept, trace = chapter.deliver(chapter.repeat_until_ack, chapter.ignore_old, down={2: "drop"})
    assert kept == [b"open", b"shut"]
    assert sent_numbers(chapter, trace, chapter.DATA)[-4:] == [2, 2, 2, 2]
    assert "the sender waits in vain" in capsys.readouterr().out


def test_a_late_ack_makes_a_sender_content_that_has_lost_two_events(chapter, capsys):
    def experiment():
        kept, _ = chapter.deliver(
            chapter.repeat_until_ack, chapter.confirm_each, up={3: "drop"}, down={1: 0.15}
        )
        return kept == [b"open"] and "the sender is content" in capsys.readouterr().out

    assert eventually(experiment)


def test_numbers_in_both_directions_survive_all_four_accidents(chapter):
    kept, trace = chapter.deliver(
        chapter.stop_and_wait,
        chapter.confirm_up_to,
        up={3: "drop", 4: "duplicate"},
        down={1: 0.15, 3: "drop"},
    )
    assert kept == chapter.EVENTS
    assert {event.fate for event in trace} >= {"delivered", "dropped", "duplicate"}


# The exercises' examples


def test_the_receivers_example_is_answered_as_its_docstring_says(chapter, udp):
    receiver, sender = udp(timeout=0.5), udp()
    answers = []
    with receiving(chapter, receiver) as results:
        for kind, number, payload in (
            (chapter.DATA, 1, b"a"),
            (chapter.DATA, 1, b"a"),
            (chapter.DATA, 3, b"c"),
            (chapter.DATA, 2, b"b"),
            (chapter.END, 3, b""),
        ):
            sender.sendto(chapter.packet(kind, number, payload), receiver.getsockname())
            answers.append(chapter.HEADER.unpack(sender.recv(64)))
    assert answers == [(chapter.ACK, number) for number in (1, 1, 1, 2, 3)]
    assert results == [[b"a", b"b"]]


def test_a_message_that_was_sent_again_gives_no_sample(chapter, udp):
    def experiment():
        receiver, sender = udp(timeout=0.5), udp()
        with (
            Link(receiver.getsockname(), up={"script": {1: "drop"}}, name="claim") as link,
            receiving(chapter, receiver) as results,
        ):
            stats = chapter.send_reliably(sender, link.address, [b"open", b"shut"], 0.2)
        assert results == [[b"open", b"shut"]]
        return stats.transmissions == 3 and len(stats.rtts) == 1

    assert eventually(experiment)


def test_a_sender_without_a_peer_gives_up_and_names_the_first_message(chapter, udp):
    silent, sender = udp(), udp()
    with pytest.raises(TimeoutError, match="message 1 of 2 was not confirmed"):
        chapter.send_reliably(sender, silent.getsockname(), [b"open", b"shut"], 0.01)
    silent.settimeout(0)
    datagrams = []
    with contextlib.suppress(BlockingIOError):
        while True:
            datagrams.append(silent.recv(64))
    assert datagrams == [chapter.packet(chapter.DATA, 1, b"open")] * chapter.TRIES


def test_the_estimators_example_is_0_3_then_0_25_then_0_5(chapter):
    estimator = chapter.RtoEstimator(minimum=0)
    seen = [estimator.timeout()]
    for step in (lambda: estimator.sample(0.1), lambda: estimator.sample(0.1), estimator.back_off):
        step()
        seen.append(estimator.timeout())
    assert seen == pytest.approx([1.0, 0.3, 0.25, 0.5])


def test_go_back_n_with_a_window_of_4_sends_12_datagrams_where_2_of_8_is_lost(chapter, udp):
    def experiment():
        receiver, sender = udp(timeout=0.5), udp()
        with (
            Link(receiver.getsockname(), up={"script": {2: "drop"}}, name="claim") as link,
            receiving(chapter, receiver) as results,
        ):
            sent = chapter.go_back_n_send(sender, link.address, [b"x"] * 8, 4, 0.2)
        assert results == [[b"x"] * 8]
        return sent == 12 and sent_numbers(chapter, link.trace, chapter.DATA)[5:9] == [2, 3, 4, 5]

    assert eventually(experiment)


# How many tries


@functools.cache
def _tries(tries, loss):
    return np.concatenate([tries(loss, seed) for seed in (1, 2, 3)])


@pytest.mark.parametrize("loss", [0, 0.1, 0.2, 0.3, 0.4, 0.5])
def test_a_message_takes_1_over_1_minus_p_squared_tries_within_the_95_percent_interval(
    chapter, loss
):
    sent = _tries(chapter.tries, loss)
    margin = 1.96 * sent.std() / len(sent) ** 0.5
    assert len(sent) == 450
    assert abs(sent.mean() - 1 / (1 - loss) ** 2) <= margin + 1e-9


def test_by_theory_it_is_2_04_tries_at_0_3_and_4_at_0_5():
    assert round(1 / (1 - 0.3) ** 2, 2) == 2.04
    assert 1 / (1 - 0.5) ** 2 == 4


def test_the_number_of_tries_is_the_same_for_the_same_seed(chapter):
    assert list(chapter.tries(0.3, 1)) == list(chapter.tries(0.3, 1))


# Timers


def test_a_timer_below_the_round_trip_sends_several_datagrams_for_each_message(chapter):
    datagrams, _ = chapter.cost(0.003, loss=0)
    assert datagrams >= 3


def test_a_timer_a_little_above_the_round_trip_costs_no_more_datagrams_than_a_long_one(chapter):
    assert eventually(lambda: chapter.cost(0.015)[0] == chapter.cost(0.09)[0])


def test_a_round_trip_of_the_timers_experiment_takes_ten_milliseconds(chapter):
    assert chapter.cost(0.09, loss=0)[1] >= 10


def test_with_a_timer_of_90_ms_most_of_the_time_is_waiting_for_what_is_lost(chapter):
    datagrams, milliseconds = chapter.cost(0.09)
    waits = (datagrams - 1) * 10 * 90  # ten messages
    assert milliseconds * 10 >= waits
    assert waits > 10 * 10  # more than ten round trips of ten milliseconds


def test_the_first_timer_is_three_times_the_first_sample(chapter):
    def experiment():
        first, second = chapter.follow(messages=2)
        return len(first[2]) == 1 and second[1] == pytest.approx(3 * first[2][0], rel=0.05)

    assert eventually(experiment)


def test_after_the_delay_has_grown_a_message_or_two_go_again_before_a_sample_is_valid(chapter):
    def experiment():
        again = [len(since) > 1 for _, _, since in chapter.follow()]
        return again[25] and not all(again[26:28])

    assert eventually(experiment)


def test_the_two_possible_samples_of_a_repeated_message_differ(chapter):
    for _, _, since in chapter.follow(messages=30):
        assert since == sorted(since, reverse=True)
        assert len(set(since)) == len(since)


# Windows


@pytest.mark.parametrize(
    ("selective", "numbers"),
    [(False, [1, 2, 3, 4, 5, 2, 3, 4, 5, 6]), (True, [1, 2, 3, 4, 5, 2, 6])],
)
def test_go_back_n_repeats_all_from_the_lost_one_on_and_selective_repeat_only_it(
    chapter, selective, numbers
):
    def experiment():
        arrived, trace = chapter.transfer(
            selective, window=4, messages=6, script={2: "drop"}, seconds=9, slot=0.005
        )
        assert arrived == 6
        return sent_numbers(chapter, trace, chapter.DATA) == numbers

    assert eventually(experiment)


@pytest.mark.parametrize("window", [1, 4])
def test_a_window_below_8_can_not_fill_the_path(chapter, window):
    arrived, _ = chapter.transfer(False, window, seconds=0.13)
    assert chapter.TRIP == 8
    assert arrived <= window * (0.13 / (chapter.TRIP * 0.001) + 1)


@pytest.mark.parametrize("name", ["Go-Back-N", "Selective Repeat"])
def test_without_loss_a_window_of_32_fills_the_path(chapter, name):
    measure = chapter.goodput.__wrapped__
    assert eventually(lambda: 0.8 < measure(name, 32, 0) <= 1.1)


@pytest.mark.parametrize("loss", [0.1, 0.2, 0.3])
def test_with_a_window_of_32_loss_hurts_go_back_n_more_than_selective_repeat(chapter, loss):
    def experiment():
        go_back_n, selective, alone = (
            chapter.goodput.__wrapped__(name, window, loss)
            for name, window in (("Go-Back-N", 32), ("Selective Repeat", 32), ("stop-and-wait", 1))
        )
        return selective > 1.5 * go_back_n and go_back_n > 1.2 * alone

    assert eventually(experiment)


def test_a_window_above_8_helps_selective_repeat_only(chapter):
    def experiment():
        gains = {
            name: chapter.goodput.__wrapped__(name, 32, 0.1)
            / chapter.goodput.__wrapped__(name, 8, 0.1)
            for name in ("Go-Back-N", "Selective Repeat")
        }
        return gains["Selective Repeat"] > 1.2 > gains["Go-Back-N"]

    assert eventually(experiment)


def test_at_a_window_of_8_selective_repeat_stays_below_its_curve(chapter):
    measured = chapter.goodput.__wrapped__("Selective Repeat", 8, 0.1)
    assert measured < chapter.theory("Selective Repeat", 8, 0.1) == pytest.approx(0.9)


@pytest.mark.parametrize("loss", [0.05, 0.1, 0.3])
def test_with_a_timer_of_one_round_trip_the_formulas_are_those_of_the_books(
    chapter, loss, monkeypatch
):
    monkeypatch.setitem(chapter.theory.__globals__, "TIMER", chapter.TRIP)
    full = 8  # 1 + 2a, in slots
    books = {
        ("stop-and-wait", 1): (1 - loss) / full,
        ("Go-Back-N", 4): 4 * (1 - loss) / (full * (1 - loss + 4 * loss)),
        ("Go-Back-N", 32): (1 - loss) / (1 + (full - 1) * loss),
        ("Selective Repeat", 4): 4 / full * (1 - loss),
        ("Selective Repeat", 32): 1 - loss,
    }
    for (name, window), value in books.items():
        assert chapter.theory(name, window, loss) == pytest.approx(value)


# CoAP


def test_coap_waits_2_to_3_seconds_doubles_four_times_and_gives_up_after_31_times_the_first(
    chapter,
):
    for seed in range(100):
        timers = [timer * chapter.FASTER for timer in chapter.coap_timers(random.Random(seed))]
        assert len(timers) == 5
        assert 2 <= timers[0] <= 3
        assert timers == pytest.approx([timers[0] * factor for factor in (1, 2, 4, 8, 16)])
        assert sum(timers) == pytest.approx(31 * timers[0])
        assert 62 <= sum(timers) <= 93
        assert sum(timers[:4]) >= 30  # outlasts a silence of half a minute


@pytest.mark.parametrize(("lost", "confirmed"), [(4, True), (5, False)])
def test_coap_is_confirmed_after_4_losses_and_gives_up_after_5(chapter, lost, confirmed):
    sent, result = chapter.times_of(chapter.by_coap, chapter.confirm_coap, lost)
    assert (len(sent), result) == (5, confirmed)


@pytest.mark.parametrize("passed", [True, False], ids=["yours", "stop_and_wait"])
def test_without_doubling_a_silence_of_4_packets_is_over_sooner_than_with_coap(
    chapter, monkeypatch, passed
):
    yours = chapter.send_reliably if passed else None  # as `own_answer` gives it
    monkeypatch.setitem(chapter.by_you.__globals__, "yours", yours)

    def experiment():
        mine, _ = chapter.times_of(chapter.by_you, chapter.confirm_number, 4)
        assert len(mine) == 5  # an END is not counted
        coap, _ = chapter.times_of(chapter.by_coap, chapter.confirm_coap, 4)
        return mine[-1] < coap[-1]

    assert eventually(experiment)


def test_thirty_devices_in_step_collide_again_and_again_and_at_random_they_do_not(chapter):
    def experiment():
        together, spread = chapter.herd(1.0)[0], chapter.herd(chapter.ACK_RANDOM_FACTOR)[0]
        return len(together) < 30 == len(spread)

    assert eventually(experiment)


def test_the_gateway_takes_a_message_in_a_fifth_of_a_second_and_queues_four_more(chapter):
    confirmed, trace = chapter.herd(1.0)
    assert '"rate": 4 * FASTER * 5, "queue": 4 * 5' in SOURCE.read_text(encoding="utf-8")
    assert chapter.COAP.size == 4
    burst = [event for event in trace if event.source != "server"][:30]
    assert [event.fate for event in burst[:5]] == ["delivered"] * 5
    assert confirmed >= {0, 1, 2, 3, 4}
