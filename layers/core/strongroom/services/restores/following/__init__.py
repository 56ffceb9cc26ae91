"""What follows a restore: the restore itself, what that made, and what was asked for on it."""
