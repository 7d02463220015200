"""Scripts started as processes of their own, sure to end."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from drive.waiting import wait_until
from support.loopback import run_python

import helpers.servers.scripts
from helpers.servers.listening import free_port, open_server_socket
from helpers.servers.scripts import python_itself, run_script, stop_scripts

pytestmark = pytest.mark.usefixtures("nothing_left")

WAIT = "import threading; print('ready'); threading.Event().wait(120)"


@pytest.fixture
def script(tmp_path, nothing_left):
    """Writes a script and returns its path."""

    def write(source: str, name: str = "server.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(source), encoding="utf-8")
        return path

    yield write
    stop_scripts()


def gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_script_runs_and_its_output_is_collected(script):
    assert run_script(script("print('hello')")).wait() == "hello\n"


def test_a_script_gets_its_arguments(script):
    path = script("import sys; print(sys.argv)")
    assert run_script(path, 12345, "--fast").wait() == "['server.py', '12345', '--fast']\n"


def test_a_script_says_which_process_it_is(script):
    with run_script(script("import os; print(os.getpid())")) as process:
        assert process.wait() == f"{process.pid}\n"


def test_a_script_is_the_main_module(script):
    source = """
        import sys
        print(__name__, __file__, sys.modules["__main__"].__file__)
    """
    assert run_script(script(source)).wait() == "__main__ server.py server.py\n"


@pytest.mark.parametrize("name", ["os", "sys", "threading", "traceback", "main", "end_with_parent"])
def test_a_script_sees_no_name_that_it_has_not_imported(script, name):
    assert f"NameError: name '{name}' is not defined" in run_script(script(f"print({name})")).wait()


def test_a_script_may_import_its_neighbour(script):
    script("NAME = 'neighbour'", "neighbour_of_server.py")
    assert run_script(script("from neighbour_of_server import *; print(NAME)")).wait() == (
        "neighbour\n"
    )


@pytest.mark.parametrize("name", ["socket", "select", "types", "random", "os", "threading"])
def test_a_file_with_the_name_of_a_module_of_pythons_does_not_hide_it(script, name):
    script("raise SystemExit('the wrong one')", f"{name}.py")
    path = script(f"import socket, types, {name}; print(socket.create_server is not None)")
    assert run_script(path).wait() == "True\n"


def test_what_a_script_starts_by_itself_finds_what_is_beside_it(script):
    """-P is the script's alone: as a variable it would hold for all that the script starts."""
    script("NAME = 'neighbour'", "neighbour.py")
    script("import neighbour; print(neighbour.NAME, flush=True)", "started.py")
    source = "import subprocess, sys; subprocess.run([sys.executable, 'started.py'])"
    assert run_script(script(source)).wait() == "neighbour\n"


def test_on_windows_a_script_is_started_past_the_launcher_of_the_venv(monkeypatch):
    """The launcher's process is not the script's: its number, memory and time are others."""
    assert python_itself() == (sys.executable, {}) or sys.platform == "win32"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", r"C:\course\.venv\Scripts\python.exe")
    monkeypatch.setattr(sys, "_base_executable", r"C:\Python311\python.exe", raising=False)
    told = {"__PYVENV_LAUNCHER__": r"C:\course\.venv\Scripts\python.exe"}
    assert python_itself() == (r"C:\Python311\python.exe", told)
    monkeypatch.setattr(sys, "_base_executable", sys.executable)
    assert python_itself() == (sys.executable, {})


def test_a_script_does_not_hand_the_launchers_variable_on(script, monkeypatch):
    monkeypatch.setattr(
        helpers.servers.scripts,
        "python_itself",
        lambda: (sys.executable, {"__PYVENV_LAUNCHER__": sys.executable}),
    )
    source = "import os; print(os.environ.get('__PYVENV_LAUNCHER__'))"
    assert run_script(script(source)).wait() == "None\n"


def test_a_script_that_is_ready_is_running(script):
    with run_script(script(WAIT), ready="ready") as running:
        assert running.running
        assert "running" in repr(running)


def test_the_end_of_a_with_block_ends_the_script(script):
    with run_script(script(WAIT), ready="ready") as ended:
        pass
    assert not ended.running


def test_stopping_leaves_no_zombie(script):
    running = run_script(script(WAIT), ready="ready")
    number = running._process.pid
    running.stop()
    assert gone(number)


def test_stopping_twice_is_fine(script):
    running = run_script(script(WAIT))
    running.stop()
    running.stop()


def test_a_script_that_ignores_the_request_to_end_is_ended(script):
    source = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAIT
    running = run_script(script(source), ready="ready")
    running.stop()
    assert not running.running


def test_running_again_replaces_the_script(script):
    first = run_script(script(WAIT), ready="ready")
    with run_script(script("print('new');" + WAIT), ready="ready") as second:
        assert not first.running
        assert second.output.startswith("new\n")


def test_scripts_of_two_names_run_side_by_side(script):
    one, two = script(WAIT, "one.py"), script(WAIT, "two.py")
    with run_script(one, ready="ready") as first, run_script(two, ready="ready") as second:
        assert first.running
        assert second.running


def test_output_may_be_text_of_any_language(script):
    assert run_script(script("print('21 °C, 温度')")).wait() == "21 °C, 温度\n"


def test_a_long_output_does_not_block_the_script(script):
    source = "print('x' * 99, *['y' * 99] * 30_000, sep='\\n')"
    assert len(run_script(script(source)).wait(60)) == 100 * 30_001


def test_output_that_is_not_text_does_no_harm(script):
    source = r"import sys; sys.stdout.buffer.write(b'\xff\n')"
    assert run_script(script(source)).wait() == "�\n"


def test_an_error_is_shown_from_the_scripts_own_lines_on(script):
    shown = run_script(script("def f():\n    raise LookupError('x')\n\nf()")).wait()
    assert shown.startswith('Traceback (most recent call last):\n  File "server.py", line 4')
    assert shown.endswith("LookupError: x\n")
    assert "_script_host" not in shown


def test_a_syntax_error_is_shown_with_its_line(script):
    shown = run_script(script("x = 1\nfor for\n")).wait()
    assert 'File "server.py", line 2' in shown
    assert shown.endswith("SyntaxError: invalid syntax\n")
    assert "_script_host" not in shown


@pytest.mark.parametrize(("source", "code"), [("", 0), ("raise SystemExit(3)", 3), ("1 / 0", 1)])
def test_the_exit_code_is_the_scripts(script, source, code):
    ended = run_script(script(source))
    ended.wait()
    assert repr(ended) == f"<Script server.py: ended with {code}>"


def test_a_script_that_does_not_exist_is_refused_with_advice(tmp_path):
    with pytest.raises(FileNotFoundError, match="run the cell that writes it first"):
        run_script(tmp_path / "missing.py")


def test_a_script_that_ends_before_it_is_ready_raises_with_its_output(script):
    with pytest.raises(RuntimeError, match="ended before it had printed 'ready'") as caught:
        run_script(script("print('port is taken')"), ready="ready")
    assert str(caught.value).endswith("It printed:\nport is taken")


def test_a_script_that_never_gets_ready_raises_and_is_ended(script):
    path = script("print('soon', flush=True);" + WAIT.replace("ready", "still"))
    with pytest.raises(TimeoutError, match="has not printed 'never'"):
        run_script(path, ready="never", timeout=0.5)


def test_waiting_for_a_script_that_goes_on_raises_and_leaves_it(script):
    with run_script(script(WAIT), ready="ready") as running:
        with pytest.raises(TimeoutError, match=r"it still runs.*stop\(\)"):
            running.wait(0.01)
        assert running.running


def test_a_ready_text_may_come_in_the_middle_of_a_line(script):
    with run_script(script("print('now ready to go');" + WAIT), ready="ready to"):
        pass


PARENT = """
    import os, signal
    from helpers.servers.scripts import run_script

    script = run_script({path!r}, ready="ready")
    print(script._process.pid, flush=True)
    {end}
"""


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(
            "os.kill(os.getpid(), signal.SIGKILL)",
            marks=pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL"),
        ),
        "os._exit(0)",
        "pass",
    ],
)
def test_a_script_ends_with_the_process_that_started_it(script, end):
    source = PARENT.format(path=str(script(WAIT)), end=end)
    done = run_python(source)
    assert done.stderr == ""
    assert wait_until(lambda: gone_or_zombie(int(done.stdout)))


def gone_or_zombie(number: int) -> bool:
    """Whether a process has ended; nobody may have collected it where there is no init."""
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return gone(number)


LISTENS = """
    import socket, sys, threading
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
        print("listening")
        threading.Event().wait(120)
"""


def test_a_script_that_is_ready_takes_over_the_port_that_was_promised(script):
    path, port = script(LISTENS), free_port(23_500)
    with pytest.raises(OSError):
        open_server_socket("udp", "127.0.0.1", port)
    with run_script(path, port, ready="listening"):
        open_server_socket("udp", "127.0.0.1", port).close()
        assert free_port(port) != port


def test_the_end_of_all_scripts_takes_back_what_was_promised():
    port = free_port(23_520)
    stop_scripts()
    open_server_socket("udp", "127.0.0.1", port).close()


def test_starting_again_and_again_leaves_nothing(script):
    path = script("pass")
    for _ in range(10):
        run_script(path).stop()


def test_an_interrupt_while_a_script_starts_or_ends_leaves_no_process(script, monkeypatch):
    class Interrupted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            signal.raise_signal(signal.SIGINT)

        def terminate(self):
            signal.raise_signal(signal.SIGINT)
            super().terminate()

    started = []
    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_script(script(WAIT))
    started += helpers.servers.scripts._running.values()
    with pytest.raises(KeyboardInterrupt):
        stop_scripts()
    assert [gone(each._process.pid) for each in started] == [True]
