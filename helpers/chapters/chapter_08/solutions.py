"""The right answers of chapter 08, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import threading
from contextlib import suppress


def threaded_echo(listener):
    """Send back to each client what it sends, as soon as it comes, any number at the same time.

    - Each client has a thread of its own (daemon=True, so that it can't keep the program alive).
    - When a client has ended its side and has got all back, its connection is closed.
    - A client that resets, or falls silent for ever, harms only itself.

    Argument: listener is a listening TCP socket; the caller, as run_server does, ends it.
    - Then accept raises OSError, and the function returns, without an error.
    - Clients that are connected then are still served by their threads.

    Example: fifty clients connect and are silent; the fifty-first sends b"on" and reads b"on".
    """
    while True:
        try:
            connection, _ = listener.accept()
        except ConnectionAbortedError:  # this one had gone before it was accepted
            continue
        except OSError:
            return
        threading.Thread(target=_echo, args=(connection,), daemon=True).start()


def _echo(connection):
    with connection, suppress(OSError):
        while data := connection.recv(65536):
            connection.sendall(data)


def tally_server(listener, totals):
    r"""Count for each device the lines that name it, for any number of clients at once.

    - A line is the name of a device, of 1 to 1,000 bytes of UTF-8, and ends in b"\n".
    - Each line adds 1 to totals[name], which begins at 0 for a new name.
    - Its answer is the name, a space, the new count and b"\n".
    - No update is lost, and no two answers about a name have the same count.
    - Each client has a thread of its own (daemon=True). When it has gone, its connection is closed.
    - Half a line at the end of a stream counts nothing.
    - A client that resets, is silent, or does not read its answers holds up nobody else.

    Arguments:
    - listener: a listening TCP socket. run_server ends it; then the function returns, without
      an error.
    - totals: a dictionary from str to int, or an object with the same methods. It belongs to
      the caller, who may have filled it. Reading or writing a value may take a while, and other
      threads run meanwhile.

    Example: totals is {"lamp": 41}. A client sends b"lamp\ndoor\n" and reads
    b"lamp 42\ndoor 1\n".
    """
    # your line: the lock, made before the first thread
    lock = threading.Lock()
    # end

    def serve(connection):
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                name = line[:-1].decode("utf-8")
                # your lines: count the name in `totals`, and answer
                with lock:
                    count = totals[name] = totals.get(name, 0) + 1
                connection.sendall(f"{name} {count}\n".encode())
                # end

    while True:
        try:
            connection, _ = listener.accept()
        except ConnectionAbortedError:  # this client left before it was accepted
            continue
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
