"""How a recovery point comes within reach of an account: what is copied back, and whose team opens a vault."""
