"""Chapter 03: messages on a stream."""
