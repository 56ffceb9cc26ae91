"""What the ledger and the chain of evidence cost."""
