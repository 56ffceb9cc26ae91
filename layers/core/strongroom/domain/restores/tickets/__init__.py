"""Tickets: how they are named, what of them is pinned, and when one entitles to a restore."""
