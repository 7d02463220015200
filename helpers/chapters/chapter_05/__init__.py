"""Chapter 05: packet loss."""
