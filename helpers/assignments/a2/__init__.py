"""Assignment A2: firmware over a bad link, over UDP."""
