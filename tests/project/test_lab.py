"""`course.py lab` on machines as learners have them: a JupyterLab is really started on each.

These are the situations that take seconds; `course.py abuse environments` tries all.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from abuse.environments import ENVIRONMENTS, NotHere, Place
from drive.course_copy import make_course_copy

QUICK = (
    "a configuration leads elsewhere",
    "HOME is no folder",
    "a read-only checkout",
    "socket.py, types.py ... of the learner's",
    "no screen, and w3m",
)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a .venv made of links")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the course that is set up."""
    return make_course_copy(tmp_path_factory.mktemp("course") / "my coürse")


@pytest.mark.parametrize("name", QUICK)
def test_chapter_00_opens_and_runs_whatever_the_machine_is_like(name, course, tmp_path):
    (environment,) = [each for each in ENVIRONMENTS if each.name == name]
    try:
        environment.check(Place(course, tmp_path))
    except NotHere as reason:
        pytest.skip(str(reason))


def test_each_situation_has_a_name_and_words_of_its_own():
    names = [each.name for each in ENVIRONMENTS]
    assert len(set(names)) == len(names)
    assert set(QUICK) <= set(names)
    assert all(each.check.__doc__ for each in ENVIRONMENTS)
