"""The restore ceremony from a terminal."""
