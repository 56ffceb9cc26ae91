"""Which keys there are, and what is encrypted under which."""
