"""Whether this machine has what the course needs."""

import errno
import json
import socket
import subprocess
import sys

import pytest
from drive.on_disk import ROOT

from helpers import welcome
from helpers.study.machine import Finding, MachineCheck, check_machine


def test_the_machine_that_runs_the_tests_can_run_the_course():
    check = check_machine()
    assert check.ok, repr(check)


def test_every_look_has_a_finding(nothing_left):
    looked_at = [finding.what for finding in check_machine().findings]
    assert looked_at[:2] == ["Python", "numpy"]
    assert len(set(looked_at)) == len(looked_at) == 15


def test_everything_that_is_not_ok_has_a_remedy():
    assert all(each.remedy for each in check_machine().findings if each.state != "ok")


def test_an_old_python_is_a_problem_with_a_remedy(monkeypatch):
    monkeypatch.setattr(welcome, "OLDEST_PYTHON", (99, 0))
    check = check_machine()
    assert not check.ok
    assert "Install Python" in repr(check)


def states() -> dict[str, str]:
    """The state of each row, by what was looked at."""
    return {each.what: each.state for each in check_machine().findings}


def row(what: str) -> Finding:
    """One row of the table."""
    return next(each for each in check_machine().findings if each.what == what)


def test_with_the_standard_library_alone_the_table_tells_what_is_missing(tmp_path):
    script = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from helpers import check_machine
check = check_machine()
check._repr_html_()
print(json.dumps([[each.what, each.state, each.found] for each in check.findings]))
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=tmp_path, capture_output=True, timeout=60
    )
    found = {what: (state, text) for what, state, text in json.loads(done.stdout)}
    for name in ("numpy", "matplotlib", "ipywidgets", "ipykernel", "ipython"):
        assert found[name] == ("problem", "missing")
    assert found["jupyterlab"] == ("note", "missing")
    assert found["TCP on 127.0.0.1"][0] == "ok"


def test_a_missing_package_is_a_problem_with_a_remedy_and_a_useful_one_a_note(monkeypatch):
    monkeypatch.setattr(welcome, "is_there", lambda name: name not in ("numpy", "jupyterlab"))
    assert (row("numpy").state, row("jupyterlab").state) == ("problem", "note")
    assert row("numpy").remedy == welcome.how_to_install()


def test_versions_are_held_against_the_lower_bound_and_the_lock(monkeypatch):
    monkeypatch.setattr(welcome, "on_colab", lambda: False)
    monkeypatch.setattr(welcome, "lower_bounds", lambda: {"numpy": "2.2", "jupyterlab": "4.4"})
    monkeypatch.setattr(welcome, "locked", lambda: {"numpy": {"2.4.6", "2.5.5"}})
    expected = {"2.1.9": "problem", "2.4.6": "ok", "2.5.5": "ok", "2.6": "note", "": "ok"}
    for version, state in expected.items():
        monkeypatch.setattr(welcome, "version", lambda name, version=version: version)
        assert (version, states()["numpy"]) == (version, state)
    monkeypatch.setattr(welcome, "version", lambda name: "1")
    assert states()["jupyterlab"] == "note"
    monkeypatch.setattr(welcome, "on_colab", lambda: True)
    assert states()["numpy"] == "note"


def test_a_file_that_hides_a_package_is_a_problem(monkeypatch, tmp_path):
    hiding = {"numpy": tmp_path / "numpy.py"}.get
    monkeypatch.setattr(welcome, "hidden_by", hiding)
    assert row("numpy").state == "problem"
    assert "numpy.py" in row("numpy").remedy


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.EMFILE, "Restart the kernel"),
        (errno.ENETUNREACH, "ip link set lo up"),
        (errno.EPERM, "A firewall"),
    ],
)
def test_each_cause_has_its_own_remedy(monkeypatch, number: int, remedy: str):
    def refused(*_, **__):
        raise OSError(number, "no")

    monkeypatch.setattr(socket, "socket", refused)
    assert remedy in row("TCP on 127.0.0.1").remedy


def test_a_machine_without_sockets_has_problems_and_no_traceback(monkeypatch, nothing_left):
    def forbidden(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "socket", forbidden)
    found = states()
    assert found["TCP on 127.0.0.1"] == found["UDP on 127.0.0.1"] == "problem"
    assert found["TCP on ::1 (IPv6)"] == "note"


def test_a_taken_port_is_noted(monkeypatch, nothing_left):
    def taken(*_, **__):
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket, "create_server", taken)
    assert check_machine().findings[-1].state == "note"


@pytest.mark.parametrize(
    ("soft", "state", "says"),
    [
        (1024, "ok", ""),
        (256, "note", "Chapter 08 shows fewer clients; all else is the same."),
        (128, "note", "fewer clients, and a few cases of its exercises are not tried here;"),
        (64, "problem", "Too few to work with."),
    ],
)
def test_a_limit_of_open_files_says_what_it_means(monkeypatch, soft, state, says):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, soft))
    limit = row("open-file limit")
    assert (limit.state, limit.found.partition(",")[0]) == (state, f"{soft:,}".partition(",")[0])
    assert says in limit.remedy
    assert "firewall" not in limit.remedy


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

    monkeypatch.setattr("pathlib.Path.touch", read_only)
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
