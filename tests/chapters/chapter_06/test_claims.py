"""The claims of chapter 06's prose, each by the experiment that shows it."""

import ast
import contextlib
import functools
import inspect
import random
import threading
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest
from drive.on_disk import ROOT
from support.stalls import eventually

from helpers.link.link import Link
from helpers.servers.servers import run_server

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
    kept, _ = chapter.staging.deliver(
        chapter.wait_for_ack, chapter.keep_all, chapter.EVENTS, up={2: "drop"}
    )
    assert kept == [b"open"]
    assert "the sender waits in vain" in capsys.readouterr().out


def test_after_a_lost_ack_a_receiver_that_keeps_all_has_shut_twice(chapter):
    def experiment():
        kept, _ = chapter.staging.deliver(
            chapter.repeat_until_ack, chapter.keep_all, chapter.EVENTS, down={2: "drop"}
        )
        return kept == [b"open", b"shut", b"shut", b"open"]

    assert eventually(experiment)


def test_a_receiver_that_is_silent_about_old_messages_is_asked_until_the_sender_gives_up(
    chapter, capsys
):
    kept, trace = chapter.staging.deliver(
        chapter.repeat_until_ack, chapter.skip_old, chapter.EVENTS, down={2: "drop"}
    )
    assert kept == [b"open", b"shut"]
    assert sent_numbers(chapter, trace, chapter.DATA)[-4:] == [2, 2, 2, 2]
    assert "the sender waits in vain" in capsys.readouterr().out


def test_a_late_ack_makes_a_sender_content_that_has_lost_two_events(chapter, capsys):
    def experiment():
        kept, _ = chapter.staging.deliver(
            chapter.repeat_until_ack,
            chapter.confirm_each,
            chapter.EVENTS,
            up={3: "drop"},
            down={1: 0.15},
        )
        return kept == [b"open"] and "the sender has its ACKs" in capsys.readouterr().out

    assert eventually(experiment)


def test_numbers_in_both_directions_survive_all_four_accidents(chapter):
    kept, trace = chapter.staging.deliver(
        chapter.stop_and_wait,
        chapter.staging.confirm_up_to,
        chapter.EVENTS,
        up={3: "drop", 4: "duplicate"},
        down={1: 0.15, 3: "drop"},
    )
    assert kept == chapter.EVENTS
    assert {event.fate for event in trace} >= {"delivered", "dropped", "duplicate"}


def test_a_pair_survives_five_losses_in_a_row(chapter):
    """The change that the chapter invites to."""
    kept, _ = chapter.staging.deliver(
        chapter.stop_and_wait,
        chapter.staging.confirm_up_to,
        chapter.EVENTS,
        up=["drop"] * 5,
        down={1: 0.15},
    )
    assert kept == chapter.EVENTS


@pytest.mark.parametrize("given", [False, True])
def test_two_ends_that_meet_survive_a_loss_a_copy_a_late_ack_and_a_lost_one(chapter, given):
    pair = (chapter.send_reliably, chapter.receive_reliably) if given else (None, None)
    accidents = {"up": {1: "drop", 3: "duplicate"}, "down": {3: 0.08, 5: "drop"}}

    def experiment():
        kept, stats, trace = chapter.staging.meet(*pair, chapter.EVENTS, **accidents)
        fates = {event.fate for event in trace}
        return (kept, stats.transmissions) == (chapter.EVENTS, 4) and len(fates) == 3

    assert eventually(experiment)


# The exercises' examples


@pytest.mark.parametrize(
    ("datagrams", "confirmed"),
    [
        (("DATA 1 a", "DATA 2 b", "END 3"), [1, 2, 3]),
        (("DATA 1 a", "DATA 1 a", "DATA 3 c", "DATA 2 b", "END 3"), [1, 1, 1, 2, 3]),
    ],
)
def test_the_receivers_examples_are_answered_as_its_docstring_says(
    chapter, udp, datagrams, confirmed
):
    receiver, sender = udp(timeout=0.5), udp()
    answers = []
    with receiving(chapter, receiver) as results:
        for datagram in datagrams:
            kind, number, *payload = datagram.split()
            head = getattr(chapter, kind), int(number)
            sender.sendto(chapter.packet(*head, "".join(payload).encode()), receiver.getsockname())
            answers.append(chapter.HEADER.unpack(sender.recv(64)))
    assert answers == [(chapter.ACK, number) for number in confirmed]
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


def test_the_judges_example_is_refused(chapter):
    def confirms_what_comes(sock):
        while True:
            datagram, sender = sock.recvfrom(2048)
            number = chapter.HEADER.unpack(datagram[:5])[1]
            sock.sendto(chapter.packet(chapter.ACK, number), sender)

    with run_server(confirms_what_comes, kind="udp") as server:
        with chapter.udp_socket() as sock:
            assert chapter._answer(sock, server.address, chapter.packet(chapter.DATA, 2)) == 2
        assert chapter.judge_receiver(server.address) is False


def test_a_right_receiver_passes_the_chapters_judge(chapter):
    with run_server(lambda sock: chapter.receive_reliably(timed(sock, 2.0)), kind="udp") as server:
        assert chapter.judge_receiver(server.address) is True


def timed(sock, seconds):
    sock.settimeout(seconds)
    return sock


# It is not yet what TCP does


def test_there_is_never_more_than_one_message_on_its_way(chapter):
    _, trace = chapter.staging.deliver(
        chapter.stop_and_wait, chapter.staging.confirm_up_to, chapter.EVENTS
    )
    numbers = [chapter.HEADER.unpack(event.head[:5])[:2] for event in trace]
    assert numbers == [(kind, n) for n in (1, 2, 3) for kind in (chapter.DATA, chapter.ACK)]


def test_the_chapters_sender_does_not_slow_down_when_the_network_loses(chapter):
    def experiment():
        _, trace = chapter.staging.deliver(
            chapter.stop_and_wait, chapter.staging.confirm_up_to, chapter.EVENTS, up=["drop"] * 4
        )
        times = [event.time for event in trace if event.source != "server"][:5]
        gaps = np.diff(times)
        return len(gaps) == 4 and gaps.max() < 1.5 * gaps.min()

    assert eventually(experiment)


def test_the_chapter_does_not_call_that_the_heart_of_tcp():
    text = SOURCE.read_text(encoding="utf-8")
    assert "heart of TCP" not in text
    assert "only one packet on its way" in text


# How many tries


@functools.cache
def _tries(tries, loss):
    return tries(loss)


@pytest.mark.parametrize("loss", [0, 0.1, 0.2, 0.3, 0.4, 0.5])
def test_a_message_takes_1_over_1_minus_p_squared_tries_within_the_95_percent_interval(
    chapter, loss
):
    sent = _tries(chapter.staging.tries, loss)
    margin = 1.96 * sent.std() / len(sent) ** 0.5
    assert len(sent) == 450
    assert abs(sent.mean() - 1 / (1 - loss) ** 2) <= margin + 1e-9


def test_by_theory_it_is_2_04_tries_at_0_3_and_4_at_0_5():
    assert round(1 / (1 - 0.3) ** 2, 2) == 2.04
    assert 1 / (1 - 0.5) ** 2 == 4


def test_the_number_of_tries_is_the_same_for_the_same_seed(chapter):
    assert list(chapter.staging.tries(0.3, [1])) == list(chapter.staging.tries(0.3, [1]))


# Timers


def cost(chapter, timer, loss=0.1):
    return chapter.staging.cost(chapter.stop_and_wait, timer, loss)


def test_a_timer_below_the_round_trip_sends_several_datagrams_for_each_message(chapter):
    assert cost(chapter, 0.003, loss=0)[0] >= 3


def test_a_timer_a_little_above_the_round_trip_costs_no_more_datagrams_than_a_long_one(chapter):
    assert eventually(lambda: cost(chapter, 0.015)[0] == cost(chapter, 0.09)[0])


def test_a_round_trip_of_the_timers_experiment_takes_ten_milliseconds(chapter):
    assert cost(chapter, 0.09, loss=0)[1] >= 10


def test_with_a_timer_of_90_ms_most_of_the_time_is_waiting_for_what_is_lost(chapter):
    datagrams, milliseconds = cost(chapter, 0.09)
    waits = (datagrams - 1) * 10 * 90  # ten messages
    assert milliseconds * 10 >= waits
    assert waits > 10 * 10  # more than ten round trips of ten milliseconds


def test_the_first_timer_is_three_times_the_first_sample(chapter):
    def experiment():
        first, second = chapter.staging.follow(chapter.send_and_learn, messages=2)
        return len(first[2]) == 1 and second[1] == pytest.approx(3 * first[2][0], rel=0.05)

    assert eventually(experiment)


def test_after_the_delay_has_grown_a_message_or_two_go_again_before_a_sample_is_valid(chapter):
    def experiment():
        again = [len(since) > 1 for _, _, since in chapter.staging.follow(chapter.send_and_learn)]
        return again[25] and not all(again[26:28])

    assert eventually(experiment)


def test_the_timer_does_not_stay_above_the_round_trips_and_its_picture_does_not_say_so(chapter):
    def experiment():
        rows = chapter.staging.follow(chapter.send_and_learn)
        _, timer, since = rows[25]
        return since[0] > timer  # its first transmission's round trip

    drawn = inspect.getsource(chapter.charts.timer_that_follows)
    assert "stays above" not in drawn + SOURCE.read_text(encoding="utf-8")
    assert eventually(experiment)


def test_when_the_path_becomes_fast_again_the_timer_rises_first(chapter):
    def experiment():
        timers = [timer for _, timer, _ in chapter.staging.follow(chapter.send_and_learn)]
        return timers[51] > timers[50]

    assert eventually(experiment)


def test_the_two_possible_samples_of_a_repeated_message_differ(chapter):
    for _, _, since in chapter.staging.follow(chapter.send_and_learn, messages=30):
        assert since == sorted(since, reverse=True)
        assert len(set(since)) == len(since)


def test_a_learners_estimator_can_take_the_place_of_the_courses_own(chapter):
    rows = chapter.staging.follow(
        chapter.send_and_learn, chapter.RtoEstimator(minimum=0), messages=5
    )
    assert [number for number, _, _ in rows] == [0, 1, 2, 3, 4]


# CoAP


def test_coap_waits_2_to_3_seconds_doubles_four_times_and_gives_up_after_31_times_the_first(
    chapter,
):
    for seed in range(100):
        timers = chapter.coap_timers(random.Random(seed))
        assert len(timers) == 5
        assert 2 <= timers[0] <= 3
        assert timers == pytest.approx([timers[0] * factor for factor in (1, 2, 4, 8, 16)])
        assert sum(timers) == pytest.approx(31 * timers[0])
        assert 62 <= sum(timers) <= 93


def test_thirty_devices_in_step_collide_again_and_again_and_at_random_they_do_not(chapter):
    def experiment():
        _, together, _ = chapter.after_the_power_cut(1.0)
        _, spread, _ = chapter.after_the_power_cut(chapter.ACK_RANDOM_FACTOR)
        return len(together) < 30 == len(spread)

    assert eventually(experiment)


def test_the_gateway_takes_a_message_in_a_fifth_of_a_second_and_queues_four_more(chapter):
    _, confirmed, trace = chapter.after_the_power_cut(1.0)
    assert (chapter.staging.IN_A_SECOND, chapter.staging.QUEUE) == (5, 4)
    burst = [event for event in trace if event.source != "server"][:30]
    assert [event.fate for event in burst[:5]] == ["delivered"] * 5
    assert confirmed >= {0, 1, 2, 3, 4}
