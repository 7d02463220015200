"""Runs a script in a process of its own, which ends when the one that started it has gone.

Called as `python -P _script_host.py SCRIPT ARGUMENT...`, with a pipe as standard input that the
starting process holds open: its end of file is the news that nobody is there any more.
"""

import os
import sys
import threading
import traceback
import types


def end_with_parent() -> None:
    """End this process once the starting process has closed its end of standard input."""
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    """Run the script as Python would, with tracebacks that begin in it and not here."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    path = sys.argv[1]
    sys.argv = sys.argv[1:]
    sys.path.append(os.path.dirname(os.path.abspath(path)))  # last: what is there hides nothing
    os.environ.pop("__PYVENV_LAUNCHER__", None)  # was for this process, not for its children
    try:
        with open(path, "rb") as script:
            code = compile(script.read(), os.path.basename(path), "exec")
        # A module of its own: the script must not see the names of this one.
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        module.__file__ = path
        exec(code, module.__dict__)
    except SyntaxError:
        traceback.print_exc(limit=0)
        sys.exit(1)
    except Exception as error:
        error.__traceback__ = error.__traceback__.tb_next
        traceback.print_exception(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


main()
