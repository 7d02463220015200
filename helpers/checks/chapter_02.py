"""The exercises of chapter 02: two clients and a server, against peers that are not kind."""

from __future__ import annotations

from helpers.checks.chapter_02_ask import ASK
from helpers.checks.chapter_02_fetch import FETCH_WELCOME
from helpers.checks.chapter_02_server import ECHO_SERVER

EXERCISES = {"fetch_welcome": FETCH_WELCOME, "echo_server": ECHO_SERVER, "ask": ASK}
