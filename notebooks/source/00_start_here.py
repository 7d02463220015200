# %% [markdown]
# # Start here
#
# Sensors, lamps and smart plugs talk over networks, and networks lose some of what they carry. In
# this course you write programs that cope with that, you run them for real, and you try to break
# them. In a few minutes you will destroy a piece of data on its way.
#
# At the end of this page you can
# - **run** a cell, interrupt it, and start over;
# - **send** your first bytes from one program to another;
# - **tell** whether this machine has what the course needs;
# - **find** your way through the chapters.
#
# About 20 minutes; this is an estimate, and beginners may need twice as long. You should be able to
# write a Python function, and to read `with` and `try`, but you need to know nothing about networks.

# %% [markdown] tags=["about"]
# learn: run a chapter; kill a packet; send the first bytes
# leave out: nothing: here they learn to interrupt a cell
# ask: five readings, one of them killed by hand | Who is told that a reading is missing?
# ask: the server that never answers, once without its timeout | How does this end? Who can end it?

# %% [markdown]
# ## Run your first cell
#
# This page is a **notebook**: it holds text and code in pieces, and each piece is a **cell**. Click
# on the next one, the box with code below (you need not read it), and press **Shift+Enter**. Its code
# runs: at its left edge you see `[*]` until it is done, and then a number, and the cell after it is
# selected. The results that you see now were saved, and yours replace them.
#
# Every chapter begins with such a cell: it finds the folder of the course.

# %%
import sys
from pathlib import Path

# You need not read this cell. It finds the course's folder, this one or one above it.
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
from helpers import Link, live, predict, predicted, puzzle, quiz, run_server
from helpers import page_style, progress, words

print("The course is ready.")
page_style()  # pictures follow a dark theme

# %% [markdown]
# ## Kill a packet
#
# A sensor measures something five times and sends each value, a *reading*, to the program that
# gathers them, a *collector*. Each reading travels as a **packet**, a small piece of data that
# crosses the network by itself. Between the two stands a **link**, which plays the part of a cable
# or a radio. Ours is slow, so that you can watch: a packet needs two seconds to cross it.
#
# You are about to destroy one of the five packets. Who will be told that a reading is missing? Run
# the next cell (you need not read its code yet), and click on the letter of your answer below it.
# You will often be asked for such a **prediction**, because a wrong guess costs nothing, and shows
# you something new.

# %%
import socket
import time


def send_five_readings(watch):
    arrived = []

    def collector(sock):
        while True:
            arrived.append(sock.recv(100).decode())

    with (
        run_server(collector, kind="udp") as server,
        Link(server.address, delay=2) as link,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sensor,
        watch(link, words=bytes.decode, roles=("sensor", "collector"), to_scale=True),
    ):
        for number in (1, 2, 3, 4, 5):
            sensor.sendto(b"reading %d" % number, link.address)
            time.sleep(1)
        link.settle(60)
        server.settle()
    return arrived


predict(
    "00 who notices",
    "One of the five packets is destroyed on its way. Who is told?",
    choices=["the sensor", "the collector", "both of them", "nobody"],
)

# %% [markdown]
# Now run the next cell, and click on a packet while it moves: that kills it. (Without a mouse,
# press Tab until a packet has a border, then K.)

# %% tags=["hidden", "nbval-ignore-output"]
print("Click on a packet while it moves.")
arrived = send_five_readings(watch=live)
print("The collector has:", ", ".join(arrived))
if len(set(arrived)) < 5:
    print(predicted("00 who notices").compare("nobody"))
else:
    print("All five are there: nobody killed one. To kill one, run the cell again.")

# %% tags=["claim"]
assert sorted(arrived) == [f"reading {number}" for number in range(1, 6)]

# %% [markdown]
# While the cell ran, you saw a **live view** of the link. Afterwards a picture of the run stays: time
# runs down the page, in milliseconds (ms, thousandths of a second), and each arrow is a packet. A
# cross ends the arrow of a packet that you killed. (The saved picture has none.)
#
# If your picture has a cross, look around it: the arrow does not reach the collector, and none leads
# back to the sensor. Nobody is told, because a network mostly does not report what it loses, so a
# program that wants to know must find out by itself, as yours will from chapter 04 on.

# %%
puzzle("00 one killed")

# %% [markdown]
# **Try:** run the live view again, and press *Double* while a packet is on its way. How often does it
# arrive? (Twice.) Then run it again, and move the delay's slider to less than a second while a packet
# is on its way. Do the readings still arrive in order? (No: the next packet overtakes the slower
# one.)
#
# ## A first conversation
#
# When two programs talk, one waits for the other to come and is called a **server**. The other goes
# to it and is called a **client**. Each holds a **socket**, by which it sends and receives. The
# *address* of the server, here `server.address`, says where to find it.
#
# A socket carries **bytes** and nothing else. A byte is a number from 0 to 255, and Python writes
# `b"Ada"` for three of them, one for each letter. The server below waits for a client (`accept`),
# receives a name of up to 100 bytes (`recv`), and sends an answer (`sendall`).


# %%
def doorman(listener):
    connection, address = listener.accept()  # waits until a client is there
    with connection:
        name = connection.recv(100)
        connection.sendall(b"Good morning, " + name + b"!")


predict("00 answer", "How many bytes does it send back to a client named Ada?", low=0, unit="bytes")

# %% [markdown]
# Type your number and press **Enter**. The next cell starts the server in the background and plays the
# client: it connects, sends and receives. Its **timeout** says that no wait may last longer than
# five seconds.

# %% tags=["hidden"]
with run_server(doorman) as server:
    with socket.create_connection(server.address, timeout=5) as client:
        client.sendall(b"Ada")
        answer = client.recv(100)

print(answer, "is, as text:", answer.decode())
print(predicted("00 answer").compare(len(answer)))

# %% [markdown]
# `Good morning, ` has fourteen bytes, with both spaces. With three for the name and one for the
# exclamation mark that makes eighteen. You see bytes, with a `b` in front, and then text: **decode**
# turns bytes into text, and **encode** turns text into bytes.
#
# **Try:** send `"Zoë".encode()` in place of `b"Ada"`. How many bytes come back, and how many
# characters? (19 and 18, since `ë` takes two bytes, written `\xc3\xab`.)

# %%
quiz("00 bytes")

# %% [markdown]
# ## How a chapter works
#
# Every experiment has four steps.
#
# 1. **Predict** what will happen: your answer is kept, and set beside what was measured.
# 2. **Run** the cell.
# 3. **Explain** it: compare the reason in the text with your own.
# 4. **Try** another number, and run again.
#
# Then come **exercises**, which you may skip. An exercise is a function with a description, and you
# write its body. For practice make this one greet anybody by name: put your code in place of `raise
# NotImplementedError`, and run the cell.


# %%
def greet(name):
    """Return a greeting, as in greet("Ada") == "Hello, Ada!"."""
    raise NotImplementedError


try:
    greetings = [greet("Ada"), greet("Zoë")]
    print("right" if greetings == ["Hello, Ada!", "Hello, Zoë!"] else f"not yet: {greetings}")
except NotImplementedError:
    print("not started")

# %% [markdown]
# In later chapters a **check** stands below each exercise. It tries your function, says what failed
# and why, and offers three hints, one at a time. The folder `solutions` has an answer to
# each exercise.
#
# ## When something hangs
#
# On a network it is normal to wait, and sometimes nothing ever comes. This server hears a question and
# never answers it. How does the client get away?


# %%
def sphinx(listener):
    connection, address = listener.accept()
    with connection:
        connection.recv(100)  # the question
        connection.recv(100)  # waits for a second one


with run_server(sphinx) as server:
    with socket.create_connection(server.address, timeout=0.5) as client:
        client.sendall(b"What is the answer?")
        try:
            client.recv(100)
        except TimeoutError:
            print("half a second, and no answer")

# %% [markdown]
# The client's timeout helps: after half a second its `recv` raises a `TimeoutError`.
#
# **Try:** take `, timeout=0.5` out and run the cell again, so that it hangs and shows `[*]`. Press
# the square **■** (interrupt) above, or press **Esc** and then **I** twice. The cell ends with a
# `KeyboardInterrupt`, and then you put the timeout back. On Windows a socket without a timeout does
# not hear the interrupt, so restart there.
#
# The **kernel** is the Python program behind the notebook: it runs the cells and keeps your
# variables. Three things help:
# - **Interrupt** (■) ends the cell that runs, and variables stay.
# - **Restart** (⟳) begins with a new kernel and no variables. Choose *Run → Run All Cells* after it,
#   and also on another day: answers and sliders work only when their cell has run.
# - **Start the chapter afresh** if you want it back as it came. For chapter 03 press **Esc** and
#   **B** to get a new cell, and run `from helpers import fresh` and `fresh("03")` in it. (Your
#   version stays beside it, under the name that is printed.)
#
# You may run cells again, and in any order, but if a `NameError` appears, a cell above has not run
# yet.
#
# ## What does this machine have?
#
# The course talks to the **loopback** address `127.0.0.1`, which leads back to the machine itself.
# The table looks at Python, its packages and the network. For now read only its first column: if a
# row says *problem*, do what its last column says before you go on; a *note* can wait until something
# fails.

# %% tags=["nbval-ignore-output"]
check_machine()

# %% [markdown]
# ## Your progress
#
# Part I (chapters 00 to 03) is about conversations, part II (04 to 07) about packets that may get
# lost, and part III (08 and 09) about many clients. After 03 comes assignment A1, and after 07 A2.
# The other half of the course is not written yet.
#
# This page shows what you have passed, where to go on and what to repeat. All stays on this machine,
# in `progress.json`. To forget chapter 03, run `from helpers import start_over` and
# `start_over("03")`.

# %% tags=["nbval-ignore-output"]
progress()

# %% tags=["claim"]
assert progress().rows[0].title == "Start here"

# %% [markdown]
# ## What you can do now
#
# - Run, interrupt and restart, start a chapter afresh, and find your way.
# - Send bytes between two programs, read them as text, and tell whether this machine is ready.
#
# [Chapter 01](01_what_is_a_socket.ipynb) looks inside a socket, and tests three claims that people
# make about it.
#
# **Worth reading:** [Socket Programming HOWTO](https://docs.python.org/3/howto/sockets.html) in
# Python's pages.
#
# ## Words of this chapter

# %%
words("00")
