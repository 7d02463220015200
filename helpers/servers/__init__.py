"""A learner's server in a thread, or a script in a process, with a sure stop.

`servers.run_server` gives a plain blocking function (`server_function` says what that is) a socket
and a thread; `served_socket` is that socket, `owner` what wakes and closes all of one server,
`waiting` how they wait, `early` what lets timeouts run out before their time; `listening` binds,
`settling` waits for what is on its way, `ending` ends threads, `crashes` keeps failures until they
are shown, `server_output` what is printed. `scripts.run_script` runs a file.
May import: trace, ground.
"""
