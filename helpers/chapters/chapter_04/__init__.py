"""Chapter 04: datagrams: UDP for sensors."""
