"""Experiments that a stall of the machine may spoil."""

from collections.abc import Callable


def eventually(experiment: Callable[[], object], times: int = 5) -> bool:
    """Whether an experiment that depends on timers comes out as told in one of so many runs."""
    return any(experiment() for _ in range(times))
