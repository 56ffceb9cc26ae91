"""Open ends of restores: begun, looked at, listed."""
