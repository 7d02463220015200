"""An echo service in which one thread serves all clients, in two ways that chapter 09 explains.

Called as `python one_thread_echo.py selectors 0.01`, or with `asyncio` for the first argument; the
second are the seconds before each answer. It prints its port, and serves until it is ended.
Standard library only, so that it starts at once.
"""

from __future__ import annotations

import asyncio
import selectors
import socket
import sys
import time

HERE = ("127.0.0.1", 0)
BACKLOG = 1024


def by_selectors(work: float) -> None:
    """Ask the system which sockets have something, and read only those.

    Args:
        work: seconds before an answer, in which nobody else is served.
    """
    selector = selectors.DefaultSelector()
    listener = socket.create_server(HERE, backlog=BACKLOG)
    selector.register(listener, selectors.EVENT_READ)
    print(listener.getsockname()[1])
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ)
                continue
            try:
                data = key.fileobj.recv(1024)
                if data and work:
                    time.sleep(work)
                key.fileobj.send(data)  # may take a part only, of more than a reading
            except ConnectionError:
                data = b""
            if not data:
                selector.unregister(key.fileobj)
                key.fileobj.close()


async def by_asyncio(work: float) -> None:
    """The same written with `await`: there others are served.

    Args:
        work: seconds before an answer.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1024):
            if work:
                await asyncio.sleep(work)
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, *HERE, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def main() -> None:
    """Serve as the command line says."""
    way, work = sys.argv[1], float(sys.argv[2])
    if way == "selectors":
        by_selectors(work)
    else:
        asyncio.run(by_asyncio(work))


if __name__ == "__main__":
    main()
