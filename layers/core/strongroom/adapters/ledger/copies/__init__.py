"""Copies in the ledger: what is promised, what is expected, and how far the lists of jobs were read."""
