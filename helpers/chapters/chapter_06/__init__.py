"""Chapter 06: reliable delivery over UDP."""
