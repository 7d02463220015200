"""The claims of chapter 05's prose, each by the experiment that shows it.

Fates come from a seed, so most numbers are exact. Where chance or a machine's pace has a part, the
test states its interval.
"""

import ast
import math
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import zlib
from collections import Counter
from itertools import combinations, pairwise
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest
from drive.on_disk import ROOT

from helpers.chapters.chapter_05 import staging
from helpers.link.fates import Fates, damaged
from helpers.link.impairments import Rate
from helpers.link.link import Link
from helpers.link.settings import parse
from helpers.servers.servers import run_server
from helpers.study.questions import find_question
from helpers.trace.packet_table import packet_table
from helpers.trace.pcap import write_pcap

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "05_packet_loss.py"
CONSTANTS = ("MINUTES", "CELSIUS", "SENT")


@pytest.fixture(scope="module")
def chapter():
    """The chapter's imports, functions and constants, without running its experiments."""
    names = {"socket": socket, "struct": struct, "sys": sys, "time": time}
    names |= {"Link": Link, "run_server": run_server}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type != "code" or "sys.path" in cell.source:
            continue
        kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
        exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return SimpleNamespace(**names)


def _is_definition(node):
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in CONSTANTS
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))


@pytest.fixture(scope="module")
def source():
    """The chapter's text, with every run of white space as one space and without comment signs."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    return " ".join(" ".join(line.removeprefix("# ") for line in lines).split())


@pytest.fixture(scope="module")
def eight(chapter):
    """The link of the chapter's first experiment, after its eight questions."""
    answers = []
    with (
        run_server(chapter.echo, kind="udp", name="claim") as server,
        Link(server.address, loss=0.3, delay=0.005, seed=9, name="claim") as link,
        chapter.udp_socket() as client,
    ):
        sizes = [client.sendto(f"ping {number}".encode(), link.address) for number in range(1, 9)]
        for each in (link, server, link):
            each.settle(5)
        answers = [client.recv(2048).decode() for _ in range(link.account()["down"].delivered)]
    return SimpleNamespace(link=link, sizes=sizes, answers=answers)


def lost_numbers(packets, seed, **settings):
    """Numbers that a link loses, counted from 1, without a link."""
    fates = Fates(parse(**settings), seed, "up", 0)
    return [number for number in range(1, packets + 1) if fates.next()[0]]


def coverage(interval, loss, sent):
    """With which probability an interval holds the true loss; exact, by the binomial."""
    share = 0.0
    for lost in range(sent + 1):
        low, high = interval(lost, sent)
        if low <= loss <= high:
            share += math.comb(sent, lost) * loss**lost * (1 - loss) ** (sent - lost)
    return share


# A link that loses


def test_five_of_eight_are_answered_and_two_questions_and_one_answer_died(eight):
    account = eight.link.account()
    assert eight.answers == ["ping 1", "ping 3", "ping 5", "ping 6", "ping 7"]
    assert account["up"].dropped == {"loss": 2}
    assert account["down"].dropped == {"loss": 1}


def test_sendto_worked_each_time(eight):
    assert eight.sizes == [6] * 8


def test_the_table_says_lost_three_times(eight):
    fates = [row[-1] for row in packet_table(eight.link.trace, times=False).rows]
    assert (len(fates), fates.count("lost")) == (14, 3)


def test_the_capture_has_14_packets_three_of_them_with_a_comment_that_says_lost(eight, tmp_path):
    file = tmp_path / "packet_loss.pcap"
    assert write_pcap(eight.link.trace, file) == 14
    assert file.read_bytes().count(b"lost: loss") == 3


def test_the_capture_says_that_its_headers_are_synthesised(eight, tmp_path):
    file = tmp_path / "packet_loss.pcap"
    write_pcap(eight.link.trace, file)
    assert b"headers are synthesised" in file.read_bytes()


@pytest.mark.skipif(not shutil.which("tshark"), reason="needs Wireshark's tshark")
class TestInWireshark:
    @pytest.fixture
    def tshark(self, eight, tmp_path):
        file = tmp_path / "packet_loss.pcap"
        write_pcap(eight.link.trace, file)

        def run(*arguments):
            command = ["tshark", "-r", str(file), *arguments]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
            return done.stdout

        return run

    def test_the_filter_frame_comment_leaves_the_three_that_died(self, tshark):
        assert len(tshark("-Y", "frame.comment").splitlines()) == 3

    def test_each_packet_is_34_bytes_long_and_has_its_text_in_the_data(self, tshark):
        fields = "-T", "fields", "-e", "frame.len", "-e", "udp.length", "-e", "data.data"
        rows = [line.split("\t") for line in tshark(*fields).splitlines()]
        assert {(length, udp) for length, udp, _ in rows} == {("34", "14")}  # 20 + 8 + 6
        assert bytes.fromhex(rows[0][2]) == b"ping 1"


# Round trips


def test_the_same_seed_loses_the_same_packets(chapter):
    assert chapter.round_trips(0.5, 150, 1) == chapter.round_trips(0.5, 150, 1)


@pytest.mark.parametrize("loss", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_the_share_of_round_trips_is_1_minus_p_squared(chapter, loss):
    _, packets, answered = chapter.round_trips(loss, 400, seed=3)
    theory = (1 - loss) ** 2
    spread = (theory * (1 - theory) / packets) ** 0.5
    assert abs(answered / packets - theory) < 4 * spread


def test_at_a_loss_of_0_3_49_of_100_questions_are_answered(chapter):
    _, packets, answered = chapter.round_trips(0.3, 150, seed=33)
    assert round(100 * answered / packets) == 49
    assert math.isclose((1 - 0.3) ** 2, 0.49)


def test_at_a_loss_of_0_29_half_comes_back(chapter):
    assert math.isclose((1 - 0.29) ** 2, 0.5, abs_tol=0.01)
    _, packets, answered = chapter.round_trips(0.29, 400, seed=1)
    assert abs(answered / packets - 0.5) < 0.1  # four standard deviations of 400 questions


def test_at_a_loss_of_0_5_a_quarter_comes_back_and_not_a_half_nor_nothing(chapter, source):
    assert "loss=Slider(0, 1, 0.05, start=0.4), packets=" in source
    assert "start=150), seed=Slider(1, 20, start=1)" in source
    _, packets, answered = chapter.round_trips(0.5, 150, seed=1)
    assert 0.18 < answered / packets < 0.32


def test_with_20_packets_another_seed_moves_the_share_farther_than_with_400(chapter):
    def spread(packets):
        shares = [chapter.round_trips(0.5, packets, seed)[2] / packets for seed in range(1, 9)]
        return max(shares) - min(shares)

    assert spread(20) > 2 * spread(400)


@pytest.mark.parametrize(("loss", "answered"), [(0, 150), (1, 0)])
def test_without_loss_all_are_answered_and_with_nothing_but_loss_none(chapter, loss, answered):
    assert chapter.round_trips(loss, 150, seed=1) == (loss, 150, answered)


# Samples


def test_of_the_first_ten_none_dies_and_all_four_bars_hold_the_true_loss(chapter, source):
    assert "sense([21.5] * 640, loss=0.1, seed=15)" in source
    numbers = {number for number, *_ in staging.sense([21.5] * 640, loss=0.1, seed=15)}
    lost = [sum(n not in numbers for n in range(1, sent + 1)) for sent in (10, 40, 160, 640)]
    assert lost == [0, 3, 16, 73]
    for count, sent in zip(lost, (10, 40, 160, 640), strict=True):
        low, high = chapter.bar(count / sent, sent)
        assert low < 0.1 < high


def test_a_bar_is_wilsons_interval_to_a_thousandth(chapter):
    for lost, sent in ((0, 10), (3, 40), (16, 160), (73, 640), (10, 10)):
        for end, exact in zip(
            chapter.bar(lost / sent, sent), chapter.loss_interval(lost, sent), strict=True
        ):
            assert abs(end - exact) <= 0.001


def test_of_none_in_ten_losses_up_to_0_25_fit_and_0_3_is_out(chapter):
    losses = (0.1, 0.2, 0.25, 0.3, 0.4)
    assert round(chapter.deviation(0.2, 10), 3) == 0.126
    away = [round(p / chapter.deviation(p, 10), 1) for p in losses]
    assert away == [1.1, 1.6, 1.8, 2.1, 2.6]
    assert [chapter.fits(p, 0, 10) for p in losses] == [True, True, True, False, False]


def test_four_times_the_packets_make_a_bar_about_half_as_long(chapter):
    bars = [chapter.loss_interval(*run) for run in ((0, 10), (3, 40), (16, 160), (73, 640))]
    widths = [high - low for low, high in bars]
    for before, after in pairwise(widths):
        assert 0.5 < after / before < 0.65


def test_a_loss_of_0_1_to_plus_or_minus_0_01_takes_about_3500_packets(chapter):
    ends = {n: chapter.loss_interval(n // 10, n) for n in (3_400, 3_500)}
    half = {n: (high - low) / 2 for n, (low, high) in ends.items()}
    assert half[3_500] < 0.01 < half[3_400]


def test_at_a_loss_of_0_1_ten_in_a_row_survive_once_in_three_tries():
    assert round(0.9**10, 2) == 0.35


def test_none_lost_of_ten_has_an_interval_from_0_to_0_28(chapter):
    low, high = chapter.loss_interval(0, 10)
    assert low == 0 and round(high, 2) == 0.28 and round(high, 3) == 0.278


def test_the_ends_are_the_losses_that_are_1_96_standard_deviations_away(chapter):
    for lost, sent in ((1, 10), (4, 40), (16, 160), (64, 640)):
        for p in chapter.loss_interval(lost, sent):
            distance = abs(lost / sent - p) / (p * (1 - p) / sent) ** 0.5
            assert math.isclose(distance, 1.96)


def test_an_interval_catches_the_true_loss_in_about_95_of_100_samples(chapter):
    caught = [
        coverage(chapter.loss_interval, p, n) for p in (0.02, 0.1, 0.3) for n in (50, 160, 640)
    ]
    assert min(caught) >= 0.92 and max(caught) <= 0.98
    assert abs(np.mean(caught) - 0.95) < 0.01


def test_what_the_quiz_says_of_ten_pings_is_so(chapter):
    said = str(find_question("05 ten pings").choices)
    assert "four runs of five" in said and round(0.99**20, 2) == 0.82
    assert "once in a thousand" in said and 0.5**10 == 1 / 1024
    low, high = chapter.loss_interval(0, 10)
    assert low <= 0.05 <= high < 0.28


# Lost, doubled, late


def test_100_of_100_are_received_and_8_are_missing_and_8_came_twice(chapter, source):
    assert "sense([21.5] * 100, loss=0.1, duplicate=0.1, reorder=0.1, seed=19)" in source
    came = staging.sense([21.5] * 100, loss=0.1, duplicate=0.1, reorder=0.1, seed=19)
    report = chapter.loss_report(list(range(1, 101)), [number for number, *_ in came])
    assert (len(came), report.lost, report.duplicated) == (100, 8, 8)
    assert len({number for number, *_ in came}) == 92
    assert len({n for n, times in Counter(n for n, *_ in came).items() if times == 2}) == 8


def test_what_is_held_back_comes_0_01_seconds_later():
    fates = Fates(parse(reorder=0.1), 19, "up", 0)
    assert {delay for _ in range(1000) for delay in fates.next()[1]} == {0, 0.01}


# Bursts


def test_31_and_35_of_300_are_lost_and_the_longest_gaps_have_3_and_24(chapter, source):
    assert "loss=Slider(0, 0.5, 0.05, start=0.1), burst=Slider(1, 20, start=8)" in source
    sent = list(range(1, 301))
    records = chapter.two_records(loss=0.1, burst=8, seed=3)
    assert [300 - len(here) for here in records.values()] == [31, 35]
    assert [chapter.longest_gap(sent, here) for here in records.values()] == [3, 24]


def test_the_room_was_aired_in_the_longest_gap(chapter):
    cold = chapter.MINUTES[np.array(chapter.CELSIUS) < 17]
    assert len(cold) == 15 and min(cold) > 240  # a quarter of an hour, in the last of five hours
    records = chapter.two_records(loss=0.1, burst=8, seed=3)
    assert set(cold) & set(records["in bursts"]) == set()
    assert len(set(cold) & set(records["independent"])) >= 10


def test_with_the_other_19_seeds_some_of_the_airing_is_seen(chapter, source):
    assert "seed=Slider(1, 20, start=3)" in source
    cold = set(chapter.MINUTES[np.array(chapter.CELSIUS) < 17])
    unseen = [seed for seed in range(1, 21) if cold <= set(lost_of_300(seed, burst=8))]
    assert unseen == [3]


def test_with_each_seed_the_longest_gap_is_longer_in_bursts_6_to_39_and_not_1_to_3(chapter):
    def gaps(burst):
        sent = range(1, 301)
        here = [sorted({*sent} - {*lost_of_300(seed, burst)}) for seed in sent[:20]]
        return [chapter.longest_gap(list(sent), each) for each in here]

    alone, bursts = gaps(1), gaps(8)
    assert (min(alone), max(alone), min(bursts), max(bursts)) == (1, 3, 6, 39)


def lost_of_300(seed, burst):
    """Minutes that a record of the chapter loses, without a link."""
    return lost_numbers(300, seed, loss=0.1, burst=burst)


def test_both_records_have_the_same_mean_loss_in_the_long_run():
    for burst in (1, 8):
        lost = len(lost_numbers(200_000, 1, loss=0.1, burst=burst))
        assert abs(lost / 200_000 - 0.1) < 0.01  # four standard deviations in bursts


# Damage


def damaged_copies(packets, seed, sent, corrupt=1.0):
    """What a link that damages makes of a datagram that is sent again and again."""
    fates = Fates(parse(corrupt=corrupt), seed, "up", 0)
    copies = []
    for number in range(packets):
        fates.next()
        harm = fates.damage.get(number)
        copies.append(damaged(sent, harm) if harm is not None else sent)
    return copies


def test_forty_arrive_of_which_thirteen_are_changed_and_two_look_right(chapter, source):
    assert "send_through([SENT] * 40, corrupt=0.25, seed=6)" in source
    forty = [data for data, _ in staging.send_through([chapter.SENT] * 40, corrupt=0.25, seed=6)]
    changed = [data for data in forty if data != chapter.SENT]
    assert (len(forty), len(changed)) == (40, 13)
    looks_right = [data for data in changed if re.fullmatch(rb"kitchen [0-9]+\.[0-9]", data)]
    assert looks_right == [b"kitchen 61.5", b"kitchen 21.4"]


def test_of_2000_damaged_readings_20_have_the_same_checksum_and_none_the_same_crc(chapter, source):
    assert "send_through([SENT] * 2000, corrupt=1, seed=6)" in source
    came = [data for data, _ in staging.send_through([chapter.SENT] * 2000, corrupt=1, seed=6)]
    sums = (sum, chapter.checksum, zlib.crc32)
    missed = [sum(of(data) == of(chapter.SENT) for data in came) for of in sums]
    assert (len(came), missed) == (2000, [38, 20, 0])
    given = [int.from_bytes(data, "big") % 65_535 for data in (*came, chapter.SENT)]
    assert given.count(given[-1]) - 1 == 20  # what stands in for an exercise that is not done


def test_over_twelve_seeds_a_sum_misses_about_one_in_fifty_and_a_checksum_one_in_a_hundred(chapter):
    sums = {sum: 0, chapter.checksum: 0, zlib.crc32: 0}
    for seed in range(1, 13):
        for data in damaged_copies(2000, seed, chapter.SENT):
            for of in sums:
                sums[of] += of(data) == of(chapter.SENT)
    of_bytes, of_words, of_crc = (missed / 24_000 for missed in sums.values())
    assert 0.015 < of_bytes < 0.025 and 0.005 < of_words < 0.011 and of_crc == 0


def test_a_checksum_misses_damage_where_a_bit_rises_in_one_word_and_falls_in_another(chapter):
    word = struct.Struct("!6H").unpack
    missed = [
        sum(after - before for before, after in zip(word(chapter.SENT), word(data), strict=True))
        for data in damaged_copies(2000, 6, chapter.SENT)
        if chapter.checksum(data) == chapter.checksum(chapter.SENT)
    ]
    assert {change % 65_535 for change in missed} == {0}
    assert missed.count(0) >= 0.9 * len(missed)  # the others: two high bits carry into a low one


def test_a_crc_32_finds_any_three_flipped_bits_of_a_reading(chapter):
    size = 8 * len(chapter.SENT)
    whole = zlib.crc32(chapter.SENT)
    number = int.from_bytes(chapter.SENT, "big")
    traces = [
        zlib.crc32((number ^ 1 << bit).to_bytes(size // 8, "big")) ^ whole for bit in range(size)
    ]
    # What a CRC makes of several flips is what it makes of each, joined by exclusive or.
    both = {a ^ b for a, b in combinations(traces, 2)}
    assert 0 not in traces and 0 not in both and not both & set(traces)


def test_swapped_words_have_the_same_checksum_and_swapped_digits_the_same_sum_of_bytes(chapter):
    straight, swapped = struct.pack("!HH", 215, 120), struct.pack("!HH", 120, 215)
    assert chapter.checksum(straight) == chapter.checksum(swapped)
    assert zlib.crc32(straight) != zlib.crc32(swapped)
    assert sum(b"12.5") == sum(b"21.5")


def test_with_two_digits_data_and_check_add_up_to_99():
    assert 87 + 45 == 132 and 32 + 1 == 33 and 99 - 33 == 66
    total = 87 + 45 + 66
    assert total % 100 + total // 100 == 99
    damaged_total = 81 + 45 + 66
    assert damaged_total == 192 and damaged_total % 100 + damaged_total // 100 == 93


def test_data_and_its_checksum_add_up_to_ones_only(chapter):
    for data in (chapter.SENT, bytes(4), b"\xff" * 10):
        packed = chapter.checksum(data).to_bytes(2, "big")
        assert chapter.checksum(data + packed) == 0


def test_the_systems_own_checksum_lets_nothing_of_the_links_damage_be_dropped(chapter):
    came = staging.send_through([chapter.SENT] * 100, corrupt=1, seed=1)
    assert len(came) == 100


# Size


def test_of_20_datagrams_larger_than_the_mtu_none_arrives_and_of_smaller_ones_nearly_all(
    chapter, source
):
    assert "sizes = (100, 600, 1200, 1300)" in source
    sizes = (100, 600, 1200, 1300)
    sent = [bytes(size) for size in sizes * 20]
    came = Counter(len(data) for data, _ in staging.send_through(sent, loss=0.1, mtu=1232, seed=4))
    assert [came[size] for size in sizes] == [19, 20, 19, 0]


def test_with_every_seed_what_is_too_large_vanishes(chapter):
    for seed in range(1, 11):
        came = staging.send_through([bytes(1232), bytes(1233)] * 5, mtu=1232, seed=seed)
        assert [len(data) for data, _ in came] == [1232] * 5


# Delay


def arrivals(packets, gap, seed, **settings):
    """When packets arrive that are sent exactly `gap` apart, without a link."""
    fates = Fates(parse(**settings), seed, "up", 0)
    return [number * gap + fates.next()[1][0] for number in range(packets)]


def overtaken(times):
    """How many packets arrive after one that was sent later."""
    return sum(min(times[place + 1 :], default=math.inf) < at for place, at in enumerate(times))


def test_seven_in_ten_are_overtaken_at_a_millisecond_apart_and_none_a_minute_apart():
    for seed in range(1, 21):
        times = arrivals(200, 0.001, seed, delay=0.01, jitter=0.01)
        assert 0.6 < overtaken(times) / 200 < 0.8
        assert overtaken(arrivals(200, 60, seed, delay=0.01, jitter=0.01)) == 0


@pytest.mark.parametrize("rate", [100_000, 150_000])
def test_in_the_panel_too_a_jitter_of_10_ms_lets_about_seven_in_ten_be_overtaken(chapter, rate):
    for _ in range(5):  # a machine that pauses fills the queue, and its run says nothing
        rows, _ = chapter.bottleneck(rate, 3_000, 10)
        report = chapter.loss_report(list(range(1, 101)), [number for number, _ in rows])
        if report.lost < 20:
            break
    assert report.lost < 20
    assert 0.5 < report.reordered / len(rows) < 0.85


def test_jitter_varies_the_delay_by_up_to_twice_its_mean():
    delays = arrivals(1000, 0, 1, jitter=0.01)
    assert 0 <= min(delays) < 0.001 and 0.019 < max(delays) <= 0.02


def queue(rate, size, packets=100):
    """Waits of readings of 100 bytes, sent exactly a millisecond apart; None where one is lost."""
    bottleneck = Rate(rate, size).bottleneck()
    return [bottleneck.admit(number * 0.001, 100) for number in range(packets)]


def test_a_queue_turns_rate_into_delay_and_then_into_loss(source):
    assert "rate=Slider(50_000, 150_000, 10_000, start=60_000)" in source
    assert "queue=Slider(500, 4_000, 500, start=3_000)" in source
    waits = queue(60_000, 3_000)
    full = waits.index(None)
    assert 70 <= full <= 76
    assert all(after > before for before, after in pairwise(waits[:full]))
    kept = [wait for wait in waits[full:] if wait is not None]
    assert all(0.045 < wait <= 0.0501 for wait in kept)  # with 10 ms of delay 60 at the most
    assert [round(10 + 1000 * waits[number - 1]) for number in (1, 50)] == [12, 44]


def test_of_a_full_queue_two_in_five_are_lost():
    waits = queue(60_000, 3_000, packets=1_100)[100:]
    assert abs(waits.count(None) / 1_000 - 0.4) < 0.01


def test_a_larger_queue_loses_later_and_makes_all_wait_longer():
    small, large = queue(60_000, 1_000), queue(60_000, 3_000)
    assert small.index(None) < large.index(None)
    assert max(filter(None, small)) < max(filter(None, large))


@pytest.mark.parametrize("rate", [100_000, 110_000, 150_000])
def test_with_a_rate_of_100_000_and_more_nothing_waits_long_or_is_lost(rate):
    assert max(queue(rate, 3_000)) <= 100 / rate + 1e-9


def test_the_panels_first_run_loses_none_of_the_first_30_and_delays_all_by_10_ms(chapter):
    rows, most = chapter.bottleneck(60_000, 3_000, 0)
    assert round(most) == 60
    assert {number for number, _ in rows} >= set(range(1, 31))
    assert all(delay > 10 * 0.99 for _, delay in rows)


def test_the_difference_of_two_clocks_drops_out_of_the_jitter(chapter):
    came = staging.sense([21.5] * 50, delay=0.001, jitter=0.001, seed=1)
    times = [(sending, arrival) for *_, sending, arrival in came]
    ahead = [(sending, arrival + 1000) for sending, arrival in times]
    mine, other = chapter.interarrival_jitter(times), chapter.interarrival_jitter(ahead)
    assert mine > 0 and math.isclose(mine, other, abs_tol=1e-9)


# The examples of the contracts


def test_the_examples_in_the_contracts_are_so(chapter):
    assert math.isclose(chapter.one_way_loss(49, 100), 0.3)
    report = chapter.loss_report([1, 2, 3, 4, 5], [1, 3, 2, 2, 5])
    assert report == chapter.Report(1, 1, 1)
    assert chapter.longest_gap([1, 2, 3, 4, 5, 6], [4, 1, 6]) == 2
    assert chapter.checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D
    assert 0x0001 + 0xF203 + 0xF4F5 + 0xF6F7 == 0x2DDF0
    assert math.isclose(chapter.interarrival_jitter([(0.0, 5.0), (1.0, 6.016)]), 0.001)


def test_a_reading_has_100_bytes_so_one_each_millisecond_is_100_000_a_second(chapter):
    assert staging.READING.size == 100
