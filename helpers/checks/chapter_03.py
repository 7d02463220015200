"""The exercises of chapter 03: messages on a stream, and a lamp that obeys."""

from __future__ import annotations

from helpers.checks.chapter_03_exactly import RECV_EXACTLY
from helpers.checks.chapter_03_frames import RECV_FRAME
from helpers.checks.chapter_03_lamp import LAMP_SERVER
from helpers.checks.chapter_03_lines import READ_LINES
from helpers.checks.chapter_03_send import SEND_FRAME

EXERCISES = {
    "recv_exactly": RECV_EXACTLY,
    "read_lines": READ_LINES,
    "send_frame": SEND_FRAME,
    "recv_frame": RECV_FRAME,
    "lamp_server": LAMP_SERVER,
}
