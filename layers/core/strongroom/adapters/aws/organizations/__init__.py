"""AWS Organizations: accounts and units, policies, switches."""
