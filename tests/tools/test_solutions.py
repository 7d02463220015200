"""The right answers that the build writes from a source."""

import pytest
import solutions
from drive.on_disk import SOURCES

SOURCE = '''# %% [markdown]
# # A chapter

# %%
import socket
import struct
from helpers import check, run_server

HEADER = struct.Struct("!I")
count = 5
UNUSED = 1


# Comments stay.
def packed(number):
    local = number
    return HEADER.pack(local)


def shown():
    return check


# %%
# %%writefile script.py
print("no part of it")

# %% tags=["exercise"]
def send_number(connection, number):
    """Send it."""
    for count in range(1):
        _send(connection, packed(number))


def _send(connection, data):
    connection.sendall(data)
'''
WRITTEN = '''
import struct

HEADER = struct.Struct("!I")


# Comments stay.
def packed(number):
    local = number
    return HEADER.pack(local)


def send_number(connection, number):
    """Send it."""
    for count in range(1):
        _send(connection, packed(number))


def _send(connection, data):
    connection.sendall(data)
'''


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "notebooks" / "source" / "04_numbers.py"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_an_exercise_comes_with_what_it_uses_and_nothing_else(source):
    head, _, rest = solutions.solutions_text(source).partition('"""\n')
    assert head.startswith('"""The right answers of chapter 04')
    assert rest == WRITTEN


def test_a_chapter_without_exercises_has_no_answers(source):
    source.write_text(SOURCE.partition("# %% tags")[0], encoding="utf-8")
    assert solutions.solutions_text(source) == ""


def test_the_newest_definition_above_the_exercise_is_taken(source):
    text = SOURCE.replace("# %% tags", '# %%\nHEADER = struct.Struct("!H")\n\n# %% tags')
    source.write_text(text + '\n# %%\nHEADER = struct.Struct("!Q")\n', encoding="utf-8")
    assert solutions.solutions_text(source).count("HEADER = ") == 1
    assert 'HEADER = struct.Struct("!I")' in solutions.solutions_text(source)  # packed's own


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_answers_of_a_chapter_run_by_themselves(path):
    names: dict = {"__name__": "solutions"}
    exec(solutions.solutions_text(path), names)
