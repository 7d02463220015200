"""Finding the learner's lines."""

import gc
import os
import threading
import weakref
from pathlib import Path

import pytest
from conftest import ROOT

from helpers import learner_code
from helpers.learner_code import frames_of_all_threads, is_learners, line_in_words, place_of


def test_a_thread_is_found_in_the_line_that_it_is_in():
    started, go_on = threading.Event(), threading.Event()

    def waits():
        started.set()
        go_on.wait(10)

    thread = threading.Thread(target=waits)
    thread.start()
    started.wait(10)
    try:
        assert place_of(thread).endswith("`go_on.wait(10)`") or "started.set()" in place_of(thread)
    finally:
        go_on.set()
        thread.join()


@pytest.mark.parametrize(
    ("function", "expected"),
    [("ask", "line 2 of ask: `b`"), ("<module>", "line 2: `b`"), ("", "line 2: `b`")],
)
def test_a_line_is_told_with_its_function_where_that_has_a_name(tmp_path, function, expected):
    file = tmp_path / "client.py"
    file.write_text("a\n    b\n")
    assert line_in_words(str(file), 2, function) == expected
    assert line_in_words(str(file), 9, "ask") == "line 9 of ask"


def test_the_place_of_the_calling_thread_is_told():
    assert "place_of(threading.current_thread())" in place_of(threading.current_thread())


def test_frames_are_let_go_of_without_the_garbage_collector():
    class Kept:
        """What a frame may keep alive."""

    kept: list[weakref.ref] = []
    started, go_on = threading.Event(), threading.Event()

    def waits():
        variable = Kept()
        kept.append(weakref.ref(variable))
        started.set()
        go_on.wait(10)

    def look():
        frames = frames_of_all_threads()
        assert thread.ident in frames

    thread = threading.Thread(target=waits)
    gc.disable()
    try:
        thread.start()
        started.wait(10)
        look()
        go_on.set()
        thread.join(10)
        assert kept[0]() is None
    finally:
        gc.enable()
        go_on.set()


def test_listing_frames_leaves_the_garbage_collector_as_it_was():
    frames_of_all_threads()
    assert gc.isenabled()
    gc.disable()
    try:
        frames_of_all_threads()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_other_helper_lists_frames_by_itself():
    # CPython issue 106883: with the garbage collector on, it can stop the whole process.
    users = [
        path.name
        for path in Path(ROOT, "helpers").rglob("*.py")
        if "_current_frames(" in path.read_text(encoding="utf-8")
    ]
    assert users == ["learner_code.py"]


@pytest.mark.parametrize(
    ("file", "learners"),
    [
        (os.path.join("", "tmp", "ipykernel_12", "345.py"), True),
        (os.path.join("", "home", "me", "course", "lamps.py"), True),
        (os.path.join("", "home", "me", "lib", "site-packages", "tqdm", "std.py"), False),
        (os.path.join("", "usr", "lib", "python3", "dist-packages", "tqdm", "std.py"), False),
        (pytest.__file__, False),
        (threading.__file__, False),
        (learner_code.__file__, False),
        ("<frozen importlib._bootstrap>", False),
    ],
)
def test_only_what_lies_in_a_notebook_or_beside_it_is_the_learners(file, learners):
    assert is_learners(file) == learners
