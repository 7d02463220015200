"""Assignment A1: a thermostat's protocol, over TCP."""
