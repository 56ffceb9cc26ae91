"""Open, resolve and post alerts."""
