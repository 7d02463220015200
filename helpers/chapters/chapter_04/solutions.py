"""The right answers of chapter 04, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import socket
import struct
import time


def collect(sock, idle):
    """Receive readings until nothing at all has come for `idle` seconds.

    A reading is a datagram of exactly 12 bytes, in network byte order:
    - device: 4 bytes without a sign;
    - sequence number: 4 bytes without a sign;
    - temperature: a 32-bit float.

    Arguments: sock is a bound UDP socket; idle is in seconds.
    Returns a dict: for each device's number a list of its temperatures, in the order of their
    sequence numbers. Without readings it is {}.
    The caller closes sock; the function may set its timeout.

    Example: device 7 sends number 1 with 20.0, then 3 with 22.0, then 2 with 21.0, then 2
    again: {7: [20.0, 21.0, 22.0]}

    What else may come:
    - Numbers may begin anywhere, and some may be missing.
    - A reading whose device and number were there already is a duplicate, and left out.
    - Any other datagram, an empty one too, is ignored, but it breaks the silence.
    - The sender's address means nothing, because a device may change it.
    """
    readings = {}
    sock.settimeout(idle)
    while True:
        try:
            data = sock.recv(65_535)
        except TimeoutError:
            break
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return {device: [by[number] for number in sorted(by)] for device, by in readings.items()}


def ping(address, count, timeout):
    """Send `count` pings one after another, and measure the round-trip time of each.

    - Ping n, counted from 1, is the datagram b"ping n", as in b"ping 3".
    - Its answer is the same bytes, sent back from `address`.
    - The next ping is sent when the answer has come, or when `timeout` seconds have passed
      since this one was sent. (Where nobody listens, it may be sent at once.)

    Arguments: address is a tuple (host, port), host an IPv4 address; timeout is in seconds,
    for each ping.
    Returns a list with a float for each ping, its round-trip time in seconds, or None where
    no answer came in time.
    The function closes its socket.

    Example: a device that answers all but ping 2 at once: [0.0001, None, 0.0001]

    What else may come is ignored and does not lengthen the wait: a late answer to an earlier
    ping, a duplicate, an empty datagram, one from another address.
    Raises nothing where nobody listens: those pings give None, at once or after `timeout`.
    """
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            times.append(_ping_once(sock, address, b"ping %d" % number, timeout))
    return times


def _ping_once(sock, address, question, timeout):
    start = now = time.perf_counter()
    sock.sendto(question, address)
    while (left := start + timeout - now) > 0:
        sock.settimeout(left)
        try:
            answer = sock.recvfrom(65_535)
        except TimeoutError:
            return None
        except ConnectionError:  # Windows: nobody listens there, or did not a moment ago
            answer = None
        now = time.perf_counter()
        if answer == (question, address):
            return now - start
    return None


def discovery_responder(sock, name):
    """Answer each question "who is there?" with this device's name, for ever.

    - A question is a datagram of exactly the 13 bytes b"who is there?".
    - The answer is the name in UTF-8, sent from `sock` to the address that asked.
    - Whoever asks again is answered again, because the first answer may have been lost.
    - All else gets no answer: an empty datagram, a longer one, bytes that are no text.

    Arguments: sock is a bound UDP socket without a timeout, which the caller closes; name is
    a str.
    The function never returns. On Windows receiving raises ConnectionResetError when an
    asker has gone; that must not end it. Other errors do.

    Example: with the name "lamp", whoever sends b"who is there?" receives b"lamp".
    """
    while True:
        try:
            question, asker = sock.recvfrom(65_535)
        except ConnectionError:
            continue
        if question == b"who is there?":
            sock.sendto(name.encode("utf-8"), asker)
