"""Inventories: begun for every account, and taken account by account."""
