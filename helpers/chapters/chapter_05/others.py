"""Other right answers of chapter 05: what each does better, and what it costs."""

import math
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from statistics import NormalDist

import numpy as np

from helpers.checks.answers import answer


@answer("one_way_loss")
def names_each_step(answered, asked):
    """Each line has one meaning and a name, so a slip is seen at once. It is four lines for one."""
    if asked < 1 or answered < 0 or answered > asked:
        raise ValueError(f"{answered} of {asked} can't be")
    survive_both_ways = answered / asked
    survive_one_way = math.sqrt(survive_both_ways)
    return 1 - survive_one_way


@answer("one_way_loss")
def searches_for_the_loss(answered, asked):
    """It needs no algebra: the same search solves losses that differ by a known factor, or three
    ways in place of two. It takes fifty steps for what a root does in one."""
    if answered not in range(asked + 1) or asked < 1:
        raise ValueError(f"{answered} of {asked} can't be")
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if (1 - middle) ** 2 > answered / asked:
            low = middle
        else:
            high = middle
    return low


@answer("loss_interval")
def asks_for_any_level(lost, sent, level=0.95):
    """It takes z from the normal distribution, so that 90 % or 99 % cost no table. For 95 % it
    says 1.959964 where the description says 1.96."""
    if sent < 1 or not 0 <= lost <= sent:
        raise ValueError(f"{lost} of {sent} can't be")
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    centre = lost + z2 / 2
    half = math.sqrt(z2 * (lost * (sent - lost) / sent + z2 / 4))
    low, high = (centre - half) / (sent + z2), (centre + half) / (sent + z2)
    return max(0.0, low), min(1.0, high)


@answer("loss_interval")
def solves_the_question_itself(lost, sent):
    """It solves Wilson's own question, (s - p)² = z² p (1 - p) / n, and shows where the formula
    comes from. Numpy's roots are a heavy tool for a quadratic equation."""
    if sent < 1 or not 0 <= lost <= sent:
        raise ValueError(f"{lost} of {sent} can't be")
    share, spread = lost / sent, 1.96**2 / sent
    ends = np.roots([1 + spread, -2 * share - spread, share**2]).real
    low, high = np.clip(np.sort(ends), 0, 1)
    return float(low), float(high)


@dataclass
class Counts:
    """The three counts of a record."""

    lost: int
    duplicated: int
    reordered: int


@answer("loss_report")
def counts_each_by_itself(sent, received):
    """Each of the three counts is an expression that can be read and tested alone. It goes through
    the record several times, and the loop once."""
    place = {number: index for index, number in enumerate(sent)}
    times = Counter(number for number in received if number in place)
    first = [place[number] for number in times]  # a Counter keeps the order of arrival
    furthest = accumulate(first, max)
    return Counts(
        lost=len(sent) - len(times),
        duplicated=sum(times.values()) - len(times),
        reordered=sum(here < most for here, most in zip(first, furthest, strict=True)),
    )


@answer("loss_report")
def strikes_out_what_it_waits_for(sent, received):
    """It works while readings come in, with a set of what is still missing, as a live monitor
    does. The set must be kept for as long as the run lasts."""
    place = {number: index for index, number in enumerate(sent)}
    waiting, furthest = set(sent), -1
    duplicated = reordered = 0
    for number in received:
        if number in waiting:
            waiting.remove(number)
            reordered += place[number] < furthest
            furthest = max(furthest, place[number])
        elif number in place:
            duplicated += 1
    return Counts(len(waiting), duplicated, reordered)


@answer("longest_gap")
def groups_neighbours(sent, received):
    """`groupby` says what is meant: neighbours that came, or did not, are a group. Who does not
    know it has to look it up."""
    here = set(received)
    groups = groupby(sent, key=lambda number: number in here)
    return max((sum(1 for _ in group) for came, group in groups if not came), default=0)


@answer("longest_gap")
def subtracts_places_of_arrivals(sent, received):
    """No count to reset: a gap is what lies between two places that came, with one place before
    the record and one behind it. The two added places have to be thought of."""
    here = set(received)
    came = [-1, *(place for place, number in enumerate(sent) if number in here), len(sent)]
    return max(later - sooner - 1 for sooner, later in pairwise(came))


@answer("interarrival_jitter")
def goes_over_pairs(timestamps):
    """`pairwise` gives each packet with the one before it, so nothing is remembered by hand. The
    time under way of each packet is calculated twice."""
    jitter = 0.0
    for (sent_before, received_before), (sent, received) in pairwise(timestamps):
        difference = (received - sent) - (received_before - sent_before)
        jitter += (abs(difference) - jitter) / 16
    return jitter


@answer("interarrival_jitter")
def folds_the_differences(timestamps):
    """First all differences, then the smoothing: each of the two can be plotted and tested alone.
    All differences are kept in memory, where the loop keeps one."""
    under_way = [received - sent for sent, received in timestamps]
    differences = [abs(later - sooner) for sooner, later in pairwise(under_way)]
    *_, jitter = accumulate(differences, lambda old, new: old + (new - old) / 16, initial=0.0)
    return jitter


@answer("checksum")
def folds_at_each_word(data):
    """The sum never needs more than 17 bits, so it runs on a chip of 16 or 32 bits as well. It
    folds once a word, where once at the end does."""
    total = 0
    for place in range(0, len(data), 2):
        total += int.from_bytes(data[place : place + 2].ljust(2, b"\0"), "big")
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


@answer("checksum")
def adds_in_native_order(data):
    """The sum may be taken in any byte order, and its bytes exchanged once at the end (RFC 1071,
    section 2): numpy adds without a loop of Python's. That it is right has to be proved first."""
    words = np.frombuffer(data + bytes(len(data) % 2), np.uint16)
    total = int(words.sum(dtype=np.uint64))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return int.from_bytes((total ^ 0xFFFF).to_bytes(2, sys.byteorder), "big")


OTHERS = [
    ("one_way_loss", names_each_step),
    ("one_way_loss", searches_for_the_loss),
    ("loss_interval", asks_for_any_level),
    ("loss_interval", solves_the_question_itself),
    ("loss_report", counts_each_by_itself),
    ("loss_report", strikes_out_what_it_waits_for),
    ("longest_gap", groups_neighbours),
    ("longest_gap", subtracts_places_of_arrivals),
    ("checksum", folds_at_each_word),
    ("checksum", adds_in_native_order),
    ("interarrival_jitter", goes_over_pairs),
    ("interarrival_jitter", folds_the_differences),
]
