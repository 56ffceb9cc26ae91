"""Which account is a member, and whether it is ready to be protected."""
