"""The decision over metadata that a person writes."""
