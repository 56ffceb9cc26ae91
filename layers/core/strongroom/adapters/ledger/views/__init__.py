"""The table of views: made of the ledger by one function, read by whoever shows them, and proving nothing."""
