"""How near a prediction was to what was measured: the one measure of it."""

from __future__ import annotations

FAR = 0.5  # a prediction is far off where it misses by more than this part of the larger number

Value = float | int | str


def is_far(predicted: Value, measured: Value) -> bool:
    """Whether a number was less than half of what was measured, or more than twice as much; whether
    a choice was another one."""
    if isinstance(predicted, str) or isinstance(measured, str):
        return predicted != measured
    return abs(predicted - measured) > FAR * max(abs(predicted), abs(measured))
