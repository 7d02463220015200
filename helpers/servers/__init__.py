"""A learner's server in a thread, or a script in a process, with a sure stop.

`servers.run_server` gives a plain blocking function a socket and a thread; `served_socket` is that
socket, which a stop wakes; `listening` binds, `settling` waits for what is on its way, `ending`
ends threads, `server_output` keeps what they print. `scripts.run_script` runs a file. May import:
trace, ground.
"""
