"""Wrong answers to the exercises of chapter 07, as a learner would write them."""

import contextlib
import struct
import time
from typing import ClassVar

from support.answers import WrongAnswer, answer

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "a larger window is always faster",
    "a cumulative ACK names the packet that arrived",
    "a packet out of order is useless",
    "the number space may be as large as the window",
    "loss means the same everywhere",
    "a sender alone decides its rate",
]


HEADER = struct.Struct("!BI")


DATA, ACK, END = 1, 2, 3


TRIES = 10


def _gbn(
    *,
    clock=time.monotonic,
    accept=lambda data, sender, address: sender == address and len(data) == 5 and data[0] == ACK,
    tries=TRIES,
    end_tries=TRIES,
    restart_always=False,
    restart=True,
    resend=lambda base, following: range(base, following),
    trusts=False,
    exact=False,
    lists_first=lambda base, count: f"message {base} of {count} was not confirmed",
    wider=0,
    checks_window=True,
    resets=True,
    end_is_error=False,
    count_end=False,
    slides=True,
    error_ends=False,
    resets_always=False,
    beyond=0,
):
    """A Go-Back-N sender that is right but for one thing."""

    def send(sock, address, messages, window, timeout):
        if window < 1 and checks_window:
            raise ValueError("window")
        base, following, sent, ends = 1, 1, 0, 0
        deadline = clock() + timeout

        def put(kind, number, payload=b""):
            with contextlib.suppress(ConnectionError):
                sock.sendto(HEADER.pack(kind, number) + payload, address)

        def come():
            nonlocal deadline
            while (left := deadline - clock()) > 0:
                sock.settimeout(left)
                try:
                    data, sender = sock.recvfrom(2048)
                except TimeoutError:
                    return None
                except ConnectionError:
                    if error_ends:
                        return None
                    continue
                if restart_always:
                    deadline = clock() + timeout
                if accept(data, sender, address):
                    return HEADER.unpack(data[:5])[1] if len(data) >= 5 else following - 1
            return None

        while base <= len(messages):
            if slides or following == base:
                while following < base + window + wider and following <= len(messages):
                    put(DATA, following, messages[following - 1])
                    sent += 1
                    following += 1
            number = come()
            if number is not None and resets_always:
                ends = 0
            if number is None:
                ends += 1
                if ends >= tries:
                    raise TimeoutError(lists_first(base, len(messages)))
                for again in resend(base, following):
                    put(DATA, again, messages[again - 1])
                    sent += 1
                deadline = clock() + timeout
            elif (
                (number == base)
                if exact
                else base <= number and (trusts or number < following + beyond)
            ):
                base = number + 1
                following = max(base, following)
                if resets:
                    ends = 0
                if restart:
                    deadline = clock() + timeout
        for _ in range(end_tries):
            put(END, len(messages) + 1)
            sent += count_end
            deadline = clock() + timeout
            while (number := come()) is not None:
                if number >= len(messages) + 1:
                    return sent
        if end_is_error:
            raise TimeoutError(f"END {len(messages) + 1} was not confirmed")
        return sent

    return send


@answer("go_back_n_send", "ack|acknowledgement|confirm", "all up to|earlier|also|lost")
def wants_an_ack_of_each(sock, address, messages, window, timeout):
    return _gbn(exact=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "silence|timer|timeout", "again|go back|goes back")
def raises_at_the_first_silence(sock, address, messages, window, timeout):
    return _gbn(tries=1)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "timer|timeout|for ever", "again|lost")
def waits_for_acks_for_ever(sock, address, messages, window, timeout):
    base, following = 1, 1
    while base <= len(messages):
        while following < base + window and following <= len(messages):
            sock.sendto(HEADER.pack(DATA, following) + messages[following - 1], address)
            following += 1
        data, _ = sock.recvfrom(2048)
        kind, number = HEADER.unpack(data)
        if kind == ACK and number >= base:
            base = number + 1
    sock.sendto(HEADER.pack(END, base), address)
    sock.recvfrom(2048)
    return len(messages)


@answer("go_back_n_send", "number")
def counts_acks(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError
    base, following, sent, ends = 1, 1, 0, 0
    sock.settimeout(timeout)
    while base <= len(messages):
        while following < base + window and following <= len(messages):
            sock.sendto(HEADER.pack(DATA, following) + messages[following - 1], address)
            following += 1
            sent += 1
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            ends += 1
            if ends == TRIES:
                raise TimeoutError(f"message {base} was not confirmed") from None
            for number in range(base, following):
                sock.sendto(HEADER.pack(DATA, number) + messages[number - 1], address)
                sent += 1
            continue
        if sender == address and data[:1] == b"\x02":
            base += 1
            ends = 0
    for _ in range(TRIES):
        sock.sendto(HEADER.pack(END, base), address)
        with contextlib.suppress(TimeoutError):
            sock.recvfrom(2048)
            break
    return sent


@answer("go_back_n_send", "number", "sent")
def believes_every_number(sock, address, messages, window, timeout):
    return _gbn(trusts=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "address|somebody else|who")
def believes_everybody(sock, address, messages, window, timeout):
    def accept(data, sender, address):
        return len(data) == 5 and data[0] == ACK

    return _gbn(accept=accept)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "kind")
def believes_every_kind(sock, address, messages, window, timeout):
    def accept(data, sender, address):
        return sender == address and len(data) >= 5

    return _gbn(accept=accept)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "tries|bound|count|give up|gives up")
def never_stops_to_go_back(sock, address, messages, window, timeout):
    return _gbn(tries=10**9, end_tries=10**9)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "timer|wait", "again")
def sends_the_window_again_and_again(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError
    base, sent = 1, 0
    sock.setblocking(False)
    while base <= len(messages):
        for number in range(base, min(base + window, len(messages) + 1)):
            sock.sendto(HEADER.pack(DATA, number) + messages[number - 1], address)
            sent += 1
        with contextlib.suppress(BlockingIOError):
            while True:
                data, sender = sock.recvfrom(2048)
                if sender == address and len(data) == 5 and data[0] == ACK:
                    number = HEADER.unpack(data)[1]
                    if base <= number < base + window:
                        base = number + 1
    sock.settimeout(timeout)
    for _ in range(TRIES):
        sock.sendto(HEADER.pack(END, base), address)
        with contextlib.suppress(TimeoutError):
            while sock.recvfrom(2048) != (HEADER.pack(ACK, base), address):
                pass
            break
    return sent


@answer("go_back_n_send", "clock", "monotonic|perf_counter|set")
def has_a_timer_of_the_wall_clock(sock, address, messages, window, timeout):
    return _gbn(clock=lambda: time.time())(sock, address, messages, window, timeout)


@answer("go_back_n_send", "every|all|each", "again|unconfirmed")
def sends_only_the_first_again(sock, address, messages, window, timeout):
    def resend(base, following):
        return [base]

    return _gbn(resend=resend)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "timer|wait", "new|ignored|anew|old|rest")
def starts_its_timer_anew_with_every_datagram(sock, address, messages, window, timeout):
    return _gbn(restart_always=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "timer", "anew|start|new")
def does_not_start_its_timer_anew(sock, address, messages, window, timeout):
    return _gbn(restart=False)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "window", "one too many|one more|unconfirmed|room")
def has_one_too_many_on_their_way(sock, address, messages, window, timeout):
    return _gbn(wider=1)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "window", "each|slide|slides|room|whole")
def waits_for_the_whole_window(sock, address, messages, window, timeout):
    return _gbn(slides=False)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "window", "without waiting|room|one at a time|unconfirmed")
def sends_one_at_a_time(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError
    return _gbn()(sock, address, messages, 1, timeout)


@answer("go_back_n_send", "window", "valueerror|below 1|raise")
def accepts_a_window_of_zero(sock, address, messages, window, timeout):
    return _gbn(checks_window=False)(sock, address, messages, max(window, 1), timeout)


@answer("go_back_n_send", "in a row|new|anew|zero|reset", "count|ended|times|tries")
def counts_the_ends_of_the_timer_over_all(sock, address, messages, window, timeout):
    return _gbn(resets=False)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "text|names|name", "first|not confirmed")
def names_the_wrong_message(sock, address, messages, window, timeout):
    return _gbn(lists_first=lambda base, count: f"message {base - 1} was not confirmed")(
        sock, address, messages, window, timeout
    )


@answer("go_back_n_send", "end", "no error|raise|error")
def fails_without_a_confirmed_end(sock, address, messages, window, timeout):
    return _gbn(end_is_error=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "end", "count|not counted")
def counts_the_end(sock, address, messages, window, timeout):
    return _gbn(count_end=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "end", "send|sent|last")
def sends_no_end(sock, address, messages, window, timeout):
    return _gbn(end_tries=0)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "connectionerror", "silence|wait|rest")
def takes_a_connection_error_for_the_end_of_its_timer(sock, address, messages, window, timeout):
    return _gbn(error_ends=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "tries|ten|tenth|10", "last|first|one too|count")
def waits_for_eleven_ends_of_its_timer(sock, address, messages, window, timeout):
    return _gbn(tries=11)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "count|tries", "back|anew|reset|new")
def counts_anew_with_every_ack(sock, address, messages, window, timeout):
    return _gbn(resets_always=True)(sock, address, messages, window, timeout)


@answer("go_back_n_send", "number", "sent")
def believes_the_next_number(sock, address, messages, window, timeout):
    return _gbn(beyond=1)(sock, address, messages, window, timeout)


def _selective(
    *,
    keeps_early=True,
    confirms_early=True,
    confirms_again=True,
    bound=lambda wanted, window: wanted + window,
    confirms_beyond=False,
    named=lambda number, wanted: number,
    as_it_comes=False,
    any_end=False,
    one_at_a_time=False,
    answers_end=True,
    leaves=False,
    checks_window=True,
    checks_size=True,
    silence_is_fine=False,
    ends_at_reset=False,
    reads=2048,
):
    """A receiver of Selective Repeat that is right but for one thing."""

    def receive(sock, window):
        if checks_window and window < 1:
            raise ValueError(window)
        early, messages, came, wanted, ended = {}, [], [], 1, False
        while True:
            try:
                data, peer = sock.recvfrom(reads)
            except ConnectionError:
                if ends_at_reset:
                    return messages
                continue
            except TimeoutError:
                if ended or silence_is_fine:
                    return came if as_it_comes else messages
                raise
            if checks_size and len(data) < 5:
                continue
            kind, number = HEADER.unpack(data[:5])
            if kind == END and len(data) == 5 and number and (number == wanted or any_end):
                ended = True
                if answers_end:
                    sock.sendto(HEADER.pack(ACK, number), peer)
                if leaves:
                    return messages
            if kind != DATA or not number:
                continue
            inside = wanted <= number < bound(wanted, window) and not ended
            if inside and number not in early and (keeps_early or number == wanted):
                early[number] = data[5:]
                came.append(data[5:])
            before, is_early = wanted, number > wanted
            while wanted in early:
                messages.append(early.pop(wanted))
                wanted += 1
                if one_at_a_time:
                    break
            tells = confirms_again if number < before else inside or confirms_beyond
            if tells and (confirms_early or not is_early):
                sock.sendto(HEADER.pack(ACK, named(number, wanted)), peer)

    return receive


@answer("receive_selectively", "early|before", "throw|keep|shelf")
def throws_away_what_is_early(sock, window):
    return _selective(keeps_early=False, confirms_early=False)(sock, window)


@answer("receive_selectively", "early|before", "throw|keep|shelf")
def confirms_what_it_throws_away(sock, window):
    return _selective(keeps_early=False)(sock, window)


@answer("receive_selectively", "early|before", "throw|keep|shelf")
def is_the_receiver_of_go_back_n(sock, window):
    return _selective(keeps_early=False, named=lambda number, wanted: wanted - 1)(sock, window)


@answer("receive_selectively", "old", "place|remainder")
def has_a_place_for_each_remainder(sock, window):
    if window < 1:
        raise ValueError(window)
    places, messages, ended = [None] * window, [], False
    while True:
        try:
            data, peer = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA and number:
            places[number % window] = data[5:]
            while places[(len(messages) + 1) % window] is not None:
                place = (len(messages) + 1) % window
                messages.append(places[place])
                places[place] = None
        elif kind == END and len(data) == 5 and number == len(messages) + 1:
            ended = True
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number), peer)


@answer("receive_selectively", "ack", "each|own|that came|names")
def confirms_how_far_all_is_here(sock, window):
    return _selective(named=lambda number, wanted: wanted - 1)(sock, window)


@answer("receive_selectively", "ack", "after|next")
def confirms_the_next_number(sock, window):
    return _selective(named=lambda number, wanted: number + 1)(sock, window)


@answer("receive_selectively", "lost", "ack")
def is_silent_to_copies(sock, window):
    return _selective(confirms_again=False)(sock, window)


@answer("receive_selectively", "order", "came|numbers")
def hands_out_as_it_comes(sock, window):
    return _selective(as_it_comes=True)(sock, window)


@answer("receive_selectively", "gap|follow", "all|each|as long")
def hands_out_one_at_a_time(sock, window):
    return _selective(one_at_a_time=True)(sock, window)


@answer("receive_selectively", "beyond", "window")
def has_a_shelf_without_an_end(sock, window):
    return _selective(bound=lambda wanted, window: 2**32)(sock, window)


@answer("receive_selectively", "beyond", "confirm|promise")
def promises_what_it_does_not_keep(sock, window):
    return _selective(confirms_beyond=True)(sock, window)


@answer("receive_selectively", "window|inside", "refused|wanted")
def has_one_place_too_few(sock, window):
    return _selective(bound=lambda wanted, window: wanted + window - 1)(sock, window)


@answer("receive_selectively", "window", "too many|inside")
def has_one_place_too_many(sock, window):
    return _selective(bound=lambda wanted, window: wanted + window + 1)(sock, window)


@answer("receive_selectively", "early", "ack|confirm")
def confirms_early_ones_later(sock, window):
    return _selective(confirms_early=False)(sock, window)


@answer("receive_selectively", "end", "missing|all of them|complete")
def ends_at_any_end(sock, window):
    return _selective(any_end=True)(sock, window)


@answer("receive_selectively", "end", "answer|confirm")
def leaves_end_without_an_answer(sock, window):
    return _selective(answers_end=False)(sock, window)


@answer("receive_selectively", "end", "again|leave|left")
def returns_at_the_end(sock, window):
    return _selective(leaves=True)(sock, window)


@answer("receive_selectively", "valueerror|window")
def receives_without_a_window(sock, window):
    return _selective(checks_window=False)(sock, max(1, window))


@answer("receive_selectively", "short|size|length|header")
def unpacks_whatever_comes(sock, window):
    return _selective(checks_size=False)(sock, window)


@answer("receive_selectively", "end", "silence|error|caller")
def returns_what_it_has(sock, window):
    return _selective(silence_is_fine=True)(sock, window)


@answer("receive_selectively", "connectionreseterror|closed port")
def ends_at_a_closed_port(sock, window):
    return _selective(ends_at_reset=True)(sock, window)


@answer("receive_selectively", "twice|new|number", "list|keep|duplicate|which")
def sorts_all_that_came(sock, window):
    if window < 1:
        raise ValueError(window)
    came, ended = [], False
    while True:
        try:
            data, peer = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return [payload for _, payload in sorted(came, key=lambda each: each[0])]
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA and number:
            came.append((number, data[5:]))
        elif kind == END and len(data) == 5 and number > len({n for n, _ in came}):
            ended = True
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number), peer)


class _Window:
    """A congestion window that is right but for what a wrong answer below changes."""

    def __init__(self):
        self.size, self.threshold = 1, 64

    def acked(self):
        self.size += 1 if self.size < self.threshold else 1 / self.size

    def lost(self):
        self.threshold = max(self.size / 2, 2)
        self.size = self.threshold

    def timed_out(self):
        self.threshold = max(self.size / 2, 2)
        self.size = 1


@answer("CongestionWindow", "threshold", "round trip|ack")
class GrowsForEver(_Window):
    def acked(self):
        self.size += 1


@answer("CongestionWindow", "size|window", "loss|lost|dropped")
class RepairsAndGoesOn(_Window):
    def lost(self):
        self.send_again = True


@answer("CongestionWindow", "size|window", "loss|lost|dropped")
class LowersTheThresholdAlone(_Window):
    def lost(self):
        self.threshold = max(self.size / 2, 2)


@answer("CongestionWindow", "first ack|begin|start")
class StartsAtTheThreshold(_Window):
    def __init__(self):
        self.size = self.threshold = 64


@answer("CongestionWindow", "silence|timer", "1|begin")
class HalvesAfterASilence(_Window):
    def timed_out(self):
        self.lost()


@answer("CongestionWindow", "silence", "1|half")
class BeginsAgainAtEachLoss(_Window):
    def lost(self):
        self.timed_out()


@answer("CongestionWindow", "halve|half", "size", "threshold")
class HalvesTheThreshold(_Window):
    def lost(self):
        self.threshold = self.size = max(self.threshold / 2, 2)


@answer("CongestionWindow", "least", "2")
class HasNoLeast(_Window):
    def lost(self):
        self.threshold = self.size = self.size / 2


@answer("CongestionWindow", "threshold", "old size|before|first|old")
class SetsTheSizeFirst(_Window):
    def timed_out(self):
        self.size = 1
        self.threshold = max(self.size / 2, 2)


@answer("CongestionWindow", "threshold")
class ForgetsTheThreshold(_Window):
    def lost(self):
        self.size = max(self.size / 2, 2)

    def timed_out(self):
        self.size = 1


@answer("CongestionWindow", "equal|exactly|comparison")
class AddsOneAtTheThreshold(_Window):
    def acked(self):
        self.size += 1 if self.size <= self.threshold else 1 / self.size


@answer("CongestionWindow", "fraction|round")
class RoundsDown(_Window):
    def lost(self):
        self.threshold = self.size = max(int(self.size) // 2, 2)


@answer("CongestionWindow", "ack", "1|one")
class DoublesWithEachAck(_Window):
    def acked(self):
        self.size += self.size if self.size < self.threshold else 1 / self.size


@answer("CongestionWindow", "self|object|class")
class SharesItsNumbers:
    numbers: ClassVar[list] = [1, 64]
    size = property(lambda self: self.numbers[0])
    threshold = property(lambda self: self.numbers[1])

    def acked(self):
        self.numbers[0] += 1 if self.size < self.threshold else 1 / self.size

    def lost(self):
        self.numbers[:] = [max(self.size / 2, 2)] * 2

    def timed_out(self):
        self.numbers[:] = [1, max(self.size / 2, 2)]


@answer("CongestionWindow", "attribute|number", "called|call")
class HasASizeThatIsAMethod(_Window):
    def __init__(self):
        self.threshold, self.packets = 64, 1

    def size(self):
        return self.packets

    def acked(self):
        self.packets += 1


LARGER = "a larger window is always faster"
CUMULATIVE = "a cumulative ACK names the packet that arrived"
USELESS = "a packet out of order is useless"
SPACE = "the number space may be as large as the window"
SAME_LOSS = "loss means the same everywhere"
ALONE = "a sender alone decides its rate"
DUPLICATE = "a duplicate is a new message"
EARLY = "packets that come early"
ACK_LOST = "an ACK can't be lost"


ANY_ACK = "any ACK is the ACK that I wait for"


FOR_EVER = "retransmit at once and for ever"


WALL_CLOCK = "wall-clock time for measuring"


NO_ACKS = "datagrams that are no acknowledgements"


FLOOD = "a flood of old acknowledgements"


BLACKOUTS = "two long blackouts"


VANISHES = "a receiver that vanishes"


NO_END = "an END that nobody confirms"


CLOCK = "a clock that is set back"


NOBODY = "nobody listens"


SLIDES = "a window that is filled, and slides"


# answer, the misconception it must hear of, a case that must fail
TABLE = [
    (wants_an_ack_of_each, CUMULATIVE, "lost acknowledgements"),
    (raises_at_the_first_silence, ACK_LOST, "a lost message"),
    (waits_for_acks_for_ever, ACK_LOST, "a lost message"),
    (counts_acks, ANY_ACK, "old acknowledgements"),
    (believes_every_number, ANY_ACK, "acknowledgements of what was never sent"),
    (believes_everybody, ANY_ACK, "acknowledgements from somebody else"),
    (believes_every_kind, ANY_ACK, NO_ACKS),
    (never_stops_to_go_back, FOR_EVER, VANISHES),
    (sends_the_window_again_and_again, FOR_EVER, VANISHES),
    (has_a_timer_of_the_wall_clock, WALL_CLOCK, CLOCK),
    (sends_only_the_first_again, None, "a lost message"),
    (starts_its_timer_anew_with_every_datagram, None, FLOOD),
    (does_not_start_its_timer_anew, None, "slow and steady acknowledgements"),
    (has_one_too_many_on_their_way, None, SLIDES),
    (waits_for_the_whole_window, None, SLIDES),
    (sends_one_at_a_time, None, SLIDES),
    (accepts_a_window_of_zero, None, "no window"),
    (counts_the_ends_of_the_timer_over_all, None, BLACKOUTS),
    (names_the_wrong_message, None, VANISHES),
    (fails_without_a_confirmed_end, None, NO_END),
    (counts_the_end, None, SLIDES),
    (sends_no_end, None, SLIDES),
    (takes_a_connection_error_for_the_end_of_its_timer, None, NOBODY),
    (waits_for_eleven_ends_of_its_timer, None, VANISHES),
    (counts_anew_with_every_ack, FOR_EVER, VANISHES),
    (believes_the_next_number, ANY_ACK, "acknowledgements of what was never sent"),
    (throws_away_what_is_early, USELESS, EARLY),
    (confirms_what_it_throws_away, USELESS, EARLY),
    (is_the_receiver_of_go_back_n, USELESS, EARLY),
    (has_a_place_for_each_remainder, SPACE, "old packets after a whole window"),
    (confirms_how_far_all_is_here, None, EARLY),
    (confirms_the_next_number, None, "three messages in order"),
    (is_silent_to_copies, ACK_LOST, "copies"),
    (hands_out_as_it_comes, None, EARLY),
    (hands_out_one_at_a_time, None, EARLY),
    (has_a_shelf_without_an_end, None, "a full shelf"),
    (promises_what_it_does_not_keep, None, "a full shelf"),
    (has_one_place_too_few, None, "a window of 1"),
    (has_one_place_too_many, None, "a full shelf"),
    (confirms_early_ones_later, None, EARLY),
    (ends_at_any_end, None, "an END that comes early"),
    (leaves_end_without_an_answer, None, "three messages in order"),
    (returns_at_the_end, None, "a last acknowledgement that is lost"),
    (receives_without_a_window, None, "no window"),
    (unpacks_whatever_comes, None, "datagrams that are neither DATA nor END"),
    (returns_what_it_has, None, "a sender that vanishes"),
    (ends_at_a_closed_port, None, "a closed port"),
    (sorts_all_that_came, DUPLICATE, "copies"),
    (GrowsForEver, LARGER, "from the threshold on"),
    (RepairsAndGoesOn, SAME_LOSS, "losses"),
    (LowersTheThresholdAlone, SAME_LOSS, "losses"),
    (StartsAtTheThreshold, ALONE, "the beginning"),
    (HalvesAfterASilence, None, "silence"),
    (BeginsAgainAtEachLoss, None, "losses"),
    (HalvesTheThreshold, None, "losses"),
    (HasNoLeast, None, "losses of a small window"),
    (SetsTheSizeFirst, None, "silence"),
    (ForgetsTheThreshold, None, "losses"),
    (AddsOneAtTheThreshold, None, "from the threshold on"),
    (RoundsDown, None, "losses"),
    (DoublesWithEachAck, None, "slow start"),
    (SharesItsNumbers, None, "two windows at once"),
    (HasASizeThatIsAMethod, None, "the beginning"),
]


WRONG = [WrongAnswer(each.exercise, each, belief, case) for each, belief, case in TABLE]
