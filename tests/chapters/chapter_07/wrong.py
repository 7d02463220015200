"""Wrong answers to the exercises of chapter 07, as a learner would write them."""


import contextlib

import select

import socket

import struct

import time

from dataclasses import dataclass

from time import time as now

from support.answers import WrongAnswer, answer

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "an ACK can't be lost",
    "a duplicate is a new message",
    "any ACK is the ACK that I wait for",
    "retransmit at once and for ever",
    "the RTT of a retransmitted packet is a sample",
    "wall-clock time for measuring",
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
    (wants_an_ack_of_each, ACK_LOST, "lost acknowledgements"),
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
]


WRONG = [WrongAnswer(each.exercise, each, belief, case) for each, belief, case in TABLE]


WRONG += [
    WrongAnswer(each.exercise, each)
    for each in (
        GivesTheNewSampleMost,
        PrintsTheTimer,
        ends_at_any_end,
        hands_over_what_is_left_below_zero,
    )
]

