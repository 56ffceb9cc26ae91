"""Assess accounts: one when it moves, all from time to time."""
