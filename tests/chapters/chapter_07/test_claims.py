"""The claims of chapter 07's prose, each by the experiment that shows it."""

import ast
import functools
import threading
from statistics import fmean, median
from types import SimpleNamespace

import jupytext
import pytest
import record
from drive.on_disk import ROOT
from support.stalls import eventually

from helpers.chapters.chapter_07 import solutions, staging
from helpers.link.fates import Fates
from helpers.link.impairments import Loss
from helpers.link.link import Link

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "07_windows.py"
BACK, SELECTIVE = "Go-Back-N", "Selective Repeat"


@pytest.fixture(scope="module")
def chapter():
    """The chapter's imports, functions and constants, without running its experiments."""
    names = {"__name__": "chapter_07"}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type == "code":
            kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
            exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return SimpleNamespace(**names)


def _is_definition(node):
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]).isupper()
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))


def numbers_sent(trace):
    """The numbers of all packets that the sender sent, in order."""
    return [staging.HEADER.unpack(e.head[:5])[1] for e in trace if e.source != "server"]


# What fills a path


def test_stop_and_wait_gets_one_packet_across_in_a_round_trip():
    flow, _ = staging.transfer("stop-and-wait", 1, seconds=0.12)
    assert flow.arrived <= 120 / staging.TRIP


@pytest.mark.parametrize("window", [1, 2, 4])
def test_a_window_below_the_round_trip_can_not_fill_the_path(window):
    flow, _ = staging.transfer(BACK, window, seconds=0.12)
    assert flow.arrived <= window * (120 / staging.TRIP + 1)


@pytest.mark.parametrize("rule", [BACK, SELECTIVE])
def test_a_window_of_8_fills_the_path_and_20_gains_nothing(rule):
    def experiment(slower):
        slot = staging.SLOT * slower
        eight, twenty = (
            staging.transfer(rule, window, seconds=120 * slot, slot=slot)[0].arrived
            for window in (8, 20)
        )
        return eight > 70 and twenty <= eight * 1.2

    assert staging.TRIP == 8
    # A stall of the machine is a smaller part of longer slots.
    assert any(experiment(slower) for slower in (1, 1, 2, 4, 8, 16))


# One packet dies


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [(BACK, [1, 2, 3, 4, 5, 2, 3, 4, 5, 6]), (SELECTIVE, [1, 2, 3, 4, 5, 2, 6])],
)
def test_go_back_n_repeats_all_from_the_lost_one_on_and_selective_repeat_only_it(rule, numbers):
    def experiment():
        flow, trace = staging.transfer(
            rule, 4, script={2: "drop"}, messages=6, slot=0.005, seconds=9
        )
        assert flow.arrived == 6
        return flow.sent == numbers_sent(trace) == numbers

    assert eventually(experiment, 6)


@pytest.mark.parametrize(("rule", "again"), [(BACK, False), (SELECTIVE, True)])
def test_a_lost_ack_matters_to_selective_repeat_only(rule, again):
    def experiment():
        flow, _ = staging.transfer(
            rule, 4, lost_acks={2: "drop"}, messages=8, slot=0.005, seconds=9
        )
        return (len(flow.sent) > 8) == again

    assert eventually(experiment, 6)


def test_selective_repeat_repeats_less_for_the_same_messages(chapter):
    def experiment():
        send, messages = solutions.go_back_n_send, chapter.MESSAGES
        back, _, all_of_it = staging.deliver(send, messages, 8)
        receiver = functools.partial(solutions.receive_selectively, window=8)
        selective, _, the_same = staging.deliver(chapter.send_selectively, messages, 8, receiver)
        assert all_of_it == the_same == messages
        return selective.transmissions < back.transmissions

    assert eventually(experiment, 6)


def test_a_sender_that_gave_up_runs_again_four_times_in_all():
    runs = []

    def gives_up(sock, address, messages, window, timeout):
        runs.append(messages)
        if len(runs) < 4:
            raise TimeoutError("message 1 was not confirmed")
        return "four runs"

    def leaves(sock):
        return []

    assert staging.deliver(gives_up, [b"on"], 1, leaves)[0] == "four runs"
    assert runs == [[b"on"]] * 4

    def always_gives_up(*_):
        raise TimeoutError("message 1 was not confirmed")

    with pytest.raises(TimeoutError, match="message 1"):
        staging.deliver(always_gives_up, [b"on"], 1, leaves)


@pytest.mark.parametrize(("rule", "least"), [(BACK, 4), (SELECTIVE, 1)])
def test_a_packet_that_is_killed_by_hand_is_repaired_by_either_rule(chapter, rule, least):
    killed = []

    def kill_packet_2(link, over):
        while not over.wait(0.005) and not killed:
            for each in link.in_flight():
                if each.way == "up" and each.head[:5] == chapter.packet(chapter.DATA, 2):
                    killed.append(link.kill(each.id))

    with chapter.udp_socket() as there, Link(there.getsockname(), delay=0.05) as link:
        over = threading.Event()
        hand = threading.Thread(target=kill_packet_2, args=(link, over))
        hand.start()
        flow = staging.Flow(4, rule, timer=0.3, slot=0.02, messages=8)
        staging.run(there, link, [flow], seconds=20)
        over.set()
        hand.join()
    assert killed == [True]
    assert flow.arrived == 8
    assert len(flow.sent) >= 8 + least


# Numbers that begin again


def kept(numbers, window, messages=8):
    """What a receiver hands out where all ACKs of the first window are lost."""
    acks = dict.fromkeys(range(1, window + 1), "drop")
    flow, _ = staging.transfer(
        SELECTIVE, window, numbers=numbers, lost_acks=acks, messages=messages, seconds=3
    )
    return [int(each[1:]) for each in flow.kept]


def test_with_four_numbers_and_a_window_of_3_message_1_is_taken_for_message_5():
    assert kept(4, 3)[:6] == [1, 2, 3, 4, 1, 2]


@pytest.mark.parametrize("numbers", [4, 6, 8, 16])
def test_half_of_the_numbers_is_the_border(numbers):
    half = numbers // 2
    assert kept(numbers, half, 16) == list(range(1, 17))
    # An old packet of a larger window stands at the end of the new one.
    assert kept(numbers, half + 1, 2 * numbers) != list(range(1, 2 * numbers + 1))


# What a window is worth


@pytest.mark.parametrize("loss", [0.05, 0.1, 0.3])
def test_with_a_timer_of_one_round_trip_the_formulas_are_those_of_the_books(loss, monkeypatch):
    monkeypatch.setattr(staging, "TIMER", staging.TRIP)
    full = 8  # 1 + 2a, in slots
    books = {
        ("stop-and-wait", 1): (1 - loss) / full,
        (BACK, 4): 4 * (1 - loss) / (full * (1 - loss + 4 * loss)),
        (BACK, 32): (1 - loss) / (1 + (full - 1) * loss),
    }
    for (rule, window), value in books.items():
        assert staging.theory(rule, window, loss) == pytest.approx((value, value))
    # For Selective Repeat theirs is the upper bound, and no more than that.
    for window in (4, 32):
        low, high = staging.theory(SELECTIVE, window, loss)
        assert high == pytest.approx(min(1, window / full) * (1 - loss))
        assert low < high


def test_a_window_of_1_is_stop_and_wait_whatever_the_rule():
    for loss in (0, 0.1, 0.3):
        alone = staging.theory("stop-and-wait", 1, loss)
        assert staging.theory(BACK, 1, loss) == pytest.approx(alone)
        assert staging.theory(SELECTIVE, 1, loss) == pytest.approx(alone)


def test_with_a_fifth_lost_a_window_of_32_is_worth_0_45_to_0_8_by_selective_repeat():
    assert staging.theory(SELECTIVE, 32, 0.2) == pytest.approx((0.45, 0.8), abs=0.005)
    assert staging.theory("stop-and-wait", 1, 0.1)[0] == pytest.approx(1 / 9.8, abs=0.001)


RECORDED = staging.recorded()
MEANS = {point: fmean(values) for point, values in RECORDED.items()}


def test_each_point_of_the_chart_was_recorded_at_eleven_seeds():
    assert set(RECORDED) == set(record.sweep_points())
    assert {len(values) for values in RECORDED.values()} == {len(record.SWEEP_SEEDS)} == {11}
    assert 1 not in record.SWEEP_SEEDS  # the chapter's own
    text = SOURCE.read_text(encoding="utf-8")
    assert f"SECONDS = {record.SWEEP_SECONDS}" in text


@pytest.mark.parametrize("point", [(BACK, 32, 0.2), (SELECTIVE, 4, 0.1)])
def test_a_recorded_run_is_found_again(point):
    seed = 5
    told = RECORDED[point][list(record.SWEEP_SEEDS).index(seed)]
    assert eventually(lambda: abs(record.goodput(*point, seed) - told) < 0.08, 6)


def test_the_measured_means_fit_the_theory():
    for point, mean in MEANS.items():
        low, high = staging.theory(*point)
        assert low - 0.06 <= mean <= high + 0.06, point


def test_at_a_window_of_4_the_two_rules_are_close_and_selective_repeat_is_not_below():
    back, selective = MEANS[BACK, 4, 0.1], MEANS[SELECTIVE, 4, 0.1]
    assert (round(selective, 2), round(back, 2)) == (0.29, 0.26)


def test_with_a_wide_window_loss_hurts_go_back_n_more():
    for loss in (0.1, 0.2, 0.3):
        assert MEANS[SELECTIVE, 32, loss] > 2 * MEANS[BACK, 32, loss]
    assert MEANS[BACK, 32, 0.2] == pytest.approx(0.2, abs=0.03)
    assert round(MEANS[SELECTIVE, 32, 0.2], 2) == 0.64


def test_beyond_the_round_trip_only_selective_repeat_gains_much_by_a_larger_window():
    assert MEANS[SELECTIVE, 32, 0.1] > 1.5 * MEANS[SELECTIVE, 8, 0.1]
    assert MEANS[BACK, 32, 0.1] < 1.1 * MEANS[BACK, 8, 0.1]


def test_a_seed_has_the_same_losses_for_each_rule():
    fates = [[each.next()[0] for _ in range(99)] for each in (_lost(7), _lost(7))]
    assert fates[0] == fates[1]


def _lost(seed):
    return Fates([Loss(0.1)], seed, "up", 0)


# A queue, and two senders


def test_above_the_path_a_window_buys_delay_and_then_loss(chapter):
    def experiment():
        runs = {window: chapter.through_queue(window) for window in (5, 10, 20, 40)}
        trips = {w: median(rtt for _, rtt in flows[0].rtts) for w, (flows, _) in runs.items()}
        drops = {w: staging.lost_share(trace) for w, (_, trace) in runs.items()}
        return (
            trips[10] < 1.3 * trips[5]
            and 1.4 * trips[10] < trips[20] < 0.024
            and drops[5] == drops[10] == 0
            and drops[40] > 0.15
        )

    assert eventually(experiment, 6)


def test_a_longer_queue_makes_round_trips_longer_and_nothing_faster(chapter):
    def experiment():
        found = {}
        for queue in (10, 40):
            (flow,), _ = chapter.through_queue(
                solutions.CongestionWindow(), queue=queue, seconds=0.8
            )
            found[queue] = flow.arrived, median(rtt for _, rtt in flow.rtts)
        return found[40][0] < 1.3 * found[10][0] and found[40][1] > 1.3 * found[10][1]

    assert eventually(experiment, 6)


def test_two_that_give_way_lose_much_less(chapter):
    def experiment():
        shares = []
        for make in (lambda: 20, solutions.CongestionWindow):
            _, trace = chapter.through_queue(make(), make(), seconds=1, later=0.2)
            shares.append(staging.lost_share(trace))
        return shares[1] < 0.5 * shares[0]

    assert eventually(experiment, 6)


def in_the_last_second(trace):
    """How many packets of each sender the queue took in the last second, by sender."""
    up = [event for event in trace if event.source != "server"]
    names = dict.fromkeys(event.source for event in up)
    late = [e.source for e in up if e.fate != "dropped" and e.time > up[-1].time - 1]
    return [late.count(name) for name in names]


@pytest.mark.parametrize("make", [lambda: 20, solutions.CongestionWindow])
def test_two_of_a_kind_soon_get_about_the_same(chapter, make):
    def experiment():
        _, trace = chapter.through_queue(make(), make(), seconds=1.6, later=0.4)
        first, second = in_the_last_second(trace)
        return 0.6 < second / first < 1.6

    assert eventually(experiment, 6)


def test_one_that_gives_way_alone_is_left_with_little(chapter):
    def experiment():
        _, trace = chapter.through_queue(20, solutions.CongestionWindow(), seconds=1.6, later=0.4)
        stays, gives_way = in_the_last_second(trace)
        return gives_way < 0.5 * stays

    assert eventually(experiment, 6)


def test_slow_start_doubles_in_a_round_trip_and_later_one_packet_is_added():
    window = solutions.CongestionWindow()
    for size in (2, 4, 8, 16, 32, 64):
        for _ in range(size // 2):
            window.acked()
        assert window.size == size
    for _ in range(64):
        window.acked()
    assert window.size == pytest.approx(65, abs=0.02)


def test_halving_costs_the_larger_window_more_so_two_come_nearer():
    one, other = solutions.CongestionWindow(), solutions.CongestionWindow()
    one.size, other.size = 30.0, 10.0
    one.threshold = other.threshold = 2
    for _ in range(6):
        while one.size + other.size < 40:
            for window in (one, other):
                for _ in range(int(window.size)):
                    window.acked()
        one.lost()
        other.lost()
    assert abs(one.size - other.size) < 1
