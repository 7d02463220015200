"""Wrong answers to the exercises of chapter 08, as a learner would write them."""

import contextlib
import os
import selectors
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from support.answers import WrongAnswer, answer

# What learners may believe, by the names in `beliefs`: each leads to an answer below.
BELIEFS = [
    "one thread is one core",
    "a bigger backlog is concurrency",
    "a dead client says goodbye",
    "the GIL makes `+=` safe",
    "a lock per client protects what all share",
    "holding the lock while sending is harmless",
]


def _echo_well(connection):
    with connection, contextlib.suppress(ConnectionError):
        while data := connection.recv(4096):
            connection.sendall(data)


@answer("threaded_echo", "thread")
def has_a_bigger_backlog(listener):
    listener.listen(100)
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        _echo_well(connection)


@answer("threaded_echo", "args|call")
def calls_where_it_should_name(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_echo_well(connection), daemon=True).start()


@answer("threaded_echo", "join")
def joins_each_thread(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        thread = threading.Thread(target=_echo_well, args=(connection,), daemon=True)
        thread.start()
        thread.join()


@answer("threaded_echo", "pool|worker|number of threads|thread of its own|thread for each")
def has_a_worker_for_each_core(listener):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            pool.submit(_echo_well, connection)


@answer("threaded_echo", "number of threads|thread of its own|thread for each|twenty")
def has_twenty_threads_that_accept(listener):
    def work():
        with contextlib.suppress(OSError):
            while True:
                _echo_well(listener.accept()[0])

    workers = [threading.Thread(target=work, daemon=True) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@answer("threaded_echo", "pool|number of threads|thread of its own|thread for each")
def has_a_pool_that_seems_large(listener):
    pool = ThreadPoolExecutor(64)
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        pool.submit(_echo_well, connection)
    pool.shutdown(wait=False)


@answer("threaded_echo", "reset", "catch|except|suppress")
def has_threads_that_die_of_a_reset(listener):
    def serve(connection):
        while True:
            data = connection.recv(1024)
            if not data:
                break
            connection.sendall(data)
        connection.close()

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


_all_connections = []


@answer("threaded_echo", "close", "reset|finally|with")
def forgets_to_close_after_a_reset(listener):
    def serve(connection):
        try:
            while data := connection.recv(1024):
                connection.sendall(data)
            connection.close()
        except ConnectionError:
            print("client has gone")

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        _all_connections.append(connection)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "close")
def never_closes(listener):
    def serve(connection):
        with contextlib.suppress(ConnectionError):
            while data := connection.recv(1024):
                connection.sendall(data)

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        _all_connections.append(connection)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "loop|while|again|once|next piece|goes on")
def echoes_once(listener):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            connection.sendall(connection.recv(1024))

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "accept", "oserror")
def fails_when_the_listener_is_closed(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_echo_well, args=(connection,), daemon=True).start()


@answer("threaded_echo", "accept", "return|break|end")
def tries_to_accept_for_ever(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            continue
        threading.Thread(target=_echo_well, args=(connection,), daemon=True).start()


@answer("threaded_echo", "line")
def echoes_lines(listener):
    def serve(connection):
        with connection, connection.makefile("rwb") as file, contextlib.suppress(ConnectionError):
            for line in file:
                file.write(line)
                file.flush()

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "decode|utf-8|bytes")
def echoes_text(listener):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            while text := connection.recv(1024).decode():
                connection.sendall(text.encode())

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "as soon as|at once|each piece|before")
def collects_all_before_it_echoes(listener):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            everything = b""
            while data := connection.recv(1024):
                everything += data
            connection.sendall(everything)

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "join|daemon|wait")
def waits_for_all_clients_at_the_end(listener):
    threads = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threads.append(threading.Thread(target=_echo_well, args=(connection,)))
        threads[-1].start()
    for thread in threads:
        thread.join()


@answer("threaded_echo", "timeout")
def gives_a_silent_client_half_a_second(listener):
    def serve(connection):
        connection.settimeout(0.5)
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(4096):
                connection.sendall(data)

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "sendall|returns|how many")
def sends_where_it_should_send_all(listener):
    def serve(connection):
        connection.setblocking(False)
        with connection, contextlib.suppress(ConnectionError):
            while True:
                try:
                    data = connection.recv(65_536)
                except BlockingIOError:
                    time.sleep(0.001)
                    continue
                if not data:
                    return
                with contextlib.suppress(BlockingIOError):
                    connection.send(data)

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("threaded_echo", "thread")
def one_thread_for_all_by_a_selector(listener):
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    selector.register(connection, selectors.EVENT_READ)
                    continue
                try:
                    data = key.fileobj.recv(4096)
                    key.fileobj.sendall(data)
                except ConnectionError:
                    data = b""
                if not data:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


def _accept_all(listener, start):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        start(connection)


@answer("threaded_echo", "lock")
def locks_round_each_echo(listener):
    lock = threading.Lock()

    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            while True:
                with lock:
                    data = connection.recv(1024)
                    if not data:
                        return
                    connection.sendall(data)

    def start(connection):
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "comma|tuple")
def forgets_a_comma(listener):
    def start(connection):
        threading.Thread(target=_echo_well, args=(connection), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "any number|limit|thirty|turn|refuse")
def serves_thirty_at_most(listener):
    serving = []

    def serve(connection):
        _echo_well(connection)
        serving.remove(connection)

    def start(connection):
        if len(serving) == 30:
            connection.close()
            return
        serving.append(connection)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "timeout")
def ends_after_a_quiet_time(listener):
    listener.settimeout(0.4)

    def start(connection):
        connection.settimeout(None)
        threading.Thread(target=_echo_well, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "listener", "caller|close")
def closes_the_listener_when_a_client_dies(listener):
    def serve(connection):
        try:
            while data := connection.recv(1024):
                connection.sendall(data)
        except ConnectionError:
            listener.close()
        connection.close()

    def start(connection):
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "timeout")
def cuts_a_client_off_after_two_seconds(listener):
    def serve(connection):
        connection.settimeout(2)
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(4096):
                connection.sendall(data)

    def start(connection):
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "timeout")
def closes_after_five_seconds_without_a_visitor(listener):
    listener.settimeout(5)

    def start(connection):
        connection.settimeout(None)
        threading.Thread(target=_echo_well, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "processor|goes round|busy|block")
def asks_again_and_again(listener):
    def serve(connection):
        connection.setblocking(False)
        with connection, contextlib.suppress(ConnectionError):
            while True:
                try:
                    data = connection.recv(4096)
                except BlockingIOError:
                    continue
                if not data:
                    return
                connection.setblocking(True)
                connection.sendall(data)
                connection.setblocking(False)

    def start(connection):
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "daemon")
def has_threads_that_outlive_the_program(listener):
    def start(connection):
        threading.Thread(target=_echo_well, args=(connection,)).start()

    _accept_all(listener, start)


@answer("threaded_echo", "accept", "return|break|end")
def lets_no_error_stop_it(listener):
    while True:
        with contextlib.suppress(Exception):
            connection, _ = listener.accept()
            threading.Thread(target=_echo_well, args=(connection,), daemon=True).start()


@answer("threaded_echo", "accept", "loop|next")
def accepts_one_client(listener):
    connection, _ = listener.accept()
    threading.Thread(target=_echo_well, args=(connection,), daemon=True).start()


@answer("threaded_echo", "start")
def makes_a_thread_and_does_not_start_it(listener):
    _accept_all(
        listener,
        lambda connection: threading.Thread(target=_echo_well, args=(connection,), daemon=True),
    )


@answer("threaded_echo", "own connection|global|share")
def shares_one_name_for_the_connection(listener):
    current = None

    def serve():
        with contextlib.suppress(OSError):
            while data := current.recv(1024):
                current.sendall(data)
        current.close()

    while True:
        try:
            current, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, daemon=True).start()


@answer("threaded_echo", "reset|connectionerror", "catch|except")
def knows_one_kind_of_reset(listener):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionResetError):
            while data := connection.recv(1024):
                connection.sendall(data)

    def start(connection):
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


@answer("threaded_echo", "strip|cut")
def strips_what_it_echoes(listener):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            while data := connection.recv(1024):
                connection.sendall(data.strip())

    def start(connection):
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

    _accept_all(listener, start)


# tally_server


def _lines(connection):
    """The whole lines of a connection."""
    with connection.makefile("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield line[:-1].decode()


def _answer(connection, name, count):
    connection.sendall(f"{name} {count}\n".encode())


def _tally(listener, update, send=_answer):
    """A server right in all but what `update` does with a name."""

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                send(connection, name, update(name))

    _accept_all(listener, lambda connection: _begin(serve, connection))


def _begin(serve, connection):
    threading.Thread(target=serve, args=(connection,), daemon=True).start()


@answer("tally_server", "between|turn", "read")
def counts_without_a_lock(listener, totals):
    def update(name):
        totals[name] = totals.get(name, 0) + 1
        return totals[name]

    _tally(listener, update)


@answer("tally_server", "between|turn", "read")
def trusts_plus_equals(listener, totals):
    def serve(connection):
        with connection, contextlib.suppress(ConnectionError):
            for name in _lines(connection):
                if name not in totals:
                    totals[name] = 0
                totals[name] += 1
                connection.sendall(f"{name} {totals[name]}\n".encode())

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "between|turn", "read")
def has_a_count_of_its_own_beside(listener, totals):
    def update(name):
        count = totals.setdefault(name, 0) + 1
        totals.update({name: count})
        return count

    _tally(listener, update)


@answer("tally_server", "lock", "made|how many")
def has_a_lock_for_each_client(listener, totals):
    def serve(connection):
        lock = threading.Lock()
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                with lock:
                    count = totals.get(name, 0) + 1
                    totals[name] = count
                _answer(connection, name, count)

    _accept_all(listener, lambda connection: _begin(serve, connection))


class _Serving(threading.Thread):
    def __init__(self, connection, totals):
        super().__init__(daemon=True)
        self.connection, self.totals = connection, totals
        self.lock = threading.RLock()

    def run(self):
        with self.connection, contextlib.suppress(OSError):
            for name in _lines(self.connection):
                with self.lock:
                    count = self.totals[name] = self.totals.get(name, 0) + 1
                _answer(self.connection, name, count)


@answer("tally_server", "lock", "made|how many")
def has_threads_with_a_lock_each(listener, totals):
    _accept_all(listener, lambda connection: _Serving(connection, totals).start())


@answer("tally_server", "lock", "made|how many")
def makes_a_lock_for_each_update(listener, totals):
    def update(name):
        with threading.Lock():
            count = totals[name] = totals.get(name, 0) + 1
        return count

    _tally(listener, update)


@answer("tally_server", "lock", "made|how many")
def makes_a_lock_where_it_accepts(listener, totals):
    def serve(connection, lock):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                lock.acquire()
                try:
                    count = totals[name] = totals.get(name, 0) + 1
                finally:
                    lock.release()
                _answer(connection, name, count)

    def start(connection):
        arguments = connection, threading.Lock()
        threading.Thread(target=serve, args=arguments, daemon=True).start()

    _accept_all(listener, start)


@answer("tally_server", "lock", "send")
def holds_the_lock_while_it_sends(listener, totals):
    lock = threading.Lock()

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                with lock:
                    totals[name] = totals.get(name, 0) + 1
                    connection.sendall(f"{name} {totals[name]}\n".encode())

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "lock", "send")
def lets_the_lock_go_after_it_has_sent(listener, totals):
    lock = threading.Lock()

    def serve(connection):
        rest = b""
        with connection, contextlib.suppress(OSError):
            while piece := connection.recv(65_536):
                *lines, rest = (rest + piece).split(b"\n")
                lock.acquire()
                answers = b""
                for line in lines:
                    name = line.decode()
                    totals[name] = totals.get(name, 0) + 1
                    answers += b"%s %d\n" % (line, totals[name])
                try:
                    connection.sendall(answers)
                finally:
                    lock.release()

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "lock", "inside|before")
def locks_only_the_writing(listener, totals):
    lock = threading.Lock()

    def update(name):
        count = totals.get(name, 0) + 1
        with lock:
            totals[name] = count
        return count

    _tally(listener, update)


@answer("tally_server", "lock", "number|count")
def looks_again_when_the_lock_is_free(listener, totals):
    lock = threading.Lock()

    def update(name):
        with lock:
            totals[name] = totals.get(name, 0) + 1
        return totals[name]

    _tally(listener, update)


@answer("tally_server", "lock", "number|count")
def has_a_variable_that_all_threads_share(listener, totals):
    lock = threading.Lock()
    count = 0

    def serve(connection):
        nonlocal count
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                with lock:
                    count = totals[name] = totals.get(name, 0) + 1
                connection.sendall(f"{name} {count}\n".encode())

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "lock", "between|inside|gap|before")
def takes_the_lock_twice(listener, totals):
    lock = threading.Lock()

    def update(name):
        with lock:
            count = totals.get(name, 0)
        with lock:
            totals[name] = count + 1
        return count + 1

    _tally(listener, update)


@answer("tally_server", "lock", "back")
def never_gives_the_lock_back(listener, totals):
    lock = threading.Lock()

    def update(name):
        lock.acquire()
        totals[name] = totals.get(name, 0) + 1
        return totals[name]

    _tally(listener, update)


@answer("tally_server", "lock", "send")
def has_one_lock_for_all_sending(listener, totals):
    sending, update = threading.Lock(), _with_a_lock(totals)

    def send(connection, name, count):
        with sending:
            _answer(connection, name, count)

    _tally(listener, update, send)


@answer("tally_server", "lock", "says nothing|waits for")
def locks_a_whole_conversation(listener, totals):
    lock = threading.Lock()

    def serve(connection):
        with lock, connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                totals[name] = totals.get(name, 0) + 1
                _answer(connection, name, totals[name])

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "thread")
def counts_for_one_client_after_another(listener, totals):
    def start(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                totals[name] = totals.get(name, 0) + 1
                _answer(connection, name, totals[name])

    _accept_all(listener, start)


@answer("tally_server", "thread of its own|number of threads|pool")
def has_a_pool_of_thirty(listener, totals):
    lock, pool = threading.Lock(), ThreadPoolExecutor(30)

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                with lock:
                    count = totals[name] = totals.get(name, 0) + 1
                _answer(connection, name, count)

    _accept_all(listener, lambda connection: pool.submit(serve, connection))
    pool.shutdown(wait=False)


def _with_a_lock(totals):
    """An update that is right."""
    lock = threading.Lock()

    def update(name):
        with lock:
            count = totals[name] = totals.get(name, 0) + 1
        return count

    return update


@answer("tally_server", "totals")
def counts_in_a_dictionary_of_its_own(listener, totals):
    _tally(listener, _with_a_lock({}))


@answer("tally_server", "totals")
def counts_in_a_copy(listener, totals):
    _tally(listener, _with_a_lock(dict(totals)))


@answer("tally_server", "bytes|text|decode")
def has_names_of_bytes(listener, totals):
    update = _with_a_lock(totals)

    def send(connection, name, count):
        connection.sendall(b"%s %d\n" % (name.encode(), count))

    _tally(listener, lambda name: update(name.encode()), send)


@answer("tally_server", "name", "0|missing|not there|no such")
def expects_that_each_name_is_there(listener, totals):
    lock = threading.Lock()

    def update(name):
        with lock:
            totals[name] += 1
            return totals[name]

    _tally(listener, update)


@answer("tally_server", "half|whole")
def counts_half_a_line(listener, totals):
    update = _with_a_lock(totals)

    def serve(connection):
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                name = line.decode().rstrip("\n")
                _answer(connection, name, update(name))

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "newline|line")
def sends_no_newline(listener, totals):
    def send(connection, name, count):
        connection.sendall(f"{name} {count}".encode())

    _tally(listener, _with_a_lock(totals), send)


@answer("tally_server", "newline|name|bytes")
def answers_with_pythons_bytes(listener, totals):
    def send(connection, name, count):
        connection.sendall(f"{name.encode()} {count}\n".encode())

    _tally(listener, _with_a_lock(totals), send)


@answer("tally_server", "piece")
def takes_a_piece_for_a_line(listener, totals):
    update = _with_a_lock(totals)

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            while piece := connection.recv(65_536):
                for name in piece.decode("utf-8", "replace").split("\n"):
                    if name:
                        _answer(connection, name, update(name))

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "close")
def leaves_its_connections_open(listener, totals):
    update = _with_a_lock(totals)

    def serve(connection):
        with contextlib.suppress(OSError):
            for name in _lines(connection):
                _answer(connection, name, update(name))

    def start(connection):
        _all_connections.append(connection)
        _begin(serve, connection)

    _accept_all(listener, start)


@answer("tally_server", "reset|connectionerror", "catch|except|suppress")
def has_counting_threads_that_die_of_a_reset(listener, totals):
    update = _with_a_lock(totals)

    def serve(connection):
        with connection:
            for name in _lines(connection):
                _answer(connection, name, update(name))

    _accept_all(listener, lambda connection: _begin(serve, connection))


@answer("tally_server", "accept", "oserror")
def counts_until_accept_fails(listener, totals):
    update = _with_a_lock(totals)

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                _answer(connection, name, update(name))

    while True:
        connection, _ = listener.accept()
        _begin(serve, connection)


@answer("tally_server", "daemon")
def counts_in_threads_that_outlive_the_program(listener, totals):
    update = _with_a_lock(totals)

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                _answer(connection, name, update(name))

    _accept_all(
        listener, lambda connection: threading.Thread(target=serve, args=(connection,)).start()
    )


@answer("tally_server", "send", "thread|hold")
def has_one_thread_that_counts_and_sends(listener, totals):
    todo = []
    news = threading.Condition()

    def keep():
        while True:
            with news:
                news.wait_for(lambda: todo)
                connection, name = todo.pop(0)
            totals[name] = count = totals.get(name, 0) + 1
            with contextlib.suppress(OSError):
                _answer(connection, name, count)

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            for name in _lines(connection):
                with news:
                    todo.append((connection, name))
                    news.notify()

    threading.Thread(target=keep, daemon=True).start()
    _accept_all(listener, lambda connection: _begin(serve, connection))


ONE_CORE = "one thread is one core"


BACKLOG = "a bigger backlog is concurrency"


CALLED = "a call hands a function over"


GOODBYE = "a dead client says goodbye"


GIL = "the GIL makes `+=` safe"


EACH = "a lock per client protects what all share"


HOLDING = "holding the lock while sending is harmless"


FIFTY = "fifty silent clients, and one more"


END = "a caller that closes the listener"


RESET = "clients that reset"


WORDS = "one client, word by word"


LATE = "a client that sends much and reads late"


NOTHING = "clients that say nothing"


LINES = "one client, line by line"


TWENTY = "twenty clients and one device"


FORTY = "forty silent clients, and one more"


DEAF = "a client that does not read"


# answer, the misconception it must hear of, a case that must fail
TABLE = [
    (has_a_bigger_backlog, BACKLOG, FIFTY),
    (calls_where_it_should_name, CALLED, FIFTY),
    (joins_each_thread, BACKLOG, FIFTY),
    (has_a_worker_for_each_core, ONE_CORE, FIFTY),
    (has_twenty_threads_that_accept, ONE_CORE, FIFTY),
    (has_a_pool_that_seems_large, None, FIFTY),
    (has_threads_that_die_of_a_reset, GOODBYE, RESET),
    (forgets_to_close_after_a_reset, GOODBYE, RESET),
    (never_closes, None, WORDS),
    (echoes_once, None, WORDS),
    (fails_when_the_listener_is_closed, None, END),
    (tries_to_accept_for_ever, None, END),
    (echoes_lines, None, WORDS),
    (echoes_text, None, WORDS),
    (collects_all_before_it_echoes, None, WORDS),
    (waits_for_all_clients_at_the_end, None, END),
    (gives_a_silent_client_half_a_second, None, FIFTY),
    (sends_where_it_should_send_all, None, LATE),
    (one_thread_for_all_by_a_selector, None, FIFTY),
    (locks_round_each_echo, BACKLOG, FIFTY),
    (forgets_a_comma, None, WORDS),
    (serves_thirty_at_most, None, FIFTY),
    (ends_after_a_quiet_time, None, FIFTY),
    (closes_the_listener_when_a_client_dies, None, RESET),
    (cuts_a_client_off_after_two_seconds, None, FIFTY),
    (closes_after_five_seconds_without_a_visitor, None, FIFTY),
    (asks_again_and_again, None, NOTHING),
    (has_threads_that_outlive_the_program, None, END),
    (lets_no_error_stop_it, None, END),
    (accepts_one_client, None, FIFTY),
    (makes_a_thread_and_does_not_start_it, None, WORDS),
    (shares_one_name_for_the_connection, None, FIFTY),
    (knows_one_kind_of_reset, GOODBYE, RESET),
    (strips_what_it_echoes, None, WORDS),
    (counts_without_a_lock, GIL, TWENTY),
    (trusts_plus_equals, GIL, TWENTY),
    (has_a_count_of_its_own_beside, GIL, TWENTY),
    (has_a_lock_for_each_client, EACH, TWENTY),
    (has_threads_with_a_lock_each, EACH, TWENTY),
    (makes_a_lock_for_each_update, EACH, TWENTY),
    (makes_a_lock_where_it_accepts, EACH, TWENTY),
    (holds_the_lock_while_it_sends, HOLDING, DEAF),
    (lets_the_lock_go_after_it_has_sent, HOLDING, DEAF),
    (locks_only_the_writing, None, TWENTY),
    (looks_again_when_the_lock_is_free, None, TWENTY),
    (has_a_variable_that_all_threads_share, None, TWENTY),
    (takes_the_lock_twice, None, TWENTY),
    (never_gives_the_lock_back, BACKLOG, LINES),
    (has_one_lock_for_all_sending, HOLDING, DEAF),
    (locks_a_whole_conversation, BACKLOG, FORTY),
    (counts_for_one_client_after_another, BACKLOG, FORTY),
    (has_a_pool_of_thirty, ONE_CORE, FORTY),
    (counts_in_a_dictionary_of_its_own, None, LINES),
    (counts_in_a_copy, None, LINES),
    (has_names_of_bytes, None, LINES),
    (expects_that_each_name_is_there, None, LINES),
    (counts_half_a_line, None, LINES),
    (sends_no_newline, None, LINES),
    (answers_with_pythons_bytes, None, LINES),
    (takes_a_piece_for_a_line, None, LINES),
    (leaves_its_connections_open, None, LINES),
    (has_counting_threads_that_die_of_a_reset, GOODBYE, RESET),
    (counts_until_accept_fails, None, END),
    (counts_in_threads_that_outlive_the_program, None, END),
    (has_one_thread_that_counts_and_sends, None, DEAF),
]


WRONG = [WrongAnswer(each.exercise, each, belief, case) for each, belief, case in TABLE]


@answer("threaded_echo", "closes", "thread")
def closes_what_a_thread_still_serves(listener):
    def serve(connection):
        with contextlib.suppress(OSError):
            while data := connection.recv(4096):
                connection.sendall(data)

    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
            connection.close()


WRONG.append(WrongAnswer("threaded_echo", closes_what_a_thread_still_serves))
