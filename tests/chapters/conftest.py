"""What the tests of chapters share."""

import pytest

from helpers.checks import runner


@pytest.fixture(autouse=True)
def time_for_all_cases(monkeypatch):
    """A busy machine may be slow: a check does not leave cases out for lack of time."""
    monkeypatch.setattr(runner, "ALL_SECONDS", 30.0)
