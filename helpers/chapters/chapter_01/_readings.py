"""The readings that both exercises on bytes are tried with."""

from __future__ import annotations

READINGS = [
    (258, -40.0, "00 00 01 02 c2 20 00 00"),
    (7, 21.5, "00 00 00 07 41 ac 00 00"),
    (0, 0.0, "00 00 00 00 00 00 00 00"),
]

LARGEST = (2**32 - 1, 0.15625, "ff ff ff ff 3e 20 00 00")
