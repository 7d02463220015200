# %% [markdown]
# # Start here
#
# This is a course on **sockets**, the way in which programs talk over a network, with the small
# devices of the *Internet of Things* in mind: sensors, lamps, smart plugs. You run real servers and
# real clients, see what crosses between them, and write code that copes when the network does not.
#
# At the end of this page you can
# - **run** a cell, interrupt it, and start over;
# - **tell** whether this machine has what the course needs;
# - **send** your first bytes from one socket to another;
# - **find** your way through the chapters.
#
# About 20 minutes. You should be able to write a Python function, and to read `with` and `try`. Nothing
# about networks is expected.
#
# ## Running a cell
#
# A notebook is text and code in *cells*. Click on the next cell and press **Shift+Enter**: it runs,
# and the one below it is selected. A number such as `[1]` appears beside it when it is done, `[*]`
# while it runs.

# %% [markdown] tags=["about"]
# learn: run a chapter; send the first bytes
# leave out: nothing: here they learn to interrupt a cell
# ask: the server that never answers, once without its timeout | How does this end? Who can end it?

# %%
import sys
from pathlib import Path

# Finds the course's folder, this one or one above it, by a file that no other has.
here = Path.cwd()
places = (here, *here.parents, *map(Path, sys.path))
course = [folder for folder in places if (folder / "helpers/welcome.py").is_file()]
if not course:
    do = "Open the notebook in that folder: `python3 course.py lab` starts there."
    if "google.colab" in sys.modules:
        do = "Upload it, or in a cell above run:\n!git clone THE-ADDRESS-OF-THE-COURSE course\n%cd course/notebooks"
    python = f"Python {sys.version.split()[0]}, {sys.executable}"
    problem = ImportError(f"The course's folder is neither {here} nor above it ({python}). {do}")
    problem._render_traceback_ = lambda: [str(problem)]  # in place of a long traceback
    raise problem
sys.path.insert(0, str(course[0]))

from helpers import check_machine  # by itself: it works whatever is missing
from helpers import (
    course_map,
    fresh,
    page_style,
    predict,
    predicted,
    quiz,
    run_server,
    start_over,
    words,
)

print("The course is ready.")
page_style()  # pictures follow a dark theme

# %% [markdown]
# Every chapter begins with a cell like this one. It finds the course's `helpers`: a small stage of
# threads, pictures and checks. The networking itself always stands in the notebook, in plain sight.
#
# The notebooks come with the outputs of our own run, so that they can be read without running. To
# make honest predictions, hide them first: *Edit → Clear Outputs of All Cells*.
#
# If something is missing, the cell above says what it found and what to do. As a rule that is: close the
# notebook, go to the folder that you downloaded, and start with `python3 course.py lab` (on Windows
# `py course.py lab`).
#
# ## Does this machine have what it takes?
#
# The table looks at Python, at the packages (the last, `jupyterlab`, is useful but not needed), and at
# the network inside this machine. Everything in
# this course stays inside it: traffic goes to the *loopback* address `127.0.0.1`, which leads back
# to where it came from, and never over a cable or the air.

# %% tags=["nbval-ignore-output"]
check_machine()

# %% [markdown]
# *ok* is as it should be. A *note* is something that the course can live with; the last column says
# how to mend it if you wish. Mend a *problem* before you go on.
#
# ## Your first server and client
#
# A **server** waits for others to come; a **client** goes to it. Each holds a **socket**, its end of
# the conversation. Here is a server, as a function. It is given a socket that waits, the `listener`.
# Read it aloud: it accepts a client and gets a connection (and the client's address, `peer`); it
# receives up to 100 bytes; it sends an answer.


# %%
def doorman(listener):
    connection, peer = listener.accept()
    with connection:
        name = connection.recv(100)
        connection.sendall(b"Good morning, " + name + b"!")


# %% [markdown]
# Next, that function is started in the background, as a server, and a client talks to it: connect,
# send, receive. The client sends `b"Ada"`. Before you look, **predict**: run the next cell, type a
# number below it, and press **Enter**.

# %%
predict("00 answer", "How many bytes does the doorman send back?", low=0, unit="bytes")

# %% [markdown]
# Now the run: `server.address` says where the server is, and `timeout=5` gives up after five seconds.
# Look at how the answer is shown: what stands before it and around it?

# %% tags=["hidden"]
import socket

with run_server(doorman) as server:
    with socket.create_connection(server.address, timeout=5) as client:
        client.sendall(b"Ada")
        answer = client.recv(100)
print(answer)
print(predicted("00 answer").compare(len(answer)))

# %% [markdown]
# That was a real conversation over two real sockets: the operating system carried eighteen bytes
# back, as it would have between two continents. The `b` in front says that these are **bytes**.
# Sockets carry nothing else; text becomes bytes by `encode` and text again by `decode`.
#
# **Try:** send another name and run the cell again. (Letters beyond A to Z need `"Zoë".encode()`: why,
# you see in a moment.) Then let the server answer in other words: change
# it, run *its* cell, and run the client's cell again. A server that you start anew takes the place of
# the one before.

# %%
print(answer.decode())
print("Grüß Gott".encode())

# %% [markdown]
# ü and ß have become two bytes each. That is UTF-8, the encoding that most protocols use for text, one
# of the reasons why "100 bytes" and "100 letters" are not the same.
#
# Now and then there is a question. Press the letter of your choice: you hear whether it is right, and
# why. After a wrong one you may try another.

# %%
quiz("00 bytes")

# %% [markdown]
# ## How a chapter works
#
# Each experiment has four steps.
#
# 1. **Predict.** Say what you expect, best in writing. A wrong guess is worth more than none. Where
#    there is a field for it, your prediction is kept, and drawn beside what was measured.
# 2. **Run** the cell. Where its saved output would give the answer away, JupyterLab hides it until the
#    cell has run; click the three dots to see it without. Other programs, such as Visual Studio Code and GitHub, show it.
# 3. **Explain.** The text below says what we saw and why. Was it what you thought?
# 4. **Try.** Change a number, run it again. Nothing here can break your machine.
#
# Then come **exercises**: a function with a description and no body. As long as it says
# `raise NotImplementedError`, the check below it says *not started*, and the chapter goes on. This
# is what one looks like: make `greet` return `"Hello, Ada!"` for the name `"Ada"`.


# %%
def greet(name):
    """Return a greeting, as in greet("Ada") == "Hello, Ada!"."""
    raise NotImplementedError


# %%
try:
    print("right" if greet("Ada") == "Hello, Ada!" else f"not yet: {greet('Ada')!r}")
except NotImplementedError:
    print("not started")

# %% [markdown]
# In the chapters a check does more: it lets your function meet peers that are slow, silent, rude or
# gone, and says which of them it did not survive, and why. The failure to mend first stands at the top, with
# three hints below it: open one, try, and open the next only if you still need it. What your function
# prints is shown with the case in which it was printed. To watch one case by itself, give its name, or
# a part of it: `check(ask, case="silent")`. When all have passed, you may open other right answers.
#
# ## When something hangs
#
# Waiting is normal on a network, and so is waiting in vain. This server receives the question, then
# waits for a second one, and never answers. The client has a timeout of half a second, so it gives up
# by itself.


# %%
def sphinx(listener):
    connection, peer = listener.accept()
    connection.recv(100)
    connection.recv(100)


with run_server(sphinx) as server:
    with socket.create_connection(server.address, timeout=0.5) as client:
        client.sendall(b"What walks on four legs in the morning?")
        try:
            client.recv(100)
        except TimeoutError:
            print("half a second, and no answer")

# %% [markdown]
# **Try:** take `timeout=0.5` out and run the cell again. It hangs: `[*]`. Press the square
# **■ (interrupt)** above, or press **Esc** and then **I** twice. The cell ends with
# `KeyboardInterrupt`, the server is stopped, and you can go on. (On Windows a socket that waits
# without a timeout does not hear the interrupt: restart the kernel.) Put the timeout back.
#
# Three remedies, from mild to strong:
# - **Interrupt** (■) ends the cell that runs. Your variables stay.
# - **Restart** the kernel (⟳): Python begins anew, and all your variables are gone. Run the cells
#   again from the top: *Run → Run All Cells*. The same helps when you come back another day. Pictures,
#   questions and your last answers are still there then, but buttons and sliders need a kernel. In
#   their place it says *Run this cell to answer*.
# - **Start the chapter afresh**, when you want its first text back. How, stands at the end of this page.
#
# Cells may be run again at any time, in any order, as long as the names that they use exist: on a
# `NameError`, run the cells above first. A server that still runs from before is replaced, not joined
# by a second one. And if a server *fails*, in the background, the cell that uses it tells you. (Without
# the `try` it would show the server's line as well.)


# %%
def clumsy(listener):
    connection, peer = listener.accept()
    connection.sendall("Welcome!")


try:
    with run_server(clumsy) as server:
        with socket.create_connection(server.address, timeout=5) as client:
            print("received:", client.recv(100))
except RuntimeError as error:
    print(error)

# %% [markdown]
# The server tried to send a `str`, and its thread ended with an error; the client received `b""`, as
# the connection ended without a word. **Try:** mend `clumsy` with one letter.
#
# ## The map
#
# Your progress is kept in the file `progress.json` in the course's folder, on this machine only.
# Run this cell again whenever you come back.

# %% tags=["nbval-ignore-output"]
course_map()

# %% tags=["claim"]
assert course_map().rows[0].title == "Start here"

# %% [markdown]
# ## Starting a chapter afresh, starting over
#
# `fresh("03")` puts chapter 03 back as it was at first. Your version is not lost: it is kept beside it,
# under a name that begins with `kept-1`. If the chapter is open, save it before, and afterwards choose
# *File → Reload Notebook from Disk*. In a terminal `python3 course.py fresh 03` does the same.
#
# `start_over("recv_exactly")` forgets that you passed an exercise, `start_over("03")` all that is kept
# of chapter 03, its predictions and answers as well, and `start_over(everything=True)` everything. As they
# stand, without a name, the two change nothing.

# %%
fresh()
start_over()

# %% [markdown]
# ## Words of this chapter

# %%
words("00")

# %% [markdown]
# ## What you can do now
#
# - Run, interrupt and restart, and start a chapter afresh.
# - Tell whether this machine is ready.
# - Send bytes between two sockets, and read them as text.
# - Find the chapters and your own progress.
#
# [Chapter 01](01_what_is_a_socket.ipynb) opens a socket and looks at what is inside.
#
# **Worth reading:** the page *Socket Programming HOWTO* of the Python documentation; *Help →
# JupyterLab Reference* for the notebook itself.
