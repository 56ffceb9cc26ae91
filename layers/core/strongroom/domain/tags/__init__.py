"""Which backup tag a resource owes."""
