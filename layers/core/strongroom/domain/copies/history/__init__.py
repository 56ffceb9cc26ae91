"""What an archive of the bus proves of the past: properties of a history, judged without the ledger."""
