"""The right answers of chapter 02, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import socket


def hear_all(connection):
    """Read all that comes on a connection until the peer ends its side, and return it as bytes.

    Argument: connection is a connected socket, which the caller closes.

    Example: a peer that sends b"Wel" and b"come" and ends its side gives b"Welcome".
    """
    received = bytearray()
    while True:
        # your line
        piece = connection.recv(1024)
        # end
        if not piece:
            return bytes(received)
        received += piece


def fetch_welcome(address, timeout):
    """Connect once, read all that the server sends until it ends its side, and return it.

    Arguments: address is a tuple (host, port); timeout is in seconds, for connecting and
    for each wait.
    Returns a str, decoded from UTF-8; "" if the server ended without a word.
    Lets through TimeoutError when a wait takes longer, and ConnectionResetError when the server
    resets.
    The function closes its socket.

    Example: a server that sends b"Wel", b"come" and closes gives "Welcome".
    """
    received = bytearray()
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode("utf-8")


def echo_server(listener):
    """Send back to each client what it sends, until it ends its side; then serve the next.

    Argument: listener is a listening socket. The caller, as run_server does, ends it: `accept`
    then raises an error, and only that ends the function.
    - A client may be silent for as long as it likes.
    - The function closes each connection.
    - A client that resets its connection must not end the server. (The socket then raises an
      OSError, such as ConnectionResetError or BrokenPipeError.)

    Example: a client that sends b"on" and b"off" reads b"onoff".
    """
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except OSError:
                pass


def ask(address, request, timeout):
    """Connect once, send a request, end your side, and return the whole reply.

    Arguments: address is a tuple (host, port); request is bytes, of any length; timeout is
    in seconds, for connecting, for sending the request, and for each wait for the reply.
    Returns bytes, b"" if no reply came before the server ended.
    Lets through any error, such as TimeoutError when connecting, sending or a wait takes longer.
    The function closes its socket.

    Example: inside `with run_server(count_bytes) as server:`
    ask(server.address, b"21.5 22.0", 2.0) == b"9 bytes"
    """
    reply = bytearray()
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return bytes(reply)
