"""What the specification of A2 says is what its programs do: example and numbers."""

import re
from pathlib import Path

from helpers.assignments.a2 import _speed_cases as speed
from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import charts, others, packed, solutions

SOURCE = Path(__file__).parents[3] / "notebooks/source/assignments/A2_firmware.py"
TEXT = SOURCE.read_text(encoding="utf-8")
FLAT = TEXT.replace("\n# ", " ")  # its sentences go on over the ends of lines
SPECIFICATION = TEXT.partition("# ## The specification")[2].partition("# %% [markdown]")[0]


def test_the_example_is_right_to_the_last_byte():
    image = bytes(1_000)
    chunks = wire.chunks_of(image)
    payloads = {"OFFER": wire.digest(image), "DONE": b""}
    a_row = re.compile(r"# \| (sender|receiver) \|")
    rows = [line for line in SPECIFICATION.splitlines() if a_row.match(line)]
    assert len(rows) == 9
    shown = set()
    for row in rows:
        _, _, kind, *fields, payload, _, _ = (cell.strip() for cell in row.split("|"))
        number, name = int(kind[1:3], 16), kind.split()[1]
        transfer, chunk, crc = (bytes.fromhex(field.strip("`")) for field in fields)
        if name == "DATA":
            said = chunks[int.from_bytes(chunk, "big")]
        elif name == "ACK":
            said = bytes.fromhex(payload.strip("`"))
        else:
            said = payloads[name]
        head = int.from_bytes(transfer, "big"), int.from_bytes(chunk, "big")
        datagram = wire.pack(number, *head, said)
        assert datagram[9:13] == crc, row
        assert solutions.packed(number, *head, said) == datagram
        assert others.packed(number, transfer, head[1], said) == datagram
        shown.add(datagram)
    first_step = packed.EXAMPLE.values()
    assert shown == {wire.pack(kind, packed.TRANSFER, *more) for kind, *more in first_step}


def test_the_text_has_the_numbers_of_the_cases():
    assert f"less than {speed.bound(speed.SIZE, speed.RATE, speed.DELAY):.2f} s" in FLAT
    grades = [f"{100 * share:.0f}" for share in speed.GRADES]
    assert f"reaches {', '.join(grades[:-1])} and {grades[-1]} % of that speed" in FLAT
    least = speed.bound(speed.SIZE, speed.RATE, speed.DELAY)
    seconds = [f"{least / share:.1f}" for share in speed.GRADES]
    assert f"that speed: {', '.join(seconds[:-1])} and {seconds[-1]} s." in FLAT
    first, second = speed.AT_MOST
    assert f"a chunk at most {first:g} times on average, or two points" in FLAT
    assert f"at most {second:g} times" in FLAT


def test_a_bit_map_reads_as_it_was_written():
    there = {1, 2, 5, 9, 40, 256, 300}
    payload = wire.bit_map(there, 0)
    assert payload[:2] == bytes([0b11001000, 0b10000000])
    assert wire.chunks_in(payload, 0) == there - {300}


def test_the_picture_of_goodput_says_what_it_shows():
    picture = charts.picture({1: 0.5, 2: 0.4, 3: 0.6})
    html = picture._repr_mimebundle_()["text/html"]
    assert "Yours: 50%, 40%, 60%" in html
    assert min(charts.SOLUTION) > speed.GRADES[-1] > speed.GRADES[1] > min(charts.GO_BACK_N)
