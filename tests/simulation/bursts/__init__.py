"""Bursts of creations, in simulated time: the real services over the ledger in memory and a simulated AWS."""
