"""A whole AWS organisation on one machine."""
