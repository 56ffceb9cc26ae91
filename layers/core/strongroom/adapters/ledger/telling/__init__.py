"""Alerts in the ledger: the rows, their threads in chat, and what was told of malware."""
