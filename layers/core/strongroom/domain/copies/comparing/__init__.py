"""Comparing: what was verified is held against what its vault lists."""
