"""The restore ceremony: asking, approving, acting."""
