"""Accounts in the ledger."""
