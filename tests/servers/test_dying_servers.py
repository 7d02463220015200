"""A server that dies in a notebook fails that notebook's run, and shows the learner its line."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from conftest import ROOT

START = """
def dies(listener):
    connection, peer = listener.accept()
    raise ZeroDivisionError("in the server's own line")


server = run_server(dies)
address = server.address
"""
VISIT = """
with socket.create_connection(address, timeout=5) as client:
    client.recv(10)
"""


def run_notebook(folder: Path, *sources: str) -> subprocess.CompletedProcess:
    """Run cells by nbval, in a process of its own."""
    set_up = (
        f"import socket, sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom helpers import run_server"
    )
    book = nbformat.v4.new_notebook()
    for number, source in enumerate((set_up, *sources), start=1):
        book.cells.append(nbformat.v4.new_code_cell(source, execution_count=number))
    nbformat.write(book, folder / "book.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder]
    command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=30", folder / "book.ipynb"]
    environment = {**os.environ, "COURSE_PROGRESS": str(folder / "progress.json")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_dying_server_fails_its_notebook_though_no_cell_raises(tmp_path: Path):
    done = run_notebook(tmp_path, START, VISIT, "seen = 1", "seen = 2")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 4 passed" in done.stdout
    assert "in the server's own line" in done.stdout


def test_a_server_that_lives_fails_nothing(tmp_path: Path):
    lives = START.replace(
        'raise ZeroDivisionError("in the server\'s own line")', "connection.close()"
    )
    done = run_notebook(tmp_path, lives, VISIT, "seen = 1", "seen = 2")
    assert done.returncode == 0, done.stdout
