"""Wrong answers to the exercises of chapter 02, as a learner would write them."""

# ruff: noqa: E722
import contextlib
import select
import socket
import threading
import time

from support.answers import WrongAnswer, answer

from helpers import free_port

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "one recv is one message",
    "send sends everything",
    'an empty recv means "nothing yet"',
    "connect waits for accept",
    "closing one side closes the conversation at once",
    "no timeout is needed on a local network",
]

# Written as 12345 by a learner; here other programs may hold that.
OWN_PORT = free_port(21_345)
NOBODY = free_port(22_345)

# fetch_welcome


@answer("fetch_welcome", "once|again|until|piece|more than one|loop")
def reads_once(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        return connection.recv(1024).decode()


@answer("fetch_welcome", "once|again|until|piece|more than one|loop")
def reads_once_a_lot(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        return connection.recv(1_000_000).decode()


@answer("fetch_welcome", 'short|fewer|empty|b""|ends')
def stops_at_a_short_read(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while True:
            piece = connection.recv(1024)
            received += piece
            if len(piece) < 1024:
                return received.decode()


@answer("fetch_welcome", 'empty|b""|no bytes')
def takes_an_empty_read_for_nothing_yet(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while not received.endswith(b"\n"):
            piece = connection.recv(1024)
            if not piece:
                time.sleep(0.01)
                continue
            received += piece
    return received.decode()


@answer("fetch_welcome", 'empty|b""|no bytes|ended')
def reads_on_until_the_time_is_over(address, timeout):
    received = b""
    end = time.monotonic() + timeout
    with socket.create_connection(address, timeout) as connection:
        while time.monotonic() < end:
            received += connection.recv(1024)
    return received.decode()


@answer("fetch_welcome", 'empty|b""|no bytes|ended')
def waits_after_the_end(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        try:
            while True:
                received += connection.recv(1024)
        except TimeoutError:
            return received.decode()


@answer("fetch_welcome", "timeout")
def has_no_timeout(address, timeout):
    received = b""
    with socket.create_connection(address) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "timeout")
def has_a_bare_socket_without_timeout(address, timeout):
    connection = socket.socket()
    connection.connect(address)
    received = b""
    while True:
        piece = connection.recv(1024)
        if not piece:
            break
        received += piece
    connection.close()
    return received.decode()


@answer("fetch_welcome", "timeout|each wait")
def has_a_timeout_for_connecting_only(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        connection.settimeout(None)
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "timeout|how long")
def has_a_timeout_of_its_own(address, timeout):
    received = b""
    with socket.create_connection(address, timeout=1) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "timeout|how long")
def has_a_short_timeout_of_its_own(address, timeout):
    received = b""
    with socket.create_connection(address, timeout=0.05) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "setdefaulttimeout|all sockets|every socket|default")
def sets_the_timeout_of_all_sockets(address, timeout):
    socket.setdefaulttimeout(timeout)
    received = b""
    with socket.create_connection(address) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "each wait|every wait|whole|deadline|altogether")
def has_one_deadline_for_all(address, timeout):
    end = time.monotonic() + timeout
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("too slow")
            connection.settimeout(left)
            piece = connection.recv(1024)
            if not piece:
                return received.decode()
            received += piece


@answer("fetch_welcome", "timeouterror|silence|silent")
def takes_silence_for_the_end(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        with contextlib.suppress(TimeoutError):
            while piece := connection.recv(1024):
                received += piece
    return received.decode()


@answer("fetch_welcome", "reset")
def takes_a_reset_for_the_end(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(1024):
                received += piece
    return received.decode()


@answer("fetch_welcome", "raise|except|catch|timeouterror")
def returns_nothing_for_any_error(address, timeout):
    received = b""
    try:
        with socket.create_connection(address, timeout) as connection:
            while piece := connection.recv(1024):
                received += piece
    except OSError:
        return ""
    return received.decode()


@answer("fetch_welcome", "once|again|second|connects")
def tries_again_after_an_error(address, timeout):
    for attempt in range(3):
        received = b""
        try:
            with socket.create_connection(address, timeout) as connection:
                while piece := connection.recv(1024):
                    received += piece
            return received.decode()
        except OSError:
            if attempt == 2:
                raise


@answer("fetch_welcome", "once|again|second|connects")
def tries_again_where_nothing_came(address, timeout):
    for _ in range(3):
        received = b""
        with socket.create_connection(address, timeout) as connection:
            while piece := connection.recv(1024):
                received += piece
        if received:
            break
    return received.decode()


@answer("fetch_welcome", "utf-8")
def decodes_as_ascii(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode("ascii")


@answer("fetch_welcome", "utf-8")
def decodes_as_latin_1(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode("latin-1")


@answer("fetch_welcome", "utf-8|ascii|ignore")
def drops_what_is_not_ascii(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode("ascii", "ignore")


@answer("fetch_welcome", "cut|boundary|all|whole|half")
def decodes_each_piece(address, timeout):
    received = ""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece.decode("utf-8")
    return received


@answer("fetch_welcome", "cut|boundary|all|whole|half")
def decodes_each_piece_with_a_replacement(address, timeout):
    received = ""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece.decode("utf-8", errors="replace")
    return received


@answer("fetch_welcome", "str|decode|text")
def returns_bytes(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received


@answer("fetch_welcome", "strip|newline|white|blank|every character|line end")
def strips_the_welcome(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode().strip()


@answer("fetch_welcome", "line|until")
def reads_one_line(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        with connection.makefile("r", encoding="utf-8") as stream:
            return stream.readline()


@answer("fetch_welcome", "return|print")
def prints_the_welcome(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            print(piece.decode(), end="")


_kept = []


@answer("fetch_welcome", "close|open")
def leaves_its_socket_open(address, timeout):
    connection = socket.create_connection(address, timeout)
    _kept.append(connection)
    received = b""
    while piece := connection.recv(1024):
        received += piece
    return received.decode()


@answer("fetch_welcome", "close|open", "error|with|raise|exception")
def leaves_its_socket_open_after_an_error(address, timeout):
    connection = socket.create_connection(address, timeout)
    received = b""
    while piece := connection.recv(1024):
        received += piece
    connection.close()
    return received.decode()


@answer("fetch_welcome", "wait|setblocking|block|not there yet")
def does_not_wait_as_connect_has_waited(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        connection.setblocking(False)
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "once|twice|two|one connection")
def knocks_before_it_comes(address, timeout):
    socket.create_connection(address, timeout).close()
    received = b""
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "address|argument")
def talks_to_a_port_of_its_own(address, timeout):
    received = b""
    with socket.create_connection(("127.0.0.1", NOBODY), timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "connect", "timeout")
def has_a_timeout_for_reading_only(address, timeout):
    received = b""
    with socket.create_connection(address) as connection:
        connection.settimeout(timeout)
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "again and again|busy|spin|processor")
def asks_without_a_pause(address, timeout):
    received, last = b"", time.monotonic()
    with socket.create_connection(address, timeout) as connection:
        connection.setblocking(False)
        while True:
            try:
                piece = connection.recv(1024)
            except BlockingIOError:
                if time.monotonic() > last + timeout:
                    raise TimeoutError from None
                continue
            if not piece:
                return received.decode()
            received, last = received + piece, time.monotonic()


@answer("fetch_welcome", "clock|monotonic")
def reads_the_wall_clock(address, timeout):
    received, last = b"", time.time()
    with socket.create_connection(address, timeout) as connection:
        connection.settimeout(0.01)
        while True:
            try:
                piece = connection.recv(1024)
            except TimeoutError:
                if time.time() > last + timeout:
                    raise
                continue
            if not piece:
                return received.decode()
            received, last = received + piece, time.time()


@answer("fetch_welcome", "timeout", "before|short|half")
def waits_half_its_timeout(address, timeout):
    received = b""
    with socket.create_connection(address, timeout / 2) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "sent|send")
def says_hello_first(address, timeout):
    received = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(b"hello")
        while piece := connection.recv(1024):
            received += piece
    return received.decode()


@answer("fetch_welcome", "line end|end of a line|newline|\\r")
def reads_a_text_file_with_its_own_line_ends(address, timeout):
    with socket.create_connection(address, timeout) as connection:
        with connection.makefile("r", encoding="utf-8") as stream:
            return stream.read()


# echo_server


@answer("echo_server", "again|until|piece|more than one|loop|once")
def echoes_one_read(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(connection.recv(1024))


@answer("echo_server", "short|fewer|empty|until|full")
def ends_at_a_short_read(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while len(piece := connection.recv(4096)) == 4096:
                    connection.sendall(piece)
                connection.sendall(piece)
            except ConnectionError:
                pass


@answer("echo_server", "part|sendall|rest|fewer")
def echoes_with_send(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            try:
                while piece := connection.recv(1_000_000):
                    connection.send(piece)
            except ConnectionError:
                pass


@answer("echo_server", 'empty|b""|no bytes')
def goes_on_after_an_empty_read(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while True:
                    piece = connection.recv(4096)
                    if piece:
                        connection.sendall(piece)
            except ConnectionError:
                pass


@answer("echo_server", "piece|at once|as it comes|before|memory")
def answers_when_all_has_come(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            received = b""
            try:
                while piece := connection.recv(4096):
                    received += piece
                connection.sendall(received)
            except ConnectionError:
                pass


@answer("echo_server", "newline|line|rest|left|still")
def has_nobody_to_answer_after_the_end(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                received = b""
                while piece := connection.recv(4096):
                    received += piece
                    if received.endswith(b"\n"):
                        connection.sendall(received)
                        received = b""
            except ConnectionError:
                pass


@answer("echo_server", "next|loop|first|one client|second")
def serves_one_client(listener):
    connection, _ = listener.accept()
    with connection:
        while piece := connection.recv(4096):
            connection.sendall(piece)


@answer("echo_server", "reset|connectionerror")
def dies_of_a_reset(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            while piece := connection.recv(4096):
                connection.sendall(piece)


@answer("echo_server", "loop|next|outside")
def catches_the_reset_outside_its_loop(listener):
    try:
        while True:
            connection, _ = listener.accept()
            with connection:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
    except ConnectionResetError:
        pass


@answer("echo_server", "recv|reset")
def catches_the_reset_round_accept_only(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except ConnectionResetError:
            continue
        with connection:
            while piece := connection.recv(4096):
                connection.sendall(piece)


@answer("echo_server", "close|open")
def leaves_the_connection_open_after_a_reset(listener):
    while True:
        connection, _ = listener.accept()
        try:
            while piece := connection.recv(4096):
                connection.sendall(piece)
            connection.close()
        except ConnectionError:
            _kept.append(connection)


@answer("echo_server", "close|open")
def never_closes(listener):
    while True:
        connection, _ = listener.accept()
        _kept.append(connection)
        try:
            while piece := connection.recv(4096):
                connection.sendall(piece)
        except ConnectionError:
            pass


@answer("echo_server", "listener|accept", "timeout|long|wait")
def has_a_timeout_on_its_listener(listener):
    listener.settimeout(0.5)
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(None)
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except ConnectionError:
                pass


@answer("echo_server", "listener|accept", "timeout|long|wait")
def has_a_long_timeout_on_its_listener(listener):
    listener.settimeout(1)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            break
        with connection:
            connection.settimeout(None)
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except ConnectionError:
                pass


@answer("echo_server", "timeout|silent|silence")
def cuts_off_a_silent_client(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(0.2)
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except OSError:
                pass


@answer("echo_server", "timeout|silent|silence")
def cuts_off_a_client_that_is_silent_for_a_second(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(1)
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except (TimeoutError, ConnectionError):
                pass


@answer("echo_server", "timeout|silent|silence")
def dies_of_a_silent_client(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(0.2)
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except ConnectionError:
                pass


@answer("echo_server", "setdefaulttimeout|timeout|all sockets|every socket")
def sets_a_timeout_for_all_sockets(listener):
    socket.setdefaulttimeout(0.5)
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except ConnectionError:
                pass


@answer("echo_server", "accept|listener", "except|catch|error")
def catches_all_round_accept(listener):
    while True:
        try:
            connection, _ = listener.accept()
            with connection:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
        except:
            pass


@answer("echo_server", "decode|text|any bytes")
def decodes_and_encodes(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(4096).decode():
                    connection.sendall(piece.encode())
            except ConnectionError:
                pass


@answer("echo_server", "line|newline")
def echoes_lines(listener):
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            try:
                for line in stream:
                    stream.write(line)
                    stream.flush()
            except ConnectionError:
                pass


@answer("echo_server", "exactly|more than|same|nothing else|added|only what")
def answers_with_more_than_it_got(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(4096):
                    connection.sendall(b"echo: " + piece)
            except ConnectionError:
                pass


@answer("echo_server", "listener|argument")
def serves_a_port_of_its_own(listener):
    with socket.create_server(("127.0.0.1", OWN_PORT)) as own:
        while True:
            connection, _ = own.accept()
            with connection:
                while piece := connection.recv(4096):
                    connection.sendall(piece)


@answer("echo_server", "listener|argument")
def serves_a_port_of_its_own_for_ever(listener):
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.bind(("127.0.0.1", OWN_PORT))
    own.listen()
    _kept.append(own)
    while True:
        connection, _ = own.accept()
        with connection:
            while piece := connection.recv(4096):
                connection.sendall(piece)


@answer("echo_server", "accept|connect")
def connects_to_its_own_listener(listener):
    with socket.create_connection(listener.getsockname()) as connection:
        while piece := connection.recv(4096):
            connection.sendall(piece)


@answer("echo_server", "accept")
def listens_where_it_should_accept(listener):
    while True:
        piece = listener.recv(4096)
        listener.sendall(piece)


@answer("echo_server", "accept|listener", "except|catch|error")
def passes_over_errors_of_accept(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            continue
        with connection, contextlib.suppress(ConnectionError):
            while piece := connection.recv(4096):
                connection.sendall(piece)


@answer("echo_server", "timeout|silent|silence")
def cuts_off_a_client_that_is_silent_for_five_seconds(listener):
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(TimeoutError, ConnectionError):
            connection.settimeout(5)
            while piece := connection.recv(4096):
                connection.sendall(piece)


@answer("echo_server", "timeout|silent|silence")
def waits_for_three_seconds_in_select(listener):
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(ConnectionError):
            while select.select([connection], [], [], 3)[0]:
                piece = connection.recv(4096)
                if not piece:
                    break
                connection.sendall(piece)


@answer("echo_server", "busy|processor|again and again")
def looks_for_clients_without_a_pause(listener):
    listener.setblocking(False)
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            continue
        connection.setblocking(True)
        with connection, contextlib.suppress(ConnectionError):
            while piece := connection.recv(4096):
                connection.sendall(piece)


@answer("echo_server", "word|quit")
def ends_at_a_word(listener):
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(ConnectionError):
            while (piece := connection.recv(4096)).strip() not in (b"", b"quit"):
                connection.sendall(piece)


@answer("echo_server", "returned|next|loop")
def serves_five_clients(listener):
    for _ in range(5):
        connection, _ = listener.accept()
        with connection, contextlib.suppress(ConnectionError):
            while piece := connection.recv(4096):
                connection.sendall(piece)


# ask


@answer("ask", "once|again|until|piece|more than one|loop")
def reads_its_reply_once(address, request, timeout):
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(4096)


@answer("ask", 'short|fewer|empty|b""|ends')
def stops_at_a_short_reply(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while True:
            piece = connection.recv(4096)
            reply += piece
            if len(piece) < 4096:
                return reply


@answer("ask", "part|sendall|rest|fewer")
def sends_once(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.send(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", 'empty|b""|no bytes')
def waits_for_more_after_the_end(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while not reply.endswith(b"\n"):
            reply += connection.recv(4096)
    return reply


@answer("ask", "timeout|queue|accept")
def believes_that_it_is_being_served(address, request, timeout):
    reply = bytearray()
    with socket.create_connection(address, timeout) as connection:
        connection.settimeout(None)
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        reply += connection.recv(4096)
        connection.settimeout(timeout)
        while reply and (piece := connection.recv(4096)):
            reply += piece
    return bytes(reply)


@answer("ask", "timeouterror|timeout", "raise|catch|except|pass")
def hears_nothing_from_a_server_that_is_there(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        try:
            reply = connection.recv(4096)
        except TimeoutError:
            return b""
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "shutdown|your side|its side|end of")
def never_ends_its_side(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "both|direction|one side")
def closes_both_directions(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_RDWR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "close", "read|recv|reply|answer")
def closes_and_then_reads(address, request, timeout):
    reply = b""
    connection = socket.create_connection(address, timeout)
    connection.sendall(request)
    connection.close()
    while piece := connection.recv(4096):
        reply += piece
    return reply


@answer("ask", "before|first", "side|shutdown|end of")
def ends_its_side_after_the_first_piece(address, request, timeout):
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        reply = connection.recv(4096)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "direction|shut_rd|reading|other side")
def ends_the_wrong_direction(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_RD)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "timeout|settimeout")
def trusts_the_network(address, request, timeout):
    reply = b""
    with socket.create_connection(address) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(timeout)
        reply = connection.recv(4096)
        connection.settimeout(None)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "timeout|how long")
def waits_for_a_second_whatever_it_is_told(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout=1) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "setdefaulttimeout|all sockets|every socket|default")
def sets_and_leaves_the_timeout_of_all_sockets(address, request, timeout):
    socket.setdefaulttimeout(timeout)
    reply = b""
    with socket.create_connection(address) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "timeouterror|half|silence|silent")
def returns_what_came_before_a_silence(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        try:
            reply = connection.recv(4096)
            while piece := connection.recv(4096):
                reply += piece
        except TimeoutError:
            if not reply:
                raise
    return reply


@answer("ask", "once|again|second|connects")
def asks_three_times(address, request, timeout):
    for attempt in range(3):
        reply = b""
        try:
            with socket.create_connection(address, timeout) as connection:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(4096):
                    reply += piece
            return reply
        except TimeoutError:
            if attempt == 2:
                raise


@answer("ask", "decode|str|text")
def returns_text(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply.decode()


@answer("ask", "bytearray")
def returns_a_bytearray(address, request, timeout):
    reply = bytearray()
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "str|text|as it is|as they are")
def sends_text(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(str(request).encode())
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "newline|add|as it is|more than")
def adds_a_newline(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request + b"\n")
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "any length|whole|rest|cut|all of")
def sends_only_a_kilobyte(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request[:1024])
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "empty|no bytes|nothing|any length")
def does_not_ask_for_nothing(address, request, timeout):
    if not request:
        return b""
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "line|until")
def reads_a_line_for_a_reply(address, request, timeout):
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as stream:
            return stream.readline()


@answer("ask", "close|open")
def forgets_its_socket(address, request, timeout):
    connection = socket.create_connection(address, timeout)
    _kept.append(connection)
    connection.sendall(request)
    connection.shutdown(socket.SHUT_WR)
    reply = b""
    while piece := connection.recv(4096):
        reply += piece
    return reply


@answer("ask", "close|open")
def forgets_its_socket_when_it_is_too_late(address, request, timeout):
    connection = socket.create_connection(address, timeout)
    connection.sendall(request)
    connection.shutdown(socket.SHUT_WR)
    reply = b""
    while piece := connection.recv(4096):
        reply += piece
    connection.close()
    return reply


@answer("ask", "thread")
def leaves_a_thread_that_reads(address, request, timeout):
    reply = bytearray()
    connection = socket.create_connection(address, timeout)

    def read():
        while piece := connection.recv(4096):
            reply.extend(piece)

    connection.sendall(request)
    connection.shutdown(socket.SHUT_WR)
    threading.Thread(target=read, daemon=True).start()
    time.sleep(0.02)
    return bytes(reply)


@answer("ask", "each wait|every wait")
def has_one_deadline_for_the_reply(address, request, timeout):
    end = time.monotonic() + timeout
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while True:
            connection.settimeout(max(end - time.monotonic(), 0.001))
            piece = connection.recv(4096)
            if not piece:
                return reply
            reply += piece


@answer("ask", "whole|rest|part")
def sends_whole_kilobytes_only(address, request, timeout):
    reply = b""
    with socket.create_connection(address, timeout) as connection:
        for start in range(0, len(request) - 1023, 1024):
            connection.sendall(request[start : start + 1024])
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return reply


@answer("ask", "one connection|more than one|second|once")
def connects_for_each_kilobyte(address, request, timeout):
    reply = b""
    for start in range(0, max(1, len(request)), 1024):
        with socket.create_connection(address, timeout) as connection:
            connection.sendall(request[start : start + 1024])
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(4096):
                reply += piece
    return reply


ONE_RECV = "one recv is one message"
SEND_ALL = "send sends everything"
NOTHING_YET = 'an empty recv means "nothing yet"'
ACCEPT = "connect waits for accept"
AT_ONCE = "closing one side closes the conversation at once"
NO_END = "the last byte of a request is its end"
NO_TIMEOUT = "no timeout is needed on a local network"
EACH_CHUNK = "decode each chunk as it comes"
GOODBYE = "a client always says goodbye"

SLOW = "50,000 bytes in four pieces, with pauses"
CUT = "a character cut in two"
NO_WORD = "a server that ends without a word"
SILENT = "a server that falls silent"
RESETS = "a server that resets"
NEXT = "five clients, one after another"
RESET_CLIENT = "a client that resets its connection"
PAUSES = "clients that take their time"
STOPPED = "a caller that closes the listener"
LARGE = "questions of 5,000 and of 8 million bytes"
NO_QUESTION = "a question of no bytes"
HALF = "half an answer, then silence"

WRONG = [
    WrongAnswer("fetch_welcome", reads_once, ONE_RECV),
    WrongAnswer("fetch_welcome", reads_once_a_lot, ONE_RECV),
    WrongAnswer("fetch_welcome", stops_at_a_short_read, ONE_RECV),
    WrongAnswer("fetch_welcome", takes_an_empty_read_for_nothing_yet, NOTHING_YET),
    WrongAnswer("fetch_welcome", reads_on_until_the_time_is_over, NOTHING_YET),
    WrongAnswer("fetch_welcome", waits_after_the_end, NOTHING_YET),
    WrongAnswer("fetch_welcome", has_no_timeout, NO_TIMEOUT),
    WrongAnswer("fetch_welcome", has_a_bare_socket_without_timeout, NO_TIMEOUT),
    WrongAnswer("fetch_welcome", has_a_timeout_for_connecting_only, NO_TIMEOUT),
    WrongAnswer("fetch_welcome", does_not_wait_as_connect_has_waited, ACCEPT),
    WrongAnswer("fetch_welcome", decodes_each_piece, EACH_CHUNK),
    WrongAnswer("fetch_welcome", decodes_each_piece_with_a_replacement, EACH_CHUNK),
    WrongAnswer("fetch_welcome", prints_the_welcome, EACH_CHUNK),
    WrongAnswer("fetch_welcome", has_a_timeout_of_its_own, case=SILENT),
    WrongAnswer("fetch_welcome", has_a_short_timeout_of_its_own, case=SILENT),
    WrongAnswer("fetch_welcome", sets_the_timeout_of_all_sockets),
    WrongAnswer("fetch_welcome", has_one_deadline_for_all, case=SLOW),
    WrongAnswer("fetch_welcome", takes_silence_for_the_end, case=SILENT),
    WrongAnswer("fetch_welcome", takes_a_reset_for_the_end, case=RESETS),
    WrongAnswer("fetch_welcome", returns_nothing_for_any_error, case=SILENT),
    WrongAnswer("fetch_welcome", tries_again_after_an_error, case=SILENT),
    WrongAnswer("fetch_welcome", tries_again_where_nothing_came, case=NO_WORD),
    WrongAnswer("fetch_welcome", decodes_as_ascii, case=CUT),
    WrongAnswer("fetch_welcome", decodes_as_latin_1, case=CUT),
    WrongAnswer("fetch_welcome", drops_what_is_not_ascii, case=CUT),
    WrongAnswer("fetch_welcome", returns_bytes),
    WrongAnswer("fetch_welcome", strips_the_welcome),
    WrongAnswer("fetch_welcome", reads_one_line),
    WrongAnswer("fetch_welcome", leaves_its_socket_open),
    WrongAnswer("fetch_welcome", leaves_its_socket_open_after_an_error, case=SILENT),
    WrongAnswer("fetch_welcome", knocks_before_it_comes),
    WrongAnswer("fetch_welcome", talks_to_a_port_of_its_own),
    WrongAnswer("fetch_welcome", has_a_timeout_for_reading_only),
    WrongAnswer("fetch_welcome", asks_without_a_pause),
    WrongAnswer("fetch_welcome", reads_the_wall_clock),
    WrongAnswer("fetch_welcome", waits_half_its_timeout),
    WrongAnswer("fetch_welcome", says_hello_first),
    WrongAnswer("fetch_welcome", reads_a_text_file_with_its_own_line_ends),
    WrongAnswer("echo_server", echoes_one_read, ONE_RECV),
    WrongAnswer("echo_server", ends_at_a_short_read, ONE_RECV),
    WrongAnswer("echo_server", echoes_with_send, SEND_ALL),
    WrongAnswer("echo_server", goes_on_after_an_empty_read, NOTHING_YET),
    WrongAnswer("echo_server", has_nobody_to_answer_after_the_end, AT_ONCE),
    WrongAnswer("echo_server", serves_one_client, GOODBYE, NEXT),
    WrongAnswer("echo_server", dies_of_a_reset, GOODBYE),
    WrongAnswer("echo_server", catches_the_reset_round_accept_only, GOODBYE),
    WrongAnswer("echo_server", catches_the_reset_outside_its_loop, case=RESET_CLIENT),
    WrongAnswer("echo_server", leaves_the_connection_open_after_a_reset, case=RESET_CLIENT),
    WrongAnswer("echo_server", answers_when_all_has_come),
    WrongAnswer("echo_server", never_closes),
    WrongAnswer("echo_server", has_a_timeout_on_its_listener, case=PAUSES),
    WrongAnswer("echo_server", has_a_long_timeout_on_its_listener, case=PAUSES),
    WrongAnswer("echo_server", cuts_off_a_silent_client, case=PAUSES),
    WrongAnswer("echo_server", cuts_off_a_client_that_is_silent_for_a_second, case=PAUSES),
    WrongAnswer("echo_server", dies_of_a_silent_client, case=PAUSES),
    WrongAnswer("echo_server", sets_a_timeout_for_all_sockets, case=PAUSES),
    WrongAnswer("echo_server", catches_all_round_accept, case=STOPPED),
    WrongAnswer("echo_server", decodes_and_encodes),
    WrongAnswer("echo_server", echoes_lines),
    WrongAnswer("echo_server", answers_with_more_than_it_got),
    WrongAnswer("echo_server", serves_a_port_of_its_own),
    WrongAnswer("echo_server", serves_a_port_of_its_own_for_ever),
    WrongAnswer("echo_server", connects_to_its_own_listener),
    WrongAnswer("echo_server", listens_where_it_should_accept),
    WrongAnswer("echo_server", passes_over_errors_of_accept),
    WrongAnswer("echo_server", cuts_off_a_client_that_is_silent_for_five_seconds),
    WrongAnswer("echo_server", waits_for_three_seconds_in_select),
    WrongAnswer("echo_server", looks_for_clients_without_a_pause),
    WrongAnswer("echo_server", ends_at_a_word),
    WrongAnswer("echo_server", serves_five_clients),
    WrongAnswer("ask", reads_its_reply_once, ONE_RECV),
    WrongAnswer("ask", stops_at_a_short_reply, ONE_RECV),
    WrongAnswer("ask", sends_once, SEND_ALL),
    WrongAnswer("ask", waits_for_more_after_the_end, NOTHING_YET),
    WrongAnswer("ask", believes_that_it_is_being_served, ACCEPT),
    WrongAnswer("ask", hears_nothing_from_a_server_that_is_there, ACCEPT),
    WrongAnswer("ask", never_ends_its_side, NO_END),
    WrongAnswer("ask", closes_both_directions, AT_ONCE),
    WrongAnswer("ask", closes_and_then_reads, AT_ONCE),
    WrongAnswer("ask", ends_its_side_after_the_first_piece, NO_END),
    WrongAnswer("ask", ends_the_wrong_direction, AT_ONCE),
    WrongAnswer("ask", trusts_the_network, NO_TIMEOUT),
    WrongAnswer("ask", waits_for_a_second_whatever_it_is_told, case=HALF),
    WrongAnswer("ask", sets_and_leaves_the_timeout_of_all_sockets),
    WrongAnswer("ask", returns_what_came_before_a_silence, case=HALF),
    WrongAnswer("ask", asks_three_times, case=HALF),
    WrongAnswer("ask", returns_text),
    WrongAnswer("ask", returns_a_bytearray),
    WrongAnswer("ask", sends_text),
    WrongAnswer("ask", adds_a_newline),
    WrongAnswer("ask", sends_only_a_kilobyte, case=LARGE),
    WrongAnswer("ask", does_not_ask_for_nothing, case=NO_QUESTION),
    WrongAnswer("ask", reads_a_line_for_a_reply),
    WrongAnswer("ask", forgets_its_socket),
    WrongAnswer("ask", forgets_its_socket_when_it_is_too_late, case=HALF),
    WrongAnswer("ask", leaves_a_thread_that_reads),
    WrongAnswer("ask", has_one_deadline_for_the_reply),
    WrongAnswer("ask", sends_whole_kilobytes_only),
    WrongAnswer("ask", connects_for_each_kilobyte),
]

# hear_all: a gap of one line, so most who err do so in that line


def _with(read):
    """The function with this in its gap."""

    def hear_all(connection):
        received = bytearray()
        while True:
            piece = read(connection)
            if not piece:
                return bytes(received)
            received += piece

    return hear_all


@answer("hear_all", "piece")
def hears_one_piece(connection):
    return connection.recv(1024)


@answer("hear_all", "piece")
def stops_at_a_short_piece(connection):
    received = bytearray()
    while True:
        piece = connection.recv(1024)
        received += piece
        if len(piece) < 1024:
            return bytes(received)


@answer("hear_all", 'empty|returns|b""')
def hears_on_after_the_end(connection):
    received = bytearray()
    while True:
        piece = connection.recv(1024)
        if piece is None:
            return bytes(received)
        received += piece


@answer("hear_all", "compare")
def strips_each_piece(connection):
    return _with(lambda connection: connection.recv(1024).strip())(connection)


@answer("hear_all", "piece|decode|text")
def decodes_each_piece(connection):
    return _with(lambda connection: connection.recv(1024).decode())(connection)


@answer("hear_all", "compare|how many")
def asks_for_no_bytes(connection):
    return _with(lambda connection: connection.recv(0))(connection)


@answer("hear_all", "read")
def reads_as_from_a_file(connection):
    return _with(lambda connection: connection.read(1024))(connection)


@answer("hear_all", "compare|text|bytes")
def hears_text(connection):
    return _with(lambda connection: connection.recv(1024))(connection).decode()


@answer("hear_all", "who closes")
def closes_what_it_was_given(connection):
    with connection:
        return _with(lambda connection: connection.recv(1024))(connection)


WRONG += [
    WrongAnswer("hear_all", hears_one_piece, ONE_RECV),
    WrongAnswer("hear_all", stops_at_a_short_piece, ONE_RECV),
    WrongAnswer("hear_all", hears_on_after_the_end, NOTHING_YET),
    WrongAnswer("hear_all", strips_each_piece),
    WrongAnswer("hear_all", decodes_each_piece),
    WrongAnswer("hear_all", asks_for_no_bytes),
    WrongAnswer("hear_all", reads_as_from_a_file),
    WrongAnswer("hear_all", hears_text),
    WrongAnswer("hear_all", closes_what_it_was_given),
]


# What a fresh attacker found: its first hint led elsewhere


@answer("hear_all", "missing")
def asks_again_for_what_it_keeps(connection):
    received = b""
    while connection.recv(1024):
        received += connection.recv(1024)
    return received


@answer("hear_all", "missing")
def returns_the_last_piece(connection):
    last = b""
    while piece := connection.recv(1024):
        last = piece
    return last


WRONG += [
    WrongAnswer(each.exercise, each)
    for each in (
        asks_again_for_what_it_keeps,
        returns_the_last_piece,
    )
]
