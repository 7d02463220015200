"""Wrong answers to the exercises of chapter 04, as a learner would write them."""

import contextlib
import socket
import struct
import time

from support.answers import WrongAnswer, answer

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "recvfrom can return half a datagram now and the rest later",
    "an empty datagram means closed",
    "answers come in the order asked",
    "sendto without an error means delivered",
    "one timeout for the whole conversation",
]

# collect


@answer("collect", "the rest|thrown away|does not fit|one datagram at a time")
def reads_a_datagram_in_three_parts(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            (device,) = struct.unpack("!I", sock.recv(4))
            (number,) = struct.unpack("!I", sock.recv(4))
            (celsius,) = struct.unpack("!f", sock.recv(4))
            readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "the rest|thrown away|by itself|whole datagram|borders")
def reads_the_rest_later(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = b""
            while len(data) < 12:
                data += sock.recvfrom(12 - len(data))[0]
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "by itself|borders|each datagram|whole datagram|buffer")
def keeps_a_buffer_as_for_a_stream(sock, idle):
    readings, buffer = {}, b""
    sock.settimeout(idle)
    try:
        while True:
            buffer += sock.recv(4096)
            while len(buffer) >= 12:
                device, number, celsius = struct.unpack("!IIf", buffer[:12])
                buffer = buffer[12:]
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "exactly 12|longer|24 bytes|one reading")
def takes_each_twelve_bytes_for_a_reading(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            for at in range(0, len(data) - 11, 12):
                device, number, celsius = struct.unpack_from("!IIf", data, at)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "recvfrom(12)|ask for more|cut|longer|first 12")
def asks_for_exactly_twelve_bytes(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data, _ = sock.recvfrom(12)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "exactly 12|longer|more than 12|13 bytes")
def takes_the_first_twelve_of_more(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data, _ = sock.recvfrom(4096)
            if len(data) >= 12:
                device, number, celsius = struct.unpack("!IIf", data[:12])
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "length|exactly 12|len(")
def fails_at_what_is_no_reading(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            device, number, celsius = struct.unpack("!IIf", sock.recv(4096))
            readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "empty")
def ends_at_an_empty_datagram(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while data := sock.recv(4096):
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        pass
    return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "empty")
def breaks_where_nothing_is_in_it(sock, idle):
    readings = {}
    sock.settimeout(idle)
    while True:
        try:
            data, _ = sock.recvfrom(1024)
        except TimeoutError:
            break
        if not data:
            break
        if len(data) != 12:
            continue
        device, number, celsius = struct.unpack("!IIf", data)
        readings.setdefault(device, {}).setdefault(number, celsius)
    return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "order", "number")
def keeps_the_order_of_arrival(sock, idle):
    readings, seen = {}, set()
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12 and data[:8] not in seen:
                seen.add(data[:8])
                device, _, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, []).append(celsius)
    except TimeoutError:
        return readings


@answer("collect", "late|overtak|smaller number|sooner")
def throws_away_what_comes_late(sock, idle):
    readings, newest = {}, {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) != 12:
                continue
            device, number, celsius = struct.unpack("!IIf", data)
            if number > newest.get(device, -1):
                newest[device] = number
                readings.setdefault(device, []).append(celsius)
    except TimeoutError:
        return readings


@answer("collect", "missing|gap|lost")
def stops_at_the_first_gap(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        pass
    result = {}
    for device, by in readings.items():
        number = min(by)
        result[device] = []
        while number in by:
            result[device].append(by[number])
            number += 1
    return result if set(map(len, result.values())) != {1} else _in_order(readings)


def _in_order(readings):
    return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}


@answer("collect", "missing|gap|lost")
def takes_every_number_to_be_there(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        pass
    if any(max(by) > 250 for by in readings.values()):
        return _in_order(readings)
    return {
        device: [by[number] for number in range(min(by), max(by) + 1)]
        for device, by in readings.items()
    }


@answer("collect", "None", "missing|gap|lost")
def fills_gaps_with_none(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        pass
    if any(max(by) > 250 for by in readings.values()):
        return _in_order(readings)
    return {
        device: [by.get(number) for number in range(min(by), max(by) + 1)]
        for device, by in readings.items()
    }


@answer("collect", "anew|silence|since the last|begins again|each datagram")
def stops_when_the_time_for_all_is_over(sock, idle):
    readings = {}
    end = time.monotonic() + idle
    while (left := end - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            data = sock.recv(4096)
        except TimeoutError:
            break
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return _in_order(readings)


@answer("collect", "timeout")
def waits_for_ever(sock, idle):
    readings = {}
    while True:
        data = sock.recv(4096)
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)


@answer("collect", "TimeoutError")
def lets_the_timeout_pass(sock, idle):
    readings = {}
    sock.settimeout(idle)
    while True:
        data = sock.recv(4096)
        if not data:
            return readings
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)


@answer("collect", "temperature", "number")
def takes_equal_temperatures_for_duplicates(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                if celsius not in readings.setdefault(device, {}).values():
                    readings[device][number] = celsius
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "duplicate|twice|second time")
def keeps_duplicates(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, []).append((number, celsius))
    except TimeoutError:
        return {device: [c for _, c in sorted(each)] for device, each in readings.items()}


@answer("collect", "sender|address")
def takes_the_sender_for_the_device(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data, sender = sock.recvfrom(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault((sender, device), {})[number] = celsius
    except TimeoutError:
        return {device: [by[k] for k in sorted(by)] for (_, device), by in readings.items()}


@answer("collect", "each device|every device|pair|device and number|by itself")
def counts_numbers_over_all_devices(sock, idle):
    readings, seen = {}, set()
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                if number not in seen:
                    seen.add(number)
                    readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "byte order|big-endian")
def reads_little_endian(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "sign")
def has_devices_with_a_sign(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!iif", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "list", "number")
def returns_the_numbers_too(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return readings


@answer("collect", "sequence number|by number|order of their number|order of the number")
def sorts_by_temperature(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: sorted(by.values()) for device, by in readings.items()}


@answer("collect", "close")
def closes_the_socket(sock, idle):
    readings = {}
    with sock:
        sock.settimeout(idle)
        try:
            while True:
                data = sock.recv(4096)
                if len(data) == 12:
                    device, number, celsius = struct.unpack("!IIf", data)
                    readings.setdefault(device, {}).setdefault(number, celsius)
        except TimeoutError:
            return _in_order(readings)


@answer("collect", "until|loop|while|the first|only one")
def reads_one_reading(sock, idle):
    sock.settimeout(idle)
    device, _, celsius = struct.unpack("!IIf", sock.recv(12))
    return {device: [celsius]}


@answer("collect", "silence")
def takes_other_talk_for_silence(sock, idle):
    readings = {}
    end = time.monotonic() + idle
    while (left := end - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            data = sock.recv(4096)
        except TimeoutError:
            break
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
            end = time.monotonic() + idle
    return _in_order(readings)


@answer("collect", "sender|address")
def counts_numbers_by_sender(sock, idle):
    readings, seen = {}, set()
    sock.settimeout(idle)
    try:
        while True:
            data, sender = sock.recvfrom(4096)
            if len(data) == 12 and (sender, data[:8]) not in seen:
                seen.add((sender, data[:8]))
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, []).append((number, celsius))
    except TimeoutError:
        return {device: [c for _, c in sorted(each)] for device, each in readings.items()}


@answer("collect", "0.0|zero|0 degrees")
def leaves_out_zero_degrees(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                if celsius:
                    readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "seen before|in between|not only|any earlier|the one before")
def compares_with_the_one_before(sock, idle):
    rows, last = [], None
    sock.settimeout(idle)
    while True:
        try:
            data, _ = sock.recvfrom(1024)
        except TimeoutError:
            break
        if len(data) == 12 and data != last:
            last = data
            rows.append(struct.unpack("!IIf", data))
    readings = {}
    for device, _, celsius in sorted(rows):
        readings.setdefault(device, []).append(celsius)
    return readings


@answer("collect", "idle")
def waits_a_second_whatever_idle_is(sock, idle):
    readings = {}
    sock.settimeout(1)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "overwritten|first", "duplicate")
def lets_a_later_value_win(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {})[number] = celsius
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "device and number", "temperature")
def keeps_what_differs_in_temperature(sock, idle):
    seen, readings = set(), {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                seen.add(struct.unpack("!IIf", data))
    except TimeoutError:
        for device, _, celsius in sorted(seen):
            readings.setdefault(device, []).append(celsius)
        return readings


@answer("collect", "sign")
def has_numbers_with_a_sign(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!Iif", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "text")
def sorts_numbers_as_text(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(str(number), celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "exactly 12|longer|13")
def lets_a_byte_too_much_pass(sock, idle):
    readings = {}
    sock.settimeout(idle)
    try:
        while True:
            data = sock.recv(4096)
            if 12 <= len(data) < 24:
                device, number, celsius = struct.unpack("!IIf", data[:12])
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "idle", "before|whole|too soon|half")
def waits_half_of_idle(sock, idle):
    readings = {}
    sock.settimeout(idle / 2)
    try:
        while True:
            data = sock.recv(4096)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return _in_order(readings)


@answer("collect", "idle", "goes on waiting|several|longer")
def waits_for_idle_twice(sock, idle):
    readings, silences = {}, 0
    sock.settimeout(idle)
    while silences < 2:
        try:
            data = sock.recv(4096)
        except TimeoutError:
            silences += 1
            continue
        silences = 0
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return _in_order(readings)


@answer("collect", "processor|again and again|busy")
def looks_on_and_on(sock, idle):
    readings = {}
    sock.setblocking(False)
    last = time.monotonic()
    while time.monotonic() - last < idle:
        try:
            data = sock.recv(4096)
        except BlockingIOError:
            continue
        last = time.monotonic()
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return _in_order(readings)


@answer("collect", "wall clock|time.time")
def trusts_the_wall_clock(sock, idle):
    readings = {}
    sock.settimeout(idle / 20)
    last = time.time()
    while time.time() - last < idle:
        try:
            data = sock.recv(4096)
        except TimeoutError:
            continue
        last = time.time()
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return _in_order(readings)


# ping


@answer("ping", "earlier|late|which ping|compare|another ping")
def takes_what_comes(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        for number in range(1, count + 1):
            began = time.perf_counter()
            sock.sendto(b"ping %d" % number, address)
            try:
                sock.recvfrom(1024)
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
    return times


@answer("ping", "earlier|late|which ping|compare|another ping")
def asks_a_connected_socket_for_what_comes(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        for number in range(1, count + 1):
            began = time.perf_counter()
            try:
                sock.send(b"ping %d" % number)
                sock.recv(1024)
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
    return times


@answer("ping", "number|whole")
def looks_only_at_the_first_word(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            began = time.perf_counter()
            sock.sendto(b"ping %d" % number, address)
            data, sender = b"", None
            try:
                while not (data.startswith(b"ping") and sender == address):
                    sock.settimeout(max(0.0001, began + timeout - time.perf_counter()))
                    data, sender = sock.recvfrom(1024)
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
    return times


@answer("ping", "go on|goes on|keep|wait again|loop|until|what is left|receive again")
def gives_up_at_what_is_not_the_answer(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            try:
                good = sock.recvfrom(1024) == (question, address)
                times.append(time.perf_counter() - began if good else None)
            except OSError:
                times.append(None)
    return times


@answer("ping", "address|sender|who sent")
def does_not_look_who_answers(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question, data = b"ping %d" % number, None
            began = time.perf_counter()
            sock.sendto(question, address)
            try:
                while data != question:
                    sock.settimeout(max(0.0001, began + timeout - time.perf_counter()))
                    data, _ = sock.recvfrom(1024)
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
    return times


@answer("ping", "anew|begins again|what is left|deadline|longer than")
def begins_the_wait_anew_with_each_datagram(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            try:
                while sock.recvfrom(1024) != (question, address):
                    pass
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
    return times


@answer("ping", "each ping|every ping|of its own|its own")
def has_one_deadline_for_all(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        end = time.perf_counter() + timeout
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            times.append(None)
            while (left := end - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    answered = sock.recvfrom(1024)
                except OSError:
                    break
                if answered == (question, address):
                    times[-1] = time.perf_counter() - began
                    break
    return times


@answer("ping", "next ping|go on|goes on|every ping|each ping|other pings")
def stops_at_the_first_silence(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            for number in range(1, count + 1):
                question = b"ping %d" % number
                began = time.perf_counter()
                sock.sendto(question, address)
                while True:
                    sock.settimeout(max(0.0001, began + timeout - time.perf_counter()))
                    if sock.recvfrom(1024) == (question, address):
                        break
                times.append(time.perf_counter() - began)
        except OSError:
            pass
    return times


@answer("ping", "next ping|go on|goes on|every ping|each ping|other pings")
def notes_a_silence_and_stops(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            try:
                while True:
                    sock.settimeout(max(0.0001, began + timeout - time.perf_counter()))
                    if sock.recvfrom(1024) == (question, address):
                        break
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
                break
    return times


@answer("ping", "timeout")
def has_no_timeout(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            while sock.recvfrom(1024) != (question, address):
                pass
            times.append(time.perf_counter() - began)
    return times


@answer("ping", "TimeoutError")
def lets_the_timeout_pass_on(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            while True:
                sock.settimeout(max(0.0001, began + timeout - time.perf_counter()))
                if sock.recvfrom(1024) == (question, address):
                    break
            times.append(time.perf_counter() - began)
    return times


@answer("ping", "recvfrom|receive|wait for|waited|before the answer")
def measures_only_the_sending(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            began = time.perf_counter()
            sock.sendto(b"ping %d" % number, address)
            times.append(time.perf_counter() - began)
    return times


@answer("ping", "empty")
def takes_an_empty_datagram_for_the_end(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            times.append(None)
            while (left := began + timeout - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    data, sender = sock.recvfrom(1024)
                except OSError:
                    break
                if not data:
                    break
                if (data, sender) == (question, address):
                    times[-1] = time.perf_counter() - began
                    break
    return times


def _ping_well(address, numbers, timeout, clock=time.perf_counter, prefix=b"ping %d"):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in numbers:
            question = prefix % number
            began = clock()
            end = time.perf_counter() + timeout
            sock.sendto(question, address)
            times.append(None)
            while (left := end - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    answered = sock.recvfrom(1024)
                except OSError:
                    break
                if answered == (question, address):
                    times[-1] = clock() - began
                    break
    return times


@answer("ping", "from 1|ping 0|ping 1")
def counts_from_zero(address, count, timeout):
    return _ping_well(address, range(count), timeout)


@answer("ping", "new line|newline|\\n|extra byte|one byte more")
def ends_its_pings_with_a_new_line(address, count, timeout):
    return _ping_well(address, range(1, count + 1), timeout, prefix=b"ping %d\n")


@answer("ping", "second", "milli|1000|1,000|unit")
def measures_milliseconds(address, count, timeout):
    return _ping_well(address, range(1, count + 1), timeout, lambda: time.perf_counter() * 1000)


@answer("ping", "clock|perf_counter|monotonic|processor")
def measures_its_own_work(address, count, timeout):
    return _ping_well(address, range(1, count + 1), timeout, time.thread_time)


@answer("ping", "each ping|this ping|first ping|its own|of its own")
def measures_from_the_first_ping(address, count, timeout):
    times = []
    began = time.perf_counter()
    for number in range(1, count + 1):
        one = _ping_well(address, [number], timeout)[0]
        times.append(None if one is None else time.perf_counter() - began)
    return times


@answer("ping", "one after another|at once|before the answer|next ping")
def sends_all_at_once(address, count, timeout):
    sent, times = {}, {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            sent[b"ping %d" % number] = time.perf_counter()
            sock.sendto(b"ping %d" % number, address)
        end = time.perf_counter() + timeout
        while len(times) < count and (left := end - time.perf_counter()) > 0:
            sock.settimeout(left)
            try:
                data, sender = sock.recvfrom(1024)
            except OSError:
                break
            if sender == address and data in sent:
                times.setdefault(data, time.perf_counter() - sent[data])
    return [times.get(question) for question in sent]


@answer("ping", "late|earlier ping")
def gives_a_late_answer_its_time(address, count, timeout):
    sent, times = {}, {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            sent[question] = time.perf_counter()
            sock.sendto(question, address)
            while question not in times:
                left = sent[question] + timeout - time.perf_counter()
                if left <= 0:
                    break
                sock.settimeout(left)
                try:
                    data, sender = sock.recvfrom(1024)
                except OSError:
                    break
                if sender == address and data in sent:
                    times.setdefault(data, time.perf_counter() - sent[data])
    return [times.get(question) for question in sent]


@answer("ping", "None")
def says_minus_one_for_silence(address, count, timeout):
    return [
        -1 if each is None else each for each in _ping_well(address, range(1, count + 1), timeout)
    ]


@answer("ping", "None")
def leaves_out_what_was_lost(address, count, timeout):
    times = _ping_well(address, range(1, count + 1), timeout)
    return [each for each in times if each is not None]


def _ping_if(address, count, timeout, is_answer, seconds=None, whole=False):
    """Pings by a rule of its own for what is an answer; `whole` waits each timeout out."""
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            times.append(None)
            while (left := began + timeout - (now := time.perf_counter())) > 0:
                sock.settimeout(left)
                try:
                    data, sender = sock.recvfrom(1024)
                except OSError:
                    break
                if sender == address and is_answer(data, question) and times[-1] is None:
                    times[-1] = time.perf_counter() - (now if seconds == "the last wait" else began)
                    if not whole:
                        break
    return times


@answer("ping", "begin|exact|whole|longer|same bytes")
def takes_what_begins_like_the_answer(address, count, timeout):
    return _ping_if(address, count, timeout, lambda data, question: data.startswith(question))


@answer("ping", "decode|no text|bytes")
def decodes_all_that_comes(address, count, timeout):
    return _ping_if(address, count, timeout, lambda data, ping: data.decode() == ping.decode())


@answer("ping", "as soon as|at once|has come|had come|waits on|goes on waiting")
def waits_each_timeout_out(address, count, timeout):
    return _ping_if(address, count, timeout, lambda data, ping: data == ping, whole=True)


@answer("ping", "since it was sent|from sending|was sent|began|sending")
def measures_only_its_last_wait(address, count, timeout):
    return _ping_if(address, count, timeout, lambda data, ping: data == ping, "the last wait")


@answer("ping", "once|twice|second time|again")
def asks_again_where_nothing_comes(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout / 2)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            times.append(None)
            for _ in range(2):
                sock.sendto(question, address)
                try:
                    if sock.recvfrom(1024) == (question, address):
                        times[-1] = time.perf_counter() - began
                        break
                except OSError:
                    pass
    return times


@answer("ping", "None")
def says_zero_for_silence(address, count, timeout):
    return [each or 0.0 for each in _ping_well(address, range(1, count + 1), timeout)]


@answer("ping", "count|range|one less|one too few|not sent|3 pings")
def sends_one_ping_less(address, count, timeout):
    return _ping_well(address, range(1, count), timeout)


_kept = []


@answer("ping", "close|open")
def leaves_its_socket_open(address, count, timeout):
    times = []
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    _kept.append(sock)
    for number in range(1, count + 1):
        question = b"ping %d" % number
        began = now = time.perf_counter()
        sock.sendto(question, address)
        times.append(None)
        while (left := began + timeout - now) > 0:
            sock.settimeout(left)
            try:
                answered = sock.recvfrom(1024)
            except OSError:
                break
            now = time.perf_counter()
            if answered == (question, address):
                times[-1] = now - began
                break
    return times


@answer("ping", "ConnectionRefusedError|refuse|nobody listens")
def fails_where_nobody_listens(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.send(question)
            times.append(None)
            while (left := began + timeout - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    data = sock.recv(1024)
                except TimeoutError:
                    break
                if data == question:
                    times[-1] = time.perf_counter() - began
                    break
    return times


@answer("ping", "half|too soon|whole timeout")
def waits_half_its_timeout(address, count, timeout):
    return _ping_well(address, range(1, count + 1), timeout / 2)


@answer("ping", "longer than", "timeout")
def waits_twice_its_timeout(address, count, timeout):
    return _ping_well(address, range(1, count + 1), timeout * 2)


@answer("ping", "pause|at once|wait on")
def rests_after_each_answer(address, count, timeout):
    times = []
    for number in range(1, count + 1):
        times += _ping_well(address, [number], timeout)
        time.sleep(0.065)
    return times


@answer("ping", "wall clock|time.time")
def measures_with_the_wall_clock(address, count, timeout):
    return _ping_well(address, range(1, count + 1), timeout, time.time)


@answer("ping", "wall clock|time.time")
def has_a_deadline_of_the_wall_clock(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began, end = time.perf_counter(), time.time() + timeout
            sock.sendto(question, address)
            times.append(None)
            while (left := end - time.time()) > 0:
                sock.settimeout(left)
                try:
                    answered = sock.recvfrom(1024)
                except OSError:
                    break
                if answered == (question, address):
                    times[-1] = time.perf_counter() - began
                    break
    return times


@answer("ping", "processor|again and again|busy")
def looks_on_and_on_for_answers(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            times.append(None)
            while time.perf_counter() - began < timeout:
                try:
                    answered = sock.recvfrom(1024)
                except OSError:
                    continue
                if answered == (question, address):
                    times[-1] = time.perf_counter() - began
                    break
    return times


@answer("ping", "whole number|digit")
def compares_the_last_digit(address, count, timeout):
    return _ping_if(address, count, timeout, lambda data, ping: data[-1:] == ping[-1:])


@answer("ping", "count of 0|no ping|empty")
def sends_one_ping_at_least(address, count, timeout):
    return _ping_well(address, range(1, max(1, count) + 1), timeout)


@answer("ping", "below 0|negative")
def sets_a_timeout_below_zero(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            try:
                while True:
                    sock.settimeout(timeout - (time.perf_counter() - began))
                    if sock.recvfrom(1024) == (question, address):
                        break
                times.append(time.perf_counter() - began)
            except OSError:
                times.append(None)
    return times


@answer("ping", "anew|begins again|what is left|longer than")
def looks_at_the_time_and_waits_a_whole_timeout_more(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        for number in range(1, count + 1):
            question = b"ping %d" % number
            began = time.perf_counter()
            sock.sendto(question, address)
            times.append(None)
            while time.perf_counter() - began < timeout:
                try:
                    answered = sock.recvfrom(1024)
                except OSError:
                    break
                if answered == (question, address):
                    times[-1] = time.perf_counter() - began
                    break
    return times


@answer("ping", "SOCK_STREAM|TCP", "UDP|SOCK_DGRAM")
def connects_by_tcp(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(timeout)
        sock.connect(address)
        for number in range(1, count + 1):
            began = time.perf_counter()
            sock.sendall(b"ping %d" % number)
            sock.recv(1024)
            times.append(time.perf_counter() - began)
    return times


# discovery_responder

QUESTION = b"who is there?"


@answer("discovery_responder", "loop|for ever|returned|never return|came back|ended")
def answers_once(sock, name):
    question, asker = sock.recvfrom(1024)
    if question == QUESTION:
        sock.sendto(name.encode(), asker)


@answer("discovery_responder", "empty")
def ends_at_an_empty_question(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if not question:
            break
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "empty")
def closes_at_an_empty_question(sock, name):
    question, asker = sock.recvfrom(1024)
    while len(question) > 0:
        if question == QUESTION:
            sock.sendto(name.encode(), asker)
        question, asker = sock.recvfrom(1024)
    sock.close()


@answer("discovery_responder", "again")
def answers_each_asker_once(sock, name):
    answered = set()
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION and asker not in answered:
            answered.add(asker)
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "recvfrom(13)|ask for more|cut|longer|first 13")
def asks_for_thirteen_bytes(sock, name):
    while True:
        try:
            question, asker = sock.recvfrom(13)
        except OSError:
            continue
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "by itself|each datagram|whole datagram|one datagram|half")
def puts_halves_together(sock, name):
    buffer = b""
    while True:
        data, asker = sock.recvfrom(1024)
        buffer += data
        while QUESTION in buffer:
            buffer = buffer.partition(QUESTION)[2]
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "by itself|each datagram|whole datagram|one datagram|half|rest")
def reads_until_thirteen_are_there(sock, name):
    while True:
        question = b""
        while len(question) < 13:
            data, asker = sock.recvfrom(13 - len(question))
            question += data
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "exact|longer|equal|begin")
def answers_what_begins_like_the_question(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question.startswith(QUESTION):
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "only|exact|compare|no question|nothing else")
def answers_everything(sock, name):
    while True:
        _, asker = sock.recvfrom(1024)
        sock.sendto(name.encode(), asker)


@answer("discovery_responder", "capital|exact|lower")
def does_not_mind_capitals(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question.lower() == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "decode|no text")
def decodes_what_is_no_text(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question.decode() == "who is there?":
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "encode|str", "bytes")
def sends_a_str(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            sock.sendto(name, asker)


@answer("discovery_responder", "utf-8")
def sends_latin_1(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            sock.sendto(name.encode("latin-1"), asker)


@answer(
    "discovery_responder",
    "from sock|from `sock`|same socket|another socket|another port|another address",
)
def answers_from_another_socket(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
                mouth.sendto(name.encode(), asker)


@answer("discovery_responder", "connect")
def connects_to_the_first_asker(sock, name):
    question, asker = sock.recvfrom(1024)
    sock.connect(asker)
    while True:
        if question == QUESTION:
            sock.send(name.encode())
        question = sock.recv(1024)


@answer("discovery_responder", "name")
def echoes_the_question(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            sock.sendto(question, asker)


@answer("discovery_responder", "twice|two answers|one answer|once|second answer")
def answers_twice_to_be_sure(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            for _ in range(2):
                sock.sendto(name.encode(), asker)


@answer("discovery_responder", "listen|accept|TCP")
def listens_as_for_tcp(sock, name):
    sock.listen()
    while True:
        connection, _ = sock.accept()
        with connection:
            if connection.recv(1024) == QUESTION:
                connection.sendall(name.encode())


@answer("discovery_responder", "ConnectionResetError", "gone|Windows")
def fails_where_an_asker_has_gone(sock, name):
    while True:
        question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "gone", "go on|goes on|returned|end it|ended|came back")
def ends_where_an_asker_has_gone(sock, name):
    try:
        while True:
            question, asker = sock.recvfrom(1024)
            if question == QUESTION:
                sock.sendto(name.encode(), asker)
    except ConnectionResetError:
        return


@answer("discovery_responder", "again")
def answers_nobody_twice_in_a_row(sock, name):
    last = None
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        if question == QUESTION and asker != last:
            sock.sendto(name.encode(), asker)
        last = asker


@answer("discovery_responder", "no answer|nothing|silen|not answer")
def says_no_to_all_else(sock, name):
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        sock.sendto(name.encode() if question == QUESTION else b"?", asker)


@answer("discovery_responder", "exact|equal|==|part of")
def takes_part_of_the_question(sock, name):
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        if question in QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "bytes", "str")
def compares_bytes_with_a_str(sock, name):
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        if question == "who is there?":
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "processor|again and again|busy")
def looks_on_and_on_for_questions(sock, name):
    sock.setblocking(False)
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except (BlockingIOError, ConnectionResetError):
            continue
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "timeout", "for ever|quiet|go on")
def gives_up_after_a_quiet_time(sock, name):
    sock.settimeout(30)
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        except TimeoutError:
            break
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "timeout", "for ever|quiet|go on")
def lets_its_timeout_end_it(sock, name):
    sock.settimeout(5)
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "strip|new line|blank|exact")
def strips_the_question(sock, name):
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        if question.strip() == QUESTION:
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "decode|no text")
def decodes_and_leaves_out_what_is_no_text(sock, name):
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionResetError:
            continue
        if question.decode(errors="ignore") == "who is there?":
            sock.sendto(name.encode(), asker)


@answer("discovery_responder", "once more|before|again", "ConnectionResetError|error")
def answers_the_one_before_after_an_error(sock, name):
    question, asker = b"", None
    while True:
        with contextlib.suppress(ConnectionResetError):
            question, asker = sock.recvfrom(1024)
        if question == QUESTION:
            sock.sendto(name.encode(), asker)


HALF = "recvfrom can return half a datagram now and the rest later"
EMPTY = "an empty datagram means closed"
ORDER = "answers come in the order asked"
DELIVERED = "sendto without an error means delivered"
ONE_TIMEOUT = "one timeout for the whole conversation"
NO_END = "somebody says when it is over"
STRANGER = "what comes to my port is from my peer"

MOVED = "two devices behind one address, and one that changes its own"
DOUBLED = "duplicates, and readings that only look like them"
CHANGED = "another temperature for the same number"
CLOCK = "the wall clock is set"
PLAIN = "three pings, three answers"
OTHERS = "other datagrams before the answer, one of them empty"

# answer, the misconception it must hear of, a case that must fail
TABLE = [
    (reads_a_datagram_in_three_parts, HALF, "three devices, interleaved"),
    (reads_the_rest_later, HALF, "datagrams that are no readings"),
    (keeps_a_buffer_as_for_a_stream, HALF, "datagrams that are no readings"),
    (takes_each_twelve_bytes_for_a_reading, HALF, "datagrams that are no readings"),
    (asks_for_exactly_twelve_bytes, HALF, "datagrams that are no readings"),
    (takes_the_first_twelve_of_more, None, "datagrams that are no readings"),
    (fails_at_what_is_no_reading, None, "datagrams that are no readings"),
    (ends_at_an_empty_datagram, EMPTY, "empty datagrams"),
    (breaks_where_nothing_is_in_it, EMPTY, "empty datagrams"),
    (keeps_the_order_of_arrival, ORDER, "readings that overtake each other"),
    (throws_away_what_comes_late, ORDER, "readings that overtake each other"),
    (stops_at_the_first_gap, DELIVERED, "lost readings"),
    (takes_every_number_to_be_there, DELIVERED, "lost readings"),
    (fills_gaps_with_none, DELIVERED, "lost readings"),
    (stops_when_the_time_for_all_is_over, ONE_TIMEOUT, "readings for longer than idle"),
    (waits_for_ever, NO_END, "three devices, interleaved"),
    (lets_the_timeout_pass, NO_END, "three devices, interleaved"),
    (takes_equal_temperatures_for_duplicates, None, DOUBLED),
    (keeps_duplicates, None, DOUBLED),
    (takes_the_sender_for_the_device, None, MOVED),
    (counts_numbers_over_all_devices, None, "three devices, interleaved"),
    (reads_little_endian, None, "three devices, interleaved"),
    (has_devices_with_a_sign, None, "three devices, interleaved"),
    (returns_the_numbers_too, None, "three devices, interleaved"),
    (sorts_by_temperature, None, "readings that overtake each other"),
    (closes_the_socket, None, "three devices, interleaved"),
    (reads_one_reading, NO_END, "three devices, interleaved"),
    (takes_other_talk_for_silence, None, "readings for longer than idle"),
    (counts_numbers_by_sender, None, MOVED),
    (leaves_out_zero_degrees, None, "three devices, interleaved"),
    (compares_with_the_one_before, None, DOUBLED),
    (waits_a_second_whatever_idle_is, None, "silence from the start"),
    (lets_a_later_value_win, None, CHANGED),
    (keeps_what_differs_in_temperature, None, CHANGED),
    (has_numbers_with_a_sign, None, "readings that overtake each other"),
    (sorts_numbers_as_text, None, "readings that overtake each other"),
    (lets_a_byte_too_much_pass, None, "datagrams that are no readings"),
    (waits_half_of_idle, None, "silence from the start"),
    (waits_for_idle_twice, None, "silence from the start"),
    (looks_on_and_on, None, "readings for longer than idle"),
    (trusts_the_wall_clock, None, CLOCK),
    (takes_what_comes, ORDER, "a late answer"),
    (asks_a_connected_socket_for_what_comes, ORDER, "a late answer"),
    (looks_only_at_the_first_word, ORDER, "an answer that comes twice"),
    (gives_up_at_what_is_not_the_answer, None, "an answer that comes twice"),
    (does_not_look_who_answers, STRANGER, "answers from somebody else"),
    (begins_the_wait_anew_with_each_datagram, ONE_TIMEOUT, "a device that talks of other things"),
    (has_one_deadline_for_all, ONE_TIMEOUT, "lost pings"),
    (stops_at_the_first_silence, ONE_TIMEOUT, "lost pings"),
    (notes_a_silence_and_stops, ONE_TIMEOUT, "lost pings"),
    (has_no_timeout, DELIVERED, "lost pings"),
    (lets_the_timeout_pass_on, DELIVERED, "lost pings"),
    (measures_only_the_sending, DELIVERED, "lost pings"),
    (
        takes_an_empty_datagram_for_the_end,
        EMPTY,
        OTHERS,
    ),
    (counts_from_zero, None, PLAIN),
    (ends_its_pings_with_a_new_line, None, PLAIN),
    (measures_milliseconds, None, PLAIN),
    (measures_its_own_work, None, PLAIN),
    (measures_from_the_first_ping, None, PLAIN),
    (sends_all_at_once, None, PLAIN),
    (gives_a_late_answer_its_time, None, "a late answer"),
    (says_minus_one_for_silence, None, "lost pings"),
    (leaves_out_what_was_lost, None, "lost pings"),
    (leaves_its_socket_open, None, None),
    (fails_where_nobody_listens, None, "nobody listens"),
    (takes_what_begins_like_the_answer, None, OTHERS),
    (decodes_all_that_comes, None, OTHERS),
    (waits_each_timeout_out, None, PLAIN),
    (measures_only_its_last_wait, None, OTHERS),
    (asks_again_where_nothing_comes, None, "lost pings"),
    (says_zero_for_silence, None, "lost pings"),
    (sends_one_ping_less, None, PLAIN),
    (waits_half_its_timeout, None, "lost pings"),
    (waits_twice_its_timeout, None, "lost pings"),
    (rests_after_each_answer, None, PLAIN),
    (measures_with_the_wall_clock, None, CLOCK),
    (has_a_deadline_of_the_wall_clock, None, CLOCK),
    (looks_on_and_on_for_answers, None, "lost pings"),
    (compares_the_last_digit, None, "a dozen pings, and none"),
    (sends_one_ping_at_least, None, "a dozen pings, and none"),
    (sets_a_timeout_below_zero, None, "a dozen pings, and none"),
    (looks_at_the_time_and_waits_a_whole_timeout_more, ONE_TIMEOUT, "lost pings"),
    (connects_by_tcp, None, PLAIN),
    (answers_once, None, "three askers, one after another"),
    (ends_at_an_empty_question, EMPTY, "an empty datagram"),
    (closes_at_an_empty_question, EMPTY, "an empty datagram"),
    (answers_each_asker_once, DELIVERED, "an asker who asks again"),
    (asks_for_thirteen_bytes, HALF, "half a question, and one that goes on"),
    (puts_halves_together, HALF, "half a question, and one that goes on"),
    (reads_until_thirteen_are_there, HALF, "half a question, and one that goes on"),
    (answers_what_begins_like_the_question, None, "half a question, and one that goes on"),
    (answers_everything, None, "other talk"),
    (does_not_mind_capitals, None, "other talk"),
    (decodes_what_is_no_text, None, "other talk"),
    (sends_a_str, None, "three askers, one after another"),
    (sends_latin_1, None, "three askers, one after another"),
    (answers_from_another_socket, None, "three askers, one after another"),
    (connects_to_the_first_asker, None, "three askers, one after another"),
    (echoes_the_question, None, "three askers, one after another"),
    (answers_twice_to_be_sure, None, "twenty askers at once"),
    (listens_as_for_tcp, None, "three askers, one after another"),
    (fails_where_an_asker_has_gone, None, "an asker who has gone"),
    (ends_where_an_asker_has_gone, None, "an asker who has gone"),
    (answers_nobody_twice_in_a_row, DELIVERED, "an asker who asks again"),
    (says_no_to_all_else, None, "an empty datagram"),
    (takes_part_of_the_question, None, "an empty datagram"),
    (compares_bytes_with_a_str, None, "three askers, one after another"),
    (answers_the_one_before_after_an_error, None, "an asker who has gone"),
    (looks_on_and_on_for_questions, None, "a quiet time"),
    (gives_up_after_a_quiet_time, None, "a quiet time"),
    (lets_its_timeout_end_it, None, "a quiet time"),
    (strips_the_question, None, "other talk"),
    (decodes_and_leaves_out_what_is_no_text, None, "other talk"),
]
WRONG = [WrongAnswer(each.exercise, each, belief, case) for each, belief, case in TABLE]


# What a fresh attacker found: its first hint led elsewhere


@answer("discovery_responder", "utf-8", "lost")
def replaces_what_is_not_ascii(sock, name):
    while True:
        with contextlib.suppress(ConnectionError):
            question, asker = sock.recvfrom(1024)
            if question == b"who is there?":
                sock.sendto(name.encode("ascii", "replace"), asker)


@answer("collect", "sequence number")
def counts_on_numbers_from_one(sock, idle):
    sock.settimeout(idle)
    readings = {}
    with contextlib.suppress(TimeoutError):
        while True:
            data = sock.recv(2048)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    return {
        device: [by[number] for number in range(1, len(by) + 1)] for device, by in readings.items()
    }


WRONG += [WrongAnswer(each.exercise, each) for each in (replaces_what_is_not_ascii,)]
WRONG.append(
    WrongAnswer(
        counts_on_numbers_from_one.exercise,
        counts_on_numbers_from_one,
        "sendto without an error means delivered",
    )
)
