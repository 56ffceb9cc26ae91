"""What people do by hand for a restore, and what they signed about it."""
