"""An interrupt waits for the end of an import."""

import signal
import threading

import pytest
from support.loopback import run_python

from helpers.uninterrupted import uninterrupted

CUT = """
import signal, sys

class Interrupter:
    '''Presses Ctrl-C when a module of this name is looked for.'''

    def find_spec(self, name, path=None, target=None):
        if name == "matplotlib.colorizer":
            sys.meta_path.remove(self)
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupter())
from helpers import chart
for _ in range(2):
    try:
        chart("a title", "x", "y")
        print("drawn")
    except BaseException as error:
        print(type(error).__name__)
"""


def test_a_first_picture_that_is_interrupted_can_be_drawn_again():
    assert run_python(CUT).stdout.split() == ["KeyboardInterrupt", "drawn"]


def test_an_interrupt_comes_at_the_end_of_the_block():
    reached = []
    with pytest.raises(KeyboardInterrupt):
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            reached.append("the end")
    assert reached == ["the end"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_in_the_block_passes_and_interrupts_are_heard_again():
    with pytest.raises(ImportError, match="no such package"):
        with uninterrupted():
            raise ImportError("no such package")
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_blocks_within_blocks_raise_one_interrupt():
    with pytest.raises(KeyboardInterrupt):
        with uninterrupted():
            with uninterrupted():
                signal.raise_signal(signal.SIGINT)
    with uninterrupted():
        pass


def test_another_thread_than_the_main_one_imports_as_ever():
    done = []

    def work() -> None:
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_who_ignores_interrupts_goes_on_doing_so():
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, usual)
