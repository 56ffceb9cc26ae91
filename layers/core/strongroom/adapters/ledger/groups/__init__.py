"""Causes that stop many copies, in the ledger."""
