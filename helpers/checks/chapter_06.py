"""The exercises of chapter 06: a receiver, two senders, and an estimator of the timeout."""

from __future__ import annotations

from helpers.checks.chapter_06_receive_cases import RECEIVE
from helpers.checks.chapter_06_rto import RTO
from helpers.checks.chapter_06_send_cases import SEND
from helpers.checks.chapter_06_window_cases import GO_BACK_N

EXERCISES = {
    "receive_reliably": RECEIVE,
    "send_reliably": SEND,
    "RtoEstimator": RTO,
    "go_back_n_send": GO_BACK_N,
}
