"""Servers in a kernel: which of them a cell replaces, and what `exit()` in them ends."""

import pytest
from drive.on_disk import ROOT
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

START = f"""import sys; sys.path.insert(0, {str(ROOT)!r})
import functools, socket, threading
from helpers import run_server

def ask(server):
    with socket.create_connection(server.address, 5) as client:
        client.sendall(b"?")
        return client.recv(10).decode()

def answer(listener, text):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.recv(10)
            connection.sendall(text.encode())

def leaves(listener):
    listener.accept()[0].close()
    exit()

def lets_a_thread_leave(listener):
    thread = threading.Thread(target=quit)
    thread.start()
    thread.join()

def ends_its_threads_by_sys_exit(listener):
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
"""
TWO = """left, right = (run_server(functools.partial(answer, text=text)) for text in {})
print(left.name, right.name, ask(left), ask(right))
"""
CELLS = (
    START,
    TWO.format("'ab'"),
    TWO.format("'cd'"),
    "left.stop(); right.stop()",
    "with run_server(leaves) as server: socket.create_connection(server.address, 5).close()",
    "with run_server(lets_a_thread_leave) as server: pass",
    "with run_server(ends_its_threads_by_sys_exit) as server: print('in silence')",
    "print(left)",
)


@pytest.fixture(scope="module")
def said():
    """What each cell of a notebook printed, or the error that it ended with."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=60, allow_errors=True).execute()
    texts = []
    for cell in notebook.cells:
        parts = [output.get("text") or output.get("evalue", "") for output in cell.outputs]
        texts.append("".join(parts))
    return texts


def test_a_cell_may_start_two_servers_of_one_function_and_run_again_replaces_both(said):
    assert said[1] == "partial partial 2 a b\n"
    assert said[2] == "partial partial 2 c d\n"


@pytest.mark.parametrize("cell", [4, 5])
def test_exit_in_a_server_ends_that_thread_only_and_the_cell_says_so(said, cell):
    assert "ExitCalled: exit() or quit() was called. It has ended this function only" in said[cell]


def test_a_thread_that_ends_by_sys_exit_does_so_in_silence(said):
    assert said[6] == "in silence\n"


def test_the_kernel_lives_on_with_its_variables(said):
    assert said[7].startswith("<Server 'partial'")
