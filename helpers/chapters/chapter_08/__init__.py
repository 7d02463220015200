"""Chapter 08: many clients at once."""
