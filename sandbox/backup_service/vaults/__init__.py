"""Vaults: their policies, locks, keys, and the recovery points in them."""
