"""Wrong answers to the exercises of chapter 05, as a learner would write them."""

import math
import struct
import zlib
from itertools import pairwise
from statistics import mean, stdev
from types import SimpleNamespace

from support.answers import WrongAnswer, answer

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "received/sent is the loss rate even with duplicates",
    "ten packets are enough",
    "average loss says it all",
    "reordered is lost",
    "loss each way simply adds",
    "what arrives is what was sent",
    "a checksum finds every error",
    "a sum of bytes will do",
]

RECEIVED_SENT = "received/sent is the loss rate even with duplicates"
TEN = "ten packets are enough"
AVERAGE = "average loss says it all"
REORDERED = "reordered is lost"
ADDS = "loss each way simply adds"
ARRIVES = "what arrives is what was sent"
FINDS_ALL = "a checksum finds every error"
BYTES = "a sum of bytes will do"


def refuse(part, whole):
    if not 0 <= part <= whole or whole < 1:
        raise ValueError(f"{part} of {whole}")


# one_way_loss


@answer("one_way_loss", "half|halv|add up|multipl|both ways")
def halves_the_loss(answered, asked):
    refuse(answered, asked)
    return (1 - answered / asked) / 2


@answer("one_way_loss", "half|halv|add up|multipl|both ways")
def halves_what_is_missing(answered, asked):
    if answered > asked or answered < 0 or asked < 1:
        raise ValueError("impossible")
    missing = asked - answered
    lost_each_way = missing / 2
    return lost_each_way / asked


@answer("one_way_loss", "round trip|both ways|there and back")
def returns_the_loss_of_the_round_trip(answered, asked):
    refuse(answered, asked)
    return (asked - answered) / asked


@answer("one_way_loss", "surviv|arriv|gets through")
def returns_what_survives(answered, asked):
    refuse(answered, asked)
    return math.sqrt(answered / asked)


@answer("one_way_loss", "root")
def takes_the_root_of_the_loss(answered, asked):
    refuse(answered, asked)
    return math.sqrt(1 - answered / asked)


@answer("one_way_loss", "square|root")
def squares_in_place_of_the_root(answered, asked):
    refuse(answered, asked)
    return 1 - (answered / asked) ** 2


@answer("one_way_loss", "percent|100")
def returns_a_percentage(answered, asked):
    refuse(answered, asked)
    return 100 * (1 - math.sqrt(answered / asked))


@answer("one_way_loss", "round")
def rounds_to_one_place(answered, asked):
    refuse(answered, asked)
    return round(1 - math.sqrt(answered / asked), 1)


@answer("one_way_loss", "round")
def rounds_the_loss_to_two_places(answered, asked):
    refuse(answered, asked)
    return round(1 - math.sqrt(answered / asked), 2)


@answer("one_way_loss", "step|0.01|exact|round|root")
def goes_up_in_steps_of_a_hundredth(answered, asked):
    refuse(answered, asked)
    loss = 0.0
    while loss < 1 and (1 - loss) ** 2 > answered / asked:
        loss += 0.01
    return loss


@answer("one_way_loss", "ValueError")
def takes_any_counts(answered, asked):
    return 1 - math.sqrt(abs(answered / asked))


@answer("one_way_loss", "ValueError", "asked|question|zero|division")
def divides_by_nothing(answered, asked):
    if answered > asked:
        raise ValueError("more answers than questions")
    return 1 - (answered / asked) ** 0.5


@answer("one_way_loss", "ValueError", "assert")
def asserts_that_counts_are_possible(answered, asked):
    assert 0 <= answered <= asked and asked
    return 1 - (answered / asked) ** 0.5


@answer("one_way_loss", "ValueError", "raise")
def returns_nothing_for_impossible_counts(answered, asked):
    try:
        refuse(answered, asked)
    except ValueError:
        return None
    return 1 - (answered / asked) ** 0.5


@answer("one_way_loss", "import")
def takes_a_root_that_is_not_imported(answered, asked):
    refuse(answered, asked)
    return 1 - sqrt(answered / asked)  # noqa: F821


@answer("one_way_loss", "return")
def prints_the_loss(answered, asked):
    refuse(answered, asked)
    print(1 - math.sqrt(answered / asked))


@answer("one_way_loss", "round|digits")
def rounds_to_six_places(answered, asked):
    refuse(answered, asked)
    return round(1 - math.sqrt(answered / asked), 6)


@answer("one_way_loss", "half|`/ 2`|1 / 2", "brackets")
def halves_where_a_root_is_due(answered, asked):
    refuse(answered, asked)
    return 1 - (answered / asked) ** 1 / 2


@answer("one_way_loss", "0 answers|refuses")
def refuses_that_none_is_answered(answered, asked):
    if not 0 < answered <= asked:
        raise ValueError("impossible")
    return 1 - math.sqrt(answered / asked)


@answer("one_way_loss", "raise", "return")
def returns_the_error(answered, asked):
    if not 0 <= answered <= asked or asked < 1:
        return ValueError("impossible")
    return 1 - math.sqrt(answered / asked)


# loss_interval


@answer("loss_interval", "textbook|wilson|margin|wald")
def takes_the_textbooks_interval(lost, sent):
    refuse(lost, sent)
    share = lost / sent
    margin = 1.96 * math.sqrt(share * (1 - share) / sent)
    return share - margin, share + margin


@answer("loss_interval", "textbook|wilson|margin|wald")
def clips_the_textbooks_interval(lost, sent):
    refuse(lost, sent)
    share = lost / sent
    margin = 1.96 * (share * (1 - share) / sent) ** 0.5
    return max(0.0, share - margin), min(1.0, share + margin)


@answer("loss_interval", "how many|number of packets|more packets|every width|same width|0.1")
def gives_every_sample_a_tenth(lost, sent):
    refuse(lost, sent)
    return max(0.0, lost / sent - 0.1), min(1.0, lost / sent + 0.1)


@answer("loss_interval", "how many|number of packets|more packets|same width|by n|/ n")
def forgets_the_number_of_packets(lost, sent):
    refuse(lost, sent)
    share = lost / sent
    margin = 1.96 * (share * (1 - share)) ** 0.5
    return share - margin, share + margin


@answer("loss_interval", "centre", "divi|1 + z")
def forgets_to_divide_the_centre(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = share + z**2 / (2 * sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / (4 * sent**2)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


@answer("loss_interval", "bracket|parenthes|multiplies")
def lets_a_division_cover_too_little(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = (share + z**2 / 2 * sent) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / 4 * sent**2) ** 0.5
    return centre - half, centre + half


@answer("loss_interval", "bracket|parenthes|multiplies")
def lets_a_division_cover_too_little_and_clips(lost, sent):
    low, high = lets_a_division_cover_too_little(lost, sent)
    return max(0.0, low), min(1.0, high)


@answer("loss_interval", "bracket|parenthes|multiplies")
def multiplies_in_the_centre_only(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = (share + z**2 / 2 * sent) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / (4 * sent**2)) ** 0.5
    return centre - half, centre + half


@answer("loss_interval", "half", "centre")
def returns_centre_and_half(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = (share + z**2 / (2 * sent)) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / (4 * sent**2)) ** 0.5
    return centre, half


def wilson(lost, sent, z=1.96):
    share = lost / sent
    centre = (share + z**2 / (2 * sent)) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / (4 * sent**2)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


@answer("loss_interval", "1.96|z is|z = 1")
def takes_one_standard_deviation(lost, sent):
    refuse(lost, sent)
    return wilson(lost, sent, z=1)


@answer("loss_interval", "1.645|90")
def takes_90_percent(lost, sent):
    refuse(lost, sent)
    return wilson(lost, sent, z=1.645)


@answer("loss_interval", "tuple")
def returns_a_list(lost, sent):
    refuse(lost, sent)
    return list(wilson(lost, sent))


@answer("loss_interval", "lower|low", "first|order")
def returns_the_upper_end_first(lost, sent):
    refuse(lost, sent)
    return wilson(lost, sent)[::-1]


@answer("loss_interval", "percent|100")
def returns_percentages(lost, sent):
    refuse(lost, sent)
    return tuple(100 * end for end in wilson(lost, sent))


@answer("loss_interval", "round")
def rounds_to_two_places(lost, sent):
    refuse(lost, sent)
    return tuple(round(end, 2) for end in wilson(lost, sent))


@answer("loss_interval", "round")
def rounds_as_the_example_does(lost, sent):
    refuse(lost, sent)
    return tuple(round(end, 3) for end in wilson(lost, sent))


@answer("loss_interval", "3 / n|3/n|three|formula|wilson")
def takes_three_by_n_where_none_is_lost(lost, sent):
    refuse(lost, sent)
    return (0.0, min(1.0, 3 / sent)) if lost == 0 else wilson(lost, sent)


@answer("loss_interval", "ValueError", "sent|nothing")
def says_zero_to_one_for_nothing_sent(lost, sent):
    if sent == 0:
        return 0.0, 1.0
    refuse(lost, sent)
    return wilson(lost, sent)


@answer("loss_interval", "arriv|surviv|lost ones|sent - lost")
def turns_losses_into_arrivals(lost, sent):
    refuse(lost, sent)
    return wilson(sent - lost, sent)


@answer("loss_interval", "0 to 1|below 0", "last digit|float")
def leaves_0_to_1_by_a_last_digit(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = (share + z**2 / (2 * sent)) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / (4 * sent**2)) ** 0.5
    return centre - half, centre + half


@answer("loss_interval", "round|digits")
def rounds_to_four_places(lost, sent):
    refuse(lost, sent)
    return tuple(round(end, 4) for end in wilson(lost, sent))


@answer("loss_interval", "root", "squared")
def squares_four_n(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = (share + z**2 / (2 * sent)) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * (share * (1 - share) / sent + z**2 / (4 * sent) ** 2) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


@answer("loss_interval", "from 0 to 1|too large", "brackets")
def divides_by_one_alone(lost, sent):
    refuse(lost, sent)
    share, z = lost / sent, 1.96
    centre = share + z**2 / (2 * sent) / 1 + z**2 / sent
    half = z / 1 + z**2 / sent * (share * (1 - share) / sent + z**2 / (4 * sent**2)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


# loss_report


def report(lost, duplicated, reordered):
    return SimpleNamespace(lost=lost, duplicated=duplicated, reordered=reordered)


def overtaken(sent, received):
    """How many first arrivals were overtaken; right."""
    late, seen = 0, []
    for number in received:
        if number in sent and number not in seen:
            late += any(sent.index(other) > sent.index(number) for other in seen)
            seen.append(number)
    return late


def doubled(sent, received):
    """How many arrivals were copies; right."""
    known = [number for number in received if number in sent]
    return len(known) - len(set(known))


def never_came(sent, received):
    """How many were lost; right."""
    return len(set(sent) - set(received))


@answer("loss_report", "twice|duplicate|copies|each number once")
def subtracts_received_from_sent(sent, received):
    lost = len(sent) - len(received)
    return report(lost, doubled(sent, received), overtaken(sent, received))


@answer("loss_report", "twice|duplicate|copies|each number once")
def takes_received_for_what_arrived(sent, received):
    seen, duplicated, reordered, newest = set(), 0, 0, -1
    for number in received:
        if number in seen:
            duplicated += 1
        elif number in sent:
            seen.add(number)
            place = sent.index(number)
            reordered += place < newest
            newest = max(newest, place)
    return report(max(0, len(sent) - len(received)), duplicated, reordered)


@answer("loss_report", "late|gap|jump|overtaken")
def counts_each_jump_as_loss(sent, received):
    lost, newest = 0, -1
    for number in received:
        if number in sent and sent.index(number) > newest:
            lost += sent.index(number) - newest - 1
            newest = sent.index(number)
    lost += len(sent) - 1 - newest
    return report(lost, doubled(sent, received), overtaken(sent, received))


@answer("loss_report", "late|overtaken|reordered")
def takes_late_ones_for_lost(sent, received):
    late = overtaken(sent, received)
    return report(never_came(sent, received) + late, doubled(sent, received), late)


@answer(
    "loss_report",
    "largest|furthest|any earlier|newest|all that came before|only with the one before",
)
def compares_with_the_arrival_before(sent, received):
    first = [number for number in dict.fromkeys(received) if number in sent]
    places = [sent.index(number) for number in first]
    late = sum(after < before for before, after in pairwise(places))
    return report(never_came(sent, received), doubled(sent, received), late)


@answer("loss_report", "first arrival|copy|copies|duplicate")
def counts_copies_as_reordered(sent, received):
    places = [sent.index(number) for number in received if number in sent]
    late = sum(place < max(places[:index], default=-1) for index, place in enumerate(places))
    return report(never_came(sent, received), doubled(sent, received), late)


@answer("loss_report", "place|position")
def compares_numbers_and_not_places(sent, received):
    late, newest, seen = 0, -1, set()
    for number in received:
        if number not in sent or number in seen:
            continue
        late += number < newest
        newest = max(newest, number)
        seen.add(number)
    return report(never_came(sent, received), doubled(sent, received), late)


@answer("loss_report", "never sent|not sent|gap|leave out")
def expects_each_number_between_the_ends(sent, received):
    numbers = set(range(min(sent), max(sent) + 1)) if sent else set()
    lost = len(numbers - set(received))
    return report(lost, doubled(sent, received), overtaken(sent, received))


@answer("loss_report", "never sent|not sent|another run")
def counts_strangers_as_copies(sent, received):
    duplicated = len(received) - len(set(sent) & set(received))
    return report(never_came(sent, received), duplicated, overtaken(sent, received))


@answer("loss_report", "three times|each arrival|every arrival|beyond the first|three")
def counts_numbers_that_came_twice(sent, received):
    twice = {number for number in received if received.count(number) > 1 and number in sent}
    return report(never_came(sent, received), len(twice), overtaken(sent, received))


@answer("loss_report", "change", "list")
def strikes_out_what_came(sent, received):
    duplicated, late = doubled(sent, received), overtaken(sent, received)
    for number in received:
        if number in sent:
            sent.remove(number)
    return report(len(sent), duplicated, late)


@answer("loss_report", "Report|attribute")
def returns_a_tuple(sent, received):
    return never_came(sent, received), doubled(sent, received), overtaken(sent, received)


@answer("loss_report", "how many|count|share")
def returns_shares(sent, received):
    lost = never_came(sent, received) / max(1, len(sent))
    return report(lost, doubled(sent, received), overtaken(sent, received))


@answer("loss_report", "empty|nothing")
def fails_without_readings(sent, received):
    first, last = received[0], received[-1]
    assert first is not None and last is not None
    return report(never_came(sent, received), doubled(sent, received), overtaken(sent, received))


@answer("loss_report", "overtaken|was passed|overtake")
def counts_those_that_overtake(sent, received):
    first = [number for number in dict.fromkeys(received) if number in sent]
    places = [sent.index(number) for number in first]
    early = sum(any(later < place for later in places[i:]) for i, place in enumerate(places))
    return report(never_came(sent, received), doubled(sent, received), early)


_SEEN = set()


@answer("loss_report", "from one call to the next|each call|kept")
def remembers_the_call_before(sent, received, seen=_SEEN):
    duplicated, late, furthest = 0, 0, -1
    for number in received:
        if number not in sent:
            continue
        if number in seen:
            duplicated += 1
        else:
            late += sent.index(number) < furthest
        seen.add(number)
        furthest = max(furthest, sent.index(number))
    return report(len(set(sent) - seen), duplicated, late)


@answer("loss_report", "between|end")
def looks_only_between_arrivals(sent, received):
    came = sorted(set(received))
    lost = sum(after - before - 1 for before, after in pairwise(came))
    return report(lost, doubled(sent, received), overtaken(sent, received))


@answer("loss_report", "gap|lost one")
def takes_what_follows_a_gap_for_late(sent, received):
    first = [number for number in dict.fromkeys(received) if number in sent]
    places = [-1, *(sent.index(number) for number in first)]
    late = sum(after != before + 1 for before, after in pairwise(places))
    return report(never_came(sent, received), doubled(sent, received), late)


# longest_gap


@answer("longest_gap", "in all|side by side|one after another|in a row")
def counts_all_losses(sent, received):
    return len(set(sent) - set(received))


@answer("longest_gap", "mean|average", "longest|largest")
def takes_the_mean_gap(sent, received):
    gaps, gap = [], 0
    for number in [*sent, None]:
        if number is None or number in received:
            if gap:
                gaps.append(gap)
            gap = 0
        else:
            gap += 1
    return mean(gaps) if gaps else 0


@answer("longest_gap", "mean|average", "longest|largest")
def rounds_the_mean_gap(sent, received):
    got = takes_the_mean_gap(sent, received)
    return round(got)


@answer("longest_gap", "share|rate")
def returns_the_loss_rate(sent, received):
    return 1 - len(set(sent) & set(received)) / len(sent) if sent else 0


@answer("longest_gap", "in sent|of sent|were sent|begin|end|places")
def looks_at_jumps_of_the_arrivals(sent, received):
    return max((b - a - 1 for a, b in pairwise(sorted(set(received)))), default=0)


@answer("longest_gap", "end")
def forgets_a_gap_at_the_end(sent, received):
    longest = gap = 0
    for number in sent:
        if number in received:
            longest, gap = max(longest, gap), 0
        else:
            gap += 1
    return longest


@answer("longest_gap", "begin|start|first")
def forgets_a_gap_at_the_beginning(sent, received):
    places = [index for index, number in enumerate(sent) if number in received]
    places.append(len(sent))
    return max((b - a - 1 for a, b in pairwise(places)), default=len(sent))


@answer("longest_gap", "late")
def does_not_wait_for_late_ones(sent, received):
    longest, newest = 0, -1
    for number in received:
        if number in sent and sent.index(number) > newest:
            longest = max(longest, sent.index(number) - newest - 1)
            newest = sent.index(number)
    return max(longest, len(sent) - 1 - newest)


@answer("longest_gap", "one too many|one more|itself|between")
def counts_one_too_many(sent, received):
    came = [-1, *(index for index, number in enumerate(sent) if number in received), len(sent)]
    return max(b - a for a, b in pairwise(came))


@answer("longest_gap", "last")
def returns_the_last_gap(sent, received):
    last = gap = 0
    for number in sent:
        gap = 0 if number in received else gap + 1
        last = gap or last
    return last


@answer("longest_gap", "in all|side by side|one after another|in a row|anew|back to 0")
def does_not_begin_anew(sent, received):
    longest = gap = 0
    for number in sent:
        gap += number not in received
        longest = max(longest, gap)
    return longest


@answer("longest_gap", "how many|count|int|length")
def returns_the_numbers(sent, received):
    return [number for number in sent if number not in received]


@answer("longest_gap", "change|sort", "list|received")
def sorts_the_callers_list(sent, received):
    received.sort()
    longest = gap = 0
    for number in sent:
        gap = 0 if number in received else gap + 1
        longest = max(longest, gap)
    return longest


@answer("longest_gap", "place by place|same place|whether it came")
def compares_the_lists_place_by_place(sent, received):
    longest = gap = 0
    for place, number in enumerate(sent):
        here = place < len(received) and received[place] == number
        gap = 0 if here else gap + 1
        longest = max(longest, gap)
    return longest


@answer("longest_gap", "return", "loop")
def returns_within_its_loop(sent, received):
    longest = gap = 0
    for number in sent:
        gap = 0 if number in received else gap + 1
        longest = max(longest, gap)
        return longest
    return 0


# interarrival_jitter


@answer("interarrival_jitter", "mean|average")
def takes_the_mean_of_the_differences(timestamps):
    transits = [received - sent for sent, received in timestamps]
    return mean(abs(b - a) for a, b in pairwise(transits)) if len(transits) > 1 else 0.0


@answer("interarrival_jitter", "deviation")
def takes_the_standard_deviation(timestamps):
    transits = [received - sent for sent, received in timestamps]
    return stdev(transits) if len(transits) > 1 else 0.0


@answer("interarrival_jitter", "largest|range|smallest")
def takes_the_range_of_delays(timestamps):
    transits = [received - sent for sent, received in timestamps]
    return max(transits) - min(transits) if transits else 0.0


@answer("interarrival_jitter", "sign|absolute|abs(|cancel")
def lets_differences_cancel(timestamps):
    jitter = 0.0
    for (sent, received), (sent2, received2) in pairwise(timestamps):
        jitter += ((received2 - sent2) - (received - sent) - jitter) / 16
    return jitter


@answer("interarrival_jitter", "sent|sending")
def looks_at_arrivals_only(timestamps):
    jitter = 0.0
    gaps = [after[1] - before[1] for before, after in pairwise(timestamps)]
    for before, after in pairwise(gaps):
        jitter += (abs(after - before) - jitter) / 16
    return jitter


@answer("interarrival_jitter", "first packet|before the first|first delay|two packets")
def begins_at_the_first_delay(timestamps):
    jitter = before = 0.0
    for sent, received in timestamps:
        transit = received - sent
        jitter += (abs(transit - before) - jitter) / 16
        before = transit
    return jitter


@answer("interarrival_jitter", "begins at 0|starts at 0|first difference")
def begins_at_the_first_difference(timestamps):
    transits = [received - sent for sent, received in timestamps]
    differences = [abs(b - a) for a, b in pairwise(transits)]
    jitter = differences[0] if differences else 0.0
    for each in differences[1:]:
        jitter += (each - jitter) / 16
    return jitter


@answer("interarrival_jitter", "- j|minus j|subtract|old j")
def forgets_to_subtract_the_old(timestamps):
    jitter = 0.0
    for (sent, received), (sent2, received2) in pairwise(timestamps):
        jitter += abs((received2 - sent2) - (received - sent)) / 16
    return jitter


@answer("interarrival_jitter", "16", "8")
def takes_an_eighth(timestamps):
    jitter = 0.0
    for (sent, received), (sent2, received2) in pairwise(timestamps):
        jitter += (abs((received2 - sent2) - (received - sent)) - jitter) / 8
    return jitter


@answer("interarrival_jitter", "order of arrival|sort|arriv")
def sorts_by_the_time_of_sending(timestamps):
    jitter = 0.0
    for (sent, received), (sent2, received2) in pairwise(sorted(timestamps)):
        jitter += (abs((received2 - sent2) - (received - sent)) - jitter) / 16
    return jitter


@answer("interarrival_jitter", "millisecond|1000|1,000")
def returns_milliseconds(timestamps):
    jitter = 0.0
    for (sent, received), (sent2, received2) in pairwise(timestamps):
        jitter += (abs((received2 - sent2) - (received - sent)) - jitter) / 16
    return jitter * 1000


@answer("interarrival_jitter", "empty|no packet|fewer|none")
def needs_a_first_packet(timestamps):
    jitter = 0.0
    sent, received = timestamps[0]
    for sent2, received2 in timestamps[1:]:
        jitter += (abs((received2 - sent2) - (received - sent)) - jitter) / 16
        sent, received = sent2, received2
    return jitter


@answer("interarrival_jitter", "the one before|first", "before|first")
def compares_all_with_the_first(timestamps):
    jitter = 0.0
    for sent, received in timestamps[1:]:
        transit = received - sent
        first = timestamps[0][1] - timestamps[0][0]
        jitter += (abs(transit - first) - jitter) / 16
    return jitter


@answer("interarrival_jitter", "negative|clock")
def drops_negative_delays(timestamps):
    transits = [received - sent for sent, received in timestamps if received >= sent]
    jitter = 0.0
    for before, after in pairwise(transits):
        jitter += (abs(after - before) - jitter) / 16
    return jitter


@answer("interarrival_jitter", "IndexError|range|one too far|last packet")
def goes_one_packet_too_far(timestamps):
    jitter = 0.0
    transits = [received - sent for sent, received in timestamps]
    for i in range(len(transits)):
        jitter += (abs(transits[i + 1] - transits[i]) - jitter) / 16
    return jitter


@answer("interarrival_jitter", "0.0|delay of 0", "none|no packet")
def takes_no_delay_for_no_packet(timestamps):
    jitter, before = 0.0, None
    for sent, received in timestamps:
        transit = received - sent
        if before:
            jitter += (abs(transit - before) - jitter) / 16
        before = transit
    return jitter


@answer("interarrival_jitter", "adds|+=|takes the place")
def replaces_the_old_jitter(timestamps):
    jitter = 0.0
    for (sent, received), (sent2, received2) in pairwise(timestamps):
        jitter = (abs((received2 - sent2) - (received - sent)) - jitter) / 16
    return jitter


ECHOES = "echoes that lost some"
IMPOSSIBLE = "impossible counts"
SAME_SHARE = "the same share of ten, a hundred and a thousand"
NONE_LOST = "none lost of a few"
COPIES = "as many duplicates as losses"
OVERTAKEN = "readings that were overtaken"
AGAIN = "numbers with gaps, and numbers that start again"
EDGES = "gaps at the beginning and at the end"
ONE_CHANGE = "one change of the delay"
MANY = "a delay that changes from packet to packet"

TABLE = [
    (halves_the_loss, ADDS, ECHOES),
    (halves_what_is_missing, ADDS, ECHOES),
    (returns_the_loss_of_the_round_trip, None, ECHOES),
    (returns_what_survives, None, ECHOES),
    (takes_the_root_of_the_loss, None, ECHOES),
    (squares_in_place_of_the_root, None, ECHOES),
    (returns_a_percentage, None, ECHOES),
    (rounds_to_one_place, None, ECHOES),
    (rounds_the_loss_to_two_places, None, ECHOES),
    (goes_up_in_steps_of_a_hundredth, None, ECHOES),
    (takes_any_counts, None, IMPOSSIBLE),
    (divides_by_nothing, None, IMPOSSIBLE),
    (asserts_that_counts_are_possible, None, IMPOSSIBLE),
    (returns_nothing_for_impossible_counts, None, IMPOSSIBLE),
    (takes_a_root_that_is_not_imported, None, ECHOES),
    (prints_the_loss, None, ECHOES),
    (rounds_to_six_places, None, ECHOES),
    (halves_where_a_root_is_due, None, ECHOES),
    (refuses_that_none_is_answered, None, "all answered, and none"),
    (returns_the_error, None, IMPOSSIBLE),
    (takes_the_textbooks_interval, TEN, NONE_LOST),
    (clips_the_textbooks_interval, TEN, NONE_LOST),
    (gives_every_sample_a_tenth, TEN, SAME_SHARE),
    (forgets_the_number_of_packets, TEN, SAME_SHARE),
    (forgets_to_divide_the_centre, None, NONE_LOST),
    (lets_a_division_cover_too_little, None, SAME_SHARE),
    (lets_a_division_cover_too_little_and_clips, None, SAME_SHARE),
    (multiplies_in_the_centre_only, None, SAME_SHARE),
    (returns_centre_and_half, None, SAME_SHARE),
    (takes_one_standard_deviation, None, SAME_SHARE),
    (takes_90_percent, None, SAME_SHARE),
    (returns_a_list, None, SAME_SHARE),
    (returns_the_upper_end_first, None, SAME_SHARE),
    (returns_percentages, None, SAME_SHARE),
    (rounds_to_two_places, None, SAME_SHARE),
    (rounds_as_the_example_does, None, SAME_SHARE),
    (takes_three_by_n_where_none_is_lost, None, NONE_LOST),
    (says_zero_to_one_for_nothing_sent, None, IMPOSSIBLE),
    (turns_losses_into_arrivals, None, SAME_SHARE),
    (leaves_0_to_1_by_a_last_digit, None, "ends within 0 and 1"),
    (rounds_to_four_places, None, SAME_SHARE),
    (squares_four_n, None, SAME_SHARE),
    (divides_by_one_alone, None, SAME_SHARE),
    (subtracts_received_from_sent, RECEIVED_SENT, COPIES),
    (takes_received_for_what_arrived, RECEIVED_SENT, COPIES),
    (counts_each_jump_as_loss, REORDERED, OVERTAKEN),
    (takes_late_ones_for_lost, REORDERED, OVERTAKEN),
    (compares_with_the_arrival_before, None, OVERTAKEN),
    (counts_copies_as_reordered, None, "copies that come late"),
    (compares_numbers_and_not_places, None, AGAIN),
    (expects_each_number_between_the_ends, None, AGAIN),
    (counts_strangers_as_copies, None, "old packets of another run"),
    (counts_numbers_that_came_twice, None, COPIES),
    (strikes_out_what_came, None, "two lost readings"),
    (returns_a_tuple, None, "two lost readings"),
    (returns_shares, None, "two lost readings"),
    (fails_without_readings, None, "nothing received, nothing sent"),
    (counts_those_that_overtake, None, OVERTAKEN),
    (remembers_the_call_before, None, "two lost readings"),
    (looks_only_between_arrivals, None, "two lost readings"),
    (takes_what_follows_a_gap_for_late, None, "two lost readings"),
    (counts_all_losses, AVERAGE, "gaps of different length"),
    (takes_the_mean_gap, AVERAGE, "gaps of different length"),
    (rounds_the_mean_gap, AVERAGE, "gaps of different length"),
    (returns_the_loss_rate, AVERAGE, "gaps of different length"),
    (looks_at_jumps_of_the_arrivals, None, EDGES),
    (forgets_a_gap_at_the_end, None, EDGES),
    (forgets_a_gap_at_the_beginning, None, EDGES),
    (does_not_wait_for_late_ones, None, "late readings and copies"),
    (counts_one_too_many, None, "gaps of different length"),
    (returns_the_last_gap, None, "gaps of different length"),
    (does_not_begin_anew, AVERAGE, "gaps of different length"),
    (returns_the_numbers, None, "gaps of different length"),
    (sorts_the_callers_list, None, "late readings and copies"),
    (compares_the_lists_place_by_place, None, "gaps of different length"),
    (returns_within_its_loop, None, "gaps of different length"),
    (takes_the_mean_of_the_differences, None, ONE_CHANGE),
    (takes_the_standard_deviation, None, ONE_CHANGE),
    (takes_the_range_of_delays, None, ONE_CHANGE),
    (lets_differences_cancel, None, ONE_CHANGE),
    (looks_at_arrivals_only, None, ONE_CHANGE),
    (begins_at_the_first_delay, None, ONE_CHANGE),
    (begins_at_the_first_difference, None, ONE_CHANGE),
    (forgets_to_subtract_the_old, None, MANY),
    (takes_an_eighth, None, ONE_CHANGE),
    (sorts_by_the_time_of_sending, None, "packets that overtake each other"),
    (returns_milliseconds, None, ONE_CHANGE),
    (needs_a_first_packet, None, "one packet, and none"),
    (compares_all_with_the_first, None, MANY),
    (drops_negative_delays, None, "clocks that differ"),
    (goes_one_packet_too_far, None, ONE_CHANGE),
    (takes_no_delay_for_no_packet, None, "clocks that differ"),
    (replaces_the_old_jitter, None, MANY),
]
SAYS = {
    returns_what_survives: "got 0.7. That is the share that survives one way.",
    takes_the_root_of_the_loss: "That is the root of the share without an answer.",
    takes_a_root_that_is_not_imported: "write `from math import sqrt` above your function",
    prints_the_loss: "got None. Does your function return its result?",
    returns_percentages: "Yours is in percent",
    rounds_to_two_places: "Yours is rounded",
    returns_a_tuple: "expected a Report(lost, duplicated, reordered), got (2, 0, 0).",
    counts_numbers_that_came_twice: "A number that came three times counts two.",
    counts_all_losses: "That is how many were lost in all, not side by side.",
    does_not_begin_anew: "That is how many were lost in all, not side by side.",
}
WRONG = [
    WrongAnswer(each.exercise, each, belief, case, SAYS.get(each)) for each, belief, case in TABLE
]


# What a fresh attacker found: its first hint led elsewhere


@answer("loss_interval", "root ends|covers")
def ends_the_root_too_soon(lost, sent):
    refuse(lost, sent)
    s, z = lost / sent, 1.96
    centre = (s + z**2 / (2 * sent)) / (1 + z**2 / sent)
    root = math.sqrt(s * (1 - s) / sent) + z**2 / (4 * sent**2)
    half = z / (1 + z**2 / sent) * root
    return max(0.0, centre - half), min(1.0, centre + half)


@answer("loss_interval", "share")
def takes_the_count_for_the_share(lost, sent):
    refuse(lost, sent)
    s, z = lost, 1.96
    centre = (s + z**2 / (2 * sent)) / (1 + z**2 / sent)
    half = z / (1 + z**2 / sent) * math.sqrt(s * (1 - s) / sent + z**2 / (4 * sent**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@answer("loss_report", "exchanged")
def exchanges_late_ones_and_copies(sent, received):
    place = {number: index for index, number in enumerate(sent)}
    seen, copies, late, newest = set(), 0, 0, -1
    for number in received:
        if number not in place:
            continue
        if number in seen:
            copies += 1
            continue
        seen.add(number)
        late += place[number] < newest
        newest = max(newest, place[number])
    return SimpleNamespace(lost=len(sent) - len(seen), duplicated=late, reordered=copies)


@answer("interarrival_jitter", "last one")
def begins_with_the_element_before_the_first(timestamps):
    jitter = 0.0
    for i in range(len(timestamps)):
        (sent, received), (sent_before, received_before) = timestamps[i], timestamps[i - 1]
        jitter += (abs((received - sent) - (received_before - sent_before)) - jitter) / 16
    return jitter


WRONG += [
    WrongAnswer(each.exercise, each)
    for each in (
        ends_the_root_too_soon,
        takes_the_count_for_the_share,
        exchanges_late_ones_and_copies,
        begins_with_the_element_before_the_first,
    )
]


# checksum


def pairs(data):
    data += bytes(len(data) % 2)
    return struct.unpack(f"!{len(data) // 2}H", data)


def carried(total):
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@answer("checksum", "look|every byte|which bytes")
def trusts_the_length(data):
    return len(data) & 0xFFFF


@answer("checksum", "look|every byte|which bytes")
def looks_at_the_first_four_bytes(data):
    return ~carried(sum(pairs(data[:4]))) & 0xFFFF


@answer("checksum", "look|every byte|which bytes")
def looks_at_each_second_byte(data):
    return ~carried(sum(data[::2])) & 0xFFFF


@answer("checksum", "order|weak|other programs")
def takes_half_of_a_crc(data):
    return zlib.crc32(data) & 0xFFFF


@answer("checksum", "order|weak|other programs")
def weighs_each_word_by_its_place(data):
    weighed = sum(place * word for place, word in enumerate(pairs(data), 1))
    return ~carried(weighed) & 0xFFFF


@answer("checksum", "order|weak|other programs")
def runs_two_sums_as_fletcher_does(data):
    first = second = 0
    for byte in data:
        first = (first + byte) % 255
        second = (second + first) % 255
    return second * 256 + first


@answer("checksum", "pair|two bytes|change places|one by one")
def adds_the_bytes(data):
    return sum(data) & 0xFFFF


@answer("checksum", "pair|two bytes|change places|one by one")
def adds_the_bytes_and_turns_them_over(data):
    return ~carried(sum(data)) & 0xFFFF


@answer("checksum", "pair|two bytes|change places|one by one")
def keeps_one_byte_of_the_sum(data):
    return sum(data) % 256


@answer("checksum", "carry")
def cuts_the_carry_off(data):
    total = 0
    for word in pairs(data):
        total = (total + word) & 0xFFFF
    return total ^ 0xFFFF


@answer("checksum", "carry", "again|often|once")
def adds_the_carry_once(data):
    total = sum(pairs(data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


@answer("checksum", "carry", "again|often|once")
def adds_the_carry_once_and_subtracts(data):
    total = sum(pairs(data))
    return 65_535 - (total % 65_536 + total // 65_536)


@answer("checksum", "complement|turned over|turn")
def forgets_the_complement(data):
    return carried(sum(pairs(data)))


@answer("checksum", "negative|16 bits")
def turns_more_than_16_bits_over(data):
    return ~carried(sum(pairs(data)))


@answer("checksum", "byte order|first byte|low byte")
def reads_words_with_the_low_byte_first(data):
    data += bytes(len(data) % 2)
    total = carried(sum(struct.unpack(f"<{len(data) // 2}H", data)))
    return ~total & 0xFFFF


@answer("checksum", "odd|last|left over|half")
def takes_the_last_byte_as_it_is(data):
    total = 0
    for place in range(0, len(data), 2):
        total += int.from_bytes(data[place : place + 2], "big")
    return ~carried(total) & 0xFFFF


@answer("checksum", "partner|left out|last")
def forgets_a_last_byte_without_partner(data):
    total = 0
    for high, low in zip(data[::2], data[1::2], strict=False):
        total += high * 256 + low
    return ~carried(total) & 0xFFFF


@answer("checksum", "odd|partner|last")
def goes_one_byte_too_far(data):
    total = 0
    for place in range(0, len(data), 2):
        total += data[place] << 8 | data[place + 1]
    return ~carried(total) & 0xFFFF


@answer("checksum", "odd|partner|last")
def unpacks_only_what_is_even(data):
    return ~carried(sum(struct.unpack(f"!{len(data) // 2}H", data))) & 0xFFFF


@answer("checksum", "remainder|65,535|0")
def takes_a_remainder(data):
    return 0xFFFF - sum(pairs(data)) % 0xFFFF


@answer("checksum", "carry|add")
def joins_words_by_exclusive_or(data):
    total = 0
    for word in pairs(data):
        total ^= word
    return ~total & 0xFFFF


@answer("checksum", "overlap|next pair|one word")
def goes_on_by_one_byte(data):
    data += bytes(len(data) % 2)
    total = 0
    for place in range(len(data) - 1):
        total += data[place] << 8 | data[place + 1]
    return ~carried(total) & 0xFFFF


@answer("checksum", "turn|negate|differ")
def negates_the_sum(data):
    return -carried(sum(pairs(data))) & 0xFFFF


@answer("checksum", "text|hex|number")
def writes_the_number_in_hexadecimal(data):
    return hex(~carried(sum(pairs(data))) & 0xFFFF)


@answer("checksum", "bytes|number")
def packs_the_number(data):
    return (~carried(sum(pairs(data))) & 0xFFFF).to_bytes(2, "big")


@answer("checksum", "return|None")
def prints_the_number(data):
    print(~carried(sum(pairs(data))) & 0xFFFF)


RFC, CARRIES, ODD, NOTHING = (
    "the example of the RFC",
    "carries, and carries of carries",
    "an odd number of bytes",
    "no bytes, zeros, and ones only",
)
WRONG += [
    WrongAnswer(each.exercise, each, belief, case)
    for each, belief, case in (
        (trusts_the_length, ARRIVES, RFC),
        (looks_at_the_first_four_bytes, ARRIVES, RFC),
        (looks_at_each_second_byte, ARRIVES, RFC),
        (takes_half_of_a_crc, FINDS_ALL, RFC),
        (weighs_each_word_by_its_place, FINDS_ALL, RFC),
        (runs_two_sums_as_fletcher_does, FINDS_ALL, RFC),
        (adds_the_bytes, BYTES, RFC),
        (adds_the_bytes_and_turns_them_over, BYTES, RFC),
        (keeps_one_byte_of_the_sum, BYTES, RFC),
        (cuts_the_carry_off, None, CARRIES),
        (adds_the_carry_once, None, CARRIES),
        (forgets_the_complement, None, RFC),
        (turns_more_than_16_bits_over, None, RFC),
        (reads_words_with_the_low_byte_first, None, RFC),
        (takes_the_last_byte_as_it_is, None, ODD),
        (forgets_a_last_byte_without_partner, None, ODD),
        (goes_one_byte_too_far, None, ODD),
        (unpacks_only_what_is_even, None, ODD),
        (takes_a_remainder, None, NOTHING),
        (joins_words_by_exclusive_or, None, RFC),
        (goes_on_by_one_byte, None, RFC),
        (negates_the_sum, None, RFC),
        (writes_the_number_in_hexadecimal, None, RFC),
        (packs_the_number, None, RFC),
        (prints_the_number, None, RFC),
    )
]
