"""Ticket systems: one file for each."""
