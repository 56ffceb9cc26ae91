"""Report calls that weaken the protection."""
