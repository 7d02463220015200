"""Wrong answers to the exercises of chapter 03, as a learner would write them."""

import codecs
import contextlib
import json
import socket
import struct
import sys
import time

from support.answers import WrongAnswer, answer, as_a_learners

from chapters.chapter_03 import judges

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "recv(n) returns n bytes",
    "a short read is an error",
    "end of stream in mid-frame is a normal end",
    "the length field can be trusted",
    "decode each chunk as it comes",
    judges.IN_ONE_PIECE,
    judges.ASKED_ONCE,
    judges.WELL_MEANT,
]

# recv_exactly


@answer("recv_exactly", "loop|again|until|go on")
def receives_once(connection, size):
    return connection.recv(size)


@answer("recv_exactly", "loop|again|until|go on")
def receives_twice(connection, size):
    data = connection.recv(size)
    if len(data) < size:
        data += connection.recv(size - len(data))
    return data


@answer("recv_exactly", "loop|again|until|go on|rest|not an error")
def raises_at_a_short_read(connection, size):
    data = connection.recv(size)
    if len(data) < size:
        raise EOFError(f"only {len(data)} bytes came")
    return data


@answer("recv_exactly", "loop|again|until|go on|rest|not an error")
def asserts_a_whole_read(connection, size):
    data = connection.recv(size)
    assert len(data) == size, "too short"
    return data


@answer("recv_exactly", "EOFError|raise")
def returns_what_there_was_at_the_end(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            break
        data += piece
    return data


@answer("recv_exactly", "EOFError|raise")
def returns_nothing_at_the_end(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            return None
        data += piece
    return data


@answer("recv_exactly", 'empty|b""')
def asks_for_ever(connection, size):
    data = b""
    while len(data) < size:
        data += connection.recv(size - len(data))
    return data


@answer("recv_exactly", "missing|more than|still")
def takes_more_than_was_asked(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(4096)
        if not piece:
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data[:size]


@answer("recv_exactly", "missing|more than|still")
def asks_for_the_whole_size_each_time(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size)
        if not piece:
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data


@answer("recv_exactly", "buffer|makefile|ahead")
def reads_a_file_with_a_buffer(connection, size):
    data = connection.makefile("rb").read(size)
    if len(data) < size:
        raise EOFError(f"{len(data)} bytes")
    return data


@answer("recv_exactly", "close|`with`")
def closes_what_is_not_its_own(connection, size):
    with connection:
        data = b""
        while len(data) < size:
            piece = connection.recv(size - len(data))
            if not piece:
                raise EOFError(f"{len(data)} bytes")
            data += piece
    return data


@answer("recv_exactly", "EOFError")
def raises_another_error_at_the_end(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionError(f"{len(data)} bytes")
        data += piece
    return data


@answer("recv_exactly", "how many|count|number")
def does_not_count(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise EOFError("the stream has ended")
        data += piece
    return data


@answer("recv_exactly", "decode|str|text")
def returns_text(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data.decode("latin-1")


@answer("recv_exactly", "size 0|0 bytes|zero|before")
def receives_before_it_compares(connection, size):
    data = b""
    while True:
        piece = connection.recv(size - len(data))
        if not piece:
            raise EOFError(f"{len(data)} bytes")
        data += piece
        if len(data) == size:
            return data


@answer("recv_exactly", "except|catch")
def hides_errors_of_the_socket(connection, size):
    data = b""
    while len(data) < size:
        try:
            piece = connection.recv(size - len(data))
        except OSError:
            piece = b""
        if not piece:
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data


@answer("recv_exactly", "loop|again|until|sleep")
def sleeps_and_hopes(connection, size):
    time.sleep(0.05)
    data = connection.recv(size)
    if not data:
        raise EOFError("0 bytes")
    return data


@answer("recv_exactly", "missing|how many|number")
def says_what_is_missing(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise EOFError(f"{size - len(data)} bytes are missing")
        data += piece
    return data


@answer("recv_exactly", "EOFError|raise")
def takes_an_end_at_once_for_normal(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            if not data:
                return b""
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data


@answer("recv_exactly", "timeout")
def asks_again_after_a_timeout(connection, size):
    data = b""
    while len(data) < size:
        try:
            piece = connection.recv(size - len(data))
        except TimeoutError:
            continue
        if not piece:
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data


@answer("recv_exactly", "decode|text")
def makes_text_of_each_piece(connection, size):
    text = ""
    while len(text) < size:
        piece = connection.recv(size - len(text)).decode()
        if not piece:
            raise EOFError(f"{len(text)} bytes")
        text += piece
    return text


@answer("recv_exactly", "yield|generator")
def yields_pieces(connection, size):
    missing = size
    while missing:
        piece = connection.recv(missing)
        if not piece:
            raise EOFError(f"{size - missing} bytes")
        missing -= len(piece)
        yield piece


# read_lines


@answer("read_lines", "collect|until|newline")
def yields_each_piece(connection):
    while piece := connection.recv(1024):
        yield piece.decode()


@answer("read_lines", "collect|until|newline")
def yields_each_piece_stripped(connection):
    while piece := connection.recv(1024):
        yield piece.decode().strip()


@answer("read_lines", "rest|keep|unfinished|collect|until")
def splits_each_piece(connection):
    while piece := connection.recv(1024):
        yield from piece.decode().splitlines()


@answer("read_lines", "decode", "whole|line|character")
def decodes_each_piece(connection):
    rest = ""
    while piece := connection.recv(1024):
        *lines, rest = (rest + piece.decode()).split("\n")
        for line in [*lines, rest]:
            if len(line.encode()) > 1000:
                raise ValueError("too long")
        yield from lines
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "decode|errors|ignore")
def ignores_what_it_can_not_decode(connection):
    rest = ""
    while piece := connection.recv(1024):
        *lines, rest = (rest + piece.decode(errors="ignore")).split("\n")
        for line in [*lines, rest]:
            if len(line.encode()) > 1000:
                raise ValueError("too long")
        yield from lines
    if rest:
        raise EOFError(f"{len(rest)} bytes")


def framed(connection, check=True, at_end="raise"):
    rest = b""
    while piece := connection.recv(1024):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if check and len(line) > 1000:
                raise ValueError("too long")
            yield line.decode()
        if check and len(rest) > 1000:
            raise ValueError("too long")
    if rest and at_end == "raise":
        raise EOFError(f"{len(rest)} bytes")
    if rest and at_end == "yield":
        yield rest.decode()


@answer("read_lines", "EOFError|raise")
def yields_the_rest_as_a_line(connection):
    yield from framed(connection, at_end="yield")


@answer("read_lines", "EOFError|raise")
def drops_the_rest(connection):
    yield from framed(connection, at_end="drop")


@answer("read_lines", "1,000|limit")
def has_no_limit(connection):
    yield from framed(connection, check=False)


@answer("read_lines", "rest|unfinished|not whole|newline|before")
def limits_whole_lines_only(connection):
    for line in framed(connection, check=False):
        if len(line.encode()) > 1000:
            raise ValueError("too long")
        yield line


@answer("read_lines", "bytes", "character|decode")
def limits_characters(connection):
    rest = b""
    while piece := connection.recv(4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if len(line.decode()) > 1000:
                raise ValueError("too long")
            yield line.decode()
        if len(rest) > 2000:
            raise ValueError("too long")
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "newline=|\\r|binary|text mode|separator")
def reads_a_text_file(connection):
    with connection.makefile("r", encoding="utf-8") as stream:
        for line in stream:
            yield line.removesuffix("\n")


@answer("read_lines", "newline|\\n")
def keeps_the_newlines(connection):
    for line in framed(connection):
        yield line + "\n"


@answer("read_lines", "decode|str")
def yields_bytes(connection):
    for line in framed(connection):
        yield line.encode()


@answer("read_lines", "strip|space|\\r")
def strips_lines(connection):
    for line in framed(connection):
        yield line.strip()


@answer("read_lines", "empty")
def leaves_out_empty_lines(connection):
    for line in framed(connection):
        if line:
            yield line


@answer("read_lines", "yield|as soon|at once|list")
def reads_to_the_end_first(connection):
    return list(framed(connection))


@answer("read_lines", 'empty|b""')
def waits_after_the_end(connection):
    rest = b""
    while True:
        rest += connection.recv(1024)
        while b"\n" in rest:
            line, rest = rest.split(b"\n", 1)
            if len(line) > 1000:
                raise ValueError("too long")
            yield line.decode()
        if len(rest) > 1000:
            raise ValueError("too long")


@answer("read_lines", "several|more than one|all|every|while|two")
def takes_one_line_of_each_piece(connection):
    rest = b""
    while piece := connection.recv(1024):
        rest += piece
        if b"\n" in rest:
            line, rest = rest.split(b"\n", 1)
            yield line.decode()
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "except|catch")
def stops_at_an_error(connection):
    try:
        yield from framed(connection)
    except ConnectionError:
        return


@answer("read_lines", "1,001|one more|counted|exactly|not count")
def reads_a_file_up_to_1000_bytes(connection):
    with connection.makefile("rb") as stream:
        while line := stream.readline(1000):
            if not line.endswith(b"\n"):
                error = ValueError if len(line) == 1000 else EOFError
                raise error(f"{len(line)} bytes")
            yield line[:-1].decode()


@answer("read_lines", "each line|single|one line|split|cut")
def limits_what_it_has_collected(connection):
    rest = b""
    while piece := connection.recv(4096):
        rest += piece
        if len(rest) > 1000:
            raise ValueError("too long")
        *lines, rest = rest.split(b"\n")
        for line in lines:
            yield line.decode()
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "1,000|limit|long", "whole|finished|every|each|newline")
def limits_unfinished_lines_only(connection):
    rest = b""
    while piece := connection.recv(4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode()
        if len(rest) > 1000:
            raise ValueError("too long")
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "between|normal|nothing|inside|complete")
def takes_every_end_for_early(connection):
    rest = b""
    while True:
        piece = connection.recv(4096)
        if not piece:
            raise EOFError(f"{len(rest)} bytes")
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if len(line) > 1000:
                raise ValueError("too long")
            yield line.decode()
        if len(rest) > 1000:
            raise ValueError("too long")


@answer("read_lines", "bytes", "character|decode|text")
def counts_characters_at_the_end(connection):
    rest = ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while byte := connection.recv(1):
        rest += decoder.decode(byte)
        if rest.endswith("\n"):
            if len(rest.encode()) > 1001:
                raise ValueError("too long")
            yield rest[:-1]
            rest = ""
        elif len(rest.encode()) > 1000:
            raise ValueError("too long")
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "line", "decode")
def decodes_whole_pieces_step_by_step(connection):
    rest = ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while piece := connection.recv(4096):
        *lines, rest = (rest + decoder.decode(piece)).split("\n")
        for line in lines:
            if len(line.encode()) > 1000:
                raise ValueError("too long")
            yield line
        if len(rest.encode()) > 1000:
            raise ValueError("too long")
    if rest:
        raise EOFError(f"{len(rest.encode())} bytes")


@answer("read_lines", "replace|errors=|strict|UnicodeDecodeError")
def replaces_what_is_no_text(connection):
    rest = b""
    while piece := connection.recv(4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if len(line) > 1000:
                raise ValueError("too long")
            yield line.decode(errors="replace")
        if len(rest) > 1000:
            raise ValueError("too long")
    if rest:
        raise EOFError(f"{len(rest)} bytes")


# send_frame


@answer("send_frame", "sendall|how many|part|rest")
def sends_once(connection, payload):
    connection.send(struct.pack("!I", len(payload)) + payload)


@answer("send_frame", "sendall|how many|part|rest")
def sends_header_and_payload_once(connection, payload):
    connection.send(struct.pack("!I", len(payload)))
    connection.send(payload)


@answer("send_frame", "order|big")
def packs_in_native_order(connection, payload):
    connection.sendall(struct.pack("I", len(payload)) + payload)


@answer("send_frame", "order|big")
def packs_little_end_first(connection, payload):
    connection.sendall(len(payload).to_bytes(4, "little") + payload)


@answer("send_frame", "itself|header")
def counts_the_header_too(connection, payload):
    connection.sendall(struct.pack("!I", len(payload) + 4) + payload)


@answer("send_frame", "text|digit|struct|to_bytes")
def writes_the_length_as_text(connection, payload):
    connection.sendall(f"{len(payload):04}".encode() + payload)


@answer("send_frame", "four|4 bytes|two bytes")
def sends_a_short_length(connection, payload):
    connection.sendall(struct.pack("!H", len(payload)) + payload)


@answer("send_frame", "empty|0|`if`")
def sends_no_empty_frame(connection, payload):
    if payload:
        connection.sendall(struct.pack("!I", len(payload)) + payload)


@answer("send_frame", "newline|after|more")
def ends_with_a_newline(connection, payload):
    connection.sendall(struct.pack("!I", len(payload)) + payload + b"\n")


@answer("send_frame", "close|`with`")
def closes_after_sending(connection, payload):
    with connection:
        connection.sendall(struct.pack("!I", len(payload)) + payload)


@answer("send_frame", "length")
def forgets_the_length(connection, payload):
    connection.sendall(payload)


@answer("send_frame", "except|catch|suppress")
def hides_its_errors(connection, payload):
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("!I", len(payload)) + payload)


@answer("send_frame", "None|`return`")
def returns_how_much_it_sent(connection, payload):
    connection.sendall(struct.pack("!I", len(payload)) + payload)
    return len(payload)


@answer("send_frame", "shutdown|shut")
def ends_its_side_after_sending(connection, payload):
    connection.sendall(struct.pack("!I", len(payload)) + payload)
    connection.shutdown(socket.SHUT_WR)


@answer("send_frame", "timeout")
def takes_the_timeout_away(connection, payload):
    connection.settimeout(None)
    connection.sendall(struct.pack("!I", len(payload)) + payload)


@answer("send_frame", "timeout|except|catch")
def gives_up_in_silence(connection, payload):
    with contextlib.suppress(TimeoutError):
        connection.sendall(struct.pack("!I", len(payload)) + payload)


@answer("send_frame", "decode|text")
def makes_text_of_the_payload(connection, payload):
    text = payload.decode(errors="replace").encode()
    connection.sendall(struct.pack("!I", len(text)) + text)


# recv_frame


def exactly(connection, size, at_end=EOFError):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            if at_end is None or (at_end == "clean" and not data):
                return None
            if at_end == "short":
                return data
            raise EOFError(f"{len(data)} bytes")
        data += piece
    return data


@answer("recv_frame", "recv_exactly|until|loop|again")
def receives_the_payload_once(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return connection.recv(size)


@answer("recv_frame", "return")
def prints_the_payload(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    print(exactly(connection, size))


@answer("recv_frame", "recv_exactly|until|loop|again")
def receives_header_and_payload_once(connection, limit):
    header = connection.recv(4)
    if not header:
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return connection.recv(size)


@answer("recv_frame", "recv_exactly|until|loop|again", "length|header|four")
def receives_the_header_once(connection, limit):
    header = connection.recv(4)
    if not header:
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "recv_exactly|go on|until|loop|again")
def raises_at_a_short_header(connection, limit):
    header = connection.recv(4)
    if not header:
        return None
    if len(header) < 4:
        raise EOFError("short")
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    payload = connection.recv(size) if size else b""
    if len(payload) < size:
        raise EOFError("short")
    return payload


@answer("recv_frame", "EOFError|inside|middle")
def says_goodbye_in_the_middle(connection, limit):
    header = exactly(connection, 4, None)
    if header is None:
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size, None)


@answer("recv_frame", "EOFError|raise")
def returns_a_part_of_a_payload(connection, limit):
    header = exactly(connection, 4, "short")
    if len(header) < 4:
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size, "short")


@answer("recv_frame", "limit")
def has_no_limit_for_frames(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    return exactly(connection, struct.unpack("!I", header)[0])


@answer("recv_frame", "limit", "before|first")
def makes_room_first(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    room = bytearray(struct.unpack("!I", header)[0])
    view, count = memoryview(room), 0
    while count < len(room):
        got = connection.recv_into(view[count:])
        if not got:
            raise EOFError(f"{count} bytes")
        count += got
    if len(room) > limit:
        raise ValueError("too large")
    return bytes(room)


@answer("recv_frame", "ValueError|raise|refuse")
def cuts_at_the_limit(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    (size,) = struct.unpack("!I", header)
    return exactly(connection, min(size, limit))


@answer("recv_frame", "exactly|>=|itself|allowed|equal|largest")
def refuses_the_limit_itself(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    (size,) = struct.unpack("!I", header)
    if size >= limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "sign|negative")
def takes_the_length_for_signed(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    (size,) = struct.unpack("!i", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", 'empty|b""')
def takes_an_empty_frame_for_the_end(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size) or None


@answer("recv_frame", "None|between|goodbye")
def raises_at_any_end(connection, limit):
    (size,) = struct.unpack("!I", exactly(connection, 4))
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "buffer|makefile|ahead|more than")
def reads_ahead(connection, limit):
    stream = connection.makefile("rb")
    header = stream.read(4)
    if not header:
        return None
    if len(header) < 4:
        raise EOFError("header")
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    payload = stream.read(size)
    if len(payload) < size:
        raise EOFError("payload")
    return payload


@answer("recv_frame", "order|big")
def reads_the_length_the_other_way_round(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    size = int.from_bytes(header, "little")
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "close")
def closes_at_the_end(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        connection.close()
        return None
    (size,) = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


def header_of(connection):
    header = exactly(connection, 4, "clean")
    return header and struct.unpack("!I", header)[0]


@answer("recv_frame", "limit|compare", "before|first")
def makes_room_before_it_compares(connection, limit):
    size = header_of(connection)
    if size is None:
        return None
    room = bytearray(size)
    if size > limit:
        raise ValueError(size)
    room[:] = exactly(connection, size)
    return bytes(room)


@answer("recv_frame", "limit|compare", "before|first")
def reads_what_it_refuses(connection, limit):
    size = header_of(connection)
    if size is None:
        return None
    payload = exactly(connection, size)
    if size > limit:
        raise ValueError(size)
    return payload


@answer("recv_frame", "header|payload alone|four|only the payload|not count")
def counts_the_header_into_the_limit(connection, limit):
    size = header_of(connection)
    if size is None:
        return None
    if size + 4 > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "except|catch|reset")
def takes_a_reset_for_a_goodbye(connection, limit):
    try:
        size = header_of(connection)
    except ConnectionError:
        return None
    if size is None:
        return None
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "timeout|except|catch")
def takes_silence_for_a_goodbye(connection, limit):
    try:
        size = header_of(connection)
    except TimeoutError:
        return None
    if size is None:
        return None
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


# lamp_server


# The lamps that the check of `judge_lamp` has as well, run as a learner's code.
_LAMPS = as_a_learners("03", "_lamps")
lamp, send_line = _LAMPS["lamp"], _LAMPS["send_line"]
converse, serve_lines = _LAMPS["converse"], _LAMPS["serve_lines"]
answers_pieces_with_errors = answer("lamp_server", "newline|collect|read_lines|until")(
    _LAMPS["answers_pieces_with_errors"]
)
obeys_half_a_line = answer("lamp_server", "newline|half|unfinished|whole")(
    _LAMPS["obeys_half_a_line"]
)
obeys_every_time = answer("lamp_server", "remember|known|already|dict|obeyed")(
    _LAMPS["obeys_every_time"]
)
forgets_ids_between_conversations = answer("lamp_server", "outside|before the loop|outlast|once")(
    _LAMPS["forgets_ids_between_conversations"]
)
hangs_up_at_nonsense = answer("lamp_server", "go on|goes on|answer")(_LAMPS["hangs_up_at_nonsense"])
collects_without_a_limit = answer("lamp_server", "1,000|limit")(_LAMPS["collects_without_a_limit"])


@answer("lamp_server", "newline|collect|read_lines|until")
def takes_a_piece_for_a_command(listener):
    state, done = "off", {}
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(1024):
                    command = json.loads(piece)
                    if command["id"] not in done:
                        toggled = "off" if state == "on" else "on"
                        state = {"toggle": toggled}.get(command["set"], command["set"])
                        done[command["id"]] = state
                    send_line(connection, {"id": command["id"], "state": done[command["id"]]})
            except OSError:
                pass


@answer("lamp_server", "decode|character")
def decodes_pieces(listener):
    obey = lamp()
    while True:
        connection, _ = listener.accept()
        with connection:
            rest = ""
            try:
                while (piece := connection.recv(1024)) and len(rest) < 1000:
                    *lines, rest = (rest + piece.decode()).split("\n")
                    for line in lines:
                        send_line(connection, obey(line))
            except OSError:
                pass


@answer("lamp_server", "except|catch|`try`")
def dies_with_its_client(listener):
    serve_lines(listener, lamp(), catch=())


@answer("lamp_server", "loop|accept|next")
def serves_one_app(listener):
    obey = lamp()
    connection, _ = listener.accept()
    with connection:
        converse(connection, obey)


@answer("lamp_server", "loop|until|more than one|several|every|next")
def serves_one_command_each(listener):
    obey = lamp()
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            with contextlib.suppress(OSError, ValueError):
                if (line := stream.readline(1001)).endswith(b"\n"):
                    send_line(connection, obey(line.decode()))


@answer("lamp_server", "outside|before the loop|outlast|once")
def forgets_between_conversations(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            with contextlib.suppress(OSError, ValueError):
                converse(connection, lamp())


@answer("lamp_server", "store|remember|keep|same answer|first")
def answers_a_known_id_with_the_state_of_now(listener):
    obey, state = lamp(), "off"

    def obey_new(line):
        nonlocal state
        answer = dict(obey(line))
        if "state" in answer:
            if answer["id"] in seen:
                answer["state"] = state
            seen.add(answer["id"])
            state = answer["state"]
        return answer

    seen = set()
    serve_lines(listener, obey_new)


@answer("lamp_server", "json|except|ValueError|nonsense")
def dies_of_nonsense(listener):
    state, done = "off", {}

    def obey(line):
        nonlocal state
        command = json.loads(line)
        if command["id"] not in done:
            toggled = "off" if state == "on" else "on"
            state = toggled if command["set"] == "toggle" else command["set"]
            done[command["id"]] = {"id": command["id"], "state": state}
        return done[command["id"]]

    serve_lines(listener, obey, catch=(OSError,))


@answer("lamp_server", "newline|\\n")
def answers_without_a_newline(listener):
    obey = lamp()

    def converse_badly(connection, obey):
        with connection.makefile("rb") as stream:
            while (line := stream.readline(1001)).endswith(b"\n"):
                connection.sendall(json.dumps(obey(line.decode())).encode())

    serve_lines(listener, obey, converse_badly)


@answer("lamp_server", "close|`with`")
def keeps_connections_open(listener):
    obey, kept = lamp(), []
    while True:
        connection, _ = listener.accept()
        kept.append(connection)
        with contextlib.suppress(OSError, ValueError):
            converse(connection, obey)


@answer("lamp_server", "as soon|at once|right away|each line|before the end")
def waits_for_the_end_of_the_stream(listener):
    def converse_late(connection, obey):
        received = b""
        while piece := connection.recv(4096):
            received += piece
        for line in received.split(b"\n")[:-1]:
            send_line(connection, obey(line.decode()))

    serve_lines(listener, lamp(), converse_late)


@answer("lamp_server", '"on"|text|true')
def says_true_and_false(listener):
    obey = lamp()

    def obey_badly(line):
        answer = dict(obey(line))
        if "state" in answer:
            answer["state"] = answer["state"] == "on"
        return answer

    serve_lines(listener, obey_badly)


@answer("lamp_server", "state")
def keeps_ids_and_forgets_its_state(listener):
    done = {}

    def conversation(connection, _):
        obey = lamp()  # its state begins anew

        def obey_new(line):
            answer = obey(line)
            if "state" not in answer:
                return answer
            return done.setdefault(answer["id"], answer)

        converse(connection, obey_new)

    serve_lines(listener, None, conversation)


@answer("lamp_server", "first|begin|start")
def is_on_at_first(listener):
    obey = lamp()
    obey('{"id": "", "set": "on"}')
    serve_lines(listener, obey)


@answer("lamp_server", "answer", "again|known|same")
def is_silent_at_a_known_id(listener):
    obey, seen = lamp(), set()

    def conversation(connection, obey):
        with connection.makefile("rb") as stream:
            while (line := stream.readline(1001)).endswith(b"\n"):
                answer = obey(line.decode())
                if "error" in answer or answer["id"] not in seen:
                    send_line(connection, answer)
                seen.add(answer["id"])

    serve_lines(listener, obey, conversation)


@answer("lamp_server", "obeyed|error")
def takes_an_id_in_error_for_obeyed(listener):
    obey, known = lamp(), {}

    def obey_once(line):
        answer = obey(line)
        identity = answer["id"]
        return answer if identity is None else known.setdefault(identity, answer)

    serve_lines(listener, obey_once)


@answer("lamp_server", "id|null")
def names_no_id_in_errors(listener):
    obey = lamp()

    def obey_badly(line):
        answer = obey(line)
        return {**answer, "id": None} if "error" in answer else answer

    serve_lines(listener, obey_badly)


@answer("lamp_server", "json|dumps|quotes")
def answers_in_python(listener):
    obey = lamp()

    def conversation(connection, obey):
        with connection.makefile("rb") as stream:
            while (line := stream.readline(1001)).endswith(b"\n"):
                connection.sendall(f"{obey(line.decode())}\n".encode())

    serve_lines(listener, obey, conversation)


@answer("lamp_server", "indent|one line|single line")
def answers_in_several_lines(listener):
    obey = lamp()

    def conversation(connection, obey):
        with connection.makefile("rb") as stream:
            while (line := stream.readline(1001)).endswith(b"\n"):
                connection.sendall(json.dumps(obey(line.decode()), indent=1).encode() + b"\n")

    serve_lines(listener, obey, conversation)


@answer("lamp_server", "EOFError|except|catch")
def dies_of_an_early_end(listener):
    def conversation(connection, obey):
        for line in framed(connection):
            send_line(connection, obey(line))

    serve_lines(listener, lamp(), conversation)


@answer("lamp_server", "catch")
def dies_of_a_line_that_is_too_long(listener):
    def conversation(connection, obey):
        for line in framed(connection):
            send_line(connection, obey(line))

    serve_lines(listener, lamp(), conversation, catch=(OSError, EOFError))


# What passed before: limits by a little, the caller's timeout, slips of struct, ids that look alike


@answer("recv_exactly", "strip")
def strips_what_came(connection, size):
    return exactly(connection, size).strip()


@answer("recv_exactly", "timeout")
def sets_a_timeout_of_its_own(connection, size):
    connection.settimeout(1)
    return exactly(connection, size)


@answer("recv_exactly", "last|replace")
def keeps_only_the_last_piece(connection, size):
    count = 0
    while count < size:
        piece = connection.recv(size - count)
        if not piece:
            raise EOFError(f"{count} bytes")
        count += len(piece)
    return piece


def limited(connection, line_limit, rest_limit):
    rest = b""
    while piece := connection.recv(4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if len(line) > line_limit:
                raise ValueError("too long")
            yield line.decode()
        if len(rest) > rest_limit:
            raise ValueError("too long")
    if rest:
        raise EOFError(f"{len(rest)} bytes")


@answer("read_lines", "1,000|limit", "rest|unfinished|newline")
def lets_an_unfinished_line_through(connection):
    yield from limited(connection, 1000, 1100)


@answer("read_lines", "1,000|limit")
def lets_a_line_through(connection):
    yield from limited(connection, 1100, 1000)


@answer("read_lines", "exactly|allowed|1,000")
def refuses_what_may_still_become_a_line(connection):
    yield from limited(connection, 1000, 999)


@answer("read_lines", "last|empty")
def yields_what_split_leaves(connection):
    data = b""
    while piece := connection.recv(4096):
        data += piece
        if data.endswith(b"\n"):
            for line in data.split(b"\n"):
                yield line.decode()
            data = b""
    if data:
        raise EOFError(f"{len(data)} bytes")


@answer("read_lines", "strip|\\r")
def strips_a_carriage_return(connection):
    for line in framed(connection):
        yield line.rstrip("\r")


@answer("send_frame", "sign|negative")
def gives_the_length_a_sign(connection, payload):
    connection.sendall(struct.pack("!i", len(payload)) + payload)


@answer("send_frame", "send", "part|how many|rest")
def sends_the_header_once(connection, payload):
    connection.send(struct.pack("!I", len(payload)))
    connection.sendall(payload)


@answer("recv_frame", "tuple|two values|alone")
def returns_length_and_payload(connection, limit):
    size = header_of(connection)
    if size is None:
        return None
    if size > limit:
        raise ValueError(size)
    return size, exactly(connection, size)


@answer("recv_frame", "tuple")
def compares_what_unpack_returns(connection, limit):
    header = exactly(connection, 4, "clean")
    if header is None:
        return None
    size = struct.unpack("!I", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "four|size")
def reads_a_length_of_two_bytes(connection, limit):
    header = exactly(connection, 2, "clean")
    if header is None:
        return None
    (size,) = struct.unpack("!H", header)
    if size > limit:
        raise ValueError(size)
    return exactly(connection, size)


@answer("recv_frame", "close")
def closes_what_it_refuses(connection, limit):
    size = header_of(connection)
    if size is None:
        return None
    if size > limit:
        connection.close()
        raise ValueError(size)
    return exactly(connection, size)


@answer("lamp_server", '"1"|text|str')
def makes_texts_of_ids(listener):
    obey, asked = lamp(), {}

    def obey_text(line):
        answer = obey(line)
        if "state" not in answer:
            return answer
        first = asked.setdefault(str(answer["id"]), answer)
        return {**first, "id": answer["id"]}

    serve_lines(listener, obey_text)


@answer("lamp_server", "true|bool")
def takes_true_for_a_number(listener):
    obey = lamp()

    def obey_true(line):
        with contextlib.suppress(ValueError):
            command = json.loads(line)
            if isinstance(command, dict) and isinstance(command.get("id"), bool):
                command["id"] = int(command["id"])
                return obey(json.dumps(command))
        return obey(line)

    serve_lines(listener, obey_true)


@answer("lamp_server", "timeout|slow")
def cuts_off_slow_apps(listener):
    def impatient(connection, obey):
        connection.settimeout(5)
        converse(connection, obey)

    serve_lines(listener, lamp(), impatient)


@answer("lamp_server", "accept|listener")
def goes_on_without_a_listener(listener):
    obey = lamp()
    while True:
        try:
            connection, _ = listener.accept()
            with connection:
                converse(connection, obey)
        except (OSError, ValueError):
            pass


@answer("lamp_server", "1,000|limit")
def obeys_lines_over_the_limit(listener):
    def generous(connection, obey):
        rest = b""
        while (piece := connection.recv(4096)) and len(rest) <= 1000:
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                send_line(connection, obey(line.decode()))
            if len(rest) > 1000:
                return

    serve_lines(listener, lamp(), generous)


RECV_N = "recv(n) returns n bytes"
SHORT_READ = "a short read is an error"
END_INSIDE = "end of stream in mid-frame is a normal end"
TRUSTED = "the length field can be trusted"
DECODED = "decode each chunk as it comes"
ONE_RECV = "one recv is one message"
NOTHING_YET = 'an empty recv means "nothing yet"'
SEND_ALL = "send sends everything"
NATIVE = "native byte order is fine"

# Windows may take all that is offered: there nothing times out where a peer never reads.
UNREAD = [
    WrongAnswer("send_frame", takes_the_timeout_away, None, "a peer that never reads"),
    WrongAnswer("send_frame", gives_up_in_silence, None, "a peer that never reads"),
]

WRONG = [
    *judges.WRONG_JUDGES,
    *(UNREAD if sys.platform != "win32" else []),
    WrongAnswer("recv_exactly", receives_once, RECV_N, "three pieces"),
    WrongAnswer("recv_exactly", receives_twice, RECV_N, "one byte at a time"),
    WrongAnswer("recv_exactly", sleeps_and_hopes, RECV_N, "three pieces"),
    WrongAnswer("recv_exactly", raises_at_a_short_read, SHORT_READ, "three pieces"),
    WrongAnswer("recv_exactly", asserts_a_whole_read, SHORT_READ, "three pieces"),
    WrongAnswer("recv_exactly", returns_what_there_was_at_the_end, END_INSIDE, "an early end"),
    WrongAnswer("recv_exactly", returns_nothing_at_the_end, END_INSIDE, "an early end"),
    WrongAnswer("recv_exactly", asks_for_ever, NOTHING_YET, "an early end"),
    WrongAnswer(
        "recv_exactly", takes_more_than_was_asked, None, "what was asked, and no byte more"
    ),
    WrongAnswer(
        "recv_exactly", asks_for_the_whole_size_each_time, None, "what was asked, and no byte more"
    ),
    WrongAnswer("recv_exactly", reads_a_file_with_a_buffer, None, None),
    WrongAnswer("recv_exactly", closes_what_is_not_its_own, None, None),
    WrongAnswer("recv_exactly", raises_another_error_at_the_end, None, "an early end"),
    WrongAnswer("recv_exactly", does_not_count, None, "an early end"),
    WrongAnswer("recv_exactly", returns_text, None, None),
    WrongAnswer("recv_exactly", receives_before_it_compares, None, "nothing asked"),
    WrongAnswer("recv_exactly", hides_errors_of_the_socket, None, "a reset"),
    WrongAnswer("recv_exactly", says_what_is_missing, None, "an early end"),
    WrongAnswer("recv_exactly", takes_an_end_at_once_for_normal, None, "an end at once"),
    WrongAnswer("recv_exactly", asks_again_after_a_timeout, None, "a silent peer"),
    WrongAnswer("recv_exactly", makes_text_of_each_piece, None, "one byte at a time"),
    WrongAnswer("recv_exactly", yields_pieces, None, "three pieces"),
    WrongAnswer("read_lines", yields_each_piece, ONE_RECV, "three lines in one piece"),
    WrongAnswer("read_lines", yields_each_piece_stripped, ONE_RECV, "three lines in one piece"),
    WrongAnswer("read_lines", splits_each_piece, ONE_RECV, "one byte at a time"),
    WrongAnswer("read_lines", decodes_each_piece, DECODED, "a character cut in two"),
    WrongAnswer("read_lines", ignores_what_it_can_not_decode, DECODED, "a character cut in two"),
    WrongAnswer("read_lines", yields_the_rest_as_a_line, END_INSIDE, "an end inside a line"),
    WrongAnswer("read_lines", drops_the_rest, END_INSIDE, "an end inside a line"),
    WrongAnswer("read_lines", has_no_limit, None, "a line without an end"),
    WrongAnswer("read_lines", limits_whole_lines_only, None, "a line without an end"),
    WrongAnswer("read_lines", limits_characters, None, "a line that is too long"),
    WrongAnswer("read_lines", reads_a_text_file, END_INSIDE, "line separators that are none"),
    WrongAnswer("read_lines", keeps_the_newlines, None, None),
    WrongAnswer("read_lines", yields_bytes, None, None),
    WrongAnswer("read_lines", strips_lines, None, "line separators that are none"),
    WrongAnswer("read_lines", leaves_out_empty_lines, None, "line separators that are none"),
    WrongAnswer("read_lines", reads_to_the_end_first, None, "each line as soon as it is whole"),
    WrongAnswer("read_lines", waits_after_the_end, NOTHING_YET, None),
    WrongAnswer("read_lines", takes_one_line_of_each_piece, None, None),
    WrongAnswer("read_lines", stops_at_an_error, None, "a reset"),
    WrongAnswer("read_lines", reads_a_file_up_to_1000_bytes, None, "the longest line"),
    WrongAnswer("read_lines", limits_what_it_has_collected, None, "the longest line"),
    WrongAnswer("read_lines", limits_unfinished_lines_only, None, "a line that is too long"),
    WrongAnswer("read_lines", takes_every_end_for_early, None, "one byte at a time"),
    WrongAnswer("read_lines", counts_characters_at_the_end, None, "an end inside a line"),
    WrongAnswer("read_lines", decodes_whole_pieces_step_by_step, None, "bytes that are no text"),
    WrongAnswer("read_lines", replaces_what_is_no_text, None, "bytes that are no text"),
    WrongAnswer("send_frame", sends_once, SEND_ALL, None),
    WrongAnswer("send_frame", sends_header_and_payload_once, SEND_ALL, None),
    WrongAnswer("send_frame", packs_in_native_order, NATIVE, "two bytes"),
    WrongAnswer("send_frame", packs_little_end_first, NATIVE, "two bytes"),
    WrongAnswer("send_frame", counts_the_header_too, None, None),
    WrongAnswer("send_frame", writes_the_length_as_text, None, None),
    WrongAnswer("send_frame", sends_a_short_length, None, None),
    WrongAnswer("send_frame", sends_no_empty_frame, None, "an empty payload"),
    WrongAnswer("send_frame", ends_with_a_newline, None, None),
    WrongAnswer("send_frame", closes_after_sending, None, None),
    WrongAnswer("send_frame", forgets_the_length, None, None),
    WrongAnswer("send_frame", hides_its_errors, None, "a peer that is gone"),
    WrongAnswer("send_frame", returns_how_much_it_sent, None, "two bytes"),
    WrongAnswer("send_frame", ends_its_side_after_sending, None, "four frames, with any bytes"),
    WrongAnswer("send_frame", makes_text_of_the_payload, None, "four frames, with any bytes"),
    WrongAnswer("recv_frame", receives_the_payload_once, RECV_N, "a payload in pieces"),
    WrongAnswer("recv_frame", receives_header_and_payload_once, RECV_N, "one byte at a time"),
    WrongAnswer("recv_frame", receives_the_header_once, RECV_N, "one byte at a time"),
    WrongAnswer("recv_frame", raises_at_a_short_header, SHORT_READ, "one byte at a time"),
    WrongAnswer("recv_frame", says_goodbye_in_the_middle, END_INSIDE, "an end in the header"),
    WrongAnswer("recv_frame", returns_a_part_of_a_payload, END_INSIDE, "an end in the payload"),
    WrongAnswer("recv_frame", has_no_limit_for_frames, TRUSTED, "a huge length"),
    WrongAnswer("recv_frame", makes_room_first, TRUSTED, "a huge length"),
    WrongAnswer("recv_frame", cuts_at_the_limit, TRUSTED, "one byte over the limit"),
    WrongAnswer("recv_frame", refuses_the_limit_itself, None, "exactly at the limit"),
    WrongAnswer("recv_frame", takes_the_length_for_signed, None, "a huge length"),
    WrongAnswer("recv_frame", takes_an_empty_frame_for_the_end, None, "four frames in one segment"),
    WrongAnswer("recv_frame", raises_at_any_end, None, "an end between frames"),
    WrongAnswer("recv_frame", reads_ahead, None, "four frames in one segment"),
    WrongAnswer("recv_frame", reads_the_length_the_other_way_round, NATIVE, "one frame"),
    WrongAnswer("recv_frame", closes_at_the_end, None, "an end between frames"),
    WrongAnswer("recv_frame", makes_room_before_it_compares, TRUSTED, "a huge length"),
    WrongAnswer("recv_frame", reads_what_it_refuses, TRUSTED, "a huge length"),
    WrongAnswer(
        "recv_frame", prints_the_payload, None, "one byte at a time", "Without `return` it gives"
    ),
    WrongAnswer("recv_frame", counts_the_header_into_the_limit, None, "exactly at the limit"),
    WrongAnswer("recv_frame", takes_a_reset_for_a_goodbye, None, "a reset"),
    WrongAnswer("recv_frame", takes_silence_for_a_goodbye, None, "a silent peer"),
    WrongAnswer("lamp_server", takes_a_piece_for_a_command, ONE_RECV, "commands cut anywhere"),
    WrongAnswer("lamp_server", answers_pieces_with_errors, ONE_RECV, "commands cut anywhere"),
    WrongAnswer("lamp_server", decodes_pieces, DECODED, "an id with a character cut in two"),
    WrongAnswer("lamp_server", obeys_half_a_line, END_INSIDE, "half a command and an end"),
    WrongAnswer("lamp_server", dies_with_its_client, None, "apps that vanish"),
    WrongAnswer("lamp_server", serves_one_app, None, None),
    WrongAnswer("lamp_server", serves_one_command_each, None, None),
    WrongAnswer(
        "lamp_server", forgets_between_conversations, None, "the same id from another connection"
    ),
    WrongAnswer(
        "lamp_server",
        forgets_ids_between_conversations,
        None,
        "the same id from another connection",
    ),
    WrongAnswer(
        "lamp_server", keeps_ids_and_forgets_its_state, None, "the same id from another connection"
    ),
    WrongAnswer("lamp_server", is_on_at_first, None, "three commands, one after another"),
    WrongAnswer("lamp_server", is_silent_at_a_known_id, None, "the same id again"),
    WrongAnswer("lamp_server", takes_an_id_in_error_for_obeyed, None, "nonsense between commands"),
    WrongAnswer("lamp_server", names_no_id_in_errors, None, "nonsense between commands"),
    WrongAnswer("lamp_server", answers_in_python, None, "three commands, one after another"),
    WrongAnswer("lamp_server", answers_in_several_lines, None, "three commands, one after another"),
    WrongAnswer("lamp_server", dies_of_an_early_end, None, "half a command and an end"),
    WrongAnswer("lamp_server", dies_of_a_line_that_is_too_long, None, "a line that is too long"),
    WrongAnswer("lamp_server", obeys_every_time, None, "the same id again"),
    WrongAnswer("lamp_server", answers_a_known_id_with_the_state_of_now, None, "the same id again"),
    WrongAnswer("lamp_server", dies_of_nonsense, None, "nonsense between commands"),
    WrongAnswer("lamp_server", hangs_up_at_nonsense, None, "nonsense between commands"),
    WrongAnswer("lamp_server", answers_without_a_newline, None, None),
    WrongAnswer("lamp_server", collects_without_a_limit, None, "a line without an end"),
    WrongAnswer("lamp_server", keeps_connections_open, None, None),
    WrongAnswer("lamp_server", waits_for_the_end_of_the_stream, None, None),
    WrongAnswer("lamp_server", says_true_and_false, None, None),
    WrongAnswer("recv_exactly", strips_what_came, None, "what was asked, and no byte more"),
    WrongAnswer("recv_exactly", sets_a_timeout_of_its_own, None, "a silent peer"),
    WrongAnswer("recv_exactly", keeps_only_the_last_piece, None, "three pieces"),
    WrongAnswer("read_lines", lets_an_unfinished_line_through, None, "a line without an end"),
    WrongAnswer("read_lines", lets_a_line_through, None, "a line that is too long"),
    WrongAnswer("read_lines", refuses_what_may_still_become_a_line, None, "the longest line"),
    WrongAnswer("read_lines", yields_what_split_leaves, None, "three lines in one piece"),
    WrongAnswer("read_lines", strips_a_carriage_return, None, "line separators that are none"),
    WrongAnswer("send_frame", gives_the_length_a_sign, None, "3,000,000,000 bytes"),
    WrongAnswer("send_frame", sends_the_header_once, SEND_ALL, "a system that takes three bytes"),
    WrongAnswer("recv_frame", returns_length_and_payload, None, "one frame"),
    WrongAnswer("recv_frame", compares_what_unpack_returns, None, "one frame"),
    WrongAnswer("recv_frame", reads_a_length_of_two_bytes, None, "one frame"),
    WrongAnswer("recv_frame", closes_what_it_refuses, None, "one byte over the limit"),
    WrongAnswer("lamp_server", makes_texts_of_ids, None, "ids that look alike"),
    WrongAnswer("lamp_server", takes_true_for_a_number, None, "ids that look alike"),
    WrongAnswer("lamp_server", cuts_off_slow_apps, None, "a slow app"),
    WrongAnswer("lamp_server", goes_on_without_a_listener, None, "the end of the listener"),
    WrongAnswer("lamp_server", obeys_lines_over_the_limit, None, "a line that is too long"),
]


# What a fresh attacker found: its first hint led elsewhere


@answer("read_lines", "readline", "1,001")
def waits_for_one_byte_too_many(connection):
    with connection.makefile("rb") as file:
        while raw := file.readline(1002):
            body, newline, _ = raw.partition(b"\n")
            if len(body) > 1000:
                raise ValueError("over 1000")
            if not newline:
                raise EOFError(f"{len(raw)} bytes of a line")
            yield body.decode("utf-8")


@answer("lamp_server", "list", "dict")
def takes_all_json_for_an_object(listener):
    state = "off"
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            for line in connection.makefile("rb"):
                try:
                    command = json.loads(line)
                    if command["set"] == "toggle":
                        state = "on" if state == "off" else "off"
                    else:
                        state = command["set"]
                    answer = {"id": command["id"], "state": state}
                except (ValueError, KeyError):
                    answer = {"id": None, "error": "bad"}
                connection.sendall((json.dumps(answer) + "\n").encode())


WRONG += [WrongAnswer(each.exercise, each) for each in (waits_for_one_byte_too_many,)]
WRONG.append(
    WrongAnswer(
        takes_all_json_for_an_object.exercise,
        takes_all_json_for_an_object,
        "end of stream in mid-frame is a normal end",
    )
)
