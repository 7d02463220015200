# %% [markdown]
# # Packet loss
#
# Radio fades, queues overflow, cables are pulled: on every network some packets die. This chapter puts
# a link between a client and a server that loses packets on purpose, so that you can watch it happen.
# What stands here is its first experiment; the rest of the chapter is still to come.
#
# At the end you can
# - **see** which packets died, and where;
# - **predict** how many questions get an answer when packets are lost both ways.
#
# About 15 minutes. Read chapters [01](01_what_is_a_socket.ipynb) and
# [02](02_tcp_server_and_client.ipynb) first.

# %%
import socket
import sys
from pathlib import Path

# Finds the course's helpers, in this folder or above it.
here = Path.cwd()
sys.path[:0] = [str(p) for p in (here, *here.parents) if (p / "helpers").is_dir()][:1]

from helpers import Link, Slider, chart, explore, run_server, sequence_diagram

# %% [markdown]
# ## A link that loses
#
# The server is an echo: what comes in a datagram goes back in one. The client does not send to the
# server but to a `Link` on the way to it. The link drops each packet with probability 0.3, in each
# direction, and delays the others by 0.005 seconds. The client sends eight questions at once and then
# collects answers, until for 0.3 seconds none has come.
#
# The *seed* fixes the dice: with the same seed the same packets die, on any machine. **Predict:** of
# eight questions, how many get an answer?


# %%
def echo(sock):
    while True:
        data, client = sock.recvfrom(2048)
        sock.sendto(data, client)


answers = []
with (
    run_server(echo, kind="udp") as server,
    Link(server.address, loss=0.3, delay=0.005, seed=9) as link,
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
):
    client.settimeout(0.3)
    for number in range(1, 9):
        client.sendto(f"ping {number}".encode(), link.address)
    try:
        while True:
            answers.append(client.recv(2048).decode())
    except TimeoutError:
        print(len(answers), "of 8 were answered:", *answers)

# %% tags=["nbval-ignore-output"]
assert len(link.trace) == 8 + link.account()["down"].sent
sequence_diagram(link.trace, "A cross is a packet that died: a question or an answer")

# %% [markdown]
# Nothing told the client. `sendto` worked each time; where a question or its answer died there was
# silence, and silence looks the same whichever of the two it was. (Answers have numbers of their own in
# the picture, the text in quotes says what they answer.) The link knows, as it did it. Its account of
# both directions, *up* from client to server and *down* from server to client:

# %% tags=["nbval-ignore-output"]
for way, account in link.account().items():
    print(f"{way}:", account)
assert (link.account()["up"].delivered, link.account()["down"].delivered) == (6, 5)

# %% [markdown]
# ## How many questions get an answer?
#
# Eight packets say little. The next function sends more, and lets the link count, so no timeout is
# needed: `settle` waits until nothing is on its way any more, first in the link (the questions), then in
# the server, then in the link again (the answers).
#
# **Predict:** when each packet is lost with probability 0.3, which share of the questions is answered?


# %%
def round_trips(loss, seed, packets=150):
    """Send packets through a lossy link to an echo; return loss, how many came back, and packets."""
    with (
        run_server(echo, kind="udp") as server,
        Link(server.address, loss=loss, seed=seed) as link,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        for number in range(packets):
            client.sendto(number.to_bytes(4, "big"), link.address)
        link.settle()
        server.settle()
        link.settle()
        return loss, link.account()["down"].delivered, packets


loss, returned, packets = round_trips(loss=0.3, seed=7)
print(f"{returned} of {packets} came back: {returned / packets:.2f}")
assert abs(returned / packets - 0.49) < 0.16  # four standard deviations

# %% [markdown]
# Well below 0.7: a question must survive the way there **and** its answer the way back. Each succeeds
# with probability 1 − p, both with (1 − p) × (1 − p). Here is that theory as a chart, for measurements to
# be drawn on:

# %%
import numpy as np

figure, axes = chart(
    "Both ways must go well: (1 − p)², not 1 − p", "loss each way, p", "share of questions answered"
)
p = np.linspace(0, 1, 101)
axes.plot(p, 1 - p, color="#8A8A8A", linestyle=":", label="1 − p, if the answers were safe")
axes.plot(p, (1 - p) ** 2, color="#0072B2", label="(1 − p)², theory")
axes.set_xlim(0, 1)
axes.set_ylim(0, 1.05)
legend = axes.legend(frameon=False)

# %% [markdown]
# And this draws one measurement: a diamond, and a bar where the true share probably lies (95 %). The
# sentence that it returns is for readers who can't see the picture.


# %%
def draw(axes, data):
    loss, returned, packets = data
    share = returned / packets
    margin = 1.96 * (share * (1 - share) / packets) ** 0.5
    axes.errorbar(loss, share, margin, fmt="D", color="#D55E00", capsize=6, markersize=9)
    axes.text(0.6, 0.7, f"{returned} of {packets} came back", fontsize=10)
    return (
        f"At a loss of {loss:.2f} each way {returned} of {packets} questions were answered, "
        f"{share:.0%}; the theory, (1 - p) squared, says {(1 - loss) ** 2:.0%}."
    )


# %% [markdown]
# Now the loss is yours. Each move of a slider calls `round_trips` with these values, on real sockets,
# and draws what came of it; drag the handles, or select one and use the arrow keys. **Predict** first: at
# a loss of 0.5 each way, will half of the questions be answered? And what does another seed change?

# %% tags=["nbval-ignore-output"]
sliders = {"loss": Slider(0, 1, 0.05, start=0.3), "seed": Slider(1, 20, start=7)}
panel = explore(round_trips, draw, axes, **sliders)
assert panel.data == round_trips(loss=0.3, seed=7)  # the same seed, the same fates
panel

# %% [markdown]
# At 0.5 a quarter comes back, not a half. It is not 1 − 2p either, which would leave nothing at 0.5.
#
# Another seed is other luck: the diamond moves up and down by about as much as its bar says. With 150
# packets that is still several per cent.
#
# **Try:** call the function without sliders, `round_trips(loss=0.5, seed=1)`, with a few seeds, and then
# with `packets=600`. How far do the shares scatter now? (Not many more: they leave in one burst, and
# what the receive buffer has no room for is lost in the *kernel*, before the link sees it.)
#
# ## What you can do now
#
# - See which packets died, and where.
# - Predict the share of round trips that succeed: (1 − p)².
#
# Still to come here: loss in bursts, delay and jitter, duplicates, queues, and exercises.
#
# **Worth reading:** RFC 768 (UDP, which promises no delivery); RFC 7680, section 2 (how loss one way is
# defined and measured).
