"""What the organisation wants, as its one file says it."""
