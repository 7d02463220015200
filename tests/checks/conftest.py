"""What the tests of checks share."""

from collections.abc import Iterator

import pytest

from helpers.checks.stage import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A stage of its own for each test."""
    stage = Stage()
    yield stage
    stage.close()
