"""Inventories in the ledger."""
