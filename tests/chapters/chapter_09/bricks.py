"""Answers to the bricks of the broker, `take_lines` and `send_some`: wrong ones and right ones."""

import contextlib
import errno
import re
import select
import time

from support.answers import WrongAnswer, answer

SENDALL = "`sendall` on a non-blocking socket"
GOODBYE = "a dead client says goodbye"
FASTER = "non-blocking means faster"

# Wrong ones: lines


@answer("take_lines", "list|return")
def prints_its_lines(received):
    while b"\n" in received:
        line, _, rest = received.partition(b"\n")
        print(line)
        received[:] = rest


@answer("take_lines", "remove")
def gives_its_name_a_new_value(received):
    *lines, received = bytes(received).split(b"\n")
    return lines


@answer("take_lines", "stay|rest")
def clears_the_buffer(received):
    *lines, _ = bytes(received).split(b"\n")
    received.clear()
    return lines


@answer("take_lines", "last newline", "whole")
def returns_the_rest_as_well(received):
    lines = bytes(received).split(b"\n")
    received[:] = lines[-1]
    return lines


@answer("take_lines", "newline", "without")
def keeps_the_newlines(received):
    end = received.rfind(b"\n") + 1
    lines = bytes(received[:end]).splitlines(keepends=True)
    del received[:end]
    return lines


@answer("take_lines", "several|how often")
def takes_one_line(received):
    line, newline, rest = bytes(received).partition(b"\n")
    if not newline:
        return []
    received[:] = rest
    return [line]


@answer("take_lines", "newline", "first|stay|off by")
def leaves_the_newline_behind(received):
    lines = []
    while (end := received.find(b"\n", 1)) > 0:
        lines.append(bytes(received[:end]).lstrip(b"\n"))
        del received[:end]
    return lines


@answer("take_lines", "bytes", "decode")
def makes_text(received):
    *lines, rest = received.decode(errors="replace").split("\n")
    received[:] = rest.encode()
    return lines


@answer("take_lines", "strip|spaces")
def strips_them(received):
    *lines, rest = bytes(received).split(b"\n")
    received[:] = rest
    return [line.strip() for line in lines]


@answer("take_lines", "empty line")
def leaves_out_the_empty_ones(received):
    *lines, rest = bytes(received).split(b"\n")
    received[:] = rest
    return [line for line in lines if line]


@answer("take_lines", "byte|newline")
def cuts_at_carriage_returns_too(received):
    end = received.rfind(b"\n") + 1
    lines = bytes(received[:end]).splitlines()
    del received[:end]
    return lines


@answer("take_lines", "not there|no newline")
def fails_without_a_newline(received):
    lines = []
    while received:
        end = received.index(b"\n")
        lines.append(bytes(received[:end]))
        del received[: end + 1]
    return lines


_rest = bytearray()


@answer("take_lines", "stay|rest")
def keeps_the_rest_in_a_global(received):
    whole = bytes(_rest + received)
    *lines, rest = whole.split(b"\n")
    _rest[:] = rest
    received.clear()
    return lines


@answer("take_lines", "view")
def leaves_a_view_open(received):
    view, lines, start = memoryview(received), [], 0
    while (end := received.find(b"\n", start)) >= 0:
        lines.append(view[start:end])
        start = end + 1
    del received[:start]
    return lines


@answer("take_lines", "loop")
def never_ends(received):
    lines = []
    while True:
        end = received.find(b"\n")
        if end >= 0:
            lines.append(bytes(received[:end]))
            del received[: end + 1]


# Wrong ones: sending


@answer("send_some", "sendall")
def sends_all(connection, waiting):
    connection.sendall(waiting)
    waiting.clear()


@answer("send_some", "sendall")
def takes_a_cut_sendall_for_nothing(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        connection.sendall(waiting)
        waiting.clear()


@answer("send_some", "sendall")
def takes_a_cut_sendall_for_all(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        connection.sendall(waiting)
    waiting.clear()


@answer("send_some", "again and again|asks")
def tries_until_all_has_gone(connection, waiting):
    while waiting:
        with contextlib.suppress(BlockingIOError):
            del waiting[: connection.send(waiting)]


@answer("send_some", "again and again|asks|pause|wait")
def sleeps_between_two_tries(connection, waiting):
    while waiting:
        try:
            del waiting[: connection.send(waiting)]
        except BlockingIOError:
            time.sleep(0.01)


@answer("send_some", "wait|block")
def lets_the_socket_wait(connection, waiting):
    connection.setblocking(True)
    connection.sendall(waiting)
    waiting.clear()
    connection.setblocking(False)


@answer("send_some", "reset", "catch|except")
def swallows_every_error(connection, waiting):
    try:
        sent = connection.send(waiting)
    except OSError:
        return
    del waiting[:sent]


@answer("send_some", "remove")
def cuts_its_own_name(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        waiting = waiting[connection.send(waiting) :]


@answer("send_some", "send", "return|number")
def takes_it_all_for_sent(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        connection.send(waiting)
        waiting.clear()


@answer("send_some", "not now|BlockingIOError")
def lets_the_error_out(connection, waiting):
    del waiting[: connection.send(waiting)]


@answer("send_some", "not now|BlockingIOError")
def goes_on_to_the_error(connection, waiting):
    while waiting:
        del waiting[: connection.send(waiting)]


@answer("send_some", "clos")
def closes_it(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        del waiting[: connection.send(waiting)]
    if not waiting:
        connection.close()


@answer("send_some", "empty", "loop")
def goes_round_with_nothing(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        while True:
            del waiting[: connection.send(waiting)]


@answer("send_some", "front|order")
def removes_at_the_end(connection, waiting):
    with contextlib.suppress(BlockingIOError):
        sent = connection.send(waiting)
        del waiting[len(waiting) - sent :]


HALF, THREE, ANY = "a line and a half", "three lines at once", "any bytes"
TWO = "two clients, piece by piece"
PART, FULL, ALL, NONE, GONE = (
    "room for a part",
    "no room",
    "room for all",
    "nothing to send",
    "a peer that is gone",
)
WRONG_BRICKS = [
    WrongAnswer("take_lines", each, None, case)
    for each, case in (
        (prints_its_lines, HALF),
        (gives_its_name_a_new_value, HALF),
        (clears_the_buffer, HALF),
        (returns_the_rest_as_well, HALF),
        (keeps_the_newlines, HALF),
        (takes_one_line, THREE),
        (leaves_the_newline_behind, HALF),
        (makes_text, HALF),
        (strips_them, ANY),
        (leaves_out_the_empty_ones, ANY),
        (cuts_at_carriage_returns_too, ANY),
        (fails_without_a_newline, HALF),
        (keeps_the_rest_in_a_global, HALF),
        (leaves_a_view_open, HALF),
        (never_ends, HALF),
    )
] + [
    WrongAnswer("send_some", sends_all, SENDALL, PART),
    WrongAnswer("send_some", takes_a_cut_sendall_for_nothing, SENDALL, PART),
    WrongAnswer("send_some", takes_a_cut_sendall_for_all, SENDALL, PART),
    WrongAnswer("send_some", tries_until_all_has_gone, FASTER, FULL),
    WrongAnswer("send_some", sleeps_between_two_tries, None, FULL),
    WrongAnswer("send_some", lets_the_socket_wait, None, FULL),
    WrongAnswer("send_some", swallows_every_error, GOODBYE, GONE),
    WrongAnswer("send_some", cuts_its_own_name, None, ALL),
    WrongAnswer("send_some", takes_it_all_for_sent, None, PART),
    WrongAnswer("send_some", lets_the_error_out, None, FULL),
    WrongAnswer("send_some", goes_on_to_the_error, None, PART),
    WrongAnswer("send_some", closes_it, None, ALL),
    WrongAnswer("send_some", goes_round_with_nothing, None, NONE),
    WrongAnswer("send_some", removes_at_the_end, None, PART),
]

# Right ones


@answer("take_lines")
def takes_them_one_by_one(received):
    lines = []
    while (end := received.find(b"\n")) >= 0:
        lines.append(bytes(received[:end]))
        del received[: end + 1]
    return lines


@answer("take_lines")
def takes_them_by_a_pattern(received):
    lines = re.findall(rb"([^\n]*)\n", received)
    del received[: sum(len(line) + 1 for line in lines)]
    return lines


@answer("take_lines")
def takes_them_byte_by_byte(received):
    lines, line = [], bytearray()
    for byte in bytes(received):
        if byte == 10:
            lines.append(bytes(line))
            line.clear()
        else:
            line.append(byte)
    received.clear()
    received.extend(line)
    return lines


@answer("take_lines")
def takes_them_from_a_partition_at_the_end(received):
    whole, newline, rest = received.rpartition(b"\n")
    if not newline:
        return []
    received[:] = rest
    return whole.split(b"\n")


@answer("send_some")
def sends_until_there_is_no_room(connection, waiting):
    try:
        while waiting:
            del waiting[: connection.send(waiting[:65_536])]
    except BlockingIOError:
        pass


@answer("send_some")
def asks_for_room_first(connection, waiting):
    _, writable, _ = select.select([], [connection], [], 0)
    if waiting and writable:
        with contextlib.suppress(BlockingIOError):
            sent = connection.send(waiting)
            waiting[:] = waiting[sent:]


@answer("send_some")
def looks_at_the_number_of_the_error(connection, waiting):
    with memoryview(waiting) as view:
        try:
            sent = connection.send(view)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK):
                raise
            sent = 0
    del waiting[:sent]


RIGHT_BRICKS = [
    (each.exercise, each)
    for each in (
        takes_them_one_by_one,
        takes_them_by_a_pattern,
        takes_them_byte_by_byte,
        takes_them_from_a_partition_at_the_end,
        sends_until_there_is_no_room,
        asks_for_room_first,
        looks_at_the_number_of_the_error,
    )
]
