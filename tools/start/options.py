"""What JupyterLab is told beside what the learner tells it.

Theirs wins: JupyterLab ends where an option is given twice.
"""

import os
from pathlib import Path
from urllib.parse import quote

from start.last import last_chapter, progress_file

FIRST = "notebooks/00_start_here.ipynb"
WORKSPACE = "/lab/workspaces/sockets-in-iot"
FILES = "jupyter_server.services.contents.largefilemanager.AsyncLargeFileManager"  # the usual one
KERNELS = "jupyter_client.kernelspec.KernelSpecManager"  # the usual one
# Other names of the same settings, or of settings that exclude each other.
SAME = {
    "ServerApp.ip": ("ip", "NotebookApp.ip", "sock", "ServerApp.sock"),
    "ServerApp.root_dir": ("notebook-dir", "ServerApp.notebook_dir", "NotebookApp.notebook_dir"),
    "ServerApp.preferred_dir": ("preferred-dir", "FileContentsManager.preferred_dir"),
    "ServerApp.browser": ("browser",),
    "LabApp.default_url": ("ServerApp.default_url",),
}


def options(folder: Path, browser: str, arguments: list[str]) -> list[str]:
    """The options that JupyterLab is started with; the learner's own come last.

    Args:
        folder: what it serves, with the notebooks in it.
        browser: the command that opens an address, with %s for it.
        arguments: the learner's own.
    """
    own = {
        # Not `localhost`: there are machines where that name is missing or leads elsewhere.
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.root_dir": str(folder),
        "ServerApp.browser": browser,
        # A configuration for another Jupyter may name classes that this one lacks: it would end.
        "ServerApp.contents_manager_class": FILES,
        "ServerApp.kernel_spec_manager_class": KERNELS,
        # The course works without a network: no news, no updates, no catalogue of extensions.
        "LabApp.news_url": "None",
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LanguageServerManager.autodetect": "False",  # it would start Node twenty times
    }
    if other_folder(arguments) is None:
        own["ServerApp.preferred_dir"] = str(folder)  # one beside it would end JupyterLab
    if first := first_page(folder, arguments):
        own["LabApp.default_url"] = first
    # -y: Ctrl-C ends it without a question. --allow-root: in a container everyone is root.
    kept = [f"--{name}={value}" for name, value in own.items() if not is_given(name, arguments)]
    return ["-y", "--allow-root", *kept, *arguments]


def is_given(name: str, arguments: list[str]) -> bool:
    """Whether the learner sets this or what excludes it, by a name or by the beginning of one."""
    names = (name, *SAME.get(name, ()))
    given = [each[2:].partition("=")[0] for each in arguments if each.startswith("--")]
    return any(each.startswith(begun) for begun in given if len(begun) > 1 for each in names)


def first_page(folder: Path, arguments: list[str]) -> str | None:
    """The address of the chapter that the learner was in last, or of chapter 00, in a workspace of
    the course's own.

    So no tab of the learner's other work comes along, and none of the course's goes there.

    Returns:
        None where the learner serves another folder, without that chapter in it.
    """
    served = (other_folder(arguments) or folder).resolve()
    try:
        last = last_chapter(folder.resolve(), progress_file(folder))
        chapter = (last or folder.resolve() / FIRST).relative_to(served)
    except ValueError:
        return None
    return f"{WORKSPACE}/tree/{quote(chapter.as_posix())}"


def other_folder(arguments: list[str]) -> Path | None:
    """The folder that the learner wants to have served, by an option or by its name alone."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--") and is_given("ServerApp.root_dir", [argument]):
            _, separator, value = argument.partition("=")
            return Path(value if separator else (*arguments, "")[place + 1]).expanduser()
    return next((Path(each) for each in arguments if os.path.isdir(each)), None)
