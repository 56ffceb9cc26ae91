"""What there is to decide on, offline."""
