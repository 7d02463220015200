"""How soon a server in a thread starts and stops, beside `socketserver`.

python tools/bench/servers.py
"""

import socketserver
import statistics
import sys
import threading
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from helpers.servers.servers import run_server  # noqa: E402

CYCLES = 500
PEER_CYCLES = 5  # each takes half a second


def welcome(listener):
    while True:
        connection, _ = listener.accept()
        connection.close()


def ours() -> float:
    """Seconds for a start and a stop."""
    start = perf_counter()
    run_server(welcome, name="bench").stop()
    return perf_counter() - start


def peer() -> float:
    """The same with `socketserver.ThreadingTCPServer` and its default poll interval."""
    start = perf_counter()
    with socketserver.ThreadingTCPServer(
        ("127.0.0.1", 0), socketserver.BaseRequestHandler
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        server.shutdown()
        thread.join()
    return perf_counter() - start


def rows() -> list[dict]:
    """The rows of the bench's table."""
    mine = statistics.median(ours() for _ in range(CYCLES)) * 1000
    theirs = statistics.median(peer() for _ in range(PEER_CYCLES)) * 1000
    return [
        {
            "what": "server: start and stop, median",
            "ours": round(mine, 2),
            "unit": "ms",
            "target": "at most 1",
            "met": mine <= 1,
            "peers": f"socketserver {theirs:.0f}",
        }
    ]
