"""Chapter 07: windows."""
