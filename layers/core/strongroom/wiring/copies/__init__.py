"""Copies: promised, verified, looked for when they are overdue, and seen to when they did not come about."""
