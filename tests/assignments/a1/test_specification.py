"""What the specification of A1 says is what its programs do: its example, to the last byte."""

import re
import socket
from pathlib import Path

from helpers.assignments.a1 import others, solutions
from helpers.servers.servers import run_server

SOURCE = Path(__file__).parents[3] / "notebooks/source/assignments/A1_thermostat.py"
ROW = re.compile(r"# \| (app|thermostat) \| (.*?) \| (.*) \|$", re.MULTILINE)


def conversation():
    """The example: who speaks, and what."""
    for who, said, _ in ROW.findall(SOURCE.read_text(encoding="utf-8")):
        pieces = re.findall("`(.*?)`", said)
        hexadecimal = re.compile(r"[0-9a-f]{2}( [0-9a-f]{2})*")
        yield (
            who,
            b"".join(
                bytes.fromhex(each) if hexadecimal.fullmatch(each) else each.encode()
                for each in pieces
            ),
        )


def test_the_example_is_what_both_right_programs_say():
    example = list(conversation())
    assert len(example) == 8
    for number, module in enumerate((solutions, others)):
        with (
            run_server(module.thermostat_server, name=f"example {number}") as server,
            socket.create_connection(server.address, 2) as app,
        ):
            for (_, asked), (_, answered) in zip(example[::2], example[1::2], strict=True):
                app.sendall(asked)
                got = app.recv(100)
                if answered[4] == 0xFF:  # the reason is for people, and free
                    assert got[4:8] == answered[4:8]
                    assert len(answered) == 4 + int.from_bytes(answered[:4], "big")
                else:
                    assert got == answered
