"""Which tests run in one process, when several processes share the work."""

import pytest
from conftest import together


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tests/test_a.py::test_x", "tests/test_a.py::test_y[1]"),
        ("notebooks/01_a.ipynb::Cell 0", "notebooks/01_a.ipynb::Cell 7"),
        ("tests/browser/test_a.py::test_x", "tests/browser/test_b.py::test_y"),
        ("tests/tools/test_pages.py::test_x", "tests/tools/test_pages_browser.py::test_y"),
        (
            "tests/test_learner_runs.py::test_a[solutions/01_a.ipynb]",
            "tests/test_learner_runs.py::test_b[solutions/01_a.ipynb-3]",
        ),
    ],
)
def test_what_shares_a_kernel_a_browser_or_a_fixture_stays_together(one: str, other: str):
    assert together(one) == together(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tests/test_a.py::test_x", "tests/test_b.py::test_x"),
        ("notebooks/01_a.ipynb::Cell 0", "notebooks/solutions/01_a.ipynb::Cell 0"),
        (
            "tests/test_learner_runs.py::test_a[01_a.ipynb]",
            "tests/test_learner_runs.py::test_a[solutions/01_a.ipynb]",
        ),
    ],
)
def test_the_rest_may_run_in_different_processes(one: str, other: str):
    assert together(one) != together(other)
