"""The ledger: one DynamoDB table, one file per family of items."""
