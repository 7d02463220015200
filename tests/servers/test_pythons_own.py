"""Python's own tests of sockets pass with the stage's in the place of `socket.socket`.

They run in two processes that share them. A test that fails there is tried once more, and then with
Python's own socket as well: what fails on this machine with that one, too, says nothing of ours.
"""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("pythons_own.py")
SHARES = 2  # processes at once
DEADLINE = 10.0  # seconds for one test; the longest takes two
MOST_HANGING = 3  # tests of a share, before it is given up
FLAGS = (
    "It asks for the flags of the file. A socket of the stage never blocks underneath, whatever "
    "`setblocking` was told: else its server could not be stopped."
)
# Each of these fails, for the reason given, wherever a file's flags can be asked for.
KNOWN = {
    "NonBlockingTCPTests.testSetBlocking": FLAGS,
    "NonblockConstantTest.test_SOCK_NONBLOCK": FLAGS,
}
if sys.version_info < (3, 12):  # later it asks for the timeout alone
    KNOWN["NonBlockingTCPTests.testSetBlocking_overflow"] = FLAGS


def lines(process: subprocess.Popen) -> Iterator[dict]:
    """What a process tells, line by line, until it ends or says nothing for too long."""
    told: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in process.stdout:
            told.put(line)
        told.put("")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while line := told.get(timeout=DEADLINE):
            yield json.loads(line)
    except queue.Empty:
        pass
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def run(folder: Path, share: int, *named: str) -> dict[str, dict]:
    """What came of each test of a share, or of those that are named, by "kind:test"."""
    shares = 1 if named else SHARES
    results: dict[str, dict] = {}
    for _ in range(MOST_HANGING):
        process = subprocess.Popen(
            [sys.executable, SCRIPT, str(share), str(shares), *named],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        plan: list[str] = []
        for line in lines(process):
            if line["state"] == "none":
                return {"": line}
            if line["state"] == "plan":
                plan = line["tests"]
            elif line["state"] == "begins":
                results[line["test"]] = {"state": "failed", "why": "It does not end."}
            else:
                results[line["test"]] = line
        named = tuple(test for test in plan if test not in results)
        if not named:
            break
    for test in named:
        results[test] = {"state": "failed", "why": "Nobody came to it."}
    return results


def failures(results: dict[str, dict]) -> list[str]:
    return [test for test, result in results.items() if result["state"] == "failed"]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, dict]:
    """What came of each test with each kind of socket."""
    folders = [tmp_path_factory.mktemp("own") for _ in range(SHARES)]
    with ThreadPoolExecutor(SHARES) as pool:
        shares = list(pool.map(run, folders, range(SHARES)))
    if "" in shares[0]:
        pytest.skip(f"this Python ships none of its tests ({shares[0]['']['why']})")
    return {test: result for share in shares for test, result in share.items()}


def test_pythons_own_tests_pass_with_the_stages_sockets(results, tmp_path):
    unexpected = [test for test in failures(results) if test.split(":")[1] not in KNOWN]
    if unexpected:
        plain = {f"plain:{test.split(':')[1]}" for test in unexpected}
        again = run(tmp_path, 0, *unexpected, *plain)
        failed = set(failures(again))
        unexpected = [
            f"{test}\n{results[test]['why']}"
            for test in unexpected
            if test in failed and f"plain:{test.split(':')[1]}" not in failed
        ]
    assert not unexpected, "\n\n".join(unexpected)


def test_each_known_exception_is_still_one(results):
    pytest.importorskip("fcntl", reason="no flags to ask for")
    passed = [
        test
        for test, result in results.items()
        if test.split(":")[1] in KNOWN and result["state"] == "passed"
    ]
    assert passed == []  # else it must leave the list


def test_both_kinds_of_sockets_are_tried_with_many_of_them(results):
    for kind in ("served", "peer"):
        tried = [test for test in results if test.startswith(f"{kind}:")]
        assert len(tried) > 100
