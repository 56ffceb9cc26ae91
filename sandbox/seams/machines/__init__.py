"""Private touches of MiniStack's Step Functions."""
