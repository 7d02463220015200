"""The right answers of chapter 05, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import struct
from dataclasses import dataclass


def one_way_loss(answered, asked):
    """The loss each way, from how many questions an echo answered.

    Take every packet to be lost with the same chance p, either way. Then about
    (1 - p) ** 2 of the questions are answered. The function returns this p.

    Arguments: answered and asked are whole numbers, asked is at least 1.
    Returns a float from 0 to 1, which is not rounded.
    Raises ValueError unless 0 <= answered <= asked and asked >= 1.

    Example: one_way_loss(49, 100) is 0.3, but for the last digits of a float.
    """
    if not 0 <= answered <= asked or asked < 1:
        raise ValueError(f"{answered} answers to {asked} questions")
    return 1 - (answered / asked) ** 0.5


def loss_interval(lost, sent):
    """The 95 % interval of a measured loss, by Wilson's formula.

    With n = sent, s = lost / n and z = 1.96 its ends are centre - half and centre + half:

        centre = (s + z² / (2 n)) / (1 + z² / n)
        half = z / (1 + z² / n) * √(s (1 - s) / n + z² / (4 n²))

    Arguments: lost and sent are whole numbers, sent is at least 1.
    Returns a tuple of two floats (low, high), not rounded and within 0 to 1. (Floats are not
    exact, so the formula may pass 0 or 1 by a hair. Cut an end off there.)
    Raises ValueError unless 0 <= lost <= sent and sent >= 1.

    Example: loss_interval(0, 10) is about (0.0, 0.278).
    """
    if not 0 <= lost <= sent or sent < 1:
        raise ValueError(f"{lost} lost of {sent}")
    share, z2 = lost / sent, 1.96**2
    centre = (share + z2 / (2 * sent)) / (1 + z2 / sent)
    root = (share * (1 - share) / sent + z2 / (4 * sent**2)) ** 0.5
    half = 1.96 * root / (1 + z2 / sent)
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass
class Report:
    lost: int
    duplicated: int
    reordered: int


def loss_report(sent, received):
    """Count what was lost, duplicated and reordered.

    Arguments, two lists that may not be changed:
      sent: sequence numbers in the order in which they were sent, each once. They may begin
      anywhere, leave gaps, and start again from 0 where a counter is full (65535, 0, 1).
      received: numbers in the order of arrival. Ignore those that were never sent: they are
      old packets of another run.
    Returns a Report with three counts:
      lost: how many were sent and never received;
      duplicated: how many arrivals there were beyond the first of each number;
      reordered: how many first arrivals came after a number that stands later in `sent`.

    Example: loss_report([1, 2, 3, 4, 5], [1, 3, 2, 2, 5]) is Report(1, 1, 1): 4 is lost, 2
    came twice, and its first arrival came after 3.
    """
    place = {number: index for index, number in enumerate(sent)}
    seen, newest = set(), -1
    report = Report(lost=0, duplicated=0, reordered=0)
    for number in received:
        if number not in place:
            continue
        if number in seen:
            report.duplicated += 1
        else:
            report.reordered += place[number] < newest
        seen.add(number)
        newest = max(newest, place[number])
    report.lost = len(sent) - len(seen)
    return report


def longest_gap(sent, received):
    """The length of the longest gap: readings sent in a row, none of which arrived.

    Arguments: sent and received, as for loss_report. Neither list may be changed.
    Returns an int, 0 where nothing was lost.
      - A reading that arrived late, or twice, has arrived.
      - Numbers that were never sent are ignored.
      - A gap at the beginning or the end counts, too.

    Example: longest_gap([1, 2, 3, 4, 5, 6], [4, 1, 6]) is 2: numbers 2 and 3 never came.
    """
    here = set(received)
    longest = gap = 0
    for number in sent:
        gap = 0 if number in here else gap + 1
        longest = max(longest, gap)
    return longest


def checksum(data):
    """The Internet checksum of RFC 1071.

      1. If the number of bytes is odd, add a zero byte at the end.
      2. Take the bytes two by two as words of 16 bits, in network byte order, and add these.
      3. While the sum is above 65,535, add its carry, sum // 65,536, to the rest, sum % 65,536.
      4. Turn over each of the 16 bits: 65,535 minus the number.

    Argument: data is bytes of any length, also none.
    Returns an int from 0 to 65,535.

    Example: checksum(bytes.fromhex("0001f203f4f5f6f7")) is 0x220d: the four words add up to
    0x2ddf0, its carry is 2, 0xddf0 + 2 is 0xddf2, and that turned over is 0x220d.
    """
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def interarrival_jitter(timestamps):
    """The interarrival jitter of RFC 3550, section 6.4.1, in seconds.

    For two packets that arrive one after the other, D is the later one's (received - sent)
    minus that of the one before. J begins at 0, and each packet after the first adds
    (|D| - J) / 16 to it.

    Argument: timestamps is a list of tuples (sent, received), in seconds and in the order of
    arrival. It may not be changed. The two clocks may differ by any constant.
    Returns J after the last packet, a float; 0.0 for fewer than two packets.

    Example: interarrival_jitter([(0.0, 5.0), (1.0, 6.016)]) is 0.001: D is 0.016.
    """
    jitter, before = 0.0, None
    for sent, received in timestamps:
        transit = received - sent
        if before is not None:
            jitter += (abs(transit - before) - jitter) / 16
        before = transit
    return jitter
