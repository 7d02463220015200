"""Chapter 02: a TCP server and its client."""
