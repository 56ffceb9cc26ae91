"""Bringing the intent to the organisation."""
