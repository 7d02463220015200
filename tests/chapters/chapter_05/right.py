"""Right answers to the exercises of chapter 05 in another style than the solutions'."""

import math
import struct
from array import array
from collections import Counter, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from statistics import NormalDist
from types import SimpleNamespace

import numpy as np
from support.answers import answer

# one_way_loss


@answer("one_way_loss")
def takes_a_square_root_of_math(answered, asked):
    if asked < 1:
        raise ValueError("nothing was asked")
    if answered < 0 or answered > asked:
        raise ValueError("impossible")
    return 1.0 - math.sqrt(answered / asked)


@answer("one_way_loss")
def halves_until_it_fits(answered, asked):
    if not (asked >= 1 and answered in range(asked + 1)):
        raise ValueError(answered, asked)
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if (1 - middle) ** 2 > answered / asked:
            low = middle
        else:
            high = middle
    return low


@answer("one_way_loss")
def returns_a_number_of_numpy(answered, asked):
    if not 0 <= answered <= asked or not asked:
        raise ValueError("no such measurement")
    return 1 - np.sqrt(answered / asked)


@answer("one_way_loss")
def solves_the_quadratic_equation(answered, asked):
    class Impossible(ValueError):
        pass

    if asked <= 0 or answered < 0 or answered > asked:
        raise Impossible
    # p² - 2 p + (1 - share) = 0
    return (2 - math.sqrt(4 - 4 * (1 - answered / asked))) / 2


# loss_interval


@answer("loss_interval")
def multiplies_the_fraction_out(lost, sent):
    if sent < 1 or lost < 0 or lost > sent:
        raise ValueError("impossible counts")
    z = 1.96
    root = z * math.sqrt(z**2 + 4 * lost * (sent - lost) / sent)
    below = 2 * (sent + z**2)
    return (2 * lost + z**2 - root) / below, (2 * lost + z**2 + root) / below


@answer("loss_interval")
def takes_the_exact_z(lost, sent):
    if not 0 <= lost <= sent or sent < 1:
        raise ValueError(f"{lost} of {sent}")
    z = NormalDist().inv_cdf(0.975)
    share = lost / sent
    centre = share + z * z / (2 * sent)
    half = z * (share * (1 - share) / sent + z * z / (4 * sent * sent)) ** 0.5
    ends = [(centre + sign * half) / (1 + z * z / sent) for sign in (-1, 1)]
    return tuple(min(1.0, max(0.0, end)) for end in ends)


@answer("loss_interval")
def asks_numpy_for_the_roots(lost, sent):
    if not 0 <= lost <= sent or not sent:
        raise ValueError("impossible")
    share, spread = lost / sent, 1.96**2 / sent
    low, high = sorted(np.roots([1 + spread, -(2 * share + spread), share**2]).real)
    return max(0.0, low), min(1.0, high)


@answer("loss_interval")
def looks_for_the_ends_by_halving(lost, sent):
    if sent < 1 or not 0 <= lost <= sent:
        raise ValueError("impossible")
    share = lost / sent

    def fits(p):
        return (share - p) ** 2 <= 1.96**2 * p * (1 - p) / sent

    def end(p, edge):
        if fits(edge):
            return edge
        for _ in range(60):
            middle = (p + edge) / 2
            if fits(middle):
                p = middle
            else:
                edge = middle
        return p

    return end(share, 0.0), end(share, 1.0)


# loss_report

Counts = namedtuple("Counts", "lost duplicated reordered")


@answer("loss_report")
def counts_by_a_counter(sent, received):
    known = [number for number in received if number in set(sent)]
    times = Counter(known)
    places = [sent.index(number) for number in dict.fromkeys(known)]
    furthest = accumulate(places, max)
    return Counts(
        lost=len(sent) - len(times),
        duplicated=times.total() - len(times),
        reordered=sum(place < most for place, most in zip(places, furthest, strict=True)),
    )


@answer("loss_report")
def asks_of_each_first_arrival_who_came_before(sent, received):
    first = []
    twice = 0
    for number in received:
        if number in first:
            twice += 1
        elif number in sent:
            first.append(number)
    late = 0
    for index, number in enumerate(first):
        if any(sent.index(other) > sent.index(number) for other in first[:index]):
            late += 1
    missing = [number for number in sent if number not in received]
    return SimpleNamespace(lost=len(missing), duplicated=twice, reordered=late)


@answer("loss_report")
def follows_the_next_expected(sent, received):
    @dataclass
    class Report:
        lost: int = 0
        duplicated: int = 0
        reordered: int = 0

    report = Report()
    waiting = set(sent)
    old = set()
    expected = 0  # a place in sent, as RFC 4737 has it
    for number in received:
        if number in old:
            report.duplicated += 1
        elif number in waiting:
            waiting.remove(number)
            old.add(number)
            place = sent.index(number)
            if place >= expected:
                expected = place + 1
            else:
                report.reordered += 1
    report.lost = len(waiting)
    return report


# longest_gap


@answer("longest_gap")
def groups_what_is_missing(sent, received):
    missing = groupby(sent, key=lambda number: number not in received)
    return max((len(list(group)) for lost, group in missing if lost), default=0)


@answer("longest_gap")
def splits_a_text(sent, received):
    return max(map(len, "".join("x" if n in received else "." for n in sent).split("x")))


@answer("longest_gap")
def compares_places_of_neighbours(sent, received):
    came = set(received)
    places = [-1, *(index for index, number in enumerate(sent) if number in came), len(sent)]
    return max(later - sooner - 1 for sooner, later in pairwise(places))


@answer("longest_gap")
def asks_numpy_for_differences(sent, received):
    places = np.flatnonzero(np.isin(sent, received)) if sent else np.array([], int)
    return np.diff(np.concatenate([[-1], places, [len(sent)]])).max() - 1


# interarrival_jitter


@answer("interarrival_jitter")
def goes_over_pairs(timestamps):
    jitter = 0.0
    for (sent_before, received_before), (sent, received) in pairwise(timestamps):
        difference = (received - received_before) - (sent - sent_before)
        jitter = jitter + (abs(difference) - jitter) / 16
    return jitter


@answer("interarrival_jitter")
def goes_by_index_and_weights(timestamps):
    jitter = 0
    for i in range(1, len(timestamps)):
        transit = timestamps[i][1] - timestamps[i][0]
        before = timestamps[i - 1][1] - timestamps[i - 1][0]
        jitter = 15 / 16 * jitter + 1 / 16 * abs(transit - before)
    return float(jitter)


@answer("interarrival_jitter")
def asks_numpy_for_the_differences(timestamps):
    if len(timestamps) < 2:
        return 0.0
    sent, received = np.array(timestamps).T
    jitter = np.float64(0)
    for distance in np.abs(np.diff(received - sent)):
        jitter += (distance - jitter) / 16
    return jitter


@answer("interarrival_jitter")
def calculates_in_fractions(timestamps):
    transits = [Fraction(received) - Fraction(sent) for sent, received in timestamps]
    jitter = Fraction(0)
    for before, after in pairwise(transits):
        jitter += (abs(after - before) - jitter) / 16
    return float(Decimal(jitter.numerator) / Decimal(jitter.denominator))


# checksum


@answer("checksum")
def unpacks_words_and_folds_at_the_end(data):
    if len(data) % 2:
        data = data + b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return 0xFFFF - total


@answer("checksum")
def adds_high_and_low_bytes_apart(data):
    total = 256 * sum(data[0::2]) + sum(data[1::2])
    while total >= 1 << 16:
        high, low = divmod(total, 1 << 16)
        total = high + low
    return total ^ 0xFFFF


@answer("checksum")
def reads_the_data_as_one_number(data):
    number = int.from_bytes(data, "big") << 8 * (len(data) % 2)
    # 65,536 leaves a remainder of 1, so the digits to that base are added; only 0 is 0 itself.
    return 0xFFFF - (number and (number - 1) % 0xFFFF + 1)


@answer("checksum")
def adds_in_the_other_order_and_swaps_once(data):
    words = array("H", data + bytes(len(data) % 2))
    words.byteswap()
    total = sum(words)
    if struct.pack("=H", 1) == struct.pack(">H", 1):
        words.byteswap()
        total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


@answer("checksum")
def returns_a_number_of_numpy_for_bytes(data):
    words = np.frombuffer(bytes(data) + b"\0" * (len(data) % 2), ">u2")
    total = np.sum(words, dtype=np.uint64)
    for _ in range(4):
        total = (total & np.uint64(0xFFFF)) + (total >> np.uint64(16))
    return np.uint16(0xFFFF) - np.uint16(total)


RIGHT = [
    (each.exercise, each)
    for each in (
        takes_a_square_root_of_math,
        halves_until_it_fits,
        returns_a_number_of_numpy,
        solves_the_quadratic_equation,
        multiplies_the_fraction_out,
        takes_the_exact_z,
        asks_numpy_for_the_roots,
        looks_for_the_ends_by_halving,
        counts_by_a_counter,
        asks_of_each_first_arrival_who_came_before,
        follows_the_next_expected,
        groups_what_is_missing,
        splits_a_text,
        compares_places_of_neighbours,
        asks_numpy_for_differences,
        goes_over_pairs,
        goes_by_index_and_weights,
        asks_numpy_for_the_differences,
        calculates_in_fractions,
        unpacks_words_and_folds_at_the_end,
        adds_high_and_low_bytes_apart,
        reads_the_data_as_one_number,
        adds_in_the_other_order_and_swaps_once,
        returns_a_number_of_numpy_for_bytes,
    )
]
