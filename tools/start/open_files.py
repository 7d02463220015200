"""Room for open files: sockets are files too, and JupyterLab's kernels inherit the limit."""

import sys

WANTED = 4096  # of a process, where the hard limit allows so many
TOO_FEW = 128  # a kernel holds 67 before it runs anything of the learner's
NONE_STARTS = 70  # measured: a kernel answers with 100, and not with 64


def raise_limit() -> None:
    """Raise the soft limit of this process, and of what it starts; say where it stays too low.

    Windows has no such limit.
    """
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    has_room = hard == resource.RLIM_INFINITY or hard >= WANTED
    wanted = WANTED if has_room else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):  # macOS may have a lower limit of its own
            wanted = soft
    if wanted < TOO_FEW:
        sys.stderr.write(too_few(wanted))


def too_few(files: int) -> str:
    """What to do about a hard limit that is too low for the chapters."""
    then = "no notebook will start" if files < NONE_STARTS else "chapters will run out of them"
    return (
        f"course.py: a program may open only {files} files here, so {then}: a notebook needs "
        f"{TOO_FEW} at the least. Start from a new terminal, without a `ulimit -n` of your own. "
        "Where that does not help, an administrator raises the hard limit, which `ulimit -Hn` "
        "shows (in /etc/security/limits.conf, or by a container's --ulimit nofile=4096).\n"
    )
