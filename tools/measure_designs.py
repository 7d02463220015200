"""Measure what an answer costs three designs of a server: `python tools/measure_designs.py`.

It writes the numbers of one run into chapter 09's folder, where its picture finds them, marked as
recorded. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from helpers.chapters.chapter_09.charts import RECORDED  # noqa: E402
from helpers.load.load import keep_asking, processor_time  # noqa: E402
from helpers.servers.scripts import run_script  # noqa: E402

CLIENTS = (1, 10, 100, 1000)
SECONDS = 2.0  # for each of these numbers
A_THREAD_EACH = """
import socket, threading

def serve(connection):
    with connection:
        while data := connection.recv(1024):
            connection.sendall(data)

with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
    print(listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
"""


def cost(pid: int, address: tuple[str, int], clients: int, seconds: float) -> dict[str, float]:
    """What so many clients meet, and the microseconds of a processor that an answer takes."""
    before = processor_time(pid)
    (load,) = keep_asking(address, [clients], seconds)
    used = processor_time(pid) - before
    measured = {**asdict(load), "microseconds": 1e6 * used / load.answers}
    return {name: round(value, 6) for name, value in measured.items()}


def designs(seconds: float = SECONDS) -> dict[str, list[dict[str, float]]]:
    """The costs of each design, for each number of clients."""
    one_thread = ROOT / "helpers" / "load" / "one_thread_echo.py"
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        threads = Path(folder, "threads.py")
        threads.write_text(A_THREAD_EACH, encoding="utf-8")
        for design, script in {
            "thread per client": (threads,),
            "selectors": (one_thread, "selectors", 0.0),
            "asyncio": (one_thread, "asyncio", 0.0),
        }.items():
            with run_script(*script, ready="\n") as server:
                address = ("127.0.0.1", int(server.output))
                found[design] = [cost(server.pid, address, n, seconds) for n in CLIENTS]
    return found


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(designs(), indent=1) + "\n", encoding="utf-8")
