"""Hear that all is well, and notice when nothing says so."""
