"""Chapter 07: many clients at once."""
