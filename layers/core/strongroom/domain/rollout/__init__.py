"""Bringing the rendered intent to the live organisation: the difference, and the steps that close it."""
