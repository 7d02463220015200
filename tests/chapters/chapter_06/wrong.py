"""Wrong answers to the exercises of chapter 06, as a learner would write them."""

import contextlib
import select
import socket
import struct
import time
from dataclasses import dataclass
from time import time as now

from support.answers import WrongAnswer, answer

from chapters.chapter_06 import judges

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


@dataclass
class Stats:
    transmissions: int
    rtts: list[float]


@answer("receive_reliably", "lost", "confirm|ack", "end")
def returns_at_the_first_end(sock):
    kept = []
    while True:
        data, sender = sock.recvfrom(2048)
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA:
            if number == len(kept) + 1:
                kept.append(data[5:])
            sock.sendto(HEADER.pack(ACK, len(kept)), sender)
        elif kind == END and number == len(kept) + 1:
            sock.sendto(HEADER.pack(ACK, number), sender)
            return kept


@answer("receive_reliably", "again", "confirm|ack|answer")
def says_nothing_to_duplicates(sock):
    kept, ended = [], False
    try:
        while True:
            data, sender = sock.recvfrom(2048)
            if len(data) < 5:
                continue
            kind, number = HEADER.unpack(data[:5])
            if kind == DATA and number == len(kept) + 1:
                kept.append(data[5:])
                sock.sendto(HEADER.pack(ACK, number), sender)
            elif kind == END and len(data) == 5 and number == len(kept) + 1:
                ended = True
                sock.sendto(HEADER.pack(ACK, number), sender)
    except TimeoutError:
        if not ended:
            raise
        return kept


@answer("receive_reliably", "number|how often|twice", "list|keep|kept")
def keeps_all_that_comes(sock):
    kept, ended = [], False
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA:
            kept.append(data[5:])
        elif kind == END:
            ended = True
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number), sender)


@answer("receive_reliably", "number", "duplicate|copy|copies|old")
def compares_only_with_the_last_number(sock):
    kept, last, ended = [], 0, False
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5 or data[0] not in (DATA, END) or (data[0] == END and data[5:]):
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA and number != last:
            kept.append(data[5:])
            last = number
        ended = ended or kind == END
        sock.sendto(HEADER.pack(ACK, number), sender)


@answer("receive_reliably", "payload|content|text|bytes", "number")
def takes_equal_payloads_for_duplicates(sock):
    kept, count, ended = [], 0, False
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5 or data[0] not in (DATA, END) or (data[0] == END and data[5:]):
            continue
        kind, number = HEADER.unpack(data[:5])
        if number == count + 1:
            count += 1
            if kind == END:
                ended = True
            elif data[5:] not in kept:
                kept.append(data[5:])
        sock.sendto(HEADER.pack(ACK, count), sender)


@answer("receive_reliably", "early|predecessor", "keep|kept|list")
def keeps_what_comes_too_early(sock):
    by_number, end = {}, None
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if end is None:
                raise
            return [by_number[each] for each in sorted(by_number)]
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA:
            by_number[number] = data[5:]
        elif kind == END and len(data) == 5:
            end = number
        else:
            continue
        here = 0
        while here + 1 in by_number:
            here += 1
        if end == here + 1:
            here = end
        sock.sendto(HEADER.pack(ACK, here), sender)


@answer("receive_reliably", "ack|confirm", "up to|highest")
def confirms_the_number_that_came(sock):
    kept, ended = [], False
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA:
            if number == len(kept) + 1:
                kept.append(data[5:])
        elif kind == END and len(data) == 5:
            ended = True
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number), sender)


@answer("receive_reliably", "end", "missing|early|number|before")
def ends_although_some_are_missing(sock):
    kept = []
    ended = False
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA and number == len(kept) + 1:
            kept.append(data[5:])
        elif kind == END and len(data) == 5:
            ended = True
            sock.sendto(HEADER.pack(ACK, number), sender)
            continue
        if kind in (DATA, END):
            sock.sendto(HEADER.pack(ACK, len(kept)), sender)


@answer("receive_reliably", "answer|ack", "kind|short|length|ignore")
def answers_whatever_comes(sock):
    kept, ended = [], 0
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) >= 5:
            kind, number = HEADER.unpack(data[:5])
            if number == len(kept) + 1:
                if kind == DATA:
                    kept.append(data[5:])
                elif kind == END and len(data) == 5:
                    ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


@answer("receive_reliably", "five|5|length|short", "byte|header|unpack")
def unpacks_without_looking_at_the_length(sock):
    kept, ended = [], 0
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


@answer("receive_reliably", "timeout", "end")
def returns_what_it_has_when_the_sender_vanishes(sock):
    kept, ended = [], 0
    try:
        while True:
            data, sender = sock.recvfrom(2048)
            if len(data) < 5:
                continue
            kind, number = HEADER.unpack(data[:5])
            if kind not in (DATA, END) or (kind == END and len(data) > 5):
                continue
            if number == len(kept) + 1:
                if kind == DATA:
                    kept.append(data[5:])
                else:
                    ended = 1
            sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)
    except TimeoutError:
        return kept


@answer("receive_reliably", "timeout|silence", "end")
def lets_the_last_silence_raise(sock):
    kept, ended = [], 0
    while True:
        data, sender = sock.recvfrom(2048)
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


@answer("receive_reliably", "end", "anew|again|each|last|every")
def stays_only_one_timeout_after_the_end(sock):
    kept, ended, leave = [], 0, None
    idle = sock.gettimeout()
    while leave is None or time.monotonic() < leave:
        if leave is not None:
            sock.settimeout(max(0.001, leave - time.monotonic()))
        try:
            data, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
                leave = time.monotonic() + idle
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)
    return kept


@answer("receive_reliably", "end", "anew|again|each|last|every")
def looks_at_the_clock_only_between_two_datagrams(sock):
    kept, count, ends = [], 0, None
    while ends is None or time.perf_counter() < ends:
        try:
            data, sender = sock.recvfrom(2048)
        except ConnectionResetError:
            continue
        except TimeoutError:
            if ends is None:
                raise
            return kept
        if len(data) < 5 or data[0] not in (DATA, END) or (data[0] == END and data[5:]):
            continue
        kind, number = HEADER.unpack(data[:5])
        if number == count + 1 and ends is None:
            count = number
            if kind == DATA:
                kept.append(data[5:])
            else:
                ends = time.perf_counter() + sock.gettimeout()
        sock.sendto(HEADER.pack(ACK, count), sender)
    return kept


@answer("receive_reliably", "each|every|anew|again", "timeout|wait|silence")
def has_one_deadline_for_everything(sock):
    kept, ended = [], 0
    deadline = time.monotonic() + sock.gettimeout()
    while (left := deadline - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            break
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)
    if not ended:
        raise TimeoutError
    return kept


@answer("receive_reliably", "recvfrom|recv|buffer", "size|large|bytes|long")
def receives_no_more_than_a_thousand_bytes(sock):
    kept, ended = [], 0
    while True:
        try:
            data, sender = sock.recvfrom(1000)
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


@answer("receive_reliably", "ack", "next|one more|highest|one too")
def acknowledges_the_next_number_that_it_wants(sock):
    kept, ended = [], 0
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended + 1), sender)


@answer("receive_reliably", "connectionreseterror|connectionerror")
def stops_at_a_closed_port(sock):
    kept, ended = [], 0
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            if ended:
                return kept
            raise
        except ConnectionResetError:
            return kept
        if len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


@answer("receive_reliably", "ack|confirm|answer", "send|sendto|answer")
def never_confirms(sock):
    kept = []
    while True:
        data, _ = sock.recvfrom(2048)
        kind, number = HEADER.unpack(data[:5])
        if kind == DATA and number == len(kept) + 1:
            kept.append(data[5:])
        elif kind == END:
            return kept


@answer("receive_reliably", "address|sender", "answer|ack|confirm")
def serves_the_first_sender_only(sock):
    kept, ended, first = [], 0, None
    while True:
        try:
            data, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return kept
            raise
        first = first or sender
        if sender != first or len(data) < 5:
            continue
        kind, number = HEADER.unpack(data[:5])
        if kind not in (DATA, END) or (kind == END and len(data) > 5):
            continue
        if number == len(kept) + 1 and not ended:
            if kind == DATA:
                kept.append(data[5:])
            else:
                ended = 1
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


def _receiver(*, quiet=1, copies=10**9, spins=False):
    """A receiver that is right but for one thing."""

    def receive(sock):
        kept, ended, silences, left = [], 0, 0, copies
        idle, last = sock.gettimeout(), time.monotonic()
        if spins:
            sock.setblocking(False)
        while left:
            try:
                data, sender = sock.recvfrom(2048)
            except ConnectionError:
                continue
            except (TimeoutError, BlockingIOError):
                if spins and time.monotonic() < last + idle:
                    continue
                silences += 1
                if not ended:
                    raise TimeoutError from None
                if silences == quiet:
                    break
                continue
            silences, last = 0, time.monotonic()
            if len(data) < 5:
                continue
            kind, number = HEADER.unpack(data[:5])
            if kind not in (DATA, END) or (kind == END and len(data) > 5):
                continue
            if number == len(kept) + 1 and not ended:
                if kind == DATA:
                    kept.append(data[5:])
                else:
                    ended = 1
            left -= ended
            sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)
        return kept

    return receive


@answer("receive_reliably", "timeout|silence", "longer|twice|one")
def stays_for_two_silences(sock):
    return _receiver(quiet=2)(sock)


@answer("receive_reliably", "end", "left|leave|stay|silence")
def confirms_five_copies_of_end(sock):
    return _receiver(copies=5)(sock)


@answer("receive_reliably", "processor|busy", "wait|sleep|loop")
def asks_again_and_again(sock):
    return _receiver(spins=True)(sock)


@answer("send_reliably", "again", "silence|timeout|timeouterror|lost")
def takes_silence_for_an_error(sock, address, messages, timeout):
    rtts = []
    sock.settimeout(timeout)
    for number, message in enumerate([*messages, None], start=1):
        began = time.perf_counter()
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        sock.sendto(packet, address)
        while True:
            data, sender = sock.recvfrom(2048)
            if sender == address and data == HEADER.pack(ACK, number):
                break
        if not last:
            rtts.append(time.perf_counter() - began)
    return Stats(len(messages), rtts)


@answer("send_reliably", "timeout|for ever", "again|lost")
def waits_for_ever(sock, address, messages, timeout):
    rtts = []
    for number, message in enumerate([*messages, None], start=1):
        began = time.perf_counter()
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        sock.sendto(packet, address)
        while sock.recvfrom(2048)[0] != HEADER.pack(ACK, number):
            pass
        if not last:
            rtts.append(time.perf_counter() - began)
    return Stats(len(messages), rtts)


def _sender(
    *,
    clock=time.monotonic,
    accept=lambda data, sender, address, number: (
        sender == address and len(data) == 5 and data[0] == ACK and HEADER.unpack(data)[1] >= number
    ),
    tries=TRIES,
    end_tries=TRIES,
    karn=True,
    restart=False,
    first=1,
    end_is_error=False,
    named=lambda number, count: f"message {number} of {count} was not confirmed",
    count_end=False,
    error=TimeoutError,
    since_first=False,
    scale=1,
    error_ends=False,
):
    """A sender that is right but for one thing: for the wrong answers that differ in a line."""

    def send(sock, address, messages, timeout):
        stats = Stats(0, [])
        for place, message in enumerate([*messages, None]):
            number, last = place + first, message is None
            packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
            start = None
            for attempt in range(end_tries if last else tries):
                began = clock()
                start = start or began
                stats.transmissions += not last or count_end
                with contextlib.suppress(ConnectionError):
                    sock.sendto(packet, address)
                ok = False
                end = clock() + timeout
                while not ok and (left := end - clock()) > 0:
                    sock.settimeout(left)
                    try:
                        data, sender = sock.recvfrom(2048)
                    except TimeoutError:
                        break
                    except ConnectionError:
                        if error_ends:
                            break
                        continue
                    ok = accept(data, sender, address, number)
                    if restart:
                        end = clock() + timeout
                if ok:
                    if not last and (not karn or attempt == 0):
                        took = clock() - (start if since_first else began)
                        stats.rtts.append(took * scale)
                    break
            else:
                if not last or end_is_error:
                    raise error(named(number, len(messages)))
        return stats

    return send


def _is_ack(data, sender, address, number):
    return len(data) == 5 and data[0] == ACK


@answer("send_reliably", "number")
def takes_every_ack(sock, address, messages, timeout):
    def accept(data, sender, address, number):
        return sender == address and len(data) == 5 and data[0] == ACK

    return _sender(accept=accept)(sock, address, messages, timeout)


@answer("send_reliably", "kind|ack", "number|address|length|five")
def takes_every_datagram_for_the_ack(sock, address, messages, timeout):
    return _sender(accept=lambda *_: True)(sock, address, messages, timeout)


@answer("send_reliably", "address|somebody else|who")
def does_not_look_who_confirms(sock, address, messages, timeout):
    def accept(data, sender, address, number):
        return _is_ack(data, sender, address, number) and HEADER.unpack(data)[1] >= number

    return _sender(accept=accept)(sock, address, messages, timeout)


@answer("send_reliably", "kind")
def does_not_look_at_the_kind(sock, address, messages, timeout):
    def accept(data, sender, address, number):
        return sender == address and len(data) == 5 and HEADER.unpack(data)[1] == number

    return _sender(accept=accept)(sock, address, messages, timeout)


@answer("send_reliably", "tries|bound|count|give up|gives up")
def never_gives_up(sock, address, messages, timeout):
    return _sender(tries=10**9, end_tries=10**9)(sock, address, messages, timeout)


@answer("send_reliably", "wait|timer|at once", "again|transmission")
def floods_until_it_is_confirmed(sock, address, messages, timeout):
    stats = Stats(0, [])
    sock.setblocking(False)
    for number, message in enumerate([*messages, None], start=1):
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        began, count, confirmed = time.perf_counter(), 0, False
        while not confirmed:
            sock.sendto(packet, address)
            count += 1
            with contextlib.suppress(BlockingIOError):
                data, sender = sock.recvfrom(2048)
                confirmed = sender == address and data == HEADER.pack(ACK, number)
        if not last:
            stats.transmissions += count
            if count == 1:
                stats.rtts.append(time.perf_counter() - began)
    return stats


@answer("send_reliably", "wait|timer|at once", "again|transmission")
def sends_ten_at_once(sock, address, messages, timeout):
    stats = Stats(0, [])
    sock.settimeout(timeout)
    for number, message in enumerate([*messages, None], start=1):
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        for _ in range(TRIES):
            sock.sendto(packet, address)
            stats.transmissions += not last
        try:
            while sock.recvfrom(2048) != (HEADER.pack(ACK, number), address):
                pass
        except TimeoutError:
            if not last:
                raise TimeoutError(f"message {number} was not confirmed") from None
    return stats


@answer("send_reliably", "first|once|again", "time|rtt")
def counts_every_round_trip(sock, address, messages, timeout):
    return _sender(karn=False)(sock, address, messages, timeout)


@answer("send_reliably", "first|once", "time|rtt")
def measures_from_the_first_sending(sock, address, messages, timeout):
    return _sender(karn=False, since_first=True)(sock, address, messages, timeout)


@answer("send_reliably", "clock", "monotonic|perf_counter|set")
def uses_the_wall_clock(sock, address, messages, timeout):
    return _sender(clock=now)(sock, address, messages, timeout)


@answer("send_reliably", "clock", "monotonic|perf_counter|set")
def measures_by_the_wall_clock(sock, address, messages, timeout):
    stats = Stats(0, [])
    for number, message in enumerate([*messages, None], start=1):
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        for attempt in range(TRIES):
            stats.transmissions += not last
            began, end, ok = time.time(), time.monotonic() + timeout, False
            with contextlib.suppress(ConnectionError):
                sock.sendto(packet, address)
            while not ok and select.select([sock], [], [], max(0, end - time.monotonic()))[0]:
                with contextlib.suppress(ConnectionError, struct.error):
                    data, sender = sock.recvfrom(2048)
                    kind, upto = HEADER.unpack(data)
                    ok = sender == address and kind == ACK and upto >= number
            if ok:
                if not last and attempt == 0:
                    stats.rtts.append(time.time() - began)
                break
        else:
            if not last:
                raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
    return stats


@answer("send_reliably", "deadline|rest|left|whole|anew", "wait|timeout|timer")
def waits_anew_after_each_datagram(sock, address, messages, timeout):
    return _sender(restart=True)(sock, address, messages, timeout)


@answer("send_reliably", "text|names|name", "first|not confirmed")
def names_the_last_that_was_confirmed(sock, address, messages, timeout):
    def named(number, count):
        return f"messages up to {number - 1} were confirmed"

    return _sender(named=named)(sock, address, messages, timeout)


@answer("send_reliably", "text|names|name|number", "message")
def lets_a_bare_timeout_tell(sock, address, messages, timeout):
    return _sender(named=lambda *_: "timed out")(sock, address, messages, timeout)


@answer("send_reliably", "end", "no error|raise|error")
def fails_where_only_the_end_is_unconfirmed(sock, address, messages, timeout):
    return _sender(end_is_error=True)(sock, address, messages, timeout)


@answer("send_reliably", "tries|ten|10")
def gives_up_after_three(sock, address, messages, timeout):
    return _sender(tries=3, end_tries=3)(sock, address, messages, timeout)


@answer("send_reliably", "tries|ten|10", "first|count|one too|transmission")
def sends_ten_times_again(sock, address, messages, timeout):
    return _sender(tries=11, end_tries=11)(sock, address, messages, timeout)


@answer("send_reliably", "number", "1|one|zero")
def numbers_from_zero(sock, address, messages, timeout):
    return _sender(first=0)(sock, address, messages, timeout)


@answer("send_reliably", "end", "count|transmissions")
def counts_end_as_well(sock, address, messages, timeout):
    return _sender(count_end=True)(sock, address, messages, timeout)


@answer("send_reliably", "second", "milli|thousand|1000|1,000|unit")
def measures_milliseconds(sock, address, messages, timeout):
    return _sender(scale=1000)(sock, address, messages, timeout)


@answer("send_reliably", "timeouterror", "connectionerror|kind|class|instead|not ")
def raises_a_connection_error(sock, address, messages, timeout):
    return _sender(error=ConnectionError)(sock, address, messages, timeout)


@answer("send_reliably", "again", "confirm|ack|next")
def goes_on_where_nothing_comes(sock, address, messages, timeout):
    stats = Stats(0, [])
    sock.settimeout(timeout)
    for number, message in enumerate(messages, start=1):
        began = time.monotonic()
        sock.sendto(HEADER.pack(DATA, number) + message, address)
        stats.transmissions += 1
        with contextlib.suppress(TimeoutError):
            if sock.recvfrom(2048) == (HEADER.pack(ACK, number), address):
                stats.rtts.append(time.monotonic() - began)
    sock.sendto(HEADER.pack(END, len(messages) + 1), address)
    return stats


@answer("send_reliably", "end", "again|tries|same way")
def sends_end_once(sock, address, messages, timeout):
    return _sender(end_tries=1)(sock, address, messages, timeout)


@answer("send_reliably", "stats", "return|rtts")
def returns_how_many(sock, address, messages, timeout):
    return _sender()(sock, address, messages, timeout).transmissions


@answer("send_reliably", "timer|wait|rest", "datagram|again")
def sends_again_when_anything_else_comes(sock, address, messages, timeout):
    stats = Stats(0, [])
    sock.settimeout(timeout)
    for number, message in enumerate([*messages, None], start=1):
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        for attempt in range(TRIES):
            began = time.monotonic()
            with contextlib.suppress(ConnectionError):
                sock.sendto(packet, address)
            stats.transmissions += not last
            try:
                got = sock.recvfrom(2048)
            except (TimeoutError, ConnectionError):
                continue
            if got == (HEADER.pack(ACK, number), address):
                if not last and attempt == 0:
                    stats.rtts.append(time.monotonic() - began)
                break
        else:
            if not last:
                raise TimeoutError(f"message {number} was not confirmed")
    return stats


@answer("send_reliably", "connectionerror", "silence|wait|rest")
def takes_a_connection_error_for_the_end_of_a_try(sock, address, messages, timeout):
    return _sender(error_ends=True)(sock, address, messages, timeout)


@answer("send_reliably", "number", "higher|more|exactly|up to")
def accepts_only_exactly_its_number(sock, address, messages, timeout):
    def accept(data, sender, address, number):
        return sender == address and data == HEADER.pack(ACK, number)

    return _sender(accept=accept)(sock, address, messages, timeout)


@answer("send_reliably", "timeout|wait", "short|half|whole")
def waits_half_its_timeout(sock, address, messages, timeout):
    return _sender()(sock, address, messages, timeout / 2)


@answer("send_reliably", "last|tenth", "wait|time|confirm")
def raises_right_after_the_tenth_sending(sock, address, messages, timeout):
    stats = _sender(tries=9)
    try:
        return stats(sock, address, messages, timeout)
    except TimeoutError as error:
        number = int(str(error).split()[1])
        packet = HEADER.pack(DATA, number) + messages[number - 1]
        sock.sendto(packet, address)
        raise


@answer("send_reliably", "processor|busy", "wait|sleep|loop")
def asks_without_a_rest(sock, address, messages, timeout):
    stats = Stats(0, [])
    sock.setblocking(False)
    for number, message in enumerate([*messages, None], start=1):
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        for attempt in range(TRIES):
            began, ok = time.monotonic(), False
            stats.transmissions += not last
            sock.sendto(packet, address)
            while not ok and time.monotonic() < began + timeout:
                with contextlib.suppress(BlockingIOError, ConnectionError, struct.error):
                    data, sender = sock.recvfrom(2048)
                    kind, upto = HEADER.unpack(data)
                    ok = sender == address and kind == ACK and upto >= number
            if ok:
                if attempt == 0 and not last:
                    stats.rtts.append(time.monotonic() - began)
                break
        else:
            if not last:
                raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
    return stats


@answer("send_reliably", "sleep|at once|as soon", "ack|receive")
def sleeps_before_it_looks(sock, address, messages, timeout):
    stats = Stats(0, [])
    for number, message in enumerate([*messages, None], start=1):
        last = message is None
        packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number) + message
        for attempt in range(TRIES):
            began, ok = time.monotonic(), False
            stats.transmissions += not last
            with contextlib.suppress(ConnectionError):
                sock.sendto(packet, address)
            time.sleep(timeout)
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    with contextlib.suppress(ConnectionError, struct.error):
                        data, sender = sock.recvfrom(2048)
                        kind, upto = HEADER.unpack(data)
                        ok = ok or (sender == address and kind == ACK and upto >= number)
            if ok:
                if attempt == 0 and not last:
                    stats.rtts.append(time.monotonic() - began)
                break
        else:
            if not last:
                raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
    return stats


@answer("send_reliably", "sock")
def sends_by_a_socket_of_its_own(sock, address, messages, timeout):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
        return _sender()(mine, address, messages, timeout)


class _Estimator:
    """An estimator that is right but for what a wrong answer below changes."""

    def __init__(self, minimum=1.0, maximum=60.0):
        self.minimum, self.maximum = minimum, maximum
        self.srtt = self.rttvar = None
        self.factor = 1

    def plain(self):
        rto = 1.0 if self.srtt is None else self.srtt + max(0.001, 4 * self.rttvar)
        return min(self.maximum, max(self.minimum, rto))

    def timeout(self):
        return min(self.maximum, self.plain() * self.factor)

    def first(self, rtt):
        self.srtt, self.rttvar = rtt, rtt / 2

    def later(self, rtt):
        self.rttvar = 0.75 * self.rttvar + 0.25 * abs(self.srtt - rtt)
        self.srtt = 0.875 * self.srtt + 0.125 * rtt

    def sample(self, rtt):
        if rtt < 0:
            raise ValueError("negative")
        self.factor = 1
        if self.srtt is None:
            self.first(rtt)
        else:
            self.later(rtt)

    def back_off(self):
        self.factor *= 2


@answer("RtoEstimator", "order|first|before", "rttvar|srtt")
class UpdatesTheMeanFirst(_Estimator):
    def later(self, rtt):
        self.srtt = 0.875 * self.srtt + 0.125 * rtt
        self.rttvar = 0.75 * self.rttvar + 0.25 * abs(self.srtt - rtt)


@answer("RtoEstimator", "1/4|1/8|3/4|7/8|weights|alpha|eighth|quarter")
class SwapsAlphaAndBeta(_Estimator):
    def later(self, rtt):
        self.rttvar = 0.875 * self.rttvar + 0.125 * abs(self.srtt - rtt)
        self.srtt = 0.75 * self.srtt + 0.25 * rtt


@answer("RtoEstimator", "first", "r/2|half|rttvar")
class StartsWithNoVariation(_Estimator):
    def first(self, rtt):
        self.srtt, self.rttvar = rtt, 0.0


@answer("RtoEstimator", "first", "srtt|zero|formula")
class StartsFromZero(_Estimator):
    def first(self, rtt):
        self.srtt, self.rttvar = 0.0, 0.0
        self.later(rtt)


@answer("RtoEstimator", "abs|sign|absolute|distance|negative|below")
class ForgetsTheSign(_Estimator):
    def later(self, rtt):
        self.rttvar = 0.75 * self.rttvar + 0.25 * (rtt - self.srtt)
        self.srtt = 0.875 * self.srtt + 0.125 * rtt


@answer("RtoEstimator", "maximum")
class HasNoUpperBound(_Estimator):
    def plain(self):
        rto = 1.0 if self.srtt is None else self.srtt + max(0.001, 4 * self.rttvar)
        return max(self.minimum, rto)

    def timeout(self):
        return self.plain() * self.factor


@answer("RtoEstimator", "minimum")
class HasNoLowerBound(_Estimator):
    def plain(self):
        rto = 1.0 if self.srtt is None else self.srtt + max(0.001, 4 * self.rttvar)
        return min(self.maximum, rto)


@answer("RtoEstimator", "g|granularity|0.001", "0.001|granularity|max(")
class ForgetsTheGranularity(_Estimator):
    def plain(self):
        rto = 1.0 if self.srtt is None else self.srtt + 4 * self.rttvar
        return min(self.maximum, max(self.minimum, rto))


@answer("RtoEstimator", "double|doubling|back_off|doubled", "minimum|bound|timer")
class DoublesBeforeTheLowerBound(_Estimator):
    def timeout(self):
        rto = 1.0 if self.srtt is None else self.srtt + max(0.001, 4 * self.rttvar)
        return min(self.maximum, max(self.minimum, rto * self.factor))


@answer("RtoEstimator", "sample", "back_off|backing off|doubl")
class NeverEndsToBackOff(_Estimator):
    def sample(self, rtt):
        factor = self.factor
        super().sample(rtt)
        self.factor = factor


@answer("RtoEstimator", "timeout()|asked|call|read|stays", "back_off|doubl|backing off")
class BacksOffForOneCallOnly(_Estimator):
    def timeout(self):
        seconds = super().timeout()
        self.factor = 1
        return seconds


@answer("RtoEstimator", "double|doubling|doubled", "minimum|bound|timer")
class DoublesOneSecondBeforeTheFirstSample(_Estimator):
    def timeout(self):
        if self.srtt is None:
            return min(self.maximum, max(self.minimum, self.factor))
        return super().timeout()


@answer("RtoEstimator", "double|doubling|twice|multipl")
class BacksOffBySeconds(_Estimator):
    def back_off(self):
        self.factor += 1


@answer("RtoEstimator", "negative|below 0|less than 0", "valueerror|raise")
class TakesNegativeTimes(_Estimator):
    def sample(self, rtt):
        super().sample(abs(rtt))


@answer("RtoEstimator", "before|first sample", "1.0|one second|minimum")
class StartsAtTheMinimum(_Estimator):
    def plain(self):
        return self.minimum if self.srtt is None else super().plain()


@answer("RtoEstimator", "before|first sample", "1.0|one second")
class StartsAtThreeSeconds(_Estimator):
    def plain(self):
        return max(self.minimum, 3.0) if self.srtt is None else super().plain()


@answer("RtoEstimator", "self|object|instance|class", "class|shared|own|each")
class SharesItsNumbers:
    srtt = None
    rttvar = 0.0
    factor = 1

    def __init__(self, minimum=1.0, maximum=60.0):
        self.minimum, self.maximum = minimum, maximum

    def timeout(self):
        cls = RtoEstimator_shared
        rto = 1.0 if cls.srtt is None else cls.srtt + max(0.001, 4 * cls.rttvar)
        return min(self.maximum, max(self.minimum, rto) * cls.factor)

    def sample(self, rtt):
        if rtt < 0:
            raise ValueError
        cls = RtoEstimator_shared
        if cls.srtt is None:
            cls.srtt, cls.rttvar = rtt, rtt / 2
        else:
            cls.rttvar = 0.75 * cls.rttvar + 0.25 * abs(cls.srtt - rtt)
            cls.srtt = 0.875 * cls.srtt + 0.125 * rtt
        cls.factor = 1

    def back_off(self):
        RtoEstimator_shared.factor *= 2


RtoEstimator_shared = SharesItsNumbers


@answer("RtoEstimator", "method|callable|call", "timeout")
class HasATimeoutThatIsNoMethod:
    def __init__(self, minimum=1.0, maximum=60.0):
        self.timeout = 1.0

    def sample(self, rtt):
        self.timeout = rtt * 3

    def back_off(self):
        self.timeout *= 2


@answer("RtoEstimator", "minimum|bounds|argument", "__init__|argument|parameter")
class TakesNoBounds:
    def __init__(self):
        self.rto = 1.0

    def timeout(self):
        return self.rto

    def sample(self, rtt):
        self.rto = max(1.0, 3 * rtt)

    def back_off(self):
        self.rto *= 2


ACK_LOST = "an ACK can't be lost"


DUPLICATE = "a duplicate is a new message"


ANY_ACK = "any ACK is the ACK that I wait for"


FOR_EVER = "retransmit at once and for ever"


KARN = "the RTT of a retransmitted packet is a sample"


WALL_CLOCK = "wall-clock time for measuring"


THREE = "three messages"


LOST_TWICE = "an acknowledgement that is lost twice"


COPIES = "late copies, and messages that look like copies"


EARLY = "datagrams that come too early"


JUNK = "datagrams that are neither DATA nor END"


SLOW = "a slow sender"


IN_TURN = "four messages, one after another"


LOST = "a lost message and a lost acknowledgement"


OLD = "an old acknowledgement"


NO_ACKS = "datagrams that are no acknowledgements"


FLOOD = "a flood of old acknowledgements"


BLACKOUTS = "two long blackouts"


VANISHES = "a receiver that vanishes"


NO_END = "an END that nobody confirms"


CLOCK = "a clock that is set back"


NOBODY = "nobody listens"


SEVERAL = "several samples"


BACKING_OFF = "backing off"


# answer, the misconception it must hear of, a case that must fail
TABLE = [
    (returns_at_the_first_end, ACK_LOST, "a last acknowledgement that is lost"),
    (says_nothing_to_duplicates, ACK_LOST, LOST_TWICE),
    (keeps_all_that_comes, DUPLICATE, LOST_TWICE),
    (compares_only_with_the_last_number, DUPLICATE, COPIES),
    (takes_equal_payloads_for_duplicates, None, COPIES),
    (keeps_what_comes_too_early, None, EARLY),
    (confirms_the_number_that_came, None, EARLY),
    (ends_although_some_are_missing, None, EARLY),
    (answers_whatever_comes, None, JUNK),
    (unpacks_without_looking_at_the_length, None, JUNK),
    (returns_what_it_has_when_the_sender_vanishes, None, "a sender that vanishes"),
    (lets_the_last_silence_raise, None, THREE),
    (stays_only_one_timeout_after_the_end, None, SLOW),
    (looks_at_the_clock_only_between_two_datagrams, None, SLOW),
    (has_one_deadline_for_everything, None, SLOW),
    (receives_no_more_than_a_thousand_bytes, None, "no messages, empty ones, binary ones"),
    (acknowledges_the_next_number_that_it_wants, None, THREE),
    (stops_at_a_closed_port, None, "a closed port"),
    (never_confirms, None, THREE),
    (serves_the_first_sender_only, None, "a sender whose address changes"),
    (stays_for_two_silences, None, "no messages, empty ones, binary ones"),
    (confirms_five_copies_of_end, None, "a last acknowledgement that is lost"),
    (asks_again_and_again, None, "a sender that vanishes"),
    (takes_silence_for_an_error, ACK_LOST, LOST),
    (waits_for_ever, ACK_LOST, LOST),
    (takes_every_ack, ANY_ACK, OLD),
    (takes_every_datagram_for_the_ack, ANY_ACK, NO_ACKS),
    (does_not_look_who_confirms, ANY_ACK, "an acknowledgement from somebody else"),
    (does_not_look_at_the_kind, ANY_ACK, NO_ACKS),
    (never_gives_up, FOR_EVER, VANISHES),
    (floods_until_it_is_confirmed, FOR_EVER, VANISHES),
    (sends_ten_at_once, FOR_EVER, LOST),
    (counts_every_round_trip, KARN, LOST),
    (measures_from_the_first_sending, KARN, LOST),
    (uses_the_wall_clock, WALL_CLOCK, CLOCK),
    (measures_by_the_wall_clock, WALL_CLOCK, CLOCK),
    (waits_anew_after_each_datagram, None, FLOOD),
    (names_the_last_that_was_confirmed, None, VANISHES),
    (lets_a_bare_timeout_tell, None, VANISHES),
    (fails_where_only_the_end_is_unconfirmed, None, NO_END),
    (gives_up_after_three, None, BLACKOUTS),
    (sends_ten_times_again, None, VANISHES),
    (numbers_from_zero, None, IN_TURN),
    (counts_end_as_well, None, IN_TURN),
    (measures_milliseconds, None, IN_TURN),
    (raises_a_connection_error, None, VANISHES),
    (goes_on_where_nothing_comes, ANY_ACK, LOST),
    (sends_end_once, None, NO_END),
    (returns_how_many, None, IN_TURN),
    (sends_again_when_anything_else_comes, FOR_EVER, NO_ACKS),
    (takes_a_connection_error_for_the_end_of_a_try, None, NOBODY),
    (accepts_only_exactly_its_number, None, "an acknowledgement of a higher number"),
    (waits_half_its_timeout, None, LOST),
    (raises_right_after_the_tenth_sending, None, VANISHES),
    (asks_without_a_rest, None, VANISHES),
    (sleeps_before_it_looks, None, "empty and binary payloads"),
    (sends_by_a_socket_of_its_own, None, IN_TURN),
    (UpdatesTheMeanFirst, None, SEVERAL),
    (SwapsAlphaAndBeta, None, SEVERAL),
    (StartsWithNoVariation, None, "the first sample"),
    (StartsFromZero, None, "the first sample"),
    (ForgetsTheSign, None, SEVERAL),
    (HasNoUpperBound, None, "bounds"),
    (HasNoLowerBound, None, "bounds"),
    (ForgetsTheGranularity, None, "the same round trip again and again"),
    (DoublesBeforeTheLowerBound, None, BACKING_OFF),
    (DoublesOneSecondBeforeTheFirstSample, None, BACKING_OFF),
    (NeverEndsToBackOff, None, "a sample after backing off"),
    (BacksOffForOneCallOnly, None, BACKING_OFF),
    (BacksOffBySeconds, None, BACKING_OFF),
    (TakesNegativeTimes, None, "a negative round trip"),
    (StartsAtTheMinimum, None, "before the first sample"),
    (StartsAtThreeSeconds, None, "before the first sample"),
    (SharesItsNumbers, None, "two estimators at once"),
    (HasATimeoutThatIsNoMethod, None, "before the first sample"),
    (TakesNoBounds, None, "before the first sample"),
]


WRONG = [WrongAnswer(each.exercise, each, belief, case) for each, belief, case in TABLE]


@answer("RtoEstimator", "other way round", "7/8")
class GivesTheNewSampleMost(_Estimator):
    def later(self, rtt):
        self.rttvar = 0.75 * self.rttvar + 0.25 * abs(self.srtt - rtt)
        self.srtt = 0.125 * self.srtt + 0.875 * rtt


@answer("RtoEstimator", "self|keep")
class PrintsTheTimer(_Estimator):
    def sample(self, rtt):
        if rtt < 0:
            raise ValueError(rtt)
        print(rtt + max(0.001, 4 * rtt / 2))


@answer("receive_reliably", "end came")
def ends_at_any_end(sock):
    messages, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        if len(datagram) < 5:
            continue
        (kind, number), payload = HEADER.unpack(datagram[:5]), datagram[5:]
        if kind == DATA and number:
            if number == len(messages) + 1 and not ended:
                messages.append(payload)
        elif kind == END and not payload:
            ended = True
        else:
            continue
        sock.sendto(HEADER.pack(ACK, len(messages) + ended), sender)


@answer("send_reliably", "below zero|negative")
def hands_over_what_is_left_below_zero(sock, address, messages, timeout):
    def once(kind, number, payload=b""):
        began = time.perf_counter()
        with contextlib.suppress(ConnectionError):
            sock.sendto(HEADER.pack(kind, number) + payload, address)
        while True:
            sock.settimeout(began + timeout - time.perf_counter())
            try:
                data, sender = sock.recvfrom(2048)
            except TimeoutError:
                return None
            except ConnectionError:
                continue
            if sender == address and len(data) == 5:
                kind_of_it, acked = HEADER.unpack(data)
                if kind_of_it == ACK and acked >= number:
                    return time.perf_counter() - began

    sent, rtts = 0, []
    for number, message in enumerate(messages, start=1):
        for attempt in range(TRIES):
            sent += 1
            rtt = once(DATA, number, message)
            if rtt is not None:
                rtts += [] if attempt else [rtt]
                break
        else:
            raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
    any(once(END, len(messages) + 1) is not None for _ in range(TRIES))
    return Stats(sent, rtts)


WRONG += [
    WrongAnswer(each.exercise, each)
    for each in (
        GivesTheNewSampleMost,
        PrintsTheTimer,
        ends_at_any_end,
        hands_over_what_is_left_below_zero,
    )
]

WRONG += judges.WRONG_JUDGES
