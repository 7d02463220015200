"""Chapter 09: one thread, many sockets."""
