"""Bundles with what is to be said of them: honest ones, and forgeries of every kind."""
