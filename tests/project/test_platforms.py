"""What other platforms do to the course, imitated: clocks, datagrams, few files, long paths."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from abuse import pretend
from drive.on_disk import ROOT

PRETEND = ROOT / "tools" / "abuse" / "pretend.py"
LONG = 200  # characters of the folder that the course is in
MOST = 259  # of a path on Windows, unless it is told otherwise (MAX_PATH without its last 0)
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")


@pytest.mark.skipif(sys.platform == "win32", reason="files are limited elsewhere only")
def test_every_own_answer_passes_by_a_coarse_clock_with_small_datagrams_and_few_files():
    ran = subprocess.run(
        [sys.executable, PRETEND], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert len(lines) >= 26
    assert all(": passed (" in line for line in lines), ran.stdout


def in_a_process(code: str) -> str:
    """What a program prints that may pretend what it likes."""
    program = f"import sys\nsys.path.insert(0, {str(PRETEND.parent)!r})\nimport pretend\n{code}"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_the_coarse_clock_has_steps():
    code = "pretend.coarse_clock(8)\nprint(pretend.time.monotonic() % 8, pretend.STEP)"
    assert in_a_process(code) == f"0.0 {pretend.STEP}"


def test_a_datagram_above_the_limit_is_refused_as_on_macos(udp):
    code = """pretend.small_datagrams()
from pretend import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.sendto(bytes(9216), ("127.0.0.1", 9))
    try:
        sock.sendto(bytes(9217), ("127.0.0.1", 9))
    except OSError as error:
        print(error.errno)"""
    assert in_a_process(code) == str(errno.EMSGSIZE)


def test_no_chapter_or_helper_has_too_long_a_path_for_windows_below_200_characters():
    listed = subprocess.run(
        ["git", "ls-files", "helpers", "notebooks"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this copy has no history")
    too_long = [each for each in listed.stdout.splitlines() if LONG + 1 + len(each) > MOST]
    assert too_long == []


@pytest.fixture(scope="module")
def deep(tmp_path_factory) -> Path:
    """The course's helpers in a folder whose name has 200 characters."""
    folder = tmp_path_factory.mktemp("deep")
    while (missing := LONG - len(str(folder)) - 1) > 0:
        folder /= "d" * min(60, missing if missing <= 60 else missing - 2)
    shutil.copytree(ROOT / "helpers", folder / "helpers", ignore=LEFT_OUT)
    return folder


def test_in_a_folder_of_200_characters_checks_scripts_and_progress_work(deep):
    assert len(str(deep)) == LONG
    (deep / "notebooks").mkdir()
    (deep / "notebooks" / "lamp.py").write_text("print('lit', flush=True)\ninput()")
    code = """
from helpers import check, run_script
from helpers.chapters.chapter_02.solutions import echo_server
print(check(echo_server).headline)
with run_script("lamp.py", ready="lit") as script:
    print(script.output.strip(), script.running)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=deep / "notebooks",
        env=os.environ | {"PYTHONPATH": str(deep), "COURSE_PROGRESS": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert ran.stdout.splitlines() == [
        "echo_server: passed (7 cases), you may go on",
        "lit True",
    ], ran.stderr
    assert (deep / "progress.json").exists()
