"""Ticket systems: one file for each, and what they are asked with."""
