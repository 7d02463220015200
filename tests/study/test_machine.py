"""Whether this machine has what the course needs."""

import importlib.metadata
import socket

import pytest

from helpers.study import machine
from helpers.study.machine import Finding, MachineCheck, check_machine


def test_the_machine_that_runs_the_tests_can_run_the_course():
    check = check_machine()
    assert check.ok, repr(check)


def test_every_look_has_a_finding(nothing_left):
    looked_at = [finding.what for finding in check_machine().findings]
    assert looked_at[:2] == ["Python", "jupyterlab"]
    assert len(set(looked_at)) == len(looked_at) == 13


def test_everything_that_is_not_ok_has_a_remedy():
    assert all(each.remedy for each in check_machine().findings if each.state != "ok")


def test_an_old_python_is_a_problem_with_a_remedy(monkeypatch):
    monkeypatch.setattr(machine, "OLDEST_PYTHON", (99, 0))
    check = check_machine()
    assert not check.ok
    assert "Install Python" in repr(check)


def test_a_missing_package_is_a_problem_with_a_remedy(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    check = check_machine()
    assert not check.ok
    assert "numpy: missing. Start the course with `python3 course.py lab`" in repr(check)


def test_a_machine_without_sockets_has_problems_and_no_traceback(monkeypatch, nothing_left):
    def forbidden(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "socket", forbidden)
    states = {each.what: each.state for each in check_machine().findings}
    assert states["TCP on 127.0.0.1"] == states["UDP on 127.0.0.1"] == "problem"
    assert states["TCP on ::1 (IPv6)"] == "note"


def test_a_taken_port_is_noted(monkeypatch, nothing_left):
    def taken(*_, **__):
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket, "create_server", taken)
    assert check_machine().findings[-1].state == "note"


@pytest.mark.parametrize(
    ("soft", "state", "says"),
    [
        (1024, "ok", ""),
        (256, "note", "Chapter 07 shows fewer clients; all else is the same."),
        (128, "note", "fewer clients, and a few cases of its exercises are not tried here;"),
        (64, "problem", "Too few to work with."),
    ],
)
def test_a_limit_of_open_files_says_what_it_means(monkeypatch, soft, state, says):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, soft))
    limit = machine._open_files()
    assert (limit.state, limit.found.partition(",")[0]) == (state, f"{soft:,}".partition(",")[0])
    assert says in limit.remedy
    assert "firewall" not in limit.remedy


def row(what: str) -> Finding:
    return next(each for each in check_machine().findings if each.what == what)


def test_files_with_names_of_pythons_are_noted_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert row("names of your files").state == "ok"
    for name in ("socket.py", "lamp.py", "types.py"):
        (tmp_path / name).touch()
    found = row("names of your files")
    assert (found.found, found.state) == ("socket.py, types.py", "note")


def test_a_folder_that_cannot_be_written_is_a_problem_with_a_remedy(monkeypatch):
    def read_only(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(machine.Path, "touch", read_only)
    found = row("the notebook's folder")
    assert (found.state, found.found) == ("problem", "can't be written: Read-only file system")
    assert "course.py lab" in found.remedy


def test_a_folder_of_the_learners_own_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert row("the notebook's folder").found == "can be written"
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path.parent))
    assert row("the notebook's folder").found == str(tmp_path)


def test_a_note_is_no_problem():
    assert MachineCheck([Finding("a", "b", "note", "c")]).ok


def test_findings_are_escaped_in_html():
    shown = MachineCheck([Finding("<what>", "<found>", "problem", "<do>")])._repr_html_()
    assert "&lt;what&gt;" in shown
    assert "<found>" not in shown
    assert "<do>" not in shown
